package codec

import "github.com/avow-events/avow/avsc"

// fieldReader is implemented by the generated types of events: it reads single fields of a record.
type fieldReader interface {
	textReader
	ReadAvroFields(from, to int, text string, i int, s *State) int
}

// fieldPlan lets the generated code of a record read a message of another version where it stands. Most fields of an
// event do not change with its schema: they are read as they are, which takes no longer than without a plan. What the
// reader does not want is passed over, its defaults are read from their encoding, and only a field that has changed is
// rewritten before it is read.
type fieldPlan struct {
	walks program
	steps []fieldStep
	// writerDepth and readerDepth are the levels of recursion that the record itself is on each side.
	writerDepth, readerDepth int
}

// fieldStep is one step through the fields that the writer wrote, in its order.
type fieldStep struct {
	op fieldOp
	// from and to are indexes of the reader's fields.
	from, to int
	// frame of walks passes over a field.
	frame *frame
	// part rewrites a field.
	part *Plan
	// text is the encoding of defaults.
	text string
}

type fieldOp uint8

const (
	fieldRead fieldOp = iota
	fieldSkip
	fieldRewrite
	fieldDefault
)

// fieldsOf returns the plan for a root that is a record.
func fieldsOf(root *node) *fieldPlan {
	c := newCompiler(measure(root.writer))
	p := new(fieldPlan)
	for i, m := range root.fields {
		k := root.readerField(i)
		switch {
		case k < 0:
			f := c.newFrame()
			c.emit(f, m.writer, "")
			p.steps = append(p.steps, fieldStep{op: fieldSkip, frame: f})
		case m.changed || m.narrow:
			p.steps = append(p.steps, fieldStep{op: fieldRewrite, from: k, to: k + 1, part: compilePlan(m, true)})
		default:
			p.read(k)
		}
	}
	p.walks = c.program
	p.writerDepth = c.levels(root.writer)
	p.readerDepth = newCompiler(measure(root.reader)).levels(root.reader)
	for k, i := range root.order {
		if i < 0 {
			p.setDefault(k, string(root.defaults[k]))
		}
	}
	return p
}

// levels returns how many levels of recursion a record is.
func (c *compiler) levels(record *avsc.Type) int {
	if c.recursive[record] {
		return 1
	}
	return 0
}

// read adds the reader's k-th field, to those before it where they are neighbours.
func (p *fieldPlan) read(k int) {
	if last := len(p.steps) - 1; last >= 0 && p.steps[last].op == fieldRead && p.steps[last].to == k {
		p.steps[last].to++
		return
	}
	p.steps = append(p.steps, fieldStep{op: fieldRead, from: k, to: k + 1})
}

func (p *fieldPlan) setDefault(k int, encoded string) {
	if last := len(p.steps) - 1; last >= 0 && p.steps[last].op == fieldDefault && p.steps[last].to == k {
		p.steps[last].to++
		p.steps[last].text += encoded
		return
	}
	p.steps = append(p.steps, fieldStep{op: fieldDefault, from: k, to: k + 1, text: encoded})
}

// decode reads a message into v and returns the index behind it, or a Fail code: what is wrong with the message it
// leaves to others to say.
func (p *fieldPlan) decode(w *resolving, v fieldReader, text string) int {
	w.state = State{depth: p.readerDepth}
	s, i := &w.state, 0
	for k := range p.steps {
		step := &p.steps[k]
		switch step.op {
		case fieldRead:
			i = v.ReadAvroFields(step.from, step.to, text, i, s)
		case fieldSkip:
			w.program, w.text, w.depth, w.empty = &p.walks, text, p.writerDepth, s.zeroItems
			i = w.walk(step.frame, i)
			w.program, w.text, s.zeroItems = nil, "", w.empty
		case fieldRewrite:
			part, next := w.part(step.part, text, i, p.writerDepth)
			if i = next; i < 0 {
				return i
			}
			if end := v.ReadAvroFields(step.from, step.to, View(part), 0, s); end != len(part) {
				return min(end, FailTruncated)
			}
		case fieldDefault:
			if end := v.ReadAvroFields(step.from, step.to, step.text, 0, s); end != len(step.text) {
				return min(end, FailTruncated)
			}
		}
		if i < 0 {
			return i
		}
	}
	return i
}

// part resolves a part of a message, which begins at index i, and returns the index behind it or a Fail code.
func (r *run) part(p *Plan, text string, i, depth int) (resolved []byte, next int) {
	r.Plan, r.program, r.text, r.dst = p, &p.walks, text, nil
	r.start, r.depth, r.empty, r.defaults, r.marks = i, depth, 0, mostDefaults(len(text)), r.marks[:0]
	if next = r.resolve(p.steps[0], i); next >= 0 {
		r.flush(next)
	}
	resolved = r.dst
	r.Plan, r.program, r.text, r.dst = nil, nil, "", nil
	return resolved, next
}
