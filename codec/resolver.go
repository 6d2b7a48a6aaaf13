package codec

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/avow-events/avow/avsc"
)

// Resolver reads into a generated type T what was written by another version of its schema. It is made once per writer
// schema and may be used by several goroutines at once.
type Resolver[T any] struct {
	plan *Plan // nil where the two schemas have the same bytes
	// decode is T's own DecodeAvro.
	decode func(v *T, src []byte) error
	// fields reads a T field by field, nil where that cannot be.
	fields func(w *resolving, v *T, text string) int
	// read is T's own ReadAvro, nil where T has none.
	read func(v *T, text string, s *State) int
	// schema is what T was generated from, writer what the messages are written by.
	schema *Schema
	writer *avsc.Schema
	// keeps is set where a T holds parts of the text that it was read from, owned where that is the buffer into
	// which the message was resolved and not a copy of it: putting fields into another order takes twice the room.
	keeps, owned bool
}

// NewResolver compiles the resolution of a writer's schema, parsed as leniently as a registry parses what it already
// holds, against that of T. Give [avsc.Refs] for a schema with references. It fails where [NewPlan] does.
func NewResolver[T any, P Pointer[T]](writerSchema string, opts ...avsc.Option) (*Resolver[T], error) {
	schema := P(new(T)).AvroSchema()
	writer, err := avsc.Parse("", []byte(writerSchema), append([]avsc.Option{avsc.Printed()}, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("writer schema for %s: %w", schema.FullName(), err)
	}
	reader := schema.Parsed()
	root, err := resolution(writer.Root, reader.Root)
	if err != nil {
		return nil, fmt.Errorf("resolve %s against %s: %w", writer.Root.FullName(), schema.FullName(), err)
	}
	r := &Resolver[T]{
		decode: func(v *T, src []byte) error { return P(v).DecodeAvro(src) },
		schema: schema,
		writer: writer,
	}
	plan := compilePlan(root, true)
	if plan.identity {
		return r, nil
	}
	r.plan = plan
	if _, ok := any(P(nil)).(textReader); ok {
		r.read = func(v *T, text string, s *State) int { return any(P(v)).(textReader).ReadAvro(text, 0, s) }
		r.keeps = holdsText(reader.Root, map[*avsc.Type]bool{})
		r.owned = r.keeps && len(plan.tables.orders) == 0
	}
	if _, ok := any(P(nil)).(fieldReader); ok && root.kind == nodeRecord {
		p := fieldsOf(root)
		r.fields = func(w *resolving, v *T, text string) int { return p.decode(w, any(P(v)).(fieldReader), text) }
	}
	return r, nil
}

// textReader is what generated types implement beside [Message].
type textReader interface {
	ReadAvro(text string, i int, s *State) int
}

// holdsText reports whether values of the type hold strings.
func holdsText(t *avsc.Type, seen map[*avsc.Type]bool) bool {
	if t.Kind == avsc.String || t.Kind == avsc.Map {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	for _, c := range parts(t) {
		if holdsText(c, seen) {
			return true
		}
	}
	return false
}

// resolving is what one call of Decode needs for its time.
type resolving struct {
	run
	state   State
	scratch []byte
}

var resolvings = sync.Pool{New: func() any { return new(resolving) }}

// Decode reads one message of the writer's schema, which fills all of src, into v. On an error, an [*Error], v is zero.
// Path and offset are those of the message, except for a value that T has no way to hold (ErrLogical): there they are
// those of the message as resolved.
func (r *Resolver[T]) Decode(src []byte, v *T) error {
	if r.plan == nil {
		return r.decode(v, src)
	}
	var zero T
	*v = zero
	w := resolvings.Get().(*resolving)
	var err error
	if r.fields == nil || !r.decodeFields(w, src, v) {
		*v = zero
		err = r.resolve(w, src, v)
	}
	resolvings.Put(w)
	if err != nil {
		*v = zero
	}
	return err
}

// decodeFields reports whether the message could be read field by field. Where it cannot, resolve says why.
func (r *Resolver[T]) decodeFields(w *resolving, src []byte, v *T) bool {
	text := View(src)
	if r.keeps {
		text = string(src)
	}
	return r.fields(w, v, text) == len(src)
}

func (r *Resolver[T]) resolve(w *resolving, src []byte, v *T) error {
	b, err := w.message(r.plan, r.room(w, src), src)
	if err != nil {
		return err
	}
	if !r.owned {
		if cap(b) <= maxScratch {
			w.scratch = b
		}
		if r.keeps {
			b = bytes.Clone(b)
		}
	}
	if r.read == nil {
		err = r.decode(v, b)
	} else {
		w.state = State{}
		if i := r.read(v, View(b), &w.state); i != len(b) {
			err = DecodeError(r.schema, b, i)
		}
	}
	if err == nil {
		return nil
	}
	if bad := Validate(r.writer, src); bad != nil {
		return bad
	}
	return err
}

// room returns the buffer to resolve into: the scratch, or one that v will keep.
func (r *Resolver[T]) room(w *resolving, src []byte) []byte {
	if r.owned {
		return make([]byte, 0, len(src)+r.plan.growth)
	}
	return w.scratch[:0]
}

// maxScratch is the largest buffer that is kept for the next message.
const maxScratch = 1 << 20
