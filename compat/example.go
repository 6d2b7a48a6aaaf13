package compat

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// example returns a value that the writer can write and the reader cannot read because of an incompatibility, and why. The
// value is made from the schemas, and told only if it was encoded, and could not be decoded, in fact: a reader may cope
// with what the check calls incompatible.
func (d Direction) example(reader, writer *avsc.Schema, inc Incompatibility) string {
	text, ok := newWitness(inc).find(reader.Root, writer.Root)
	if !ok {
		return ""
	}
	plain, err := resolve(writer, reader, text)
	if plain == "" || err == nil {
		return ""
	}
	why := inc.refusal()
	if why == "" {
		return ""
	}
	if inc.Place != "" && inc.Field == nil {
		why = inc.Place + ": " + why
	}
	wrote, reads := "old", "new"
	if !d.NewReads {
		wrote, reads = reads, wrote
	}
	return fmt.Sprintf("%s, written with the %s schema, cannot be read with the %s one: %s", plain, wrote, reads, why)
}

// refusal returns why the types of an incompatibility alone do not fit, without whatever else is wrong around them; empty
// where they do.
func (inc Incompatibility) refusal() string {
	reader := inc.Reader
	if inc.Field != nil { // the record is not read for want of this field, whatever other fields it wants
		reader = &avsc.Type{Kind: avsc.Record, Name: inc.Writer.Name, Fields: []*avsc.Field{inc.Field}}
	}
	text, ok := newWitness(inc).culprit(inc.Writer)
	if !ok {
		return ""
	}
	_, err := resolve(&avsc.Schema{Root: inc.Writer}, &avsc.Schema{Root: reader}, text)
	if err == nil {
		return ""
	}
	var refused *codec.Error
	if errors.As(err, &refused) {
		err = refused.Err
	}
	return strings.TrimPrefix(err.Error(), codec.ErrResolve.Error()+": ")
}

// resolve writes a value, given in Avro's own JSON encoding, with one schema and reads it with another. It returns the
// value in plain JSON, empty if it cannot be written, and why it cannot be read, nil if it can.
func resolve(writer, reader *avsc.Schema, text string) (plain string, err error) {
	message, err := codec.FromJSON(writer, []byte(text), codec.AvroJSON())
	if err != nil {
		return "", err
	}
	written, err := codec.ToJSON(writer, message)
	if err != nil {
		return "", err
	}
	plan, err := codec.NewPlan(writer, reader)
	if err == nil {
		_, err = plan.Resolve(nil, message)
	}
	return string(written), err
}

// readAs tells what one type makes of a value of another, given in Avro's own JSON encoding; empty where that cannot be
// told, or where it is the same.
func readAs(old, next *avsc.Type, text string) string {
	writer, reader := &avsc.Schema{Root: old}, &avsc.Schema{Root: next}
	message, err := codec.FromJSON(writer, []byte(text), codec.AvroJSON())
	if err != nil {
		return ""
	}
	plan, err := codec.NewPlan(writer, reader)
	if err != nil {
		return ""
	}
	read, err := plan.Resolve(nil, message)
	if err != nil {
		return ""
	}
	before, err := codec.ToJSON(writer, message)
	if err != nil {
		return ""
	}
	after, err := codec.ToJSON(reader, read)
	if err != nil || string(before) == string(after) {
		return ""
	}
	return fmt.Sprintf("%s, written with the old schema, is read as %s with the new one", before, after)
}

// witness makes a writer's value, in Avro's own JSON encoding, that holds what an incompatibility is about.
type witness struct {
	inc  Incompatibility
	seen map[pair]bool
}

func newWitness(inc Incompatibility) *witness { return &witness{inc: inc, seen: make(map[pair]bool)} }

// find returns a value of w in which r meets the incompatible types; not ok where no value can have them.
func (x *witness) find(r, w *avsc.Type) (text string, ok bool) {
	if w == x.inc.Writer && (r == x.inc.Reader || x.inc.Field != nil && slices.Contains(r.Fields, x.inc.Field)) {
		return x.culprit(w)
	}
	if x.seen[pair{r, w}] {
		return "", false
	}
	x.seen[pair{r, w}] = true
	switch {
	case w.Kind == avsc.Union:
		for _, branch := range w.Branches {
			if text, ok = x.find(r, branch); ok {
				return tagged(branch, text), true
			}
		}
	case r.Kind == avsc.Union:
		for _, branch := range r.Branches {
			if text, ok = x.find(branch, w); ok {
				return text, true
			}
		}
	case r.Kind != w.Kind:
	case w.Kind == avsc.Array:
		if text, ok = x.find(r.Elem, w.Elem); ok {
			return "[" + text + "]", true
		}
	case w.Kind == avsc.Map:
		if text, ok = x.find(r.Elem, w.Elem); ok {
			return `{"key":` + text + "}", true
		}
	case w.Kind == avsc.Record:
		for _, field := range r.Fields {
			source := formerField(field, w)
			if source == nil {
				continue
			}
			if text, ok = x.find(field.Type, source.Type); ok {
				return recordWith(w, source, text)
			}
		}
	}
	return "", false
}

