package compat_test

import (
	"slices"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/finding"
)

// FuzzCheck holds what must be true of any two schemas: nothing panics, a schema is compatible with itself at every
// level, FULL is BACKWARD and FORWARD, BACKWARD one way is FORWARD the other way, and there are findings that are errors
// where the verdict is no, and only there.
func FuzzCheck(f *testing.F) {
	for _, seed := range []struct{ name, a, b string }{
		{"primitives", `"int"`, `["null","long"]`},
		{"recursive", `{"type":"record","name":"N","fields":[{"name":"next","type":["null","N"]}]}`,
			`{"type":"record","name":"N","fields":[{"name":"next","type":["null","N"],"default":null},{"name":"v","type":"int"}]}`},
		{"shared", `{"type":"record","name":"A","fields":[{"name":"x","type":{"type":"enum","name":"E","symbols":["P","Q"]}},{"name":"y","type":"E"}]}`,
			`{"type":"record","name":"A","fields":[{"name":"x","type":{"type":"enum","name":"E","symbols":["P"],"default":"P"}},{"name":"y","type":["null","E"]}]}`},
		{"aliases", `{"type":"record","name":"A","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]}`,
			`{"type":"record","name":"A","fields":[{"name":"a","type":"int","aliases":["b"]}]}`},
		{"enum default", `{"type":"record","name":"A","fields":[]}`,
			`{"type":"record","name":"A","fields":[{"name":"e","type":{"type":"enum","name":"E","symbols":["P"],"default":"P"}}]}`},
		{"empty", `[]`, `{"type":"fixed","name":"F","size":0}`},
	} {
		f.Add(seed.a, seed.b)
	}
	f.Fuzz(func(t *testing.T, textA, textB string) {
		a, errA := avsc.Parse("a.avsc", []byte(textA), avsc.Registered())
		b, errB := avsc.Parse("b.avsc", []byte(textB), avsc.Registered())
		if errA != nil || errB != nil {
			return
		}
		compatible := func(level compat.Level, next, old *avsc.Schema) bool {
			r, err := compat.Check(level, next, []*avsc.Schema{old})
			if err != nil {
				t.Fatal(err)
			}
			return r.Compatible
		}
		backward, forward := compatible(compat.Backward, a, b), compatible(compat.Forward, a, b)
		if full := compatible(compat.Full, a, b); full != (backward && forward) {
			t.Errorf("FULL is %t, BACKWARD %t, FORWARD %t", full, backward, forward)
		}
		if compatible(compat.Forward, b, a) != backward {
			t.Error("FORWARD the other way is not BACKWARD")
		}
		for _, level := range compat.Levels() {
			// A reader's field whose alias is another of its fields is ambiguous even against itself, in Java too.
			if r, _ := compat.Check(level, a, []*avsc.Schema{a}); !r.Compatible && !ambiguous(r) {
				t.Errorf("not compatible with itself at %s: %q", level, r.Messages)
			}
		}
		c := compat.Change{Name: "x", Old: b, New: a, Level: compat.Full}
		broken := slices.ContainsFunc(c.Findings(), func(f finding.Finding) bool { return f.Severity == finding.Error })
		if broken == (backward && forward) {
			t.Errorf("errors among the findings: %t; BACKWARD %t, FORWARD %t", broken, backward, forward)
		}
		c.Bump()
	})
}

func ambiguous(r *compat.Result) bool { return r.Directions[0].Err != nil }
