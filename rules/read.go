package rules

import (
	"slices"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"github.com/google/uuid"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// reader reads an encoded value into values of CEL, as far as rules look at it. The bytes are what codec.Validate has
// passed, or what a generated type wrote: an index below zero, where something is amiss, ends every loop.
type reader struct {
	text string
	i    int
}

// value reads a value.
func (r *reader) value(s *shape) ref.Val {
	if k := logicalOf(s.Type); k != 0 {
		return r.logical(s, k)
	}
	switch s.Kind {
	case avsc.Boolean:
		v, i := codec.ReadBool(r.text, r.i)
		r.i = i
		return types.Bool(v)
	case avsc.Int:
		v, i := codec.ReadInt(r.text, r.i)
		r.i = i
		return types.Int(v)
	case avsc.Long:
		return types.Int(r.long())
	case avsc.Float:
		v, i := codec.ReadFloat(r.text, r.i)
		r.i = i
		return types.Double(v)
	case avsc.Double:
		v, i := codec.ReadDouble(r.text, r.i)
		r.i = i
		return types.Double(v)
	case avsc.String:
		return types.String(r.string())
	case avsc.Bytes:
		return types.Bytes(r.string())
	case avsc.Fixed:
		return types.Bytes(r.next(s.Size))
	case avsc.Enum:
		k, i := codec.ReadEnum[int32](r.text, r.i, len(s.Symbols))
		if r.i = i; i < 0 {
			return types.NullValue
		}
		return types.String(s.Symbols[k].Name)
	case avsc.Record:
		return r.record(s)
	case avsc.Array:
		return r.array(s)
	case avsc.Map:
		return r.entries(s)
	case avsc.Union:
		k, i := codec.ReadBranch(r.text, r.i, len(s.branches))
		if r.i = i; i < 0 {
			return types.NullValue
		}
		return r.value(s.branches[k])
	}
	return types.NullValue
}

func (r *reader) long() int64 {
	v, i := codec.ReadLong(r.text, r.i)
	r.i = i
	return v
}

// string returns the string or the bytes that come next.
func (r *reader) string() string { return r.next(int(r.long())) }

// next returns the next n bytes.
func (r *reader) next(n int) string {
	if r.i < 0 || n < 0 || n > len(r.text)-r.i {
		r.i = codec.FailTruncated
		return ""
	}
	r.i += n
	return r.text[r.i-n : r.i]
}

// block reads the count of a block, 0 behind the last one. A size in bytes, which tells nothing new, is passed over.
func (r *reader) block() int {
	n := r.long()
	if n < 0 {
		n = -n
		r.long()
	}
	if r.i < 0 {
		return 0
	}
	return int(n)
}

func (r *reader) record(s *shape) ref.Val {
	from := r.i
	v := &record{shape: s, values: make([]ref.Val, s.slots)}
	for _, f := range s.fields {
		if f.slot < 0 {
			r.skip(f.shape)
		} else {
			v.values[f.slot] = r.value(f.shape)
		}
	}
	v.size = r.i - from
	return v
}

func (r *reader) array(s *shape) ref.Val {
	var items []ref.Val
	for n := r.block(); n > 0; n = r.block() {
		items = slices.Grow(items, min(n, 1<<10))
		for ; n > 0 && r.i >= 0; n-- {
			items = append(items, r.value(s.elem))
		}
	}
	return types.NewRefValList(types.DefaultTypeAdapter, items)
}

func (r *reader) entries(s *shape) ref.Val {
	entries := map[ref.Val]ref.Val{}
	for n := r.block(); n > 0; n = r.block() {
		for ; n > 0 && r.i >= 0; n-- {
			key := types.String(r.string())
			entries[key] = r.value(s.elem)
		}
	}
	return types.NewRefValMap(types.DefaultTypeAdapter, entries)
}

func (r *reader) logical(s *shape, k avsc.LogicalKind) ref.Val {
	switch k {
	case avsc.Decimal:
		return r.decimal(s)
	case avsc.UUID:
		return r.uuid(s)
	case avsc.Duration:
		v, i := codec.ReadDuration(r.text, r.i)
		r.i = i
		return &record{shape: s, values: []ref.Val{types.Int(v.Months), types.Int(v.Days), types.Int(v.Millis)}, size: 12}
	case avsc.TimeMillis:
		return types.Duration{Duration: time.Duration(r.long()) * time.Millisecond}
	case avsc.TimeMicros:
		return types.Duration{Duration: time.Duration(r.long()) * time.Microsecond}
	}
	return types.Timestamp{Time: r.time(k)}
}

// maxPrecision is beyond that of any schema: that a decimal keeps to its own is up to the codec.
const maxPrecision = 1 << 30

func (r *reader) decimal(s *shape) ref.Val {
	var v codec.Decimal
	if s.Kind == avsc.Fixed {
		v, r.i = codec.ReadDecimalFixed(r.text, r.i, s.Size, maxPrecision, s.Logical.Scale)
	} else {
		v, r.i = codec.ReadDecimal(r.text, r.i, maxPrecision, s.Logical.Scale)
	}
	return decimal{v}
}

func (r *reader) uuid(s *shape) ref.Val {
	if s.Kind == avsc.String {
		return types.String(r.string())
	}
	var id uuid.UUID
	r.i = codec.ReadUUIDFixed(r.text, r.i, &id)
	return types.String(id.String())
}

func (r *reader) time(k avsc.LogicalKind) time.Time {
	read := codec.ReadTimestampNanos
	switch k {
	case avsc.Date:
		read = codec.ReadDate
	case avsc.TimestampMillis, avsc.LocalTimestampMillis:
		read = codec.ReadTimestampMillis
	case avsc.TimestampMicros, avsc.LocalTimestampMicros:
		read = codec.ReadTimestampMicros
	}
	v, i := read(r.text, r.i)
	r.i = i
	return v
}