// culprit returns a value of the incompatible type itself.
func (x *witness) culprit(w *avsc.Type) (text string, ok bool) {
	switch x.inc.Type {
	case MissingEnumSymbols:
		return quote(missingSymbols(x.inc.Reader, w)[0].Name), true
	case MissingUnionBranch:
		branch := x.inc.branch()
		text, ok = x.branchValue(branch)
		if ok && w.Kind == avsc.Union {
			text = tagged(branch, text)
		}
		return text, ok
	}
	return new(sampler).value(w)
}

// branchValue returns a value of a branch that the reader's union lacks; where the union has one of that name, the value
// holds what makes it unreadable.
func (x *witness) branchValue(branch *avsc.Type) (text string, ok bool) {
	if inner, candidate := x.inc.inner(); candidate != nil {
		if text, ok = newWitness(inner[0]).find(candidate, branch); ok {
			return text, true
		}
	}
	return new(sampler).value(branch)
}

// recordWith returns a record's value in which one field is given and the others are as plain as can be.
func recordWith(t *avsc.Type, given *avsc.Field, text string) (string, bool) {
	s := sampler{open: []*avsc.Type{t}}
	return s.record(t, func(f *avsc.Field) (string, bool) {
		if f == given {
			return text, true
		}
		return s.value(f.Type)
	})
}

// sampler makes the shortest values of types, in Avro's own JSON encoding.
type sampler struct {
	// open are the records around a value: another one of them might have no end.
	open []*avsc.Type
	// parts is of how many values it consists so far.
	parts int
}

// maxParts is how large an example may be: larger ones explain nothing.
const maxParts = 1000

// value returns a value of the type; not ok where there is none, or none that is small.
func (s *sampler) value(t *avsc.Type) (text string, ok bool) {
	if s.parts++; s.parts > maxParts {
		return "", false
	}
	switch t.Kind {
	case avsc.Null:
		return "null", true
	case avsc.Boolean:
		return "true", true
	case avsc.Int, avsc.Long:
		return "1", true
	case avsc.Float, avsc.Double:
		return "1.5", true
	case avsc.Bytes:
		return `"\u0001"`, true
	case avsc.String:
		if t.Logical != nil && t.Logical.Kind == avsc.UUID {
			return `"123e4567-e89b-12d3-a456-426614174000"`, true
		}
		return `"a"`, true
	case avsc.Fixed:
		return `"` + strings.Repeat(`\u0000`, min(t.Size, maxParts)) + `"`, t.Size <= maxParts
	case avsc.Enum:
		if len(t.Symbols) == 0 {
			return "", false
		}
		return quote(t.Symbols[0].Name), true
	case avsc.Array:
		return "[]", true
	case avsc.Map:
		return "{}", true
	case avsc.Union:
		for _, branch := range t.Branches {
			if text, ok = s.value(branch); ok {
				return tagged(branch, text), true
			}
		}
	case avsc.Record:
		if slices.Contains(s.open, t) {
			return "", false
		}
		s.open = append(s.open, t)
		defer func() { s.open = s.open[:len(s.open)-1] }()
		return s.record(t, func(f *avsc.Field) (string, bool) { return s.value(f.Type) })
	}
	return "", false
}

func (s *sampler) record(t *avsc.Type, value func(*avsc.Field) (string, bool)) (string, bool) {
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range t.Fields {
		text, ok := value(f)
		if !ok {
			return "", false
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(f.Name) + ":" + text)
	}
	b.WriteByte('}')
	return b.String(), true
}

// tagged returns the value of a union's branch as Avro's own JSON encoding has it.
func tagged(branch *avsc.Type, text string) string {
	if branch.Kind == avsc.Null {
		return text
	}
	return "{" + quote(branch.FullName()) + ":" + text + "}"
}
