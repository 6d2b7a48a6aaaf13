package avsc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how deeply JSON may nest, as in Java's JSON reader (Jackson's StreamReadConstraints).
const maxDepth = 1000

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
	blanked, err := blankComments(src)
	if err != nil {
		return d, d.syntaxError(err.off, err.err)
	}
	d.nodes = make([]node, 0, 16+len(src)/12)
	if err := d.read(blanked); err != nil {
		return d, err
	}
	return d, nil
}

// maxSource keeps every offset within an int32.
const maxSource = 1 << 30

func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

type offsetError struct {
	off int
	err error
}

// blankComments returns src with every comment before the end of its value replaced by spaces, so that offsets stay.
func blankComments(src []byte) ([]byte, *offsetError) {
	if bytes.IndexByte(src, '/') < 0 {
		return src, nil
	}
	out := src
	blank := func(from, to int) {
		if &out[0] == &src[0] {
			out = bytes.Clone(src)
		}
		for i := from; i < to; i++ {
			if out[i] != '\n' && out[i] != '\r' {
				out[i] = ' '
			}
		}
	}
	depth := 0
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			for i++; i < len(src) && src[i] != '"'; i++ {
				if src[i] == '\\' {
					i++
				}
			}
			if depth == 0 {
				return out, nil
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return out, nil
			}
		case '/':
			rest := src[i:]
			var n int
			switch {
			case bytes.HasPrefix(rest, []byte("//")):
				if n = bytes.IndexAny(rest, "\r\n"); n < 0 {
					n = len(rest)
				}
			case bytes.HasPrefix(rest, []byte("/*")):
				end := bytes.Index(rest[2:], []byte("*/"))
				if end < 0 {
					return out, &offsetError{i, errors.New("this comment has no end: */ is missing")}
				}
				n = end + 4
			default:
				return out, nil // the JSON reader says what is wrong
			}
			blank(i, i+n)
			i += n - 1
		}
	}
	return out, nil
}

func (d *doc) read(src []byte) *Error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(src), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var open []int32
	for {
		kind := dec.PeekKind()
		n := node{}
		switch kind {
		case '{', '[':
			if _, err := dec.ReadToken(); err != nil {
				return d.jsonError(dec, err)
			}
			n.kind = ObjectValue
			if kind == '[' {
				n.kind = ArrayValue
			}
			n.off = int32(dec.InputOffset()) - 1
			open = append(open, int32(len(d.nodes)))
			if len(open) > maxDepth {
				return d.syntaxError(int(n.off), fmt.Errorf("nested more than %d deep", maxDepth))
			}
			d.nodes = append(d.nodes, n)
			continue
		case '}', ']':
			if _, err := dec.ReadToken(); err != nil {
				return d.jsonError(dec, err)
			}
			d.nodes[open[len(open)-1]].next = int32(len(d.nodes))
			open = open[:len(open)-1]
		default:
			raw, err := dec.ReadValue()
			if err != nil {
				return d.jsonError(dec, err)
			}
			end := int(dec.InputOffset())
			n.off = int32(end - len(raw))
			n.next = int32(len(d.nodes)) + 1
			text := d.text[n.off:end]
			switch kind {
			case 'n':
				n.kind = NullValue
			case 't', 'f':
				n.kind, n.flag = BoolValue, kind == 't'
			case '0':
				n.kind, n.text = NumberValue, text
				if len(text) > maxNumber {
					return d.syntaxError(int(n.off), fmt.Errorf("a number of %d characters; at most %d are allowed", len(text), maxNumber))
				}
			case '"':
				if len(text) > maxName && jacksonMessage(d.text) != "" {
					return d.syntaxError(int(n.off), fmt.Errorf("a name of %d bytes; at most %d characters are allowed", len(text)-2, maxName))
				}
				n.kind, n.text = StringValue, text[1:len(text)-1]
				if strings.IndexByte(n.text, '\\') >= 0 {
					b, err := jsontext.AppendUnquote(nil, raw)
					if err != nil && len(b) == 0 {
						return d.syntaxError(int(n.off), err)
					}
					n.text = string(b)
				}
			}
			d.nodes = append(d.nodes, n)
		}
		if len(open) == 0 {
			return d.trailing(int(dec.InputOffset()))
		}
	}
}

// maxNumber is how long a number may be, as in Java's JSON reader.
const maxNumber = 1000

// trailing notes what stands behind the value. Avro Java complains of it last, unless it is part of a number or word.
func (d *doc) trailing(end int) *Error {
	rest := strings.TrimLeft(d.text[end:], " \t\r\n")
	if rest == "" {
		return nil
	}
	if kind := d.nodes[0].kind; kind == NullValue || kind == BoolValue || kind == NumberValue {
		if jacksonMessage(d.text) != "" {
			return d.syntaxError(end, fmt.Errorf("malformed JSON: unexpected %s", quoteStart(rest)))
		}
	}
	e := &Error{
		Pos:         d.pos(int32(len(d.text) - len(rest))),
		Err:         fmt.Errorf("unexpected %s after the end of the schema", quoteStart(rest)),
		JavaMessage: "dangling content after end of schema: " + strings.TrimFunc(rest, func(r rune) bool { return r <= ' ' }),
		rank:        danglingRank,
	}
	if strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "/*") {
		e.Err = errors.New("a comment after the end of the schema, where Avro Java and Schema Registry refuse it; move it up")
	}
	d.dangling = e
	return nil
}

// danglingRank is the rank of what Avro Java finds when all else is well.
const danglingRank = 1<<31 - 1

func quoteStart(s string) string {
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		s = s[:i]
	}
	if len(s) > 20 {
		cut := 20
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return fmt.Sprintf("%q", s)
}

func (d *doc) jsonError(dec *jsontext.Decoder, err error) *Error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax):
		return d.syntaxError(int(syntax.ByteOffset), fmt.Errorf("malformed JSON: %w", syntax.Err))
	case errors.Is(err, io.EOF) && len(d.nodes) == 0:
		return &Error{Pos: d.pos(0), Err: errors.New("no schema here: the text is empty"), JavaMessage: "Cannot parse <null> schema"}
	}
	return d.syntaxError(int(dec.InputOffset()), fmt.Errorf("malformed JSON: %w", err))
}

func (d *doc) syntaxError(off int, err error) *Error {
	return &Error{Pos: d.pos(int32(off)), Err: err, JavaMessage: jacksonMessage(d.text)}
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
	}
	return v
}
