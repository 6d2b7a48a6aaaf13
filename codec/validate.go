package codec

import "github.com/avow-events/avow/avsc"

// Validate reports whether src is one value of the schema in Avro's binary encoding, and nothing after it. nil means
// that every decoder of this module can read it; the error is an [*Error] that says where it fails and why.
//
// It is the bounded walk that stands in front of everything else: it builds nothing, allocates nothing unless it
// fails, and looks at each byte once. Strings must be UTF-8 and numbers in range, and no length or count is believed
// that what remains of the message could not hold.
//
// Logical types are not looked at: a decimal beyond its precision, a time beyond its day, a uuid that is none are
// values of the type that they annotate, for Avro Java as well. Typed code, which has no way to hold them, refuses
// them with [ErrLogical].
//
// A schema is compiled at its first use and keeps what was compiled.
func Validate(s *avsc.Schema, src []byte) error { return programOf(s).validate(src) }

// Cut splits src behind the one value of the schema with which it begins. It is [Validate] for values that follow one
// another, as in a block of an object container file: nothing of rest is looked at.
func Cut(s *avsc.Schema, src []byte) (value, rest []byte, err error) {
	w := walker{program: programOf(s), text: View(src)}
	i := w.walk(w.frames[0], 0)
	if i < 0 {
		return nil, src, w.err(i)
	}
	return src[:i:i], src[i:], nil
}

func programOf(s *avsc.Schema) *program {
	return s.Memo(programKey{}, func(s *avsc.Schema) any { return compile(s.Root) }).(*program)
}

type programKey struct{}

func (p *program) validate(src []byte) error {
	w := walker{program: p, text: View(src)}
	i := w.walk(p.frames[0], 0)
	switch {
	case i < 0:
		return w.err(i)
	case i < len(src):
		return &Error{Offset: i, Err: ErrTrailing}
	}
	return nil
}
