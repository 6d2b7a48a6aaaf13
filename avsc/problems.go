package avsc

import (
	"errors"
	"fmt"
	"slices"
	"sort"
)

// fail records a problem at a node: what Avro Java says, and what we say.
func (p *parser) fail(node int32, java, format string, args ...any) {
	if p.enough() {
		return
	}
	n := &p.nodes[node]
	p.report(p.pos(n.off), p.path(node), java, format, args...)
}

// failAt records a problem at a place where a node begins.
func (p *parser) failAt(pos Pos, java, format string, args ...any) {
	if p.enough() {
		return
	}
	p.report(pos, p.path(p.nodeAt(pos)), java, format, args...)
}

func (p *parser) report(pos Pos, path, java, format string, args ...any) {
	e := &Error{Pos: pos, Path: path, Err: fmt.Errorf(format, args...), rank: p.nextRank()}
	if !p.stopped {
		e.JavaMessage, p.stopped = java, true
	}
	p.errs = append(p.errs, e)
}

// enough reports whether so many problems were found that the rest is left out, which it notes.
func (p *parser) enough() bool {
	const most = 1000
	switch n := len(p.errs) + len(p.early); {
	case n < most:
		return false
	case n == most && len(p.errs) > 0:
		last := p.errs[len(p.errs)-1]
		p.errs = append(p.errs, &Error{Pos: last.Pos, Path: last.Path, Err: errors.New("too many problems: the rest is left out"), rank: danglingRank})
	}
	return true
}

// nextRank counts problems in the order in which Avro Java would meet them.
func (p *parser) nextRank() int {
	p.rank++
	if p.late {
		return p.rank + lateRank
	}
	return p.rank
}

// unsaid notes that Avro Java would stop at something that is not reported here, because it follows from what is.
func (p *parser) unsaid(rank int, java string) {
	p.stopped = true
	if p.first.java == "" || rank < p.first.rank {
		p.first = javaProblem{rank, java}
	}
}

type javaProblem struct {
	rank int
	java string
}

// settle makes sure that the problem at which Avro Java stops is the first of those reported.
func (p *parser) settle() {
	if p.first.java == "" || len(p.errs) == 0 {
		return
	}
	first := slices.MinFunc(p.errs, func(a, b *Error) int { return a.rank - b.rank })
	if p.first.rank < first.rank {
		first.rank, first.JavaMessage = p.first.rank, p.first.java
	}
}

// lateRank is the rank after which come problems that Avro Java finds once it has read the whole text.
const lateRank = 1 << 30

// nodeAt returns the node that begins at pos.
func (d *doc) nodeAt(pos Pos) int32 {
	off := int32(pos.Col - 1)
	if pos.Line > 1 {
		off += d.lines[pos.Line-2]
	}
	return int32(sort.Search(len(d.nodes)-1, func(i int) bool { return d.nodes[i].off >= off }))
}

// describe says what kind of JSON value node i is.
func (d *doc) describe(i int32) string {
	switch n := &d.nodes[i]; n.kind {
	case NullValue:
		return "null"
	case BoolValue:
		return fmt.Sprint(n.flag)
	case NumberValue:
		return "the number " + clip(n.text)
	case StringValue:
		return "the string " + fmt.Sprintf("%q", clip(n.text))
	case ArrayValue:
		return "an array"
	}
	return "an object"
}

// json returns node i as Java prints it, for its message; "" if Java has stopped.
func (p *parser) json(i int32) string {
	if p.stopped {
		return ""
	}
	return p.value(i).String()
}

// text returns a type as Java prints it, for its message; "" if Java has stopped.
func (p *parser) text(t *Type) string {
	if p.stopped {
		return ""
	}
	return typeText(t)
}

// JavaMessage returns what Avro Java says of the problem at which it stops, which is what Schema Registry answers.
// It is empty where err holds no problem that Java has words for.
func JavaMessage(err error) string {
	var list ErrorList
	var one *Error
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = ErrorList{one}
	}
	first := (*Error)(nil)
	for _, e := range list {
		if e.JavaMessage != "" && (first == nil || e.rank < first.rank) {
			first = e
		}
	}
	if first == nil {
		return ""
	}
	return first.JavaMessage
}

// where says where something in another file, or elsewhere in this one, stands.
func (p *parser) where(pos Pos) string {
	if pos.File == p.file {
		pos.File = ""
	}
	return pos.String()
}

func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && s[cut]&0xc0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}

func article(word string) string {
	switch word[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an " + word
	}
	return "a " + word
}
