package codec

import "github.com/avow-events/avow/avsc"

// program is a type compiled for the walk. A frame is straight code with jumps forward; what repeats (array items,
// map values) and what can recurse has a frame of its own.
type program struct {
	frames  []*frame
	targets [][]int32 // of each union of more than two branches, or without null: where each branch begins
}

type frame struct {
	code []instr
	// places holds for each instruction the path of its value, from the frame's own value; more does so for the
	// strings of a run behind the first.
	places, more []string
	// target is the last instruction to which another jumps.
	target int
}

type instr struct {
	op opcode
	// n is a number of bytes for opSkip, of strings in a row for opString and opBytes, of symbols for opEnum, of bytes
	// that the smallest item takes for opArray and opMap, the index of null for opOptional, the levels of recursion
	// that opCall adds.
	n int32
	// to is an instruction of this frame for opOptional and opJump, a frame for opArray, opMap and opCall, an index
	// into targets for opUnion, an index into more for opString and opBytes.
	to int32
}

type opcode uint8

const (
	opSkip opcode = iota
	opBoolean
	opInt
	opLong
	opBytes
	opString
	opEnum
	opOptional // a union of null and one other: jumps over the other
	opUnion
	opJump
	opArray
	opMap
	opCall
)

// maxInline is the number of instructions up to which a record's code stands where the record does. A larger record
// is compiled once and called, so that a schema cannot make its program grow beyond its own size.
const maxInline = 64

// compiler turns types into a program.
type compiler struct {
	program
	*extents
	records map[shared]int32   // the frames of records that are called
	bodies  map[shared]int32   // the frames of items and values
	sizes   map[*avsc.Type]int // the instructions of a record that stands inline
	// trusting leaves the UTF-8 of strings to the decoder that reads them next.
	trusting bool
}

// shared is a type that has a frame, which is compiled once however often the type is used.
type shared struct {
	*avsc.Type
	trusting bool
}

func newCompiler(x *extents) *compiler {
	return &compiler{extents: x, records: map[shared]int32{}, bodies: map[shared]int32{}, sizes: map[*avsc.Type]int{}}
}

// compile returns the program of a type. Its first frame is the type's own.
func compile(t *avsc.Type) *program {
	c := newCompiler(measure(t))
	f := c.newFrame()
	c.emit(f, t, "")
	return &c.program
}

func (c *compiler) newFrame() *frame {
	f := &frame{}
	c.frames = append(c.frames, f)
	return f
}

func (f *frame) add(in instr, place string) int {
	f.code = append(f.code, in)
	f.places = append(f.places, place)
	return len(f.code) - 1
}

// addSpan adds a string or bytes, to the run before it if there is one. A run has one instruction: half of the values
// of most events are strings.
func (f *frame) addSpan(op opcode, place string) {
	if k := len(f.code) - 1; k >= f.target && f.code[k].op == op {
		f.code[k].n++
		f.more = append(f.more, place)
		return
	}
	f.add(instr{op: op, n: 1, to: int32(len(f.more))}, place)
}

// here returns the index of the instruction that comes next, to which another jumps.
func (f *frame) here() int32 {
	f.target = len(f.code)
	return int32(f.target)
}

