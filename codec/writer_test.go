package codec_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// put returns what one Put function writes behind dst.
func put(dst []byte, write func(w *codec.Writer, i int) int) ([]byte, error) {
	w := codec.NewWriter(dst)
	i := write(&w, len(dst))
	for w.Short(i) {
		i = write(&w, len(dst))
	}
	return w.Done(dst, i, nil)
}

var edges = []int64{0, 1, -1, 63, 64, -64, -65, 8191, 8192, 1 << 20, 1 << 27, 1 << 34, 1 << 41, 1<<48 - 1, 1 << 48, 1<<55 - 1, 1 << 55,
	math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64}

// A Writer writes what the Append functions append, into any room: what does not fit is written a second time.
func TestWriterRoom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var id uuid.UUID
	type pair struct {
		name   string
		write  func(w *codec.Writer, i int) int
		append []byte
	}
	pairs := []pair{
		{"bool", func(w *codec.Writer, i int) int { return w.PutBool(i, true) }, []byte{1}},
		{"not", func(w *codec.Writer, i int) int { return w.PutBool(i, false) }, []byte{0}},
		{"float", func(w *codec.Writer, i int) int { return w.PutFloat(i, 1.5) }, codec.AppendFloat(nil, 1.5)},
		{"double", func(w *codec.Writer, i int) int { return w.PutDouble(i, -1.5) }, codec.AppendDouble(nil, -1.5)},
		{"fixed", func(w *codec.Writer, i int) int { return w.PutFixed(i, []byte("fixed")) }, []byte("fixed")},
		{"no fixed", func(w *codec.Writer, i int) int { return w.PutFixed(i, nil) }, nil},
		{"enum", func(w *codec.Writer, i int) int { return w.PutEnum(i, 99, 100) }, codec.AppendLong(nil, 99)},
		{"branch", func(w *codec.Writer, i int) int { return w.PutBranch(i, 63) }, codec.AppendLong(nil, 63)},
		{"count", func(w *codec.Writer, i int) int { return w.PutEnd(w.PutCount(i, 300)) }, append(codec.AppendLong(nil, 300), 0)},
		{"no count", func(w *codec.Writer, i int) int { return w.PutEnd(w.PutCount(i, 0)) }, []byte{0}},
		{"empty items", func(w *codec.Writer, i int) int { return w.PutEmptyItems(i, 3) }, []byte{6, 0}},
		{"uuid", func(w *codec.Writer, i int) int { return w.PutUUID(i, &id) }, codec.AppendUUID(nil, id)},
		{"duration", func(w *codec.Writer, i int) int {
			return w.PutDuration(i, codec.Duration{Months: 1, Days: 2, Millis: 3})
		},
			codec.AppendDuration(nil, codec.Duration{Months: 1, Days: 2, Millis: 3})},
	}
	for _, v := range edges {
		pairs = append(pairs, pair{"long", func(w *codec.Writer, i int) int { return w.PutLong(i, v) }, codec.AppendLong(nil, v)},
			pair{"int", func(w *codec.Writer, i int) int { return w.PutInt(i, int32(v)) }, codec.AppendInt(nil, int32(v))})
		d := codec.NewDecimal(v, 3)
		b, err := codec.AppendDecimal(nil, d, 20, 3)
		if err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, pair{"decimal", func(w *codec.Writer, i int) int { return w.PutDecimal(i, &d, 20, 3) }, b})
		if b, err = codec.AppendDecimal(nil, d, 30, 5); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, pair{"decimal of another scale", func(w *codec.Writer, i int) int { return w.PutDecimal(i, &d, 30, 5) }, b})
		if b, err = codec.AppendDecimalFixed(nil, d, 12, 20, 3); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, pair{"decimal as fixed", func(w *codec.Writer, i int) int { return w.PutDecimalFixed(i, &d, 12, 20, 3) }, b})
	}
	for n := range 140 {
		text := make([]byte, n)
		for k := range text {
			text[k] = byte(r.IntN(128))
		}
		raw := codec.AppendBytes(nil, text)
		pairs = append(pairs, pair{"bytes", func(w *codec.Writer, i int) int { return w.PutBytes(i, text) }, raw},
			pair{"string", func(w *codec.Writer, i int) int { return w.PutString(i, string(text)) }, raw})
	}
	for _, p := range pairs {
		for room := range len(p.append) + 12 {
			const before = "before"
			dst := append(make([]byte, 0, len(before)+room), before...)
			got, err := put(dst, p.write)
			if err != nil || string(got) != before+string(p.append) {
				t.Fatalf("%s with %d bytes of room: %x, %v, want %x", p.name, room, got, err, p.append)
			}
			if fits := room >= len(p.append); fits != (&got[0] == &dst[0]) {
				t.Errorf("%s with %d bytes of room for %d is written elsewhere: %t", p.name, room, len(p.append), fits)
			}
		}
	}
}

// Strings are those that the standard library calls UTF-8, wherever in a string the bytes stand that decide it.
func TestWriterUTF8(t *testing.T) {
	parts := []string{"a", "bc", "é", "ж", "€", "한", "ก", "😀", "\x80", "\xc3", "\xc0\x80", "\xc1", "\xed\xa0\x80", "\xe0\x80\x80", "\xf4\x90\x80\x80", "\xff"}
	r := rand.New(rand.NewPCG(3, 4))
	good := 0
	for range 200_000 {
		var text strings.Builder
		valid := 8 // most strings are made of valid parts alone
		if r.IntN(3) == 0 {
			valid = len(parts)
		}
		for range r.IntN(14) {
			text.WriteString(parts[r.IntN(valid)])
		}
		v := text.String()
		b, err := put(nil, func(w *codec.Writer, i int) int { return w.PutString(i, v) })
		if utf8.ValidString(v) {
			good++
			if err != nil || !bytes.Equal(b, codec.AppendBytes(nil, []byte(v))) {
				t.Fatalf("%q is %x, %v", v, b, err)
			}
		} else if !errors.Is(err, codec.ErrUTF8) || b != nil {
			t.Fatalf("%q is %x, %v", v, b, err)
		}
		if _, err := codec.AppendString(nil, v); (err == nil) != utf8.ValidString(v) {
			t.Fatalf("%q: %v", v, err)
		}
	}
	if good < 100_000 || good > 190_000 {
		t.Errorf("%d strings are UTF-8", good)
	}
}

