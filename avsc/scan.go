package avsc

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// What Java's JSON reader takes at most (Jackson's StreamReadConstraints), and a text of which no walk along the types
// runs out of stack.
const (
	maxDepth  = 1000
	maxNumber = 1000   // characters
	maxName   = 50_000 // characters
	maxSource = 16 << 20
)

// A doc is a JSON text as a flat list of its values, each before its parts. An object's members are name, value,
// name, value, and so on. Places are kept as byte offsets, and become lines and columns only where someone asks.
type doc struct {
	file  string
	text  string // without a byte order mark
	nodes []node
	lines []int32 // offset at which each line after the first begins

	dangling *Error // what stands behind the value
}

type node struct {
	kind ValueKind
	flag bool  // the content of a boolean
	off  int32 // of the value's first byte
	next int32 // index of the first node after this value and its parts
	text string
}

// scan reads the one value that src must hold.
func scan(file string, src []byte) (*doc, *Error) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	d := &doc{file: file, text: string(src)}
	for i := range len(d.text) {
		if d.text[i] == '\n' {
			d.lines = append(d.lines, int32(i+1))
		}
	}
	if len(src) > maxSource {
		return d, d.syntaxError(0, fmt.Errorf("the file has %d bytes, more than the %d that a schema may have", len(src), maxSource))
	}
	if i := invalidUTF8(d.text); i >= 0 {
		return d, d.syntaxError(i, fmt.Errorf("byte %#02x is not UTF-8", d.text[i]))
	}
	blanked, open := blankComments(src)
	if open >= 0 {
		return d, d.syntaxError(open, errors.New("this comment has no end: */ is missing"))
	}
	d.nodes = *nodeSpace.Get().(*[]node)
	if err := d.read(blanked); err != nil {
		return d, err
	}
	return d, nil
}

// nodeSpace holds the nodes of documents that are done with.
var nodeSpace = sync.Pool{New: func() any { return new([]node) }}

// free gives the nodes back. The document is of no use after it.
func (d *doc) free() {
	const most = 1 << 16
	if cap(d.nodes) > most {
		return
	}
	clear(d.nodes)
	nodes := d.nodes[:0]
	d.nodes = nil
	nodeSpace.Put(&nodes)
}

// read fills the nodes from a text without comments.
func (d *doc) read(src []byte) *Error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var open []int32
	for {
		switch kind := dec.PeekKind(); kind {
		case '{', '[':
			if _, err := dec.ReadToken(); err != nil {
				return d.jsonError(dec, err, open)
			}
			n := node{kind: ObjectValue, off: int32(dec.InputOffset()) - 1}
			if kind == '[' {
				n.kind = ArrayValue
			}
			if len(open) == maxDepth {
				return d.syntaxError(int(n.off), fmt.Errorf("nested more than %d deep", maxDepth))
			}
			open = append(open, int32(len(d.nodes)))
			d.nodes = append(d.nodes, n)
			continue
		case '}', ']':
			if _, err := dec.ReadToken(); err != nil {
				return d.jsonError(dec, err, open)
			}
			d.nodes[open[len(open)-1]].next = int32(len(d.nodes))
			open = open[:len(open)-1]
		default:
			raw, err := dec.ReadValue()
			if err != nil {
				return d.jsonError(dec, err, open)
			}
			if err := d.scalar(kind, raw, int(dec.InputOffset())); err != nil {
				return err
			}
		}
		if len(open) == 0 {
			return d.trailing(int(dec.InputOffset()))
		}
	}
}

// scalar adds a node for a value without parts, which ends at an offset. Strings without escapes share the text.
func (d *doc) scalar(kind jsontext.Kind, raw jsontext.Value, end int) *Error {
	off := end - len(raw)
	n := node{off: int32(off), next: int32(len(d.nodes)) + 1}
	text := d.text[off:end]
	switch kind {
	case 'n':
		n.kind = NullValue
	case 't', 'f':
		n.kind, n.flag = BoolValue, kind == 't'
	case '0':
		if len(text) > maxNumber {
			return d.syntaxError(off, fmt.Errorf("a number of %d characters; at most %d are allowed", len(text), maxNumber))
		}
		n.kind, n.text = NumberValue, text
	case '"':
		if len(text) > maxName && jacksonMessage(d.text) != "" {
			return d.syntaxError(off, fmt.Errorf("a name of %d bytes; at most %d characters are allowed", len(text)-2, maxName))
		}
		n.kind, n.text = StringValue, text[1:len(text)-1]
		if strings.IndexByte(n.text, '\\') >= 0 {
			unquoted, err := jsontext.AppendUnquote(nil, raw)
			if err != nil && len(unquoted) == 0 {
				return d.syntaxError(off, err)
			}
			n.text = string(unquoted)
		}
	}
	d.nodes = append(d.nodes, n)
	return nil
}

// pos returns the line and column of a byte offset.
func (d *doc) pos(off int32) Pos {
	lo, hi := 0, len(d.lines)
	for lo < hi {
		if mid := (lo + hi) / 2; d.lines[mid] <= off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	start := int32(0)
	if lo > 0 {
		start = d.lines[lo-1]
	}
	return Pos{File: d.file, Line: lo + 1, Col: int(off-start) + 1}
}

// path returns the JSON pointer of a node, which it finds by walking down from the root. Names of members count as
// their values.
func (d *doc) path(target int32) string {
	var b strings.Builder
	for i := int32(0); i != target; {
		n := &d.nodes[i]
		at := i + 1
		for k := 0; ; k++ {
			name := int32(-1)
			if n.kind == ObjectValue {
				name = at
				at++
			}
			if target < d.nodes[at].next {
				b.WriteByte('/')
				if name < 0 {
					fmt.Fprint(&b, k)
				} else {
					b.WriteString(pointerEscaper.Replace(d.nodes[name].text))
				}
				if target == name {
					return b.String()
				}
				break
			}
			at = d.nodes[at].next
		}
		i = at
	}
	return b.String()
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// value returns the node at i as a [Value].
func (d *doc) value(i int32) *Value {
	n := &d.nodes[i]
	v := &Value{Kind: n.kind, Pos: d.pos(n.off), Text: n.text, Bool: n.flag}
	switch n.kind {
	case ArrayValue:
		for at := i + 1; at < n.next; at = d.nodes[at].next {
			v.Items = append(v.Items, d.value(at))
		}
	case ObjectValue:
		for at := i + 1; at < n.next; at = d.nodes[at+1].next {
			v.Members = append(v.Members, Member{
				Name: d.nodes[at].text, NamePos: d.pos(d.nodes[at].off), Value: d.value(at + 1),
			})
		}
		v.Members = once(v.Members, func(m *Member) string { return m.Name })
	}
	return v
}

// once leaves of several items of one name the last, in the place of the first.
func once[T any](items []T, name func(*T) string) []T {
	const few = 8
	var place map[string]int
	if len(items) > few {
		place = make(map[string]int, len(items))
	}
	out := items[:0]
	for _, item := range items {
		at, again := 0, false
		if place != nil {
			if at, again = place[name(&item)]; !again {
				place[name(&item)] = len(out)
			}
		} else {
			at = slices.IndexFunc(out, func(o T) bool { return name(&o) == name(&item) })
			again = at >= 0
		}
		if again {
			out[at] = item
			continue
		}
		out = append(out, item)
	}
	return out
}
