package codec

import (
	"errors"
	"fmt"

	"github.com/avow-events/avow/avsc"
)

// ErrUnknown says that JSON has a field, a branch or a symbol that the schema does not know.
var ErrUnknown = errors.New("unknown to the schema")

// errShape says that JSON has a value of another kind than the schema.
var errShape = errors.New("value of the wrong kind")

// FromJSON returns in Avro's binary encoding the one value that text is as JSON, in the form that [ToJSON] writes. The
// error is an [*Error] whose offset is that of the text.
//
// A record's fields may come in any order. One that is missing takes the schema's default and is ErrUnset where there
// is none; one that the schema does not know is ErrUnknown, and so is a name that comes twice. Numbers must be in
// range, and whole for int and long (1e3 is); logical types are held to their limits. Where a union that is written
// plainly has no branch written as an object, its values are taken in Avro's tagged form as well.
//
// With [AvroJSON], a missing field is an error whether it has a default or not, as it is for Avro Java.
func FromJSON(s *avsc.Schema, text []byte, opts ...JSONOption) ([]byte, error) {
	r := jsonReader{jsonOptions: optionsOf(opts), jsonScanner: jsonScanner{text: View(text)}, b: make([]byte, 0, len(text))}
	err := r.value(jsonOf(s))
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, At(err)
	}
	return r.b, nil
}

type jsonReader struct {
	jsonOptions
	jsonScanner
	b []byte
	// depth and empty are what the walker counts under these names: what is written here must be readable.
	depth, empty int
	// spans is a stack of where the fields of the open records stand in b.
	spans []span
}

type span struct{ from, to int }

func (r *jsonReader) value(t *jsonType) error {
	if t.Logical != nil && !r.avro {
		return r.logical(t)
	}
	switch t.Kind {
	case avsc.Null:
		if err := r.expect(jsonNull, t); err != nil {
			return err
		}
		return r.word("null")
	case avsc.Boolean:
		return r.boolean(t)
	case avsc.Int, avsc.Long:
		return r.whole(t)
	case avsc.Float, avsc.Double:
		return r.fraction(t)
	case avsc.String:
		v, err := r.stringFor(t)
		if err != nil {
			return err
		}
		r.b, err = AppendString(r.b, v)
		return err
	case avsc.Bytes, avsc.Fixed:
		return r.bytes(t)
	case avsc.Enum:
		return r.symbol(t)
	case avsc.Record:
		return r.record(t)
	case avsc.Array:
		return r.array(t)
	case avsc.Map:
		return r.entries(t)
	case avsc.Union:
		return r.union(t)
	}
	return nil
}

// expect makes sure that a value of the shape comes next.
func (r *jsonReader) expect(want jsonShape, t *jsonType) error {
	switch got := r.shape(); got {
	case want:
		return nil
	case 0:
		return r.unexpected(shapeNames[want])
	default:
		return r.fail(r.i, errShape, "%s, want %s%s", shapeNames[got], shapeNames[want], t.forWhat())
	}
}

func (r *jsonReader) record(t *jsonType) error {
	if err := r.expect(jsonObject, t); err != nil {
		return err
	}
	if t.nested {
		if r.depth++; r.depth > MaxDepth {
			return r.fail(r.i, ErrDepth, "")
		}
		defer func() { r.depth-- }()
	}
	start, base := len(r.b), len(r.spans)
	for range t.fields {
		r.spans = append(r.spans, span{-1, -1})
	}
	ordered, err := r.fields(t, base)
	if err != nil {
		return err
	}
	if !ordered {
		err = r.arrange(t, start, base)
	}
	r.spans = r.spans[:base]
	return err
}

// fields encodes the fields of a record in the order in which they come, and reports whether that is the record's own
// and all are there.
func (r *jsonReader) fields(t *jsonType, base int) (ordered bool, err error) {
	ordered = true
	seen := 0
	err = r.members(func(name string, at int) error {
		k, known := t.index[name]
		if !known && r.avro {
			k, known = t.aliases[name]
		}
		if !known {
			return &Error{Path: name, Offset: at, Err: fmt.Errorf("%w%s", ErrUnknown, didYouMean(name, t.fieldNames()))}
		}
		to := base + k
		if r.spans[to].from >= 0 {
			return &Error{Path: name, Offset: at, Err: errTwice}
		}
		from := len(r.b)
		if err := r.value(t.fields[k].is); err != nil {
			return At(err, t.fields[k].Name)
		}
		r.spans[to] = span{from, len(r.b)}
		ordered = ordered && k == seen
		seen++
		return nil
	})
	return ordered && seen == len(t.fields), err
}

// arrange puts the fields of a record, which end b, into their order, with defaults for those that are missing.
func (r *jsonReader) arrange(t *jsonType, start, base int) (err error) {
	end := len(r.b)
	for k := range t.fields {
		f, s := &t.fields[k], r.spans[base+k]
		switch {
		case s.from >= 0:
			r.b = append(r.b, r.b[s.from:s.to]...)
		case f.Default == nil || r.avro:
			return &Error{Path: f.Name, Offset: r.i, Err: ErrUnset}
		default:
			if r.b, err = appendDefault(r.b, f.Type, f.Default); err != nil {
				return At(err, f.Name)
			}
		}
	}
	r.b = r.b[:start+copy(r.b[start:], r.b[end:])]
	return nil
}

// members passes an object and calls each for every member, when its value comes next.
func (r *jsonReader) members(each func(name string, at int) error) error {
	r.take('{')
	if r.take('}') {
		return nil
	}
	for {
		r.next()
		at := r.i
		name, err := r.string()
		if err != nil {
			return err
		}
		if !r.take(':') {
			return r.unexpected("a colon")
		}
		if err := each(name, at); err != nil {
			return err
		}
		if r.take('}') {
			return nil
		}
		if !r.take(',') {
			return r.unexpected("a comma or a closing brace")
		}
	}
}

func (r *jsonReader) array(t *jsonType) error {
	if err := r.expect(jsonArray, t); err != nil {
		return err
	}
	r.take('[')
	head := count{at: len(r.b), size: 1}
	r.b = append(r.b, 0)
	if r.take(']') {
		return nil
	}
	for {
		if err := r.value(t.elem); err != nil {
			return At(err, head.n)
		}
		head.n++
		if t.elem.empty {
			if r.empty++; r.empty > MaxZeroSizeItems {
				return r.fail(r.i, ErrCount, "")
			}
		}
		if r.take(']') {
			r.b = head.write(append(r.b, 0))
			return nil
		}
		if !r.take(',') {
			return r.unexpected("a comma or a closing bracket")
		}
	}
}

func (r *jsonReader) entries(t *jsonType) error {
	if err := r.expect(jsonObject, t); err != nil {
		return err
	}
	head := count{at: len(r.b), size: 1}
	r.b = append(r.b, 0)
	keys := map[string]bool{}
	err := r.members(func(key string, at int) (err error) {
		if keys[key] {
			return At(&Error{Offset: at, Err: errTwice}, Key(key))
		}
		keys[key] = true
		head.n++
		if r.b, err = AppendString(r.b, key); err != nil {
			return err
		}
		if err := r.value(t.elem); err != nil {
			return At(err, Key(key))
		}
		return nil
	})
	if err == nil && head.n > 0 {
		r.b = head.write(append(r.b, 0))
	}
	return err
}

var errTwice = errors.New("name that was there before")
