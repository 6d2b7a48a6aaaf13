package codec

import (
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/avow-events/avow/avsc"
)

// logical writes a value by its logical type.
func (w *jsonWriter) logical(t *jsonType) error {
	switch t.Logical.Kind {
	case avsc.Decimal:
		return w.decimal(t)
	case avsc.UUID:
		if t.Kind == avsc.String {
			w.b = appendJSONString(w.b, w.span())
			return nil
		}
		w.b = append(append(append(w.b, '"'), uuid.UUID([]byte(w.fixed(16))).String()...), '"')
		return nil
	case avsc.Duration:
		d, i := ReadDuration(w.text, w.i)
		w.i = i
		w.b = strconv.AppendQuote(w.b, d.String())
		return nil
	}
	w.b = append(w.b, '"')
	v := w.long()
	switch t.Logical.Kind {
	case avsc.Date:
		w.b = appendJSONDate(w.b, v)
	case avsc.TimeMillis, avsc.TimeMicros:
		w.b = appendJSONClock(w.b, v, unitsOf(t.Logical.Kind))
	default:
		w.b = appendJSONTime(w.b, v, unitsOf(t.Logical.Kind), isLocal(t.Logical.Kind))
	}
	w.b = append(w.b, '"')
	return nil
}

// unitsOf returns how many units of a time make a second.
func unitsOf(k avsc.LogicalKind) int64 {
	switch k {
	case avsc.TimeMillis, avsc.TimestampMillis, avsc.LocalTimestampMillis:
		return 1e3
	case avsc.TimeMicros, avsc.TimestampMicros, avsc.LocalTimestampMicros:
		return 1e6
	}
	return 1e9
}

func isLocal(k avsc.LogicalKind) bool {
	return k == avsc.LocalTimestampMillis || k == avsc.LocalTimestampMicros || k == avsc.LocalTimestampNanos
}

// maxDecimalBytes is the largest unscaled value that is written in digits, which takes time by the square of its size.
const maxDecimalBytes = 64 << 10

var errScale = fmt.Errorf("%w: a scale beyond %d", ErrLogical, MaxDecimalScale)

func (w *jsonWriter) decimal(t *jsonType) error {
	at := w.i
	var raw string
	if t.Kind == avsc.Bytes {
		raw = w.span()
	} else {
		raw = w.fixed(t.Size)
	}
	if t.Logical.Scale > MaxDecimalScale {
		return &Error{Offset: at, Err: errScale}
	}
	if len(raw) > maxDecimalBytes {
		return &Error{Offset: at, Err: fmt.Errorf("%w: decimal of %d bytes", ErrLogical, len(raw))}
	}
	w.b = append(w.b, '"')
	if d, ok := readUnscaled(raw, 8*maxDecimalBytes, t.Logical.Scale); ok {
		w.b, _ = d.AppendText(w.b)
	}
	w.b = append(w.b, '"')
	return nil
}
