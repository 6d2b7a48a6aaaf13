package codec

import (
	"encoding/base64"
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/avow-events/avow/avsc"
)

var errRange = errors.New("number out of range")

// javaNaN is the NaN that Java has a name for; Go's own has another bit set.
const javaNaN = 0x7ff8000000000000

func (r *jsonReader) boolean(t *jsonType) error {
	if err := r.expect(jsonBoolean, t); err != nil {
		return err
	}
	v := r.next() == 't'
	r.b = AppendBool(r.b, v)
	return r.word(strconv.FormatBool(v))
}

// stringFor returns the string that comes next, for a value of type t.
func (r *jsonReader) stringFor(t *jsonType) (string, error) {
	if err := r.expect(jsonString, t); err != nil {
		return "", err
	}
	return r.string()
}

func (r *jsonReader) whole(t *jsonType) error {
	if err := r.expect(jsonNumber, t); err != nil {
		return err
	}
	at := r.i
	text, err := r.number()
	if err != nil {
		return err
	}
	v, err := parseWhole(text)
	if err == nil && t.Kind == avsc.Int && v != int64(int32(v)) {
		err = ErrIntRange
	}
	if err != nil {
		return r.fail(at, err, "%s", abridge(text))
	}
	r.b = AppendLong(r.b, v)
	return nil
}

// parseWhole reads a whole number, which may be written with a fraction of zeros or an exponent as long as a double
// holds it exactly.
func parseWhole(text string) (int64, error) {
	if !strings.ContainsAny(text, ".eE") {
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return 0, errRange
		}
		return v, nil
	}
	v, _ := strconv.ParseFloat(text, 64)
	switch {
	case math.Abs(v) > 1<<53:
		return 0, errRange
	case v != math.Trunc(v):
		return 0, errShape
	}
	return int64(v), nil
}

func (r *jsonReader) fraction(t *jsonType) error {
	bits := 64
	if t.Kind == avsc.Float {
		bits = 32
	}
	var v float64
	if r.shape() == jsonString {
		at := r.i
		text, err := r.string()
		if err != nil {
			return err
		}
		switch {
		case text == "NaN":
			v = math.Float64frombits(javaNaN)
		case text == "Infinity" || r.avro && text == "INF":
			v = math.Inf(1)
		case text == "-Infinity" || r.avro && text == "-INF":
			v = math.Inf(-1)
		default:
			return r.fail(at, errShape, `%q, want a number, "NaN", "Infinity" or "-Infinity"`, abridge(text))
		}
	} else {
		if err := r.expect(jsonNumber, t); err != nil {
			return err
		}
		at := r.i
		text, err := r.number()
		if err != nil {
			return err
		}
		if v, err = strconv.ParseFloat(text, bits); err != nil {
			return r.fail(at, errRange, "%s", abridge(text))
		}
	}
	if bits == 32 {
		r.b = AppendFloat(r.b, float32(v))
	} else {
		r.b = AppendDouble(r.b, v)
	}
	return nil
}

func (r *jsonReader) symbol(t *jsonType) error {
	r.next()
	at := r.i
	v, err := r.stringFor(t)
	if err != nil {
		return err
	}
	k := symbolIndex(t.Type, v)
	if k < 0 {
		return r.fail(at, ErrSymbol, "%q%s", abridge(v), instead(v, t.symbolNames()))
	}
	r.b = AppendLong(r.b, int64(k))
	return nil
}

func (r *jsonReader) bytes(t *jsonType) error {
	r.next()
	at := r.i
	text, err := r.stringFor(t)
	if err != nil {
		return err
	}
	var v []byte
	if r.avro {
		for _, c := range text {
			if c > 0xff {
				return r.fail(at, errShape, "%q in bytes, which are characters up to U+00FF", c)
			}
			v = append(v, byte(c))
		}
	} else if v, err = base64.StdEncoding.Strict().DecodeString(text); err != nil {
		return r.fail(at, errShape, "%q is no base64", abridge(text))
	}
	if t.Kind == avsc.Bytes {
		r.b = AppendBytes(r.b, v)
		return nil
	}
	if len(v) != t.Size {
		return r.fail(at, errShape, "%d bytes, want %d", len(v), t.Size)
	}
	r.b = append(r.b, v...)
	return nil
}

// logical reads a value by its logical type.
func (r *jsonReader) logical(t *jsonType) error {
	shape := r.shape()
	at := r.i
	var text string
	var err error
	if t.Logical.Kind == avsc.Decimal && shape == jsonNumber {
		text, err = r.number() // its digits count as they are written
	} else {
		text, err = r.stringFor(t)
	}
	if err != nil {
		return err
	}
	if err := r.logicalText(t, text); err != nil {
		return &Error{Offset: at, Err: err}
	}
	return nil
}

func (r *jsonReader) logicalText(t *jsonType, text string) (err error) {
	switch l := t.Logical; l.Kind {
	case avsc.Decimal:
		if l.Scale > MaxDecimalScale {
			return errScale
		}
		var d Decimal
		if d, err = ParseDecimal(text); err != nil {
			return err
		}
		if t.Kind == avsc.Bytes {
			r.b, err = AppendDecimal(r.b, d, l.Precision, l.Scale)
		} else {
			r.b, err = AppendDecimalFixed(r.b, d, t.Size, l.Precision, l.Scale)
		}
		return err
	case avsc.UUID:
		v, err := uuid.Parse(text)
		if err != nil || len(text) != 36 {
			return badText(text, "a UUID", "0cbe8c14-0b25-4d3a-9d0e-8a1c0f3b5d77")
		}
		if t.Kind == avsc.String {
			r.b, err = AppendString(r.b, text)
			return err
		}
		r.b = append(r.b, v[:]...)
		return nil
	case avsc.Duration:
		d, err := parseDuration(text)
		r.b = AppendDuration(r.b, d)
		return err
	case avsc.Date:
		days, err := parseJSONDate(text)
		if err == nil && days != int64(int32(days)) {
			err = outOfRange(text, "date")
		}
		r.b = AppendLong(r.b, days)
		return err
	case avsc.TimeMillis, avsc.TimeMicros:
		nanos, err := parseJSONClock(text)
		r.b = AppendLong(r.b, nanos/(1e9/unitsOf(l.Kind)))
		return err
	}
	units := unitsOf(t.Logical.Kind)
	seconds, nanos, err := parseJSONTime(text, isLocal(t.Logical.Kind))
	if err != nil {
		return err
	}
	v, ok := exactInstant(seconds, nanos/(1e9/units), units)
	if !ok {
		return outOfRange(text, t.Logical.Kind.String())
	}
	r.b = AppendLong(r.b, v)
	return nil
}
