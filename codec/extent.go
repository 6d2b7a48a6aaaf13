package codec

import "github.com/avow-events/avow/avsc"

// endless stands for the size of a value that has no end, such as one of a record that holds itself in a plain field.
const endless = 1 << 30

// extents holds, for every type below a root, what can be known of its values without seeing one.
type extents struct {
	// least is the number of bytes of the smallest value, endless where there is none. Only a type whose values all
	// take no bytes has 0.
	least map[*avsc.Type]int
	// recursive holds the records that can contain themselves.
	recursive map[*avsc.Type]bool
}

func measure(roots ...*avsc.Type) *extents {
	x := &extents{least: map[*avsc.Type]int{}, recursive: map[*avsc.Type]bool{}}
	var order []*avsc.Type
	var visit func(t *avsc.Type)
	visit = func(t *avsc.Type) {
		if _, seen := x.least[t]; seen {
			return
		}
		x.least[t] = endless
		for _, c := range parts(t) {
			visit(c)
		}
		order = append(order, t)
	}
	for _, t := range roots {
		visit(t)
	}
	// Sizes only ever fall from endless, and a pass in which none does is the last.
	for changed := true; changed; {
		changed = false
		for _, t := range order {
			if n := x.leastOf(t); n < x.least[t] {
				x.least[t], changed = n, true
			}
		}
	}
	for _, t := range roots {
		x.findRecursive(t)
	}
	return x
}

// parts returns the types that t is made of.
func parts(t *avsc.Type) []*avsc.Type {
	switch t.Kind {
	case avsc.Record:
		types := make([]*avsc.Type, len(t.Fields))
		for i, f := range t.Fields {
			types[i] = f.Type
		}
		return types
	case avsc.Array, avsc.Map:
		return []*avsc.Type{t.Elem}
	case avsc.Union:
		return t.Branches
	}
	return nil
}

func (x *extents) leastOf(t *avsc.Type) int {
	switch t.Kind {
	case avsc.Null:
		return 0
	case avsc.Float:
		return 4
	case avsc.Double:
		return 8
	case avsc.Fixed:
		return min(t.Size, endless)
	case avsc.Enum:
		if len(t.Symbols) == 0 {
			return endless
		}
		return 1
	case avsc.Record:
		n := 0
		for _, f := range t.Fields {
			n = min(n+x.least[f.Type], endless)
		}
		return n
	case avsc.Union:
		n := endless
		for _, b := range t.Branches {
			n = min(n, 1+x.least[b])
		}
		return n
	}
	return 1
}

// findRecursive marks the records that lie on a cycle: the strongly connected components of the graph of types, by
// Tarjan's algorithm. Only a record closes a cycle, since only named types can be referred to.
func (x *extents) findRecursive(root *avsc.Type) {
	index := map[*avsc.Type]int{}
	low := map[*avsc.Type]int{}
	var stack []*avsc.Type
	var visit func(t *avsc.Type)
	visit = func(t *avsc.Type) {
		index[t] = len(index) + 1
		low[t] = index[t]
		stack = append(stack, t)
		itself := false
		for _, c := range parts(t) {
			if index[c] == 0 {
				visit(c)
			}
			itself = itself || c == t
			low[t] = min(low[t], low[c])
		}
		if low[t] != index[t] {
			return
		}
		for k := len(stack) - 1; ; k-- {
			c := stack[k]
			low[c] = int(^uint(0) >> 1) // done: no part of another component
			if stack[k] == t {
				alone := k == len(stack)-1
				for _, c := range stack[k:] {
					if c.Kind == avsc.Record && (!alone || itself) {
						x.recursive[c] = true
					}
				}
				stack = stack[:k]
				return
			}
		}
	}
	visit(root)
}
