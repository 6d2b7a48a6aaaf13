package codegen

import (
	"fmt"
	"strconv"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/goname"
)

// value is the view of an Avro type at one place of the generated code: how a value there is written, read and sized.
type value struct {
	// Shape names the templates that lay it out: leaf, array, map, single, nilable, pointer, optional or boxed.
	Shape string
	// Go is the Go type.
	Go string
	// X is the expression of the value, P the same as an operand of a selector or a slice expression, which needs no
	// star before a pointer.
	X, P string

	// Write is the expression that writes a leaf or a map of strings at i and returns the index after it, empty where a
	// leaf takes no bytes.
	Write string
	// Read is the statement that reads a leaf.
	Read string
	// Size is the expression of a leaf's size, Const the size that is known without looking at the value.
	Size  string
	Const int

	// Elem is the item of an array, the value of a map or what a union holds beside null.
	Elem *value
	// Index, Key and Item are the loop variables of an array or a map; Min the least bytes that an item takes.
	Index, Key, Item string
	Min              int
	// Branch and Null are indexes in a union of null and one other type.
	Branch, Null int
	// IsMap says that a map, or nil for null, is there; Sorted that its entries are written in the order of keys.
	IsMap, Sorted bool
}

// place is where a value stands.
type place struct {
	x, p  string
	depth int   // of loops around it
	owner *unit // the unit whose file holds it
	// inline says that the value is a part of the owner's struct.
	inline bool
}

func (at place) deref() place {
	at.p = at.x
	at.x = "*" + at.x
	return at
}

// suffix tells apart the loop variables of nested loops.
func (at place) suffix() string {
	if at.depth == 0 {
		return ""
	}
	return strconv.Itoa(at.depth + 1)
}

// valueOf returns the view of a type at a place.
func (f *file) valueOf(t *avsc.Type, at place) *value {
	v := &value{X: at.x, P: at.p}
	switch {
	case goname.Leaf(t) != "":
		f.leaf(v, t)
	case t.Kind == avsc.Enum:
		f.enumLeaf(v, t)
	case t.Kind == avsc.Fixed:
		v.Shape, v.Go = "leaf", f.named(f.g.unitOf(t))
		v.Write = fmt.Sprintf("w.PutFixed(i, %s[:])", v.P)
		v.Read = fmt.Sprintf("i = codec.ReadFixed(text, i, %s[:])", v.P)
		v.Const = t.Size
	case t.Kind == avsc.Record:
		return f.record(v, t, at)
	case t.Kind == avsc.Array:
		f.array(v, t, at)
	case t.Kind == avsc.Map:
		f.mapping(v, t, at)
	default:
		f.union(v, t, at)
	}
	return v
}

// enumLeaf fills in an enum. Its symbols are counted here, so that the enum's package has to do nothing.
func (f *file) enumLeaf(v *value, t *avsc.Type) {
	v.Shape, v.Go = "leaf", f.named(f.g.unitOf(t))
	v.Write = fmt.Sprintf("w.PutEnum(i, int32(%s), %d)", v.X, len(t.Symbols))
	v.Read = fmt.Sprintf("%s, i = codec.ReadEnum[%s](text, i, %d)", v.X, v.Go, len(t.Symbols))
	if len(t.Symbols) <= 64 {
		v.Const = 1
	} else {
		v.Size = fmt.Sprintf("codec.SizeLong(int64(%s))", v.X)
	}
}

// record fills in a record, which stands behind a pointer where its struct would otherwise hold itself.
func (f *file) record(v *value, t *avsc.Type, at place) *value {
	u := f.g.unitOf(t)
	if at.inline && u.inline == at.owner.inline {
		at.inline = false
		elem := f.valueOf(t, at.deref())
		v.Shape, v.Go, v.Elem = "boxed", "*"+elem.Go, elem
		return v
	}
	v.Shape, v.Go = "leaf", f.named(u)
	v.Write = fmt.Sprintf("%s.WriteAvro(w, i)", v.P)
	v.Size = fmt.Sprintf("%s.SizeAvro()", v.P)
	if u.recursive && u.cycle == at.owner.cycle {
		v.Size = fmt.Sprintf("%s.sizeAvro(depth)", v.P)
	}
	v.Read = fmt.Sprintf("i = %s.ReadAvro(text, i, s)", v.P)
	return v
}

