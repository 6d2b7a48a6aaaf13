package codec

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
)

// writerUnion resolves every branch of the writer's union by itself.
func (b *builder) writerUnion(w, r *avsc.Type) *node {
	n := &node{kind: nodeUnion, writer: w, reader: r}
	same := b.sameUnion(w, r, map[pair]bool{})
	for i, branch := range w.Branches {
		to, m := -1, (*node)(nil)
		switch {
		case same:
			to, m = i, b.resolve(branch, r.Branches[i])
		default:
			if m = b.resolve(branch, r); m.kind == nodePrefix {
				to, m = m.prefix, m.elem
			}
		}
		n.branches, n.to = append(n.branches, m), append(n.to, to)
		n.changed = n.changed || to != i
	}
	n.narrow = r.Kind == avsc.Union && len(r.Branches) != len(w.Branches)
	return n
}

func (b *builder) readerUnion(w, r *avsc.Type) *node {
	k := b.branchFor(w, r)
	if k < 0 {
		return &node{kind: nodeFail, writer: w, reader: r, why: fmt.Errorf(
			"%w: no branch of the reader's union takes %s", ErrResolve, describe(w))}
	}
	return &node{kind: nodePrefix, writer: w, reader: r, prefix: k, elem: b.resolve(w, r.Branches[k])}
}

// branchFor returns the branch of the reader's union that takes the writer's type, -1 if none does: the one of the
// same full name; for a record else one whose fields can be read, the last of the same short name or the first at
// all; else the first to which the type can be promoted.
func (b *builder) branchFor(w, r *avsc.Type) int {
	byStructure := -1
	for k, t := range r.Branches {
		if t.Kind != w.Kind {
			continue
		}
		if !w.Kind.IsNamed() || w.Name == t.Name {
			return k
		}
		if w.Kind == avsc.Record && readable(b.record(w, t)) && (byStructure < 0 || w.Name.Short == t.Name.Short) {
			byStructure = k
		}
	}
	if byStructure >= 0 {
		return byStructure
	}
	for k, t := range r.Branches {
		if t.Kind != w.Kind && promote(w, t).kind != nodeFail {
			return k
		}
	}
	return -1
}

// readable reports whether a record and its fields can be read, as far as Java looks: not into the fields.
func readable(n *node) bool {
	if n.kind == nodeFail {
		return false
	}
	for _, f := range n.fields {
		if f.kind == nodeFail {
			return false
		}
	}
	return true
}

// sameUnion reports whether two types are the same as far as Java compares the unions of a writer and a reader:
// short names, fields in order, symbols and sizes. Branches of such unions correspond by position.
func (b *builder) sameUnion(w, r *avsc.Type, seen map[pair]bool) bool {
	if w.Kind != r.Kind || w.Kind.IsNamed() && w.Name.Short != r.Name.Short {
		return false
	}
	switch w.Kind {
	case avsc.Array, avsc.Map:
		return b.sameUnion(w.Elem, r.Elem, seen)
	case avsc.Fixed:
		return w.Size == r.Size
	case avsc.Enum:
		if len(w.Symbols) != len(r.Symbols) {
			return false
		}
		for i := range w.Symbols {
			if w.Symbols[i].Name != r.Symbols[i].Name {
				return false
			}
		}
	case avsc.Union:
		if len(w.Branches) != len(r.Branches) {
			return false
		}
		for i := range w.Branches {
			if !b.sameUnion(w.Branches[i], r.Branches[i], seen) {
				return false
			}
		}
	case avsc.Record:
		return b.sameRecord(w, r, seen)
	}
	return true
}

func (b *builder) sameRecord(w, r *avsc.Type, seen map[pair]bool) bool {
	key := pair{w, r}
	same, known := seen[key]
	if known {
		return same
	}
	seen[key] = true // until the fields say otherwise: they may lead back here
	same = len(w.Fields) == len(r.Fields)
	for i := 0; same && i < len(w.Fields); i++ {
		same = w.Fields[i].Name == r.Fields[i].Name && b.sameUnion(w.Fields[i].Type, r.Fields[i].Type, seen)
	}
	seen[key] = same
	return same
}
