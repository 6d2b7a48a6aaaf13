package sample

import (
	"math"
	"math/big"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// Maker makes values of one schema. It must not be used by several goroutines at once.
type Maker struct {
	// MaxEntries is the most entries that a map has, 3 unless it is changed. With 1 the encoding of a value does not
	// depend on the order of a map.
	MaxEntries int
	// Blocks also writes arrays and maps in several blocks, some of them with their size in bytes, as the
	// specification allows: the same value then has more than one encoding.
	Blocks bool

	rand  *rand.Rand
	root  *avsc.Type
	needs map[*avsc.Type]int
	// values is how many more may be made before containers stay empty and unions take their shortest branch.
	values int
}

// New returns a maker of values of a schema.
func New(s *avsc.Schema, seed uint64) *Maker {
	m := &Maker{MaxEntries: 3, rand: rand.New(rand.NewPCG(seed, 0)), root: s.Root, needs: map[*avsc.Type]int{}}
	m.measure()
	return m
}

// Append appends the encoding of the next value. It reports false if the schema has no value at all: an enum without
// symbols, a record that holds itself.
func (m *Maker) Append(b []byte) ([]byte, bool) {
	if m.needs[m.root] >= never {
		return b, false
	}
	m.values = 200
	return m.value(b, m.root), true
}

// never is the need of a type that has no value.
const never = 1 << 20

// measure finds for every type how many records must nest in its smallest value.
func (m *Maker) measure() {
	todo := []*avsc.Type{m.root}
	for len(todo) > 0 {
		t := todo[0]
		todo = todo[1:]
		if _, seen := m.needs[t]; seen {
			continue
		}
		m.needs[t] = never
		for _, f := range t.Fields {
			todo = append(todo, f.Type)
		}
		todo = append(todo, t.Branches...)
		if t.Elem != nil {
			todo = append(todo, t.Elem)
		}
	}
	for again := true; again; {
		again = false
		for t, before := range m.needs {
			if n := m.need(t); n < before {
				m.needs[t], again = n, true
			}
		}
	}
}

func (m *Maker) need(t *avsc.Type) int {
	switch t.Kind {
	case avsc.Record:
		n := 1
		for _, f := range t.Fields {
			n = max(n, min(never, 1+m.needs[f.Type]))
		}
		return n
	case avsc.Union:
		n := never
		for _, b := range t.Branches {
			n = min(n, m.needs[b])
		}
		return n
	case avsc.Enum:
		if len(t.Symbols) == 0 {
			return never
		}
	}
	return 0
}

func (m *Maker) value(b []byte, t *avsc.Type) []byte {
	m.values--
	if t.Logical != nil {
		return m.logical(b, t)
	}
	switch t.Kind {
	case avsc.Boolean:
		return codec.AppendBool(b, m.rand.IntN(2) == 1)
	case avsc.Int:
		return codec.AppendInt(b, int32(m.whole(32)))
	case avsc.Long:
		return codec.AppendLong(b, m.whole(64))
	case avsc.Float:
		return codec.AppendFloat(b, float32(m.fraction()))
	case avsc.Double:
		return codec.AppendDouble(b, m.fraction())
	case avsc.Bytes:
		return codec.AppendBytes(b, m.bytes(m.rand.IntN(20)))
	case avsc.Fixed:
		return append(b, m.bytes(t.Size)...)
	case avsc.String:
		return m.appendText(b)
	case avsc.Enum:
		return codec.AppendLong(b, m.rand.Int64N(int64(len(t.Symbols))))
	case avsc.Record:
		for _, f := range t.Fields {
			b = m.value(b, f.Type)
		}
	case avsc.Array:
		return m.items(b, t, 4)
	case avsc.Map:
		return m.items(b, t, m.MaxEntries)
	case avsc.Union:
		return m.branch(b, t)
	}
	return b
}

func (m *Maker) appendText(b []byte) []byte {
	b, _ = codec.AppendString(b, m.text())
	return b
}

// text returns a string of letters of one to four bytes, sometimes of what needs an escape.
func (m *Maker) text() string {
	letters := []rune("abcdefghijklmnopqrstuvwxyz0123456789 -_.\"\\/\n\t\x00éß☃語😀")
	text := make([]rune, m.rand.IntN(16))
	if m.rand.IntN(20) == 0 {
		text = make([]rune, 64+m.rand.IntN(64)) // a length of two bytes
	}
	for i := range text {
		text[i] = letters[m.rand.IntN(len(letters))]
	}
	return string(text)
}

func (m *Maker) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(m.rand.Uint32())
	}
	return b
}

