package codec

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/avow-events/avow/avsc"
)

// JSONOption changes what JSON [ToJSON] writes and [FromJSON] reads.
type JSONOption func(*jsonOptions)

type jsonOptions struct{ avro bool }

// AvroJSON chooses Avro's own JSON encoding, as Avro Java writes it and reads it (JsonEncoder, JsonDecoder), instead of
// plain JSON: unions are always tagged, bytes and fixed are strings of a character for each byte, logical types are
// the numbers, strings or bytes that they annotate, and a missing field is an error.
func AvroJSON() JSONOption { return func(o *jsonOptions) { o.avro = true } }

func optionsOf(opts []JSONOption) (o jsonOptions) {
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// ToJSON returns as JSON the one value that src is in Avro's binary encoding. The error is an [*Error].
//
// Plain JSON, the default, is what a person would write: a union's value stands as it is where [PlainUnion] allows it,
// an enum is its symbol, bytes and fixed are base64, NaN and the infinities are "NaN", "Infinity" and "-Infinity".
// Logical types have a text: decimals in plain digits, uuids in their usual form, times in RFC 3339 (2006-01-02,
// 15:04:05.999, 2006-01-02T15:04:05.999Z, without the Z if they are local), durations in ISO 8601 (P1M2DT3.004S).
//
// Any src that passes [Validate] has a JSON, values outside of their logical types as well: a year of five digits, a
// clock past midnight, no digits for a decimal of no bytes. The exceptions are a decimal of more than 64 KiB, and items
// without bytes that would come to many times the message.
func ToJSON(s *avsc.Schema, src []byte, opts ...JSONOption) ([]byte, error) {
	if err := Validate(s, src); err != nil {
		return nil, err
	}
	w := jsonWriter{jsonOptions: optionsOf(opts), cursor: cursor{text: View(src)}, b: make([]byte, 0, 64+3*len(src))}
	w.most = 16<<20 + 256*len(src)
	if err := w.value(jsonOf(s)); err != nil {
		return nil, err
	}
	return w.b, nil
}

// jsonWriter writes the JSON of a message that the bounded walk has passed.
type jsonWriter struct {
	jsonOptions
	cursor
	b    []byte
	most int // bytes of JSON, reached only by items that take none in the message
}

func (w *jsonWriter) value(t *jsonType) error {
	if t.Logical != nil && !w.avro {
		return w.logical(t)
	}
	switch t.Kind {
	case avsc.Null:
		w.b = append(w.b, "null"...)
	case avsc.Boolean:
		w.b = strconv.AppendBool(w.b, w.fixed(1) == "\x01")
	case avsc.Int, avsc.Long:
		w.b = strconv.AppendInt(w.b, w.long(), 10)
	case avsc.Float:
		v, i := ReadFloat(w.text, w.i)
		w.i = i
		w.float(float64(v), 32)
	case avsc.Double:
		v, i := ReadDouble(w.text, w.i)
		w.i = i
		w.float(v, 64)
	case avsc.Bytes:
		w.bytes(w.span())
	case avsc.Fixed:
		w.bytes(w.fixed(t.Size))
	case avsc.String:
		w.string(w.span())
	case avsc.Enum:
		w.b = appendJSONString(w.b, t.Symbols[w.long()].Name)
	case avsc.Record:
		return w.record(t)
	case avsc.Array:
		return w.array(t)
	case avsc.Map:
		return w.entries(t)
	case avsc.Union:
		return w.union(t)
	}
	return nil
}

func (w *jsonWriter) record(t *jsonType) error {
	if t.empty && len(w.b) > w.most {
		return &Error{Offset: w.i, Err: fmt.Errorf("%w: as JSON they would take more than %d bytes", ErrCount, w.most)}
	}
	w.b = append(w.b, '{')
	for k := range t.fields {
		f := &t.fields[k]
		if k > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, f.key...)
		if err := w.value(f.is); err != nil {
			return At(err, f.Name)
		}
	}
	w.b = append(w.b, '}')
	return nil
}

