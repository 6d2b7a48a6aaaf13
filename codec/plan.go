package codec

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
)

// Plan turns what was written by one schema into what another schema reads. It is compiled once per pair of schemas
// and may be used by several goroutines at once. The zero Plan is of no use; see [NewPlan].
type Plan struct {
	walks  program      // walks what is copied or skipped
	steps  []*stepFrame // the first one is the root's
	tables planTables
	// identity is set where every message of the writer is one of the reader, byte for byte, and the reader's type
	// takes nothing that the writer's refuses: there is nothing to do but to read it.
	identity bool
	// trusting plans serve a decoder that checks what they hand to it: strings that are copied are not looked at, and
	// what could be written shorter stays as it is.
	trusting bool
	// growth is by how many bytes a message usually grows.
	growth int
}

// NewPlan compiles the resolution of writer against reader by the rules that Avro Java's decoders follow: promotions,
// record fields by name and by the reader's aliases, the reader's defaults, enum symbols by name with the reader's
// default, unions branch by branch.
//
// A part of the writer's schema that the reader's cannot take is no error here but one when a message has such a
// part, as in Java: a union branch that is never written, an array that is always empty do no harm. NewPlan fails
// only where Java cannot begin at all: on a default that cannot be encoded, or where the reader's aliases make the
// writer's schema invalid.
func NewPlan(writer, reader *avsc.Schema) (*Plan, error) {
	root, err := resolution(writer.Root, reader.Root)
	if err != nil {
		return nil, fmt.Errorf("resolve %s against %s: %w", writer.Root.FullName(), reader.Root.FullName(), err)
	}
	return compilePlan(root, false), nil
}

// resolution builds the nodes for a pair of types.
func resolution(writer, reader *avsc.Type) (*node, error) {
	// Twice, because Avro Java does: its readers apply the aliases, and so does the resolver that they call. An alias
	// can lead on to another.
	for range 2 {
		var err error
		if writer, err = applyAliases(writer, reader); err != nil {
			return nil, err
		}
	}
	b := builder{records: map[pair]*node{}, fields: map[*avsc.Type]map[string]int{}}
	root := b.resolve(writer, reader)
	if b.err != nil {
		return nil, b.err
	}
	if n := broken(root, map[*node]bool{}); n != nil {
		return nil, fmt.Errorf("%w: writer's record %s lacks required fields of the reader's, and another record leads back to it", ErrResolve, n.writer.Name)
	}
	markChanges(root, measure(root.writer, root.reader))
	return root, nil
}

// children returns the nodes that n leads to.
func (n *node) children() []*node {
	switch n.kind {
	case nodeRecord:
		return n.fields
	case nodeUnion:
		return n.branches
	case nodeArray, nodeMap, nodePrefix:
		return []*node{n.elem}
	}
	return nil
}

// broken returns a broken record below n, nil where there is none.
func broken(n *node, seen map[*node]bool) *node {
	if n.broken {
		return n
	}
	if seen[n] {
		return nil
	}
	seen[n] = true
	for _, c := range n.children() {
		if bad := broken(c, seen); bad != nil {
			return bad
		}
	}
	return nil
}

// markChanges marks as changed, or else as narrow, all that contains a part which is. What takes no bytes on either side
// has nothing to change, however many records it nests, unless it cannot be read.
func markChanges(root *node, x *extents) {
	var all []*node
	seen := map[*node]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		n.changed = n.kind == nodeFail || !n.isEmpty(x) && (n.changed || n.changesItself())
		for _, c := range n.children() {
			visit(c)
		}
		all = append(all, n)
	}
	visit(root)
	for again := true; again; {
		again = false
		for _, n := range all {
			for _, c := range n.children() {
				if c.changed && !n.changed {
					n.changed, again = true, true
				}
				if c.narrow && !n.narrow {
					n.narrow, again = true, true
				}
			}
		}
	}
}

// isEmpty reports whether neither the writer's values nor the reader's take any bytes.
func (n *node) isEmpty(x *extents) bool {
	return x.least[n.writer] == 0 && (n.reader == nil || x.least[n.reader] == 0)
}

func (n *node) changesItself() bool {
	switch n.kind {
	case nodeText, nodeNumber, nodePrefix, nodeSkip, nodeFail:
		return true
	case nodeRecord:
		if len(n.order) != len(n.fields) {
			return true
		}
		for k, i := range n.order {
			if k != i {
				return true
			}
		}
	}
	return false
}
