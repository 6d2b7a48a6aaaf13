package embedded

import (
	"slices"

	"github.com/avow-events/avow/avsc"
)

// equivalent reports whether two documents say the same although their texts may differ (Confluent's
// AvroSchema.equivalent): properties and aliases in any order, types written out or referred to by name. Other than
// for [avsc.Equal], documentation, aliases and an enum's default count.
func equivalent(a, b *avsc.Type) bool {
	return avsc.Equal(a, b) && sameMeta(a, b, map[[2]*avsc.Type]bool{})
}

// sameMeta compares what [avsc.Equal] leaves out, in types that are equal to it. seen are the pairs of named types that
// are being compared.
func sameMeta(a, b *avsc.Type, seen map[[2]*avsc.Type]bool) bool {
	if a == b {
		return true
	}
	switch {
	case a.Kind == avsc.Array || a.Kind == avsc.Map:
		return sameMeta(a.Elem, b.Elem, seen)
	case a.Kind == avsc.Union:
		for i := range a.Branches {
			if !sameMeta(a.Branches[i], b.Branches[i], seen) {
				return false
			}
		}
		return true
	case !a.Kind.IsNamed():
		return true
	}
	pair := [2]*avsc.Type{a, b}
	if seen[pair] {
		return true
	}
	seen[pair] = true
	if a.Doc != b.Doc || a.HasDoc != b.HasDoc || !sameSet(typeAliases(a), typeAliases(b)) {
		return false
	}
	if a.Kind == avsc.Enum && !sameSymbol(a.Default, b.Default) {
		return false
	}
	for i := range a.Fields {
		f, g := a.Fields[i], b.Fields[i]
		if f.Doc != g.Doc || f.HasDoc != g.HasDoc || !sameSet(fieldAliases(f), fieldAliases(g)) || !sameMeta(f.Type, g.Type, seen) {
			return false
		}
	}
	return true
}

func sameSymbol(a, b *avsc.Symbol) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Name == b.Name
}

func typeAliases(t *avsc.Type) []string {
	names := make([]string, len(t.Aliases))
	for i, a := range t.Aliases {
		names[i] = a.Name.Full()
	}
	return names
}

func fieldAliases(f *avsc.Field) []string {
	names := make([]string, len(f.Aliases))
	for i, a := range f.Aliases {
		names[i] = a.Name
	}
	return names
}

// sameSet sorts both lists.
func sameSet(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