// emit adds the code that walks a value of type t at a place.
func (c *compiler) emit(f *frame, t *avsc.Type, place string) {
	if c.least[t] == 0 {
		return // its values take no bytes, however many nulls they are made of
	}
	switch t.Kind {
	case avsc.Boolean:
		f.add(instr{op: opBoolean}, place)
	case avsc.Int:
		f.add(instr{op: opInt}, place)
	case avsc.Long:
		f.add(instr{op: opLong}, place)
	case avsc.Float:
		f.add(instr{op: opSkip, n: 4}, place)
	case avsc.Double:
		f.add(instr{op: opSkip, n: 8}, place)
	case avsc.Fixed:
		f.add(instr{op: opSkip, n: int32(min(t.Size, 1<<31-1))}, place)
	case avsc.Bytes:
		f.addSpan(opBytes, place)
	case avsc.String:
		if c.trusting {
			f.addSpan(opBytes, place)
		} else {
			f.addSpan(opString, place)
		}
	case avsc.Enum:
		f.add(instr{op: opEnum, n: int32(len(t.Symbols))}, place)
	case avsc.Record:
		c.emitRecord(f, t, place)
	case avsc.Array:
		f.add(instr{op: opArray, n: int32(c.least[t.Elem]), to: c.body(t.Elem)}, place)
	case avsc.Map:
		f.add(instr{op: opMap, n: int32(1 + c.least[t.Elem]), to: c.body(t.Elem)}, place)
	case avsc.Union:
		c.emitUnion(f, t, place)
	}
}

// body returns the frame of an array's item or a map's value.
func (c *compiler) body(t *avsc.Type) int32 {
	key := shared{t, c.trusting}
	to, done := c.bodies[key]
	if !done {
		f := c.newFrame()
		to = int32(len(c.frames) - 1)
		c.bodies[key] = to // before its code: that may lead back to it
		c.emit(f, t, "")
	}
	return to
}

func (c *compiler) emitRecord(f *frame, t *avsc.Type, place string) {
	if c.standsAlone(t) {
		levels := int32(0)
		if c.recursive[t] {
			levels = 1
		}
		f.add(instr{op: opCall, n: levels, to: c.record(t)}, place)
		return
	}
	c.fields(f, t, place)
}

func (c *compiler) fields(f *frame, t *avsc.Type, place string) {
	for _, field := range t.Fields {
		c.emit(f, field.Type, joinPath(place, field.Name))
	}
}

// record returns the frame of a record that is called.
func (c *compiler) record(t *avsc.Type) int32 {
	key := shared{t, c.trusting}
	to, done := c.records[key]
	if !done {
		f := c.newFrame()
		to = int32(len(c.frames) - 1)
		c.records[key] = to // before its fields: they may lead back to it
		c.fields(f, t, "")
	}
	return to
}

func (c *compiler) emitUnion(f *frame, t *avsc.Type, place string) {
	if len(t.Branches) == 2 {
		for k, b := range t.Branches {
			if b.Kind == avsc.Null {
				at := f.add(instr{op: opOptional, n: int32(k)}, place)
				c.emit(f, t.Branches[1-k], place)
				f.code[at].to = f.here()
				return
			}
		}
	}
	targets := make([]int32, len(t.Branches))
	c.targets = append(c.targets, targets)
	f.add(instr{op: opUnion, to: int32(len(c.targets) - 1)}, place)
	ends := make([]int, len(t.Branches))
	for k, b := range t.Branches {
		targets[k] = f.here()
		c.emit(f, b, place)
		ends[k] = f.add(instr{op: opJump}, place)
	}
	end := f.here()
	for _, at := range ends {
		f.code[at].to = end
	}
}

// standsAlone reports whether a record has a frame of its own: if it is recursive or large.
func (c *compiler) standsAlone(t *avsc.Type) bool {
	return c.recursive[t] || c.sizeOf(t) > maxInline
}

// sizeOf returns about how many instructions the fields of a record take.
func (c *compiler) sizeOf(t *avsc.Type) int {
	n, known := c.sizes[t]
	if !known {
		for _, f := range t.Fields {
			n += c.inlineSize(f.Type)
		}
		c.sizes[t] = n
	}
	return n
}

// inlineSize returns about how many instructions a value of type t takes where it stands.
func (c *compiler) inlineSize(t *avsc.Type) int {
	switch {
	case c.least[t] == 0:
		return 0
	case t.Kind == avsc.Record && !c.standsAlone(t):
		return c.sizeOf(t)
	case t.Kind == avsc.Union:
		n := 1
		for _, b := range t.Branches {
			n += 1 + c.inlineSize(b)
		}
		return n
	}
	return 1
}
