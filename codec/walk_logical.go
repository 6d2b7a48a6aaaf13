package codec

import (
	"github.com/google/uuid"

	"github.com/avow-events/avow/avsc"
)

// logicalWalker looks for the first value outside its logical type, in a message that the bounded walk has passed. It
// runs only to say where typed code has failed.
type logicalWalker struct{ cursor }

func (w *logicalWalker) value(t *avsc.Type) error {
	if t.Logical != nil {
		return w.logical(t)
	}
	switch t.Kind {
	case avsc.Boolean:
		w.i++
	case avsc.Int, avsc.Long, avsc.Enum:
		w.long()
	case avsc.Float:
		w.i += 4
	case avsc.Double:
		w.i += 8
	case avsc.Fixed:
		w.i += t.Size
	case avsc.Bytes, avsc.String:
		w.span()
	case avsc.Union:
		return w.value(t.Branches[w.long()])
	case avsc.Record:
		for _, f := range t.Fields {
			if err := w.value(f.Type); err != nil {
				return At(err, f.Name)
			}
		}
	case avsc.Array, avsc.Map:
		return w.items(t)
	}
	return nil
}

func (w *logicalWalker) items(t *avsc.Type) error {
	item := 0
	for n := w.block(); n > 0; n = w.block() {
		for range n {
			var place any = item
			if t.Kind == avsc.Map {
				place = Key(w.span())
			}
			if err := w.value(t.Elem); err != nil {
				return At(err, place)
			}
			item++
		}
	}
	return nil
}

func (w *logicalWalker) logical(t *avsc.Type) error {
	at, l := w.i, t.Logical
	switch {
	case l.Kind == avsc.Decimal && t.Kind == avsc.Bytes:
		_, w.i = ReadDecimal(w.text, at, l.Precision, l.Scale)
	case l.Kind == avsc.Decimal:
		_, w.i = ReadDecimalFixed(w.text, at, t.Size, l.Precision, l.Scale)
	case l.Kind == avsc.UUID && t.Kind == avsc.String:
		w.i = ReadUUID(w.text, at, new(uuid.UUID))
	case l.Kind == avsc.TimeMillis:
		_, w.i = ReadTimeMillis(w.text, at)
	case l.Kind == avsc.TimeMicros:
		_, w.i = ReadTimeMicros(w.text, at)
	default: // all values of the other types have a place in theirs
		plain := *t
		plain.Logical = nil
		return w.value(&plain)
	}
	if w.i < 0 {
		return &Error{Offset: at, Err: failures[-1-w.i]}
	}
	return nil
}
