package codec_test

import (
	"testing"

	"github.com/avow-events/avow/codec"
)

// items counts what the blocks at the beginning of text announce, as generated code reads them, for items that take one
// byte each.
func items(text string, min int) (n, next int) {
	i := 0
	for left, end := 0, 0; ; {
		if left, i, end = codec.ReadBlock(text, i, left, end, min); left == 0 {
			return n, i
		}
		take := 1 + left/2 // as Grow may
		n, i, left = n+take, i+take, left-take
	}
}

func TestBlocks(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		min     int
		n, next int
	}{
		"none":                     {"\x00", 1, 0, 1},
		"one block":                {"\x06abc\x00", 1, 3, 5},
		"two blocks":               {"\x04ab\x02c\x00", 1, 3, 6},
		"with its size":            {"\x05\x06abc\x00", 1, 3, 6},
		"with and without":         {"\x03\x04ab\x02c\x00", 1, 3, 7},
		"size too small":           {"\x05\x04abc\x00", 1, 0, codec.FailCount},
		"size too large":           {"\x05\x08abc\x00", 1, 3, codec.FailBlockSize},
		"size beyond the message":  {"\x05\x28abc\x00", 1, 0, codec.FailBlockSize},
		"negative size":            {"\x05\x05abc\x00", 1, 0, codec.FailBlockSize},
		"more than can follow":     {"\x0aabc\x00", 1, 0, codec.FailCount},
		"more than larger could":   {"\x06abc\x00", 2, 0, codec.FailCount},
		"the smallest int64":       {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02a\x00", 1, 0, codec.FailCount},
		"2^62":                     {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01a\x00", 1, 0, codec.FailCount},
		"without an end":           {"\x04ab", 1, 2, codec.FailTruncated},
		"nothing":                  {"", 1, 0, codec.FailTruncated},
		"items without a value":    {"\x02a\x00", 1 << 30, 0, codec.FailCount},
		"no item without a value":  {"\x00", 1 << 30, 0, 1},
		"size without what it has": {"\x05", 1, 0, codec.FailTruncated},
	} {
		if n, next := items(c.text, c.min); n != c.n || next != c.next {
			t.Errorf("%s: %d items, then %d; want %d, %d", name, n, next, c.n, c.next)
		}
	}
}

// Room for items is made as they come, not as they are announced.
func TestGrow(t *testing.T) {
	var list [][1000]byte
	for left, rounds := 1_000_000, 0; left > 0 && len(list) < 5000; rounds++ {
		before := len(list)
		var from int
		list, from, left = codec.Grow(list, left)
		if from != before || len(list) == before {
			t.Fatalf("%d items grew to %d, from %d", before, len(list), from)
		}
		if cap(list)*1000 > max(64<<10, 5*before*1000) {
			t.Fatalf("room for %d after %d", cap(list), before)
		}
		if rounds > 20 {
			t.Fatal("too many rounds")
		}
	}
	short, from, left := codec.Grow([]int32{1, 2}, 3)
	if len(short) != 5 || cap(short) != 5 || from != 2 || left != 0 || short[1] != 2 {
		t.Error(short, from, left)
	}
	if m := codec.MakeMap[string](nil, 1<<40); m == nil {
		t.Error("no map")
	}
	empties, _, left := codec.Grow([]struct{}(nil), 1000)
	if len(empties) != 1000 || left != 0 {
		t.Error(len(empties), left)
	}
}

func TestEmptyItems(t *testing.T) {
	var s codec.State
	if list, i := codec.ReadEmptyItems[codec.Null]("\x06\x03\x00\x00", 0, &s); len(list) != 5 || i != 4 {
		t.Error(len(list), i)
	}
	most := string(codec.AppendLong(nil, codec.MaxZeroSizeItems-5)) + "\x00"
	if list, i := codec.ReadEmptyItems[codec.Null](most, 0, &s); len(list) != codec.MaxZeroSizeItems-5 || i != len(most) {
		t.Error(len(list), i)
	}
	if _, i := codec.ReadEmptyItems[codec.Null]("\x02\x00", 0, &s); i != codec.FailCount {
		t.Error("one more than a message may hold:", i)
	}
	if _, i := codec.ReadEmptyItems[codec.Null]("\x01\x02\x00\x00", 0, new(codec.State)); i != codec.FailBlockSize {
		t.Error("a block of nothing that has a size:", i)
	}
}
