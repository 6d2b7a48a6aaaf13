package finding_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// at returns the position of the mark « in a text, and the text without it.
func at(text string) (avsc.Pos, string) {
	before, after, _ := strings.Cut(text, "«")
	return avsc.Pos{Line: 1 + strings.Count(before, "\n"), Col: len(before) - strings.LastIndexByte(before, '\n')}, before + after
}

func TestApply(t *testing.T) {
	for _, c := range []struct{ name, src, member, element, want string }{
		{name: "one line", src: `[«{"name":"a"}]`, member: `"default": 0`, want: `[{"name":"a", "default": 0}]`},
		{name: "one line with space", src: `«{ "name": "a" }`, member: `"default": 0`, want: `{ "name": "a", "default": 0 }`},
		{name: "empty", src: `«{}`, member: `"a": 1`, want: `{"a": 1}`},
		{name: "several lines", src: "«{\n  \"a\": 1\n}", member: `"b": 2`, want: "{\n  \"a\": 1,\n  \"b\": 2\n}"},
		{name: "nested last", src: "«{\n\t\"a\": {\n\t\t\"x\": [1]\n\t}\n}", member: `"b": 2`, want: "{\n\t\"a\": {\n\t\t\"x\": [1]\n\t},\n\t\"b\": 2\n}"},
		{name: "braces in strings", src: `«{"a":"}\"]"}`, member: `"b": 2`, want: `{"a":"}\"]", "b": 2}`},
		{name: "comment at the end", src: "«{\n  \"a\": 1 // } the last\n}", member: `"b": 2`, want: "{\n  \"a\": 1,\n  \"b\": 2 // } the last\n}"},
		{name: "comment between", src: `«{/* { */"a":1}`, member: `"b": 2`, want: `{/* { */"a":1, "b": 2}`},
		{name: "element", src: `["A",«"B"]`, element: `"C"`, want: `["A","B", "C"]`},
		{name: "element on its line", src: "[\n  \"A\",\n  «\"B\"\n]", element: `"C"`, want: "[\n  \"A\",\n  \"B\",\n  \"C\"\n]"},
		{name: "unicode before", src: `{"ü":«{"a":1}}`, member: `"b": 2`, want: `{"ü":{"a":1, "b": 2}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			pos, src := at(c.src)
			got, err := finding.Apply([]byte(src), []finding.Edit{{At: pos, Member: c.member, Element: c.element}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestApplySeveral(t *testing.T) {
	edits := []finding.Edit{
		{At: avsc.Pos{Line: 1, Col: 9}, Member: `"y": 2`},
		{At: avsc.Pos{Line: 1, Col: 1}, Member: `"z": 3`},
		{At: avsc.Pos{Line: 1, Col: 1}, Member: `"w": 4`},
	}
	got, err := finding.Apply([]byte(`{"a":[1,{"x":1}]}`), edits)
	if want := `{"a":[1,{"x":1, "y": 2}], "z": 3, "w": 4}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestApplyToAnotherText(t *testing.T) {
	for _, e := range []finding.Edit{
		{At: avsc.Pos{Line: 9, Col: 1}, Member: `"a": 1`}, {At: avsc.Pos{Line: 1, Col: 99}, Member: `"a": 1`},
		{At: avsc.Pos{Line: 1, Col: 2}, Member: `"a": 1`}, {At: avsc.Pos{Line: 1, Col: 1}, Element: `1`}, {Member: `"a": 1`},
	} {
		if got, err := finding.Apply([]byte(`{"x":1}`), []finding.Edit{e}); !errors.Is(err, finding.ErrEdit) {
			t.Errorf("%+v: got %s, %v", e, got, err)
		}
	}
	if _, err := finding.Apply([]byte(`{"x":1`), []finding.Edit{{At: avsc.Pos{Line: 1, Col: 1}, Member: `"a": 1`}}); !errors.Is(err, finding.ErrEdit) {
		t.Errorf("an object without end: %v", err)
	}
}

// FuzzApply adds a member wherever it may: nothing panics, and an object stays an object.
func FuzzApply(f *testing.F) {
	f.Add(`{"a":1}`, 1, 1)
	f.Add("{\n  \"a\": [{\"b\": \"\\\"}\"}]\n}", 2, 9)
	f.Add("[\"\\", 1, 2)
	f.Add("0", 1, -42)
	f.Fuzz(func(t *testing.T, src string, line, col int) {
		edit := finding.Edit{At: avsc.Pos{Line: line, Col: col}, Member: `"added by the test": 0`}
		got, err := finding.Apply([]byte(src), []finding.Edit{edit})
		if err == nil && line == 1 && col == 1 && json.Valid([]byte(src)) && !json.Valid(got) {
			t.Errorf("%q became %q", src, got)
		}
	})
}