// The first failure counts, and nothing is written elsewhere after it.
func TestWriterFails(t *testing.T) {
	dst := []byte("before")
	b, err := put(dst, func(w *codec.Writer, i int) int {
		i = w.PutEnum(i, -1, 3)
		i = w.PutString(i, "\xff")
		return w.PutLong(i, 1)
	})
	if string(b) != "before" || !errors.Is(err, codec.ErrSymbol) || errors.Is(err, codec.ErrUTF8) {
		t.Errorf("%q, %v", b, err)
	}
	var e *codec.Error
	if !errors.As(err, &e) || e.Offset != -1 || e.Path != "" {
		t.Errorf("%#v", err)
	}
	levels := 0
	if _, err = put(nil, func(w *codec.Writer, i int) int {
		for levels = 0; w.Enter(i); levels++ {
		}
		w.Leave()
		if w.Enter(i) {
			t.Error("a record is to be written after a failure")
		}
		return i
	}); !errors.Is(err, codec.ErrDepth) || levels != codec.MaxDepth {
		t.Errorf("%d levels, %v", levels, err)
	}
}

// The bytes before a value that cannot be written lead to its path.
func TestWriterPaths(t *testing.T) {
	const circle = `{"type":"record","name":"A","fields":[{"name":"none","type":"null"},{"name":"b","type":{"type":"record","name":"B","fields":[
		{"name":"a","type":["null","A"]},{"name":"color","type":{"type":"enum","name":"C","symbols":["X"]}}]}}]}`
	text := func(field string) string { return `{"type":"record","name":"R","fields":[` + field + `]}` }
	noSymbol := func(w *codec.Writer, i int) int { return w.PutEnum(i, 5, 1) }
	for _, c := range []struct {
		name, schema string
		write        func(w *codec.Writer, i int) int
		want         string
	}{
		{"root", `{"type":"enum","name":"C","symbols":["X"]}`, noSymbol, "(root)"},
		{"nil record", circle, func(w *codec.Writer, i int) int { return w.Nil(i) }, "b"},
		{"nil record within", circle, func(w *codec.Writer, i int) int { return w.Nil(w.PutBranch(i, 1)) }, "b.a.b"},
		{"behind a record", circle, func(w *codec.Writer, i int) int { return noSymbol(w, w.PutBranch(i, 0)) }, "b.color"},
		{"behind values of every size", text(`{"name":"a","type":"boolean"},{"name":"b","type":"int"},{"name":"c","type":"float"},
			{"name":"d","type":"double"},{"name":"e","type":"bytes"},{"name":"f","type":{"type":"fixed","name":"F","size":3}},
			{"name":"g","type":{"type":"array","items":"null"}},{"name":"h","type":{"type":"array","items":"long"}},
			{"name":"i","type":{"type":"map","values":"string"}},{"name":"j","type":["int","string"]}`),
			func(w *codec.Writer, i int) int {
				i = w.PutDouble(w.PutFloat(w.PutInt(w.PutBool(i, true), 1000), 1), 1)
				i = w.PutFixed(w.PutBytes(i, []byte("bytes")), []byte("fix"))
				i = w.PutEnd(w.PutLong(w.PutLong(w.PutCount(w.PutEmptyItems(i, 1_000_000), 2), 1), 2))
				i = w.PutEnd(w.PutString(w.PutString(w.PutCount(i, 1), "key"), "value"))
				return w.PutString(w.PutBranch(i, 1), "\xff")
			}, "j"},
		{"item", text(`{"name":"a","type":{"type":"array","items":{"type":"array","items":"string"}}}`), func(w *codec.Writer, i int) int {
			i = w.PutEnd(w.PutCount(w.PutCount(i, 2), 0))
			return w.PutString(w.PutString(w.PutCount(i, 2), "good"), "\xff")
		}, "a[1][1]"},
		{"key", text(`{"name":"a","type":{"type":"map","values":"int"}}`), func(w *codec.Writer, i int) int {
			return w.PutInt(w.PutString(w.PutInt(w.PutString(w.PutCount(i, 2), "good"), 1), "\xff"), 2)
		}, `a["\xff"]`},
		{"entry", text(`{"name":"a","type":{"type":"map","values":"string"}}`), func(w *codec.Writer, i int) int {
			return w.PutString(w.PutString(w.PutCount(i, 1), "good"), "\xff")
		}, `a["good"]`},
		{"union of nothing", text(`{"name":"a","type":[]}`), func(w *codec.Writer, i int) int { return w.Unset(i) }, "a"},
	} {
		parsed, err := avsc.Parse("", []byte(c.schema))
		if err != nil {
			t.Fatal(err)
		}
		for _, room := range []int{0, 200} {
			const before = "before"
			w := codec.NewWriter(append(make([]byte, 0, len(before)+room), before...))
			i := c.write(&w, len(before))
			for w.Short(i) {
				i = c.write(&w, len(before))
			}
			b, err := w.Done([]byte(before), i, codec.SchemaOf(parsed))
			if want := "avro: " + c.want + ": "; string(b) != before || err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: %v, want %s", c.name, err, want)
			}
		}
	}
}
