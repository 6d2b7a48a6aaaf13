package compat_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// check asks for one level and returns the messages.
func check(t *testing.T, level compat.Level, next *avsc.Schema, history ...compat.Version) []string {
	t.Helper()
	r, err := compat.CheckVersions(level, next, history)
	if err != nil {
		t.Fatal(err)
	}
	if r.Compatible != (len(r.Messages) == 0) || r.Compatible != (r.Failed < 0) || r.Compatible != (len(r.Directions) == 0) {
		t.Errorf("compatible is %t with %d messages, failed version %d and %d directions",
			r.Compatible, len(r.Messages), r.Failed, len(r.Directions))
	}
	return r.Messages
}

func TestVersionsKeepTheirNumbers(t *testing.T) {
	long, text := parse(t, `"long"`), parse(t, `"string"`)
	got := check(t, compat.Backward, text, compat.Version{Number: 41, Schema: text}, compat.Version{Number: 57, Schema: long})
	want := []string{
		"{errorType:'TYPE_MISMATCH', description:'The type (path '/') of a field in the new schema does not match with the old schema', additionalInfo:'reader type: STRING not compatible with writer type: LONG'}",
		"{oldSchemaVersion: 57}",
		`{oldSchema: '"long"'}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if got := check(t, compat.Backward, text, compat.Version{Schema: long}); len(got) != 2 || strings.Contains(got[1], "Version") {
		t.Errorf("a version without a number is numbered: %q", got)
	}
}

func TestForeignVersionIsIncompatible(t *testing.T) {
	next := parse(t, `"string"`)
	proto := compat.Version{Number: 3, Foreign: `syntax = "proto3";`}
	const why = "Incompatible because of different schema type"
	lines := []string{why, "{oldSchemaVersion: 3}", `{oldSchema: 'syntax = "proto3";'}`}
	for level, want := range map[compat.Level][]string{
		compat.None: nil, compat.Backward: lines, compat.ForwardTransitive: lines, compat.Full: append([]string{why}, lines...),
	} {
		if diff := cmp.Diff(want, check(t, level, next, proto)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", level, diff)
		}
	}
}

// An old schema is cut after 10 KiB as Java counts: in UTF-16 units, a character that is cut in two printed as one "?".
func TestLongOldSchemasAreCut(t *testing.T) {
	old := func(doc string) *avsc.Schema {
		return parse(t, fmt.Sprintf(`{"type":"record","name":"R","doc":"%s","fields":[]}`, doc))
	}
	head := len(`{"type":"record","name":"R","doc":"`)
	tail := len(`","fields":[]}`)
	for _, c := range []struct {
		name, doc string
		cut       string // how the line ends
	}{
		{"just fits", strings.Repeat("a", 10240-head-tail), `a","fields":[]}'}`},
		{"one too long", strings.Repeat("a", 10240-head-tail+1), `a","fields":[]...'}`},
		{"two bytes are one unit", strings.Repeat("é", 10240-head-tail), `é","fields":[]}'}`},
		{"four bytes are two units", strings.Repeat("😀", 6000), "😀?...'}"},
		{"a pair that fits", "a" + strings.Repeat("😀", 6000), "😀😀...'}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			messages := check(t, compat.Backward, parse(t, `"int"`), compat.Version{Number: 1, Schema: old(c.doc)})
			last := messages[len(messages)-1]
			if !strings.HasSuffix(last, c.cut) {
				t.Errorf("ends with %q, want %q", last[len(last)-40:], c.cut)
			}
			if truncated := strings.HasPrefix(last, "{oldSchema: <truncated> '"); truncated != strings.HasSuffix(c.cut, "...'}") {
				t.Errorf("begins with %q", last[:40])
			}
		})
	}
}

func TestAmbiguousAliasIsIncompatible(t *testing.T) {
	old := parse(t, `{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]}`)
	next := parse(t, `{"type":"record","name":"R","fields":[{"name":"a","type":"int","aliases":["b"]}]}`)
	const why = `Reader record field a type:INT pos:0 matches multiple fields in writer record schema {"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]}`
	if _, err := compat.CheckReaderWriter(next, old); err == nil || err.Error() != why {
		t.Errorf("got %v, want %s", err, why)
	}
	got := check(t, compat.Backward, next, compat.Version{Number: 1, Schema: old})
	if len(got) != 3 || got[0] != "Unexpected exception during compatibility check: "+why {
		t.Errorf("messages %q", got)
	}
}

// The check ends at the first version that fails, newest first, and an older worse one is not looked at.
func TestTransitiveStopsAtTheNewestFailure(t *testing.T) {
	next, text, number := parse(t, `"string"`), parse(t, `"string"`), parse(t, `"long"`)
	r, err := compat.Check(compat.BackwardTransitive, next, []*avsc.Schema{number, number, text})
	if err != nil {
		t.Fatal(err)
	}
	if r.Compatible || r.Failed != 1 {
		t.Errorf("compatible = %t, failed = %d; want the second version to fail", r.Compatible, r.Failed)
	}
	if r, _ := compat.Check(compat.Backward, next, []*avsc.Schema{number, number, text}); !r.Compatible {
		t.Error("a level that is not transitive looked at an older version")
	}
}

func TestWrongCalls(t *testing.T) {
	s := parse(t, `"int"`)
	if _, err := compat.Check(compat.Backward, nil, nil); err == nil {
		t.Error("no schema to check is no error")
	}
	if _, err := compat.Check(compat.Level(99), s, nil); err == nil {
		t.Error("an unknown level is no error")
	}
	if _, err := compat.Check(compat.Backward, s, []*avsc.Schema{nil}); err == nil {
		t.Error("a version without a schema is no error")
	}
	if _, err := compat.CheckReaderWriter(s, nil); err == nil {
		t.Error("a missing writer is no error")
	}
}

func TestLevelNames(t *testing.T) {
	for _, level := range compat.Levels() {
		text, err := level.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back compat.Level
		if err := back.UnmarshalText(text); err != nil || back != level {
			t.Errorf("%s reads back as %s: %v", level, back, err)
		}
	}
	if l, err := compat.ParseLevel("full-transitive"); err != nil || l != compat.FullTransitive {
		t.Errorf("full-transitive is %s, %v", l, err)
	}
	if _, err := compat.ParseLevel("BACKWARDS"); err == nil || !strings.Contains(err.Error(), "BACKWARD_TRANSITIVE") {
		t.Errorf("the error does not list the levels: %v", err)
	}
	if got := compat.ClosingLine(compat.Full, false); got != "{validateFields: 'false', compatibility: 'FULL'}" {
		t.Errorf("closing line %s", got)
	}
}

// A type that is used twice in a type that is used twice lists its problems 2^n times, and so does a union in a union: what
// is made of them is cut, not built.
func TestNestingDoesNotExplode(t *testing.T) {
	twice := func(leaf string) *avsc.Schema {
		text := leaf
		for i := range 40 {
			again := `"int"`
			if i > 0 {
				again = fmt.Sprintf(`"R%d"`, i-1)
			}
			text = fmt.Sprintf(`{"type":"record","name":"R%d","fields":[{"name":"a","type":%s},{"name":"b","type":%s}]}`, i, text, again)
		}
		return parse(t, text)
	}
	inUnions := func(leaf string) *avsc.Schema {
		text := leaf
		for i := range 60 {
			text = fmt.Sprintf(`{"type":"record","name":"R%d","fields":[{"name":"a","type":["null",%s]}]}`, i, text)
		}
		return parse(t, text)
	}
	found, err := compat.CheckReaderWriter(twice(`"int"`), twice(`"string"`))
	if err != nil || len(found) != 1<<16 {
		t.Errorf("%d incompatibilities, %v", len(found), err)
	}
	start := time.Now()
	for _, nested := range []func(string) *avsc.Schema{twice, inUnions} {
		c := compat.Change{Old: nested(`"int"`), New: nested(`"string"`), Level: compat.Full}
		if n := len(c.Findings()); n == 0 || n > 10 {
			t.Errorf("%d findings", n)
		}
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
}
