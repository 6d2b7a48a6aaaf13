package codec

import (
	"fmt"
	"sync"
)

// mostDefaults is how many bytes of defaults a message of so many bytes may be given. An item of a few bytes can be due any
// number of them, and a record that nests others even without a byte.
func mostDefaults(message int) int { return min(2<<20+256*message, 32<<20) }

// run is one message on its way through a plan.
type run struct {
	walker
	*Plan
	dst []byte
	// start is where in the message the part begins that is to be copied as it is; it ends where the walk stands.
	start int
	// marks are places in the result, see stepMark.
	marks []int
	// defaults is how many more bytes may be put in.
	defaults int
	// why is what a stepFail said.
	why error
}

// Resolve appends to dst what the reader's schema makes of src, one message of the writer's schema, and returns the
// longer slice: the bytes that Avro Java would write of what it read. The error is an [*Error] whose path and offset
// are the writer's; dst is then returned as it came. dst and src must not overlap.
//
// Resolve believes nothing that [Validate] would refuse, and gives a message at most 2 MiB of defaults, 256 bytes more
// for each byte of its own, and 32 MiB in all.
func (p *Plan) Resolve(dst, src []byte) ([]byte, error) {
	r := runs.Get().(*run)
	out, err := r.message(p, dst, src)
	runs.Put(r)
	return out, err
}

var runs = sync.Pool{New: func() any { return new(run) }}

// message resolves one message and forgets it.
func (r *run) message(p *Plan, dst, src []byte) ([]byte, error) {
	r.Plan, r.program, r.text, r.dst = p, &p.walks, View(src), dst
	r.start, r.depth, r.empty, r.defaults, r.marks = 0, 0, 0, mostDefaults(len(src)), r.marks[:0]
	err := r.whole()
	if err == nil {
		dst = r.dst
	}
	r.Plan, r.program, r.text, r.dst = nil, nil, "", nil
	return dst, err
}

func (r *run) whole() error {
	i := r.resolve(r.steps[0], 0)
	switch {
	case i < 0:
		return r.err(i)
	case i < len(r.text):
		return &Error{Offset: i, Err: ErrTrailing}
	}
	r.flush(i)
	return nil
}

// failResolve is a failure that has its reason in run.why.
const failResolve = -1 - len(failures)

var errDefaults = fmt.Errorf("%w: the reader's defaults would add too much to a message of this size", ErrResolve)

func (r *run) err(code int) error {
	if code == failResolve {
		return &Error{Path: r.path, Offset: r.offset, Err: r.why}
	}
	return r.walker.err(code)
}

// failAt notes that step pc of frame f cannot read what begins at the offset given, and returns code.
func (r *run) failAt(f *stepFrame, pc, offset, code int) int {
	r.offset, r.path = offset, f.places[pc]
	return code
}

// failWhy is failAt with a reason that only the plan knows.
func (r *run) failWhy(f *stepFrame, pc, offset int, why error) int {
	r.why = why
	return r.failAt(f, pc, offset, failResolve)
}

// inside puts the place of step pc of frame f, and then item, before the path of a failure inside it.
func (r *run) inside(f *stepFrame, pc, code int, item string) int {
	r.path = joinPath(f.places[pc]+item, r.path)
	return code
}

// flush copies what is pending before i.
func (r *run) flush(i int) {
	r.dst = append(r.dst, r.text[r.start:i]...)
	r.start = i
}

// resolve follows frame f from index i and returns the index behind it, or a Fail code.
func (r *run) resolve(f *stepFrame, i int) int {
	for pc := range f.steps {
		s := &f.steps[pc]
		at := i
		switch s.op {
		case stepWalk:
			r.odd = false
			if i = r.walk(r.frames[s.to], i); i < 0 {
				return i
			}
			if r.odd && !r.trusting {
				r.flush(at)
				r.rewrite(r.frames[s.to], at)
				r.start = i
			}
		case stepSkip:
			r.flush(i)
			if i = r.walk(r.frames[s.to], i); i < 0 {
				return i
			}
			r.start = i
		case stepPut:
			r.flush(i)
			if !r.put(r.tables.puts[s.to]) {
				return r.failWhy(f, pc, at, errDefaults)
			}
		case stepText:
			from, to := r.span(i)
			if to < 0 {
				return r.failAt(f, pc, at, to)
			}
			if !validUTF8(r.text[from:to]) {
				return r.failAt(f, pc, at, FailUTF8)
			}
			if !plain(r.text, at, from) {
				r.replace(at, from, int64(to-from))
			}
			i = to
		case stepNumber:
			r.flush(i)
			if i = r.number(s.n, i); i < 0 {
				return r.failAt(f, pc, at, i)
			}
			r.start = i
		case stepEnum:
			e := r.tables.enums[s.to]
			k, next := r.index(i, len(e.symbols), FailSymbol)
			if next < 0 {
				return r.failAt(f, pc, at, next)
			}
			i = next
			switch to := e.symbols[k]; {
			case to < 0:
				return r.failWhy(f, pc, at, fmt.Errorf("%w: reader's enum %s has no symbol %q, and no default",
					ErrResolve, e.reader.Name, e.writer.Symbols[k].Name))
			case to != k || !plain(r.text, at, i):
				r.replace(at, i, int64(to))
			}
		case stepUnion:
			branches := r.tables.unions[s.to]
			k, next := r.index(i, len(branches), FailBranch)
			if next < 0 {
				return r.failAt(f, pc, at, next)
			}
			i = next
			b := &branches[k]
			if !b.same || !plain(r.text, at, i) {
				r.flush(at)
				r.dst = append(r.dst, b.put...)
				r.start = i
			}
			if i = r.resolve(r.steps[b.frame], i); i < 0 {
				return r.inside(f, pc, i, "")
			}
		case stepArray, stepMap:
			if i = r.items(f, pc, i); i < 0 {
				return i
			}
		case stepCall:
			r.depth += int(s.n)
			if r.depth > MaxDepth {
				return r.failAt(f, pc, at, FailDepth)
			}
			if i = r.resolve(r.steps[s.to], i); i < 0 {
				return r.inside(f, pc, i, "")
			}
			r.depth -= int(s.n)
		case stepBegin, stepMark:
			r.marks = append(r.marks, r.position(i))
		case stepEnd:
			r.flush(i)
			if !r.reorder(r.tables.orders[s.to], int(s.n)) {
				return r.failWhy(f, pc, at, errDefaults)
			}
		case stepFail:
			return r.failWhy(f, pc, at, r.tables.fails[s.to])
		}
	}
	return i
}
