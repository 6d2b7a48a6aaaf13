package codec_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/avow-events/avow/codec"
)

// numbers are those at which the length of an encoding changes, and the ends.
func numbers() (all []int64) {
	for shift := range 64 {
		n := int64(1) << shift
		all = append(all, n-1, n, n+1, -n, -n-1, -n+1)
	}
	return append(all, 0, math.MaxInt64, math.MinInt64, math.MaxInt32, math.MinInt32)
}

// What a long looks like does not depend on the room that the buffer has: there are several ways to write it.
func TestLong(t *testing.T) {
	for _, n := range numbers() {
		want := binary.AppendVarint(nil, n)
		for room := range 12 {
			got := codec.AppendLong(make([]byte, 0, room), n)
			if !bytes.Equal(got, want) {
				t.Fatalf("%d with room for %d is %x, want %x", n, room, got, want)
			}
		}
		if size := codec.SizeLong(n); size != len(want) {
			t.Errorf("%d has size %d, want %d", n, size, len(want))
		}
		for _, after := range []string{"", "\xff", strings.Repeat("\x80", 10)} {
			got, i := codec.ReadLong(string(want)+after, 0)
			if got != n || i != len(want) {
				t.Fatalf("%x then %x reads as %d, %d", want, after, got, i)
			}
		}
		v, i := codec.ReadInt(string(want), 0)
		if fits := n == int64(int32(n)); fits && (int64(v) != n || i != len(want)) || !fits && i != codec.FailIntRange {
			t.Errorf("%d reads as int %d, %d", n, v, i)
		}
		for cut := range want {
			if _, i := codec.ReadLong(string(want[:cut]), 0); i != codec.FailTruncated {
				t.Errorf("%x cut at %d: %d", want, cut, i)
			}
		}
	}
}

func FuzzReadLong(f *testing.F) {
	for _, seed := range []string{"", "\x80", "\x80\x00", strings.Repeat("\xff", 9) + "\x01", strings.Repeat("\xff", 9) + "\x02", strings.Repeat("\x80", 10)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		got, i := codec.ReadLong(string(src), 0)
		want, n := binary.Varint(src)
		switch {
		case n > 0 && (got != want || i != n):
			t.Errorf("%x reads as %d, %d, want %d, %d", src, got, i, want, n)
		case n == 0 && len(src) < 10 && i != codec.FailTruncated:
			t.Errorf("%x reads with %d", src, i)
		case n < 0 && i != codec.FailVarint:
			t.Errorf("%x reads with %d", src, i)
		}
	})
}

func texts() []string {
	var all []string
	for n := range 200 {
		all = append(all, strings.Repeat("x", n))
		if n > 1 {
			all = append(all, strings.Repeat("x", n-2)+"é", "é"+strings.Repeat("x", n-2), strings.Repeat("x", n/2)+"☃"+strings.Repeat("y", n/3))
		}
	}
	return all
}

// Strings of all lengths, with what is not ASCII at their ends and in the middle, into buffers of any room, out of texts
// that end with them and that go on.
func TestString(t *testing.T) {
	for _, v := range texts() {
		want := append(binary.AppendVarint(nil, int64(len(v))), v...)
		for _, room := range []int{0, 1, len(v), len(want), len(want) + 1, len(want) + 20} {
			got, err := codec.AppendString(make([]byte, 0, room), v)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%q with room for %d is %x, %v", v, room, got, err)
			}
		}
		if size := codec.SizeBytes(v); size != len(want) {
			t.Errorf("%q has size %d, want %d", v, size, len(want))
		}
		for _, after := range []string{"", "\xff\xff\xff\xff\xff\xff\xff\xff\xff"} {
			got, i := codec.ReadString(string(want)+after, 0, new(codec.State))
			if got != v || i != len(want) {
				t.Fatalf("%x then %x reads as %q, %d", want, after, got, i)
			}
		}
		for cut := range want {
			if _, i := codec.ReadString(string(want[:cut]), 0, new(codec.State)); i != codec.FailTruncated {
				t.Errorf("%x cut at %d: %d", want, cut, i)
			}
		}
		for at := range v { // a byte that no UTF-8 has, anywhere
			bad := v[:at] + "\xff" + v[at+1:]
			if b, err := codec.AppendString([]byte("before"), bad); !errors.Is(err, codec.ErrUTF8) || string(b) != "before" {
				t.Fatalf("%q is appended: %q, %v", bad, b, err)
			}
			if _, i := codec.ReadString(string(codec.AppendBytes(nil, []byte(bad))), 0, new(codec.State)); i != codec.FailUTF8 {
				t.Fatalf("%q is read: %d", bad, i)
			}
		}
	}
}

