package codec

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// maxDefault is the largest number of bytes, and of values, that one default may come to. A default of a few letters
// can stand for any number of both, through records whose fields have defaults in turn.
const maxDefault = 1 << 20

var errDefaultTooLarge = errors.New("default comes to more than a mebibyte or a million values")

// appendDefault appends the encoding of a default value, as ResolvingGrammarGenerator.encode of Avro Java does. That
// takes more than the specification allows: a union takes the first branch whose type could fit the value, and a
// record, enum, array or map counts as one that could.
func appendDefault(dst []byte, t *avsc.Type, v *avsc.Value) ([]byte, error) {
	e := defaultEncoder{dst: dst, start: len(dst)}
	err := e.encode(t, v, 0)
	return e.dst, err
}

type defaultEncoder struct {
	dst    []byte
	start  int
	values int
}

func (e *defaultEncoder) encode(t *avsc.Type, v *avsc.Value, depth int) (err error) {
	e.values++
	if depth > MaxDepth || e.values > maxDefault || len(e.dst)-e.start > maxDefault {
		return errDefaultTooLarge
	}
	switch t.Kind {
	case avsc.Null:
		if v.Kind != avsc.NullValue {
			return unfit(t)
		}
	case avsc.Boolean:
		if v.Kind != avsc.BoolValue {
			return unfit(t)
		}
		e.dst = AppendBool(e.dst, v.Bool)
	case avsc.Int, avsc.Long, avsc.Float, avsc.Double:
		if v.Kind != avsc.NumberValue {
			return unfit(t)
		}
		e.number(t.Kind, v.Text)
	case avsc.String:
		if v.Kind != avsc.StringValue {
			return unfit(t)
		}
		e.dst, err = AppendString(e.dst, v.Text)
		return err
	case avsc.Bytes:
		if v.Kind != avsc.StringValue {
			return unfit(t)
		}
		e.dst = AppendBytes(e.dst, latin1(v.Text))
	case avsc.Fixed:
		if v.Kind != avsc.StringValue || t.Size > maxDefault {
			return unfit(t)
		}
		b := make([]byte, t.Size) // Java cuts or pads what has another length
		copy(b, latin1(v.Text))
		e.dst = append(e.dst, b...)
	case avsc.Enum:
		k := -1
		if v.Kind == avsc.StringValue {
			k = symbolIndex(t, v.Text)
		}
		if k < 0 {
			return unfit(t)
		}
		e.dst = AppendLong(e.dst, int64(k))
	case avsc.Union:
		for k, b := range t.Branches {
			if couldFit(b.Kind, v.Kind) {
				e.dst = AppendLong(e.dst, int64(k))
				return e.encode(b, v, depth+1)
			}
		}
		return unfit(t)
	case avsc.Record:
		return e.record(t, v, depth)
	case avsc.Array:
		return e.array(t, v, depth)
	case avsc.Map:
		return e.entries(t, v, depth)
	}
	return nil
}

func unfit(t *avsc.Type) error { return fmt.Errorf("default does not fit %s", t.FullName()) }

func couldFit(t avsc.Kind, v avsc.ValueKind) bool {
	switch t {
	case avsc.Null:
		return v == avsc.NullValue
	case avsc.Boolean:
		return v == avsc.BoolValue
	case avsc.Int, avsc.Long, avsc.Float, avsc.Double:
		return v == avsc.NumberValue
	case avsc.String, avsc.Bytes, avsc.Fixed:
		return v == avsc.StringValue
	}
	return true
}

func (e *defaultEncoder) record(t *avsc.Type, v *avsc.Value, depth int) error {
	for _, f := range t.Fields {
		value := v.Get(f.Name)
		if value == nil {
			value = f.Default
		}
		if value == nil {
			return fmt.Errorf("default of %s has no value for %q", t.Name, f.Name)
		}
		if err := e.encode(f.Type, value, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (e *defaultEncoder) array(t *avsc.Type, v *avsc.Value, depth int) error {
	items := v.Items
	for _, m := range members(v) {
		items = append(items, m.Value)
	}
	e.dst = AppendBlock(e.dst, len(items))
	for _, item := range items {
		if err := e.encode(t.Elem, item, depth+1); err != nil {
			return err
		}
	}
	e.dst = append(e.dst, 0)
	return nil
}

func (e *defaultEncoder) entries(t *avsc.Type, v *avsc.Value, depth int) (err error) {
	if len(v.Items) > 0 {
		return unfit(t)
	}
	entries := members(v)
	e.dst = AppendBlock(e.dst, len(entries))
	for _, m := range entries {
		if e.dst, err = AppendString(e.dst, m.Name); err != nil {
			return err
		}
		if err := e.encode(t.Elem, m.Value, depth+1); err != nil {
			return err
		}
	}
	e.dst = append(e.dst, 0)
	return nil
}

// members returns the members of an object, each name once, where it stands first and with its last value.
func members(v *avsc.Value) []avsc.Member {
	var out []avsc.Member
	seen := map[string]bool{}
	for _, m := range v.Members {
		if !seen[m.Name] {
			seen[m.Name] = true
			out = append(out, avsc.Member{Name: m.Name, Value: v.Get(m.Name)})
		}
	}
	return out
}

// number appends a number that stands in JSON as text, converted as Java converts: a whole number that is too large
// loses its high bits, any other is cut towards zero and stops at the ends of the range.
func (e *defaultEncoder) number(k avsc.Kind, text string) {
	if whole, ok := new(big.Int).SetString(text, 10); ok && (k == avsc.Int || k == avsc.Long) {
		low := new(big.Int).And(whole, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
		if k == avsc.Int {
			e.dst = AppendInt(e.dst, int32(low))
		} else {
			e.dst = AppendLong(e.dst, int64(low))
		}
		return
	}
	f, _ := strconv.ParseFloat(text, 64)
	switch k {
	case avsc.Int:
		e.dst = AppendInt(e.dst, int32(max(math.MinInt32, min(f, math.MaxInt32))))
	case avsc.Long:
		n := int64(math.MaxInt64)
		if f < math.MaxInt64 {
			n = int64(max(f, math.MinInt64))
		}
		e.dst = AppendLong(e.dst, n)
	case avsc.Float:
		e.dst = AppendFloat(e.dst, float32(f))
	case avsc.Double:
		e.dst = AppendDouble(e.dst, f)
	}
}

// latin1 returns the bytes that a string stands for in a default of bytes or fixed: one for each character, a
// question mark for those that ISO-8859-1 does not have.
func latin1(s string) []byte {
	var b strings.Builder
	for _, c := range s {
		if c > 0xff {
			c = '?'
		}
		b.WriteByte(byte(c))
	}
	return []byte(b.String())
}
