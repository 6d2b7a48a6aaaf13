package avsc_test

import (
	"strings"
	"testing"

	"github.com/avow-events/avow/avsc"
)

// nasty are texts that have broken schema readers, by what is nasty about them.
var nasty = map[string]string{
	"recursive record":           `{"type":"record","name":"R","fields":[{"name":"r","type":["null","R"],"default":null}]}`,
	"record inside itself":       `{"type":"record","name":"R","fields":[{"name":"r","type":"R"}]}`,
	"default inside itself":      `{"type":"record","name":"R","fields":[{"name":"r","type":["null","R"],"default":{}}]}`,
	"array of itself":            `{"type":"record","name":"R","fields":[{"name":"r","type":{"type":"array","items":"R"},"default":[{}]}]}`,
	"definitions that cross":     `[{"type":"record","name":"A","fields":[{"name":"b","type":"B","default":{}}]},{"type":"record","name":"B","fields":[{"name":"a","type":"A","default":{}}]}]`,
	"forward reference":          `{"type":"record","name":"R","fields":[{"name":"a","type":"E"},{"name":"b","type":{"type":"enum","name":"E","symbols":["X"]}}]}`,
	"default of a forward type":  `{"type":"record","name":"R","fields":[{"name":"a","type":"E","default":"X"},{"name":"b","type":{"type":"enum","name":"E","symbols":["X"]}}]}`,
	"unknown type":               `{"type":"record","name":"R","fields":[{"name":"a","type":"Nope"}]}`,
	"redefinition":               `["null",{"type":"fixed","name":"F","size":1},{"type":"array","items":{"type":"fixed","name":"F","size":2}}]`,
	"redefinition of a cycle":    `[{"type":"record","name":"R","fields":[{"name":"r","type":"R"}]},{"type":"map","values":{"type":"record","name":"R","fields":[{"name":"r","type":"R"}]}}]`,
	"null namespace inside":      `{"type":"record","name":"a.R","fields":[{"name":"f","type":{"type":"fixed","name":"F","namespace":"","size":1}},{"name":"g","type":"F"}]}`,
	"name that is a type's":      `{"type":"record","name":"a.string","fields":[{"name":"f","type":"string"},{"name":"g","type":"a.string"}]}`,
	"dots":                       `{"type":"record","name":"a..b.","namespace":".","aliases":[".","..",".x"],"fields":[]}`,
	"empty names":                `{"type":"enum","name":"","symbols":["",""]}`,
	"empty union":                `[]`,
	"union in union":             `[[[]]]`,
	"wrapped name":               `{"type":"record","name":"R","fields":[{"name":"r","type":{"type":"R"}}]}`,
	"type inside type":           `{"type":{"type":{"type":"string"}}}`,
	"repeated attributes":        `{"type":"int","x":1,"type":"record","name":"A","x":{"a":1,"a":2},"name":"R","fields":[],"fields":[]}`,
	"huge numbers":               `{"type":"record","name":"R","fields":[{"name":"f","type":"double","default":1e999},{"name":"g","type":"long","default":99999999999999999999}],"x":1e-999}`,
	"odd floats":                 `{"type":"record","name":"R","fields":[{"name":"f","type":"float","default":" 0x1.8p3f "},{"name":"g","type":"float","default":"NaN"}]}`,
	"lone surrogate":             `{"type":"string","doc":"\ud800","x":"\udc00\ud800"}`,
	"escapes":                    `{"type":"string","x":"\u0000\u001f\b\f\n\r\t\"\\\/\u2028"}`,
	"control characters in keys": `{"type":"string","\u0001\"\\":1}`,
	"comments":                   "// a\n{/* b */\"type\"/**/:// c\r\"string\"/*/*/}",
	"comment in a string":        `{"type":"string","x":"/* // */"}`,
	"open comment":               `{"type":"string" /* }`,
	"byte order mark":            "\ufeff\"string\"",
	"cut short":                  `{"type":"record","name":"R","fields":[{"name":"f","ty`,
	"deep":                       strings.Repeat("[", 2000),
	"logical types":              `["null",{"type":"fixed","name":"D","size":2,"logicalType":"decimal","precision":4,"scale":5},{"type":"bytes","logicalType":"decimal","precision":1e1}]`,
	"bad order":                  `{"type":"record","name":"R","fields":[{"name":"f","type":"int","order":[]}]}`,
	"size beyond int":            `{"type":"fixed","name":"F","size":99999999999}`,
	"numbers for everything":     `{"type":1,"name":2,"namespace":3,"fields":4,"aliases":5,"symbols":6,"size":7,"items":8,"values":9}`,
}

func FuzzParse(f *testing.F) {
	for _, text := range nasty {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, registered bool) {
		var opts []avsc.Option
		if registered {
			opts = append(opts, avsc.Registered())
		}
		s, err := avsc.Parse("fuzz.avsc", text, opts...)
		if err != nil {
			for _, e := range avsc.AsErrorList(err) {
				if e.Err.Error() == "" || e.Pos.File == "" || !e.Pos.IsValid() {
					t.Errorf("a problem without words or place: %#v", e)
				}
			}
			return
		}
		// Whatever Java prints it can read again, unless it holds what Java itself loses.
		if again, err := avsc.Parse("", []byte(s.String()), avsc.Registered()); err == nil {
			if again.String() != s.String() {
				t.Errorf("text changes from\n%s to\n%s", s, again)
			}
		} else {
			t.Errorf("%s\ndoes not parse again: %v", s, err)
		}
		if s.SelfContained() != s.String() {
			t.Errorf("texts without references differ:\n%s\n%s", s.SelfContained(), s)
		}
		// The canonical form escapes nothing, so it may not be JSON, and does not say that a namespace is empty.
		if c, err := avsc.Parse("", s.Canonical()); err == nil && !nullInside(s.Root, "", map[*avsc.Type]bool{}) && string(c.Canonical()) != string(s.Canonical()) {
			t.Errorf("canonical form changes from\n%s to\n%s", s.Canonical(), c.Canonical())
		}
		if n, err := s.Normalize(); err == nil {
			if again, err := n.Normalize(); err == nil && again.String() != n.String() {
				t.Errorf("normalized text changes from\n%s to\n%s", n, again)
			}
		}
	})
}

// nullInside reports whether a type without a namespace stands inside one that has one.
func nullInside(t *avsc.Type, space string, seen map[*avsc.Type]bool) bool {
	if t.Kind.IsNamed() {
		if t.Name.Namespace == "" && space != "" {
			return true
		}
		space = t.Name.Namespace
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	for _, f := range t.Fields {
		if nullInside(f.Type, space, seen) {
			return true
		}
	}
	for _, b := range t.Branches {
		if nullInside(b, space, seen) {
			return true
		}
	}
	return t.Elem != nil && nullInside(t.Elem, space, seen)
}
