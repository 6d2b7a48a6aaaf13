package compat

import (
	"slices"

	"github.com/avow-events/avow/avsc"
)

// fits reports whether a reader plainly reads all that a writer writes: true only where [checker] finds nothing. Most
// pairs that are compared fit, and to see that takes no list and no places. False says that the checker has to look.
type fits struct {
	// seen are the pairs of named types that were met, being compared or known to fit. One that does not fit ends the
	// comparison unless a union has another branch, so those are kept too.
	seen map[pair]bool
	// byName finds the fields of a writer whose order is not the reader's.
	byName map[*avsc.Type]map[string]*avsc.Field
}

// plainlyFits is the question to ask. A reader with aliases for fields is none for it: two of the writer's fields may
// match one of its own, and that counts even in a branch of a union that does not fit anyway.
func plainlyFits(reader, writer *avsc.Schema) bool {
	type aliased struct{}
	if reader.Memo(aliased{}, func(s *avsc.Schema) any { return hasFieldAliases(s.Root, map[*avsc.Type]bool{}) }).(bool) {
		return false
	}
	return new(fits).pair(reader.Root, writer.Root)
}

// hasFieldAliases reports whether a field in t or in what it consists of has another name. seen are the records that
// were looked at.
func hasFieldAliases(t *avsc.Type, seen map[*avsc.Type]bool) bool {
	switch t.Kind {
	case avsc.Array, avsc.Map:
		return hasFieldAliases(t.Elem, seen)
	case avsc.Union:
		return slices.ContainsFunc(t.Branches, func(b *avsc.Type) bool { return hasFieldAliases(b, seen) })
	case avsc.Record:
		if seen[t] {
			return false
		}
		seen[t] = true
		return slices.ContainsFunc(t.Fields, func(f *avsc.Field) bool {
			return len(f.Aliases) > 0 || hasFieldAliases(f.Type, seen)
		})
	}
	return false
}

func (f *fits) pair(r, w *avsc.Type) bool {
	if !r.Kind.IsNamed() || !w.Kind.IsNamed() {
		return f.types(r, w)
	}
	key := pair{r, w}
	if known, met := f.seen[key]; met {
		return known
	}
	if f.seen == nil {
		f.seen = make(map[pair]bool)
	}
	f.seen[key] = true
	if !f.types(r, w) {
		f.seen[key] = false
	}
	return f.seen[key]
}

func (f *fits) types(r, w *avsc.Type) bool {
	switch {
	case w.Kind == avsc.Union:
		return !slices.ContainsFunc(w.Branches, func(b *avsc.Type) bool { return !f.pair(r, b) })
	case r.Kind == avsc.Union:
		return slices.ContainsFunc(r.Branches, func(b *avsc.Type) bool { return f.pair(b, w) })
	case r.Kind != w.Kind:
		return promotes(w.Kind, r.Kind)
	}
	switch r.Kind {
	case avsc.Array, avsc.Map:
		return f.pair(r.Elem, w.Elem)
	case avsc.Fixed:
		return namesMatch(r, w) && r.Size == w.Size
	case avsc.Enum:
		return namesMatch(r, w) && len(missingSymbols(r, w)) == 0
	case avsc.Record:
		return namesMatch(r, w) && f.fields(r, w)
	}
	return true
}

func (f *fits) fields(r, w *avsc.Type) bool {
	for i, field := range r.Fields {
		var source *avsc.Field
		if i < len(w.Fields) && w.Fields[i].Name == field.Name {
			source = w.Fields[i]
		} else {
			source = f.field(w, field.Name)
		}
		if source == nil && field.Default == nil || source != nil && !f.pair(field.Type, source.Type) {
			return false
		}
	}
	return true
}

func (f *fits) field(w *avsc.Type, name string) *avsc.Field {
	byName := f.byName[w]
	if byName == nil {
		byName = fieldsByName(w)
		if f.byName == nil {
			f.byName = make(map[*avsc.Type]map[string]*avsc.Field)
		}
		f.byName[w] = byName
	}
	return byName[name]
}