// Every sequence of up to four bytes, in front of and behind some others, is UTF-8 where the standard library says so.
func TestUTF8(t *testing.T) {
	bytes := []byte{0, 'a', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff}
	try := func(v string) {
		if _, err := codec.AppendString(make([]byte, 0, 64), v); (err == nil) != utf8.ValidString(v) {
			t.Fatalf("%q: %v", v, err)
		}
		if _, i := codec.ReadString(string(codec.AppendBytes(nil, []byte(v)))+"12345678", 0, new(codec.State)); (i > 0) != utf8.ValidString(v) {
			t.Fatalf("%q: %d", v, i)
		}
	}
	for _, a := range bytes {
		for _, b := range bytes {
			for _, c := range bytes {
				for _, d := range bytes {
					for _, around := range [][2]string{{"", ""}, {"1234567", ""}, {"123", "é456789"}, {"é", "12"}} {
						try(around[0] + string([]byte{a, b, c, d}) + around[1])
					}
				}
			}
		}
	}
}

func FuzzString(f *testing.F) {
	for _, v := range []string{"", "short", "somewhat longer", "Zoë Müller", "\xc3\x28 not UTF-8", "\xed\xa0\x80 surrogate", "\xf4\x90\x80\x80", strings.Repeat("☃", 30)} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		b, err := codec.AppendString(nil, v)
		if (err == nil) != utf8.ValidString(v) {
			t.Fatalf("%q: %v", v, err)
		}
		put, putErr := put(nil, func(w *codec.Writer, i int) int { return w.PutString(i, v) })
		if string(put) != string(b) || (putErr == nil) != (err == nil) {
			t.Fatalf("%q is put as %x, %v", v, put, putErr)
		}
		raw := string(codec.AppendBytes(nil, []byte(v)))
		got, i := codec.ReadString(raw, 0, new(codec.State))
		if err == nil && (string(b) != raw || got != v || i != len(raw)) || err != nil && i != codec.FailUTF8 {
			t.Fatalf("%q reads as %q, %d", v, got, i)
		}
	})
}

func TestUUID(t *testing.T) {
	for range 1000 {
		id := uuid.New()
		want := "\x48" + id.String()
		for _, b := range [][]byte{nil, make([]byte, 0, 37), []byte("x")} {
			if got := codec.AppendUUID(b, id); string(got) != string(b)+want {
				t.Fatalf("%s is %q", id, got)
			}
		}
		for _, text := range []string{want, "\x48" + strings.ToUpper(id.String())} {
			var got uuid.UUID
			if i := codec.ReadUUID(text, 0, &got); i != 37 || got != id {
				t.Fatalf("%q reads as %s, %d", text, got, i)
			}
		}
	}
	good := "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	for at := range good {
		for c := range 256 {
			text := good[:at] + string([]byte{byte(c)}) + good[at+1:]
			var got uuid.UUID
			i := codec.ReadUUID("\x48"+text, 0, &got)
			if want, err := uuid.Parse(text); err == nil && (i != 37 || got != want) || err != nil && (i != codec.FailLogical || got != uuid.UUID{}) {
				t.Fatalf("%q reads as %s, %d", text, got, i)
			}
		}
	}
	for _, text := range []string{"", "3f2504e04f8941d39a0c0305e82c3301", "{" + good + "}", "urn:uuid:" + good, good + " "} {
		if i := codec.ReadUUID(string(codec.AppendBytes(nil, []byte(text))), 0, new(uuid.UUID)); i != codec.FailLogical {
			t.Errorf("%q: %d", text, i)
		}
	}
}

func TestFloats(t *testing.T) {
	for _, v := range []float64{0, math.Copysign(0, -1), 1.5, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(-1), math.NaN()} {
		b := codec.AppendDouble(nil, v)
		if got, i := codec.ReadDouble(string(b), 0); math.Float64bits(got) != math.Float64bits(v) || i != 8 {
			t.Errorf("%v reads as %v, %d", v, got, i)
		}
		f := float32(v)
		b = codec.AppendFloat(nil, f)
		if got, i := codec.ReadFloat(string(b), 0); math.Float32bits(got) != math.Float32bits(f) || i != 4 {
			t.Errorf("%v reads as %v, %d", f, got, i)
		}
		if _, i := codec.ReadFloat(string(b[:3]), 0); i != codec.FailTruncated {
			t.Error(i)
		}
		if _, i := codec.ReadDouble("1234567", 0); i != codec.FailTruncated {
			t.Error(i)
		}
	}
}

