package compat_test

import (
	"errors"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// TestAnAmbiguousBranchBesideOneThatFits holds that a union is refused for the branch that Java fails on, although
// another branch fits.
func TestAnAmbiguousBranchBesideOneThatFits(t *testing.T) {
	parse := func(text string) *avsc.Schema {
		s, err := avsc.Parse("", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	writer := parse(`{"type":"record","name":"W","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]}`)
	reader := parse(`[{"type":"record","name":"R","fields":[{"name":"a","type":"int","aliases":["b"]}]},
		{"type":"record","name":"W","fields":[{"name":"a","type":"int"}]}]`)
	_, err := compat.CheckReaderWriter(reader, writer)
	var ambiguous *compat.AmbiguousFieldError
	if !errors.As(err, &ambiguous) {
		t.Errorf("got %v, want an ambiguous field", err)
	}
}
