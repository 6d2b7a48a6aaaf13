package codec

import "github.com/avow-events/avow/avsc"

// stepFrame is straight code that makes the reader's bytes of the writer's. Union branches, array items, map values
// and records that can recurse have frames of their own.
type stepFrame struct {
	steps  []step
	places []string // of each step, from the frame's own value
}

// step is one instruction of a plan. What it passes without a change stays pending, to be copied with what comes next.
type step struct {
	op stepOp
	// n is the levels of recursion for stepCall, the bytes that the smallest item takes for stepArray and stepMap,
	// the kind of conversion for stepNumber.
	n int32
	// to is a frame of the program for stepWalk and stepSkip, a frame of steps for stepCall, stepArray and stepMap, an
	// index into one of the tables for the others.
	to int32
}

type stepOp uint8

const (
	stepWalk   stepOp = iota // a run of values without a change
	stepSkip                 // a value that the reader does not want
	stepPut                  // bytes of the reader's own: a default, a branch
	stepText                 // bytes that must be UTF-8
	stepNumber               // a promoted number
	stepEnum
	stepUnion
	stepArray
	stepMap
	stepCall
	stepBegin // of a record whose fields change places
	stepMark  // behind one of its parts
	stepEnd   // puts the parts in order
	stepFail
)

type planTables struct {
	puts   [][]byte
	enums  []*node
	unions [][]unionBranch
	orders [][]piece
	fails  []error
}

// unionBranch is what becomes of a branch of the writer's union.
type unionBranch struct {
	put   []byte // the index of the reader's branch, empty where the reader's type is no union
	same  bool   // whether that is what the writer wrote
	frame int32  // the steps of its value
}

// piece is a part of a record as its reader orders it: what the writer wrote between two marks, or a default.
type piece struct {
	from, to int // marks
	put      []byte
}

type planCompiler struct {
	*Plan
	*compiler
	records map[*node]int32 // the frames of records that are called
	items   map[*node]int32 // the frames of items, values and union branches
	sizes   map[*node]int   // the steps of a record that stands inline
	// open is the frame of the run that is being collected, and into which frame of steps it belongs.
	open     *frame
	openedBy *stepFrame
}

func compilePlan(root *node, trusting bool) *Plan {
	p := &Plan{trusting: trusting, identity: !root.changed && !root.narrow}
	c := planCompiler{Plan: p, compiler: newCompiler(measure(root.writer)), records: map[*node]int32{}, items: map[*node]int32{}, sizes: map[*node]int{}}
	c.emitNode(c.newSteps(), root, "")
	p.walks = c.compiler.program
	for _, b := range p.tables.puts {
		p.growth = min(p.growth+len(b), 1024)
	}
	return p
}

func (c *planCompiler) newSteps() *stepFrame {
	f := &stepFrame{}
	c.steps = append(c.steps, f)
	return f
}

// add adds a step, after the run that is being collected.
func (c *planCompiler) add(f *stepFrame, s step, place string) {
	c.open = nil
	f.steps = append(f.steps, s)
	f.places = append(f.places, place)
}

// put adds bytes of the reader's own, to those before it if there are.
func (c *planCompiler) put(f *stepFrame, b []byte, place string) {
	if len(b) == 0 {
		return
	}
	if k := len(f.steps) - 1; k >= 0 && f.steps[k].op == stepPut && c.open == nil {
		to := f.steps[k].to
		c.tables.puts[to] = append(c.tables.puts[to][:len(c.tables.puts[to]):len(c.tables.puts[to])], b...)
		return
	}
	c.tables.puts = append(c.tables.puts, b)
	c.add(f, step{op: stepPut, to: int32(len(c.tables.puts) - 1)}, place)
}

// run adds a value without a change to the run before it, or begins one.
func (c *planCompiler) run(f *stepFrame, t *avsc.Type, place string) {
	if c.open == nil || c.openedBy != f {
		to := int32(len(c.frames))
		frame := c.newFrame()
		c.add(f, step{op: stepWalk, to: to}, place)
		c.open, c.openedBy = frame, f
	}
	c.compiler.trusting = c.Plan.trusting
	c.emit(c.open, t, place)
}

func (c *planCompiler) emitNode(f *stepFrame, n *node, place string) {
	if !n.changed {
		c.run(f, n.writer, place)
		return
	}
	switch n.kind {
	case nodeSkip:
		c.compiler.trusting = false
		to := int32(len(c.frames))
		c.emit(c.newFrame(), n.writer, place)
		c.add(f, step{op: stepSkip, to: to}, place)
	case nodeText:
		c.add(f, step{op: stepText}, place)
	case nodeNumber:
		c.add(f, step{op: stepNumber, n: conversions[promotion{n.writer.Kind, n.reader.Kind}]}, place)
	case nodeEnum:
		c.tables.enums = append(c.tables.enums, n)
		c.add(f, step{op: stepEnum, to: int32(len(c.tables.enums) - 1)}, place)
	case nodeArray:
		c.add(f, step{op: stepArray, n: int32(c.least[n.writer.Elem]), to: c.item(n.elem)}, place)
	case nodeMap:
		c.add(f, step{op: stepMap, n: int32(1 + c.least[n.writer.Elem]), to: c.item(n.elem)}, place)
	case nodeUnion:
		c.emitUnion(f, n, place)
	case nodePrefix:
		c.put(f, AppendLong(nil, int64(n.prefix)), place)
		c.emitNode(f, n.elem, place)
	case nodeRecord:
		if c.standsAlone(n) {
			levels := int32(0)
			if c.recursive[n.writer] {
				levels = 1
			}
			c.add(f, step{op: stepCall, n: levels, to: c.record(n)}, place)
			return
		}
		c.emitFields(f, n, place)
	case nodeFail:
		c.tables.fails = append(c.tables.fails, n.why)
		c.add(f, step{op: stepFail, to: int32(len(c.tables.fails) - 1)}, place)
	}
}