func (f *file) array(v *value, t *avsc.Type, at place) {
	v.Shape = "array"
	v.Index = "k" + at.suffix()
	v.Min = f.g.least(t.Elem)
	v.Elem = f.valueOf(t.Elem, place{
		x: fmt.Sprintf("%s[%s]", at.x, v.Index), p: fmt.Sprintf("%s[%s]", at.x, v.Index),
		depth: at.depth + 1, owner: at.owner,
	})
	v.Go = "[]" + v.Elem.Go
	if v.Min == 0 { // nothing to look at but how many there are
		v.Shape = "leaf"
		v.Write = fmt.Sprintf("w.PutEmptyItems(i, len(%s))", v.X)
		v.Read = fmt.Sprintf("%s, i = codec.ReadEmptyItems[%s](text, i, s)", v.X, v.Elem.Go)
		v.Size = fmt.Sprintf("codec.SizeBlocks(len(%s))", v.X)
		v.Elem = nil
	}
}

func (f *file) mapping(v *value, t *avsc.Type, at place) {
	v.Shape, v.IsMap, v.Sorted = "map", true, f.g.opt.SortedMaps
	v.Key, v.Item = "key"+at.suffix(), "item"+at.suffix()
	v.Min = min(1+f.g.least(t.Elem), endless)
	v.Elem = f.valueOf(t.Elem, place{
		x: v.Item, p: v.Item, depth: at.depth + 1, owner: at.owner,
	})
	v.Go = "map[string]" + v.Elem.Go
	if v.Elem.Shape == "leaf" && v.Elem.Go == "string" && !v.Sorted {
		v.Write = fmt.Sprintf("w.PutStrings(i, %s)", v.X)
	}
}

func (f *file) union(v *value, t *avsc.Type, at place) {
	form, branch := goname.FormOf(t)
	v.Branch, v.Null = branch, 1-branch
	switch {
	case form == goname.Sealed:
		name := at.owner.unions[t].goName
		v.Shape, v.Go = "leaf", f.qualified(at.owner, name)
		v.Write = fmt.Sprintf("write%s(w, i, %s)", name, v.X)
		v.Size = fmt.Sprintf("size%s(%s)", name, v.X)
		if f.reaches(t, at.owner) {
			v.Size = fmt.Sprintf("size%s(%s, depth)", name, v.X)
		}
		v.Read = fmt.Sprintf("%s, i = read%s(text, i, s)", v.X, name)
	case form == goname.Single:
		v.Shape = "single"
		v.Elem = f.valueOf(t.Branches[0], at)
		v.Go = v.Elem.Go
	case form == goname.Nilable:
		v.Shape = "nilable"
		v.Elem = f.valueOf(t.Branches[branch], at)
		v.Go, v.IsMap = v.Elem.Go, v.Elem.IsMap
	case f.g.opt.OptionalValues && !f.inlined(t.Branches[branch], at):
		v.Shape = "optional"
		at.x += ".Value"
		at.p = at.x
		v.Elem = f.valueOf(t.Branches[branch], at)
		v.Go = "codec.Optional[" + v.Elem.Go + "]"
	default:
		v.Shape = "pointer"
		at.inline = false
		v.Elem = f.valueOf(t.Branches[branch], at.deref())
		v.Go = "*" + v.Elem.Go
	}
}

// inlined reports whether a record of type t would have to stand behind a pointer at this place.
func (f *file) inlined(t *avsc.Type, at place) bool {
	return t.Kind == avsc.Record && at.inline && f.g.unitOf(t).inline == at.owner.inline
}

// reaches reports whether a union holds records that can hold the owner again.
func (f *file) reaches(union *avsc.Type, owner *unit) bool {
	if !owner.recursive {
		return false
	}
	for _, u := range f.g.uses(union) {
		if u.recursive && u.cycle == owner.cycle {
			return true
		}
	}
	return false
}

// IsFixedSize reports whether every value takes FixedSize bytes.
func (v *value) IsFixedSize() bool {
	return v.Shape == "leaf" && v.Size == "" || v.Shape == "single" && v.Elem.IsFixedSize()
}

// FixedSize returns how many bytes every value takes.
func (v *value) FixedSize() int {
	if v.Shape == "single" {
		return 1 + v.Elem.FixedSize()
	}
	return v.Const
}

// IsMentioned reports whether the statements that write the value look at it.
func (v *value) IsMentioned() bool {
	if v.Shape == "single" {
		return v.Elem.IsMentioned()
	}
	return v.Shape != "leaf" || v.Write != ""
}

// any reports whether v or a part of it satisfies is.
func (v *value) any(is func(*value) bool) bool {
	return is(v) || v.Elem != nil && v.Elem.any(is)
}

// ReadsBranch reports whether reading the value, or a part of it, looks at a branch of a union.
func (v *value) ReadsBranch() bool { return v.any(branches) }

// branches reports whether reading the value looks at a branch of a union.
func branches(v *value) bool {
	return v.Shape == "nilable" || v.Shape == "pointer" || v.Shape == "optional"
}
