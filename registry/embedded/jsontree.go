package embedded

import (
	"fmt"
	"slices"
)

// jsonNode is a value in a JSON text that is to be changed in place.
type jsonNode struct {
	kind       tokenKind
	start, end int // where its text begins and ends
	text       string
	members    []jsonMember
	items      []*jsonNode
}

type jsonMember struct {
	name  string
	start int // of the name
	value *jsonNode
}

// parseTree reads a text that is JSON.
func parseTree(text string) (*jsonNode, error) {
	t := newTokens([]byte(text))
	if err := t.next(); err != nil {
		return nil, err
	}
	return t.tree()
}

// tree reads the value that begins with the current token.
func (t *tokens) tree() (*jsonNode, error) {
	n := &jsonNode{kind: t.kind, text: string(t.text), start: t.pos}
	switch t.kind {
	case objectStart:
		n.start = t.pos - 1
		for {
			if err := t.next(); err != nil {
				return nil, err
			}
			if t.kind == objectEnd {
				n.end = t.pos
				return n, nil
			}
			m := jsonMember{name: string(t.text), start: t.nameStart}
			if err := t.next(); err != nil {
				return nil, err
			}
			var err error
			if m.value, err = t.tree(); err != nil {
				return nil, err
			}
			n.members = append(n.members, m)
		}
	case arrayStart:
		n.start = t.pos - 1
		for {
			if err := t.next(); err != nil {
				return nil, err
			}
			if t.kind == arrayEnd {
				n.end = t.pos
				return n, nil
			}
			item, err := t.tree()
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
	case endOfText:
		return nil, fmt.Errorf("no JSON value")
	}
	n.end = t.pos
	return n, nil
}

// get returns the member of that name, nil where there is none.
func (n *jsonNode) get(name string) *jsonNode {
	for _, m := range n.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// parts returns the values that a node holds directly.
func (n *jsonNode) parts() []*jsonNode {
	parts := slices.Clone(n.items)
	for _, m := range n.members {
		parts = append(parts, m.value)
	}
	return parts
}

// without returns the text in which the object n, which is part of it, has no such member.
func (n *jsonNode) without(text, name string) string {
	for i, m := range n.members {
		switch {
		case m.name != name:
		case i+1 < len(n.members):
			return text[:m.start] + text[n.members[i+1].start:]
		case i > 0:
			return text[:n.members[i-1].value.end] + text[m.value.end:]
		default:
			return text[:n.start+1] + text[n.end-1:]
		}
	}
	return text
}

// with returns the text in which the object n, which is part of it, has a member of that name and value.
func (n *jsonNode) with(text, name, value string) string {
	if old := n.get(name); old != nil {
		return text[:old.start] + value + text[old.end:]
	}
	b := appendKey([]byte(text[:n.end-1]), name)
	return string(b) + value + text[n.end-1:]
}