func (w *jsonWriter) array(t *jsonType) error {
	w.b = append(w.b, '[')
	item := 0
	for n := w.block(); n > 0; n = w.block() {
		for range n {
			if item > 0 {
				w.b = append(w.b, ',')
			}
			if err := w.value(t.elem); err != nil {
				return At(err, item)
			}
			item++
		}
	}
	w.b = append(w.b, ']')
	return nil
}

func (w *jsonWriter) entries(t *jsonType) error {
	w.b = append(w.b, '{')
	first := true
	for n := w.block(); n > 0; n = w.block() {
		for range n {
			if !first {
				w.b = append(w.b, ',')
			}
			first = false
			key := w.span()
			w.string(key)
			w.b = append(w.b, ':')
			if err := w.value(t.elem); err != nil {
				return At(err, Key(key))
			}
		}
	}
	w.b = append(w.b, '}')
	return nil
}

func (w *jsonWriter) union(t *jsonType) error {
	b := t.branches[w.long()]
	tagged := b.Kind != avsc.Null && (w.avro || !t.plain || t.tagged && w.isNotFinite(b))
	if tagged {
		w.b = append(append(w.b, '{'), b.tag...)
	}
	if err := w.value(b); err != nil {
		return err
	}
	if tagged {
		w.b = append(w.b, '}')
	}
	return nil
}

// isNotFinite reports whether what follows is NaN or an infinity.
func (w *jsonWriter) isNotFinite(t *jsonType) bool {
	var v float64
	switch t.Kind {
	case avsc.Float:
		f, _ := ReadFloat(w.text, w.i)
		v = float64(f)
	case avsc.Double:
		v, _ = ReadDouble(w.text, w.i)
	}
	return v-v != 0
}

func (w *jsonWriter) bytes(t string) {
	if !w.avro {
		w.b = append(w.b, '"')
		w.b = base64.StdEncoding.AppendEncode(w.b, []byte(t))
		w.b = append(w.b, '"')
		return
	}
	w.b = append(w.b, '"')
	for k := range len(t) {
		w.b = appendJSONRune(w.b, rune(t[k]))
	}
	w.b = append(w.b, '"')
}

// string writes a string, in Avro's encoding as Java does, which has characters beyond 16 bits as two escapes.
func (w *jsonWriter) string(s string) {
	from := len(w.b)
	w.b = appendJSONString(w.b, s)
	if w.avro && strings.ContainsFunc(s, func(c rune) bool { return c > 0xffff }) {
		text := string(w.b[from:])
		w.b = w.b[:from]
		for _, c := range text {
			if hi, lo := utf16.EncodeRune(c); c > 0xffff {
				w.b = fmt.Appendf(w.b, `\u%04X\u%04X`, hi, lo)
			} else {
				w.b = utf8.AppendRune(w.b, c)
			}
		}
	}
}

func (w *jsonWriter) float(v float64, bits int) {
	switch {
	case math.IsNaN(v):
		w.b = append(w.b, `"NaN"`...)
	case math.IsInf(v, 1):
		w.b = append(w.b, `"Infinity"`...)
	case math.IsInf(v, -1):
		w.b = append(w.b, `"-Infinity"`...)
	case w.avro:
		w.b = appendJavaFloat(w.b, v, bits)
	default:
		w.b = appendJSONFloat(w.b, v, bits)
	}
}

// appendJSONFloat appends the shortest text that reads as v, in exponents where encoding/json writes them.
func appendJSONFloat(b []byte, v float64, bits int) []byte {
	format := byte('f')
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(b, v, format, -1, bits)
}

// appendJSONString appends a string with no more escapes than JSON demands.
func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for k := 0; k < len(s); k++ {
		if c := s[k]; c < 0x20 || c == '"' || c == '\\' {
			b = append(b, s[from:k]...)
			b = appendJSONRune(b, rune(c))
			from = k + 1
		}
	}
	return append(append(b, s[from:]...), '"')
}

func appendJSONRune(b []byte, c rune) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', byte(c))
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	if c < 0x20 {
		return fmt.Appendf(b, `\u%04X`, c)
	}
	return utf8.AppendRune(b, c)
}
