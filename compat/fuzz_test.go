package compat_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// FuzzCheck holds what must be true of any two schemas: nothing panics, a schema is compatible with itself at every
// level, FULL is BACKWARD and FORWARD, and BACKWARD one way is FORWARD the other way.
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
		first, _ := compat.CheckReaderWriter(a, b)
		again, _ := compat.CheckReaderWriter(a, b)
		if diff := cmp.Diff(len(first), len(again)); diff != "" {
			t.Errorf("the second answer differs: %s", diff)
		}
	})
}

func ambiguous(r *compat.Result) bool { return r.Directions[0].Err != nil }