// A failure goes through every read unchanged.
func TestFailuresStick(t *testing.T) {
	var s codec.State
	var id uuid.UUID
	const text, fail = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", codec.FailSymbol
	reads := map[string]func() int{
		"bool":       func() int { _, i := codec.ReadBool(text, fail); return i },
		"int":        func() int { _, i := codec.ReadInt(text, fail); return i },
		"long":       func() int { _, i := codec.ReadLong(text, fail); return i },
		"float":      func() int { _, i := codec.ReadFloat(text, fail); return i },
		"double":     func() int { _, i := codec.ReadDouble(text, fail); return i },
		"bytes":      func() int { _, i := codec.ReadBytes(text, fail, &s); return i },
		"string":     func() int { _, i := codec.ReadString(text, fail, &s); return i },
		"fixed":      func() int { return codec.ReadFixed(text, fail, make([]byte, 2)) },
		"fixed of 0": func() int { return codec.ReadFixed(text, fail, nil) },
		"enum":       func() int { _, i := codec.ReadEnum[int32](text, fail, 3); return i },
		"branch":     func() int { _, i := codec.ReadBranch(text, fail, 3); return i },
		"block":      func() int { _, i, _ := codec.ReadBlock(text, fail, 0, 0, 1); return i },
		"rest":       func() int { _, i, _ := codec.ReadBlock(text, fail, 5, 0, 1); return i },
		"empties":    func() int { _, i := codec.ReadEmptyItems[codec.Null](text, fail, &s); return i },
		"uuid":       func() int { return codec.ReadUUID(text, fail, &id) },
		"uuid fixed": func() int { return codec.ReadUUIDFixed(text, fail, &id) },
		"decimal":    func() int { _, i := codec.ReadDecimal(text, fail, 9, 2); return i },
		"decimal fixed": func() int {
			_, i := codec.ReadDecimalFixed(text, fail, 4, 9, 2)
			return i
		},
		"date":     func() int { _, i := codec.ReadDate(text, fail); return i },
		"time":     func() int { _, i := codec.ReadTimeMillis(text, fail); return i },
		"micros":   func() int { _, i := codec.ReadTimeMicros(text, fail); return i },
		"instant":  func() int { _, i := codec.ReadTimestampNanos(text, fail); return i },
		"duration": func() int { _, i := codec.ReadDuration(text, fail); return i },
	}
	for name, read := range reads {
		if i := read(); i != fail {
			t.Errorf("%s makes %d of %d", name, i, fail)
		}
	}
}

func TestIndexes(t *testing.T) {
	for _, c := range []struct {
		text           string
		n, want, after int
	}{
		{"\x00", 1, 0, 1},
		{"\x02", 2, 1, 1},
		{"\x04", 2, -1, codec.FailBranch},
		{"\x01", 2, -1, codec.FailBranch},
		{"\x00", 0, -1, codec.FailBranch},
		{"\x80\x01", 100, 64, 2},
		{"\x80\x01", 64, -1, codec.FailBranch},
		{"\x80", 100, -1, codec.FailTruncated},
		{"", 100, -1, codec.FailTruncated},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 100, -1, codec.FailBranch},
	} {
		if k, i := codec.ReadBranch(c.text, 0, c.n); k != c.want || i != c.after {
			t.Errorf("branch %x of %d reads as %d, %d", c.text, c.n, k, i)
		}
	}
	type color int32
	if v, i := codec.ReadEnum[color]("\x04", 0, 3); v != 2 || i != 1 {
		t.Error(v, i)
	}
	if _, i := codec.ReadEnum[color]("\x06", 0, 3); i != codec.FailSymbol {
		t.Error(i)
	}
	for _, v := range []color{-1, 3} {
		if b, err := put([]byte("x"), func(w *codec.Writer, i int) int { return w.PutEnum(i, int32(v), 3) }); !errors.Is(err, codec.ErrSymbol) || string(b) != "x" {
			t.Errorf("%d is written: %q, %v", v, b, err)
		}
	}
	if v, i := codec.ReadBool("\x02", 0); v || i != codec.FailBoolean {
		t.Error(v, i)
	}
}
