package sample_test

import (
	"bytes"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/sample"
)

func TestSameSeedSameValues(t *testing.T) {
	for seed := range uint64(200) {
		text := sample.Schema(seed)
		if again := sample.Schema(seed); again != text {
			t.Fatalf("seed %d makes two schemas:\n%s\n%s", seed, text, again)
		}
		s, err := avsc.Parse("sample", []byte(text))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		a, b := sample.New(s, seed), sample.New(s, seed)
		for range 3 {
			x, ok := a.Append(nil)
			y, _ := b.Append(nil)
			if !bytes.Equal(x, y) {
				t.Fatalf("seed %d makes two values: %x and %x", seed, x, y)
			}
			if err := codec.Validate(s, x); ok && err != nil {
				t.Fatalf("seed %d: %v in %x\n%s", seed, err, x, text)
			}
		}
	}
}

func TestNoValue(t *testing.T) {
	for _, text := range []string{
		`{"type":"record","name":"R","fields":[{"name":"f","type":"R"}]}`,
		`{"type":"enum","name":"E","symbols":[]}`,
	} {
		s, err := avsc.Parse("sample", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := sample.New(s, 1).Append(nil); ok {
			t.Errorf("%s has the value %x", text, v)
		}
	}
}
