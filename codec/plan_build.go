package codec

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
)

// node says what becomes of one type of the writer. Nodes of records are shared and may form cycles.
type node struct {
	kind           nodeKind
	writer, reader *avsc.Type

	// elem is what becomes of an array's items, a map's values, or under nodePrefix the value itself.
	elem *node
	// prefix is the reader's branch that the value is put into.
	prefix int

	// fields of the writer's record; nodeSkip for those that the reader does not have.
	fields []*node
	// order gives for each of the reader's fields the writer's, -1 where the reader's default stands.
	order []int
	// defaults holds the encoded defaults of the reader's fields.
	defaults [][]byte
	// broken marks a record that turned out to be unreadable after others had been resolved against it.
	broken bool

	// branches of the writer's union, and the reader's branch that each is put into, -1 for a reader that is no
	// union. Where the branch cannot be read its node is nodeFail.
	branches []*node
	to       []int

	// symbols maps the writer's symbols to the reader's, -1 where there is none.
	symbols []int

	// why a value cannot be read.
	why error

	// changed is set where the reader's bytes can differ from the writer's, narrow where they do not, but the
	// reader's type takes values that the writer's does not.
	changed, narrow bool
}

type nodeKind uint8

const (
	nodeSame   nodeKind = iota // a primitive type or a fixed, or one promoted to a type with the same bytes
	nodeText                   // string to bytes or back: the same bytes if they are UTF-8
	nodeNumber                 // a number promoted to one with other bytes
	nodeEnum
	nodeArray
	nodeMap
	nodeRecord
	nodeUnion  // the writer's type is a union
	nodePrefix // the reader's is, the writer's is not
	nodeSkip   // the reader does not want it
	nodeFail   // met, it is an error
)

// builder resolves a writer's type against a reader's, by the rules of org.apache.avro.Resolver, which both of Avro
// Java's readers follow. They are looser than the specification: records are compared by their fields and not by
// their names, and a reader's union takes a record by structure.
type builder struct {
	records map[pair]*node
	fields  map[*avsc.Type]map[string]int
	err     error // what Java would throw while it resolves
}

type pair struct{ writer, reader *avsc.Type }

// field returns the index of a record's field, -1 if it has none of that name.
func (b *builder) field(t *avsc.Type, name string) int {
	index := b.fields[t]
	if index == nil {
		index = make(map[string]int, len(t.Fields))
		for i, f := range t.Fields {
			index[f.Name] = i
		}
		b.fields[t] = index
	}
	if i, ok := index[name]; ok {
		return i
	}
	return -1
}

func (b *builder) resolve(w, r *avsc.Type) *node {
	if w.Kind == avsc.Union {
		return b.writerUnion(w, r)
	}
	if w.Kind != r.Kind {
		if r.Kind == avsc.Union {
			return b.readerUnion(w, r)
		}
		return promote(w, r)
	}
	switch w.Kind {
	case avsc.Fixed:
		if w.Name.Short != r.Name.Short || w.Size != r.Size {
			return mismatch(w, r)
		}
	case avsc.Enum:
		return enum(w, r)
	case avsc.Record:
		return b.record(w, r)
	case avsc.Array:
		return &node{kind: nodeArray, writer: w, reader: r, elem: b.resolve(w.Elem, r.Elem)}
	case avsc.Map:
		return &node{kind: nodeMap, writer: w, reader: r, elem: b.resolve(w.Elem, r.Elem)}
	}
	return &node{kind: nodeSame, writer: w, reader: r}
}

func mismatch(w, r *avsc.Type) *node {
	return &node{kind: nodeFail, writer: w, reader: r, why: fmt.Errorf("%w: writer's %s, reader's %s", ErrResolve, describe(w), describe(r))}
}

func describe(t *avsc.Type) string {
	switch t.Kind {
	case avsc.Fixed:
		return fmt.Sprintf("fixed %s of %d bytes", t.Name, t.Size)
	case avsc.Record, avsc.Enum:
		return t.Kind.String() + " " + t.Name.Full()
	}
	return t.Kind.String()
}

// promote resolves two types of different kinds, of which the reader's is no union.
func promote(w, r *avsc.Type) *node {
	n := &node{writer: w, reader: r}
	switch p := (promotion{w.Kind, r.Kind}); p {
	case promotion{avsc.Int, avsc.Long}:
		n.narrow = true
	case promotion{avsc.Int, avsc.Float}, promotion{avsc.Int, avsc.Double}, promotion{avsc.Long, avsc.Float},
		promotion{avsc.Long, avsc.Double}, promotion{avsc.Float, avsc.Double}:
		n.kind = nodeNumber
	case promotion{avsc.String, avsc.Bytes}, promotion{avsc.Bytes, avsc.String}:
		n.kind = nodeText
	default:
		return mismatch(w, r)
	}
	return n
}

type promotion struct{ from, to avsc.Kind }

func enum(w, r *avsc.Type) *node {
	if w.Name.Short != r.Name.Short {
		return mismatch(w, r)
	}
	fallback := -1
	if r.Default != nil {
		fallback = symbolIndex(r, r.Default.Name)
	}
	index := make(map[string]int, len(r.Symbols))
	for i, s := range r.Symbols {
		index[s.Name] = i
	}
	n := &node{kind: nodeEnum, writer: w, reader: r, symbols: make([]int, len(w.Symbols))}
	for i, s := range w.Symbols {
		k, ok := index[s.Name]
		if !ok {
			k = fallback
		}
		n.symbols[i] = k
		n.changed = n.changed || k != i
	}
	n.narrow = len(r.Symbols) != len(w.Symbols)
	return n
}

// record resolves two records by their fields. The node is known before it is filled, so that the fields may lead
// back to it; and if it then turns out that a required field is missing, those who already hold it keep a broken node,
// on which Java stumbles too.
func (b *builder) record(w, r *avsc.Type) *node {
	key := pair{w, r}
	if n := b.records[key]; n != nil {
		return n
	}
	n := &node{kind: nodeRecord, writer: w, reader: r, order: make([]int, len(r.Fields)), defaults: make([][]byte, len(r.Fields))}
	b.records[key] = n
	for i := range n.order {
		n.order[i] = -1
	}
	for i, f := range w.Fields {
		k := b.field(r, f.Name)
		if k < 0 {
			n.fields = append(n.fields, &node{kind: nodeSkip, writer: f.Type})
			continue
		}
		n.order[k] = i
		n.fields = append(n.fields, b.resolve(f.Type, r.Fields[k].Type))
	}
	for k, f := range r.Fields {
		if n.order[k] >= 0 {
			continue
		}
		if f.Default == nil {
			n.broken = true
			b.records[key] = &node{kind: nodeFail, writer: w, reader: r, why: fmt.Errorf(
				"%w: writer's record %s has no field %q, and the reader's has no default", ErrResolve, w.Name, f.Name)}
			return b.records[key]
		}
		encoded, err := appendDefault([]byte{}, f.Type, f.Default)
		if err != nil {
			b.fail(fmt.Errorf("reader's %s.%s: %w", r.Name, f.Name, err))
		}
		n.defaults[k] = encoded
	}
	return n
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}
