package compat

import (
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// addDefault gives the new schema's field a default where that is all there is to decide: not where the field may be an old
// one under a new name, whose values a default would hide.
func (s side) addDefault() []finding.Edit {
	if !s.newReads || s.Field == nil || s.Reader.Kind == avsc.Record && renamedFrom(s.Field, s.Reader, s.Writer) != "" {
		return nil
	}
	text, ok := zeroDefault(s.Field.Type)
	if !ok {
		return nil
	}
	return []finding.Edit{{At: s.Field.Pos, Member: `"default": ` + text}}
}

// defaultSuggestion returns the default that a field of the type could have.
func defaultSuggestion(t *avsc.Type) string {
	if text, ok := zeroDefault(t); ok {
		return `"default": ` + text
	}
	return `a "default"`
}

// zeroDefault returns the plainest JSON default for a type; not ok where there is none, as for records that need fields.
func zeroDefault(t *avsc.Type) (text string, ok bool) {
	switch t.Kind {
	case avsc.Null:
		return "null", true
	case avsc.Boolean:
		return "false", true
	case avsc.Int, avsc.Long, avsc.Float, avsc.Double:
		return "0", true
	case avsc.String, avsc.Bytes:
		if t.Logical != nil {
			return "", false
		}
		return `""`, true
	case avsc.Array:
		return "[]", true
	case avsc.Map:
		return "{}", true
	case avsc.Enum:
		if t.Default != nil {
			return fmt.Sprintf("%q", t.Default.Name), true
		}
		if len(t.Symbols) > 0 {
			return fmt.Sprintf("%q", t.Symbols[0].Name), true
		}
	case avsc.Union:
		if slices.ContainsFunc(t.Branches, func(b *avsc.Type) bool { return b.Kind == avsc.Null }) {
			return "null", true
		}
		if len(t.Branches) > 0 {
			return zeroDefault(t.Branches[0])
		}
	case avsc.Record:
		if !slices.ContainsFunc(t.Fields, func(f *avsc.Field) bool { return f.Default == nil }) {
			return "{}", true
		}
	}
	return "", false
}

// renamedFrom returns the field of the other record that this one may have been: the only one without a counterpart whose
// type is of the same kind; empty where there is none or a choice.
func renamedFrom(field *avsc.Field, record, other *avsc.Type) string {
	if other.Kind != avsc.Record {
		return ""
	}
	known := make(map[string]bool)
	for _, f := range record.Fields {
		known[f.Name] = true
		for _, a := range f.Aliases {
			known[a.Name] = true
		}
	}
	found := ""
	for _, f := range other.Fields {
		if known[f.Name] || f.Type.Kind != field.Type.Kind || describeType(f.Type) != describeType(field.Type) {
			continue
		}
		if found != "" {
			return ""
		}
		found = f.Name
	}
	return found
}

// addAlias gives a type another alias.
func addAlias(t *avsc.Type, name avsc.Name) []finding.Edit {
	if n := len(t.Aliases); n > 0 {
		return []finding.Edit{{At: t.Aliases[n-1].Pos, Element: quote(name.Full())}}
	}
	return []finding.Edit{{At: t.Pos, Member: `"aliases": [` + quote(name.Full()) + "]"}}
}

// addFieldAlias gives a field another alias.
func addFieldAlias(f *avsc.Field, name string) []finding.Edit {
	if n := len(f.Aliases); n > 0 {
		return []finding.Edit{{At: f.Aliases[n-1].Pos, Element: quote(name)}}
	}
	return []finding.Edit{{At: f.Pos, Member: `"aliases": [` + quote(name) + "]"}}
}

// addSymbols puts symbols behind those of an enum, which must have one.
func addSymbols(t *avsc.Type, symbols []avsc.Symbol) []finding.Edit {
	n := len(t.Symbols)
	if n == 0 {
		return nil
	}
	edits := make([]finding.Edit, len(symbols))
	for i, s := range symbols {
		edits[i] = finding.Edit{At: t.Symbols[n-1].Pos, Element: quote(s.Name)}
	}
	return edits
}

// addDoc documents the object at a place, a type or a field.
func addDoc(at avsc.Pos, doc string) []finding.Edit {
	return []finding.Edit{{At: at, Member: `"doc": ` + quote(doc)}}
}

// mendedBy adds the edits to what was found.
func mendedBy(found []finding.Finding, edits []finding.Edit) []finding.Finding {
	for i := range found {
		found[i].Edits = edits
	}
	return found
}