// whole returns a number of so many bits, often a small one or one of the ends.
func (m *Maker) whole(bits int) int64 {
	low := int64(math.MinInt64) >> (64 - bits)
	switch m.rand.IntN(5) {
	case 0:
		return low
	case 1:
		return ^low
	case 2:
		return m.rand.Int64N(200) - 100
	}
	return int64(m.rand.Uint64()) >> (64 - bits)
}

func (m *Maker) fraction() float64 {
	switch m.rand.IntN(12) {
	case 0:
		return math.Float64frombits(0x7ff8000000000000) // the NaN that Java writes
	case 1:
		return math.Inf(1 - 2*m.rand.IntN(2))
	case 2:
		return math.Copysign(0, -1)
	}
	return m.rand.NormFloat64() * 1e6
}

// items appends an array or a map of up to most items.
func (m *Maker) items(b []byte, t *avsc.Type, most int) []byte {
	n := m.rand.IntN(most + 1)
	if m.values < 0 || m.needs[t.Elem] >= never {
		n = 0
	}
	keys := map[string]bool{}
	for n > 0 {
		block := n
		if m.Blocks {
			block = 1 + m.rand.IntN(n)
		}
		n -= block
		var items []byte
		for range block {
			if t.Kind == avsc.Map {
				key := m.text()
				for keys[key] {
					key += "x"
				}
				keys[key] = true
				items, _ = codec.AppendString(items, key)
			}
			items = m.value(items, t.Elem)
		}
		if m.Blocks && m.rand.IntN(2) == 0 {
			b = codec.AppendLong(codec.AppendLong(b, int64(-block)), int64(len(items)))
		} else {
			b = codec.AppendLong(b, int64(block))
		}
		b = append(b, items...)
	}
	return append(b, 0)
}

func (m *Maker) branch(b []byte, t *avsc.Type) []byte {
	var can []int
	for k, branch := range t.Branches {
		if n := m.needs[branch]; n < never && (m.values >= 0 || n == m.needs[t]) {
			can = append(can, k)
		}
	}
	k := can[m.rand.IntN(len(can))]
	return m.value(codec.AppendLong(b, int64(k)), t.Branches[k])
}

func (m *Maker) logical(b []byte, t *avsc.Type) []byte {
	const day = 24 * 60 * 60
	l := t.Logical
	switch l.Kind {
	case avsc.Decimal:
		return m.decimal(b, t)
	case avsc.UUID:
		id := uuid.UUID(m.bytes(16))
		if t.Kind == avsc.String {
			return codec.AppendUUID(b, id)
		}
		return append(b, id[:]...)
	case avsc.Duration:
		return append(b, m.bytes(12)...)
	case avsc.TimeMillis:
		return codec.AppendLong(b, m.rand.Int64N(day*1e3))
	case avsc.TimeMicros:
		return codec.AppendLong(b, m.rand.Int64N(day*1e6))
	}
	// A second of the years 1 to 9999, or of those that nanoseconds reach.
	first := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	last := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
	seconds := first + m.rand.Int64N(last-first)
	switch l.Kind {
	case avsc.Date:
		return codec.AppendLong(b, seconds/day)
	case avsc.TimestampMillis, avsc.LocalTimestampMillis:
		return codec.AppendLong(b, seconds*1e3+m.rand.Int64N(1e3))
	case avsc.TimestampMicros, avsc.LocalTimestampMicros:
		return codec.AppendLong(b, seconds*1e6+m.rand.Int64N(1e6))
	}
	return codec.AppendLong(b, m.whole(64))
}

func (m *Maker) decimal(b []byte, t *avsc.Type) []byte {
	digits := min(1+m.rand.IntN(t.Logical.Precision), 60)
	v := new(big.Int)
	for range digits {
		v.Add(v.Mul(v, big.NewInt(10)), big.NewInt(m.rand.Int64N(10)))
	}
	if m.rand.IntN(2) == 0 {
		v.Neg(v)
	}
	d := codec.NewBigDecimal(v, t.Logical.Scale)
	if t.Kind == avsc.Bytes {
		b, _ = codec.AppendDecimal(b, d, t.Logical.Precision, t.Logical.Scale)
	} else {
		b, _ = codec.AppendDecimalFixed(b, d, t.Size, t.Logical.Precision, t.Logical.Scale)
	}
	return b
}