// item returns the frame for what becomes of an array's items, a map's values or a union's branch.
func (c *planCompiler) item(n *node) int32 {
	to, done := c.items[n]
	if !done {
		f := c.newSteps()
		to = int32(len(c.steps) - 1)
		c.items[n] = to // before its steps: they may lead back to it
		c.emitNode(f, n, "")
		c.open = nil
	}
	return to
}

// record returns the frame of a record that is called.
func (c *planCompiler) record(n *node) int32 {
	to, done := c.records[n]
	if !done {
		f := c.newSteps()
		to = int32(len(c.steps) - 1)
		c.records[n] = to
		c.emitFields(f, n, "")
		c.open = nil
	}
	return to
}

func (c *planCompiler) emitUnion(f *stepFrame, n *node, place string) {
	branches := make([]unionBranch, len(n.branches))
	for i, m := range n.branches {
		branches[i] = unionBranch{same: n.to[i] == i, frame: c.item(m)}
		if n.to[i] >= 0 {
			branches[i].put = AppendLong(nil, int64(n.to[i]))
		}
	}
	c.tables.unions = append(c.tables.unions, branches)
	c.add(f, step{op: stepUnion, to: int32(len(c.tables.unions) - 1)}, place)
}

func (c *planCompiler) emitFields(f *stepFrame, n *node, place string) {
	if !n.inOrder() {
		c.emitReordered(f, n, place)
		return
	}
	next := 0 // the reader's field that comes next
	defaults := func(until int) {
		for ; next < until; next++ {
			c.put(f, n.defaults[next], place)
		}
	}
	for i, m := range n.fields {
		if k := n.readerField(i); k >= 0 {
			defaults(k)
			next++
		}
		c.emitNode(f, m, joinPath(place, n.writer.Fields[i].Name))
	}
	defaults(len(n.order))
}

// readerField returns the reader's field that takes the writer's i-th, -1 where none does.
func (n *node) readerField(i int) int {
	for k, from := range n.order {
		if from == i {
			return k
		}
	}
	return -1
}

// inOrder reports whether the reader's fields come in the order in which the writer writes them.
func (n *node) inOrder() bool {
	last := -1
	for _, i := range n.order {
		if i >= 0 && i < last {
			return false
		}
		last = max(last, i)
	}
	return true
}

// emitReordered lets the fields be made in the writer's order, with marks between the parts that stay together, and
// then be put into the reader's.
func (c *planCompiler) emitReordered(f *stepFrame, n *node, place string) {
	c.add(f, step{op: stepBegin}, place)
	mark := make([]int, len(n.fields)) // the mark at which each field begins; it ends at the next
	marks, last := 0, -1
	for i, m := range n.fields {
		k := n.readerField(i)
		if k >= 0 {
			if last >= 0 && k != last+1 {
				c.add(f, step{op: stepMark}, place)
				marks++
			}
			last = k
		}
		mark[i] = marks
		c.emitNode(f, m, joinPath(place, n.writer.Fields[i].Name))
	}
	c.add(f, step{op: stepMark}, place)
	var pieces []piece
	for k, i := range n.order {
		at := len(pieces) - 1
		switch {
		case i < 0:
			pieces = append(pieces, piece{put: n.defaults[k]})
		case at < 0 || pieces[at].put != nil || pieces[at].from != mark[i]:
			pieces = append(pieces, piece{from: mark[i], to: mark[i] + 1})
		}
	}
	c.tables.orders = append(c.tables.orders, pieces)
	c.add(f, step{op: stepEnd, n: int32(marks + 2), to: int32(len(c.tables.orders) - 1)}, place)
}

// standsAlone reports whether what becomes of a record has a frame of its own: if it is recursive or large.
func (c *planCompiler) standsAlone(n *node) bool {
	return c.recursive[n.writer] || c.sizeOf(n) > maxInline
}

// sizeOf returns about how many steps the fields of a record take.
func (c *planCompiler) sizeOf(n *node) int {
	count, known := c.sizes[n]
	if !known {
		count = len(n.order)
		for _, m := range n.fields {
			count += c.inlineSteps(m)
		}
		c.sizes[n] = count
	}
	return count
}

// inlineSteps returns about how many steps a value takes where it stands.
func (c *planCompiler) inlineSteps(n *node) int {
	switch {
	case !n.changed:
		return 1
	case n.kind == nodePrefix:
		return 1 + c.inlineSteps(n.elem)
	case n.kind == nodeRecord && !c.standsAlone(n):
		return c.sizeOf(n)
	}
	return 1
}
