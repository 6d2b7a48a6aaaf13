package compat

import (
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
