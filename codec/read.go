package codec

import (
	"math"
	"math/bits"
	"strings"
)

// The Read functions read one value each from text, a message as a string, and return it with the index after it.
//
// An index below zero is a failure, one of the codes below, and goes through every further call unchanged: generated
// code reads field after field and looks at the index where it must, before it trusts a count and at the end. No
// error is built on this path; [DecodeError] finds path and offset in a second, cold one.

// Why reading failed, as indexes.
const (
	FailTruncated = -1 - iota
	FailVarint
	FailIntRange
	FailBoolean
	FailLength
	FailCount
	FailBlockSize
	FailBranch
	FailSymbol
	FailUTF8
	FailDepth
	FailLogical
)

var failures = [...]error{
	ErrTruncated, ErrVarint, ErrIntRange, ErrBoolean, ErrLength, ErrCount, ErrBlockSize, ErrBranch, ErrSymbol, ErrUTF8,
	ErrDepth, ErrLogical,
}

// State is what the functions that read one message share. The zero State is ready: strings are parts of text.
type State struct {
	depth     int
	zeroItems int
	copy      bool // strings and bytes are copied singly
	alias     bool // bytes are parts of text, which is the caller's slice
}

// Enter counts a record of a recursive type that begins, and reports whether they nest within MaxDepth.
func (s *State) Enter() bool {
	s.depth++
	return s.depth <= MaxDepth
}

// Leave takes back what Enter counted.
func (s *State) Leave() { s.depth-- }

// ReadBool reads a boolean.
func ReadBool(text string, i int) (bool, int) {
	if uint(i) >= uint(len(text)) {
		return false, truncated(i)
	}
	if text[i] > 1 {
		return false, FailBoolean
	}
	return text[i] == 1, i + 1
}

// truncated is the failure of a read at i for which text is too short: that which came before, if there is one.
func truncated(i int) int {
	if i < 0 {
		return i
	}
	return FailTruncated
}

// ReadLong reads a long.
func ReadLong(text string, i int) (int64, int) {
	if uint(i) < uint(len(text)) {
		if c := text[i]; c < 0x80 {
			return int64(c>>1) ^ -int64(c&1), i + 1
		}
	}
	return readLong(text, i)
}

// readLong reads a long of more than one byte.
func readLong(text string, i int) (int64, int) {
	if i < 0 {
		return 0, i
	}
	if len(text)-i < 8 {
		return readLongBytes(text, i)
	}
	u := eight(text[i:])
	last := ^u & highBits
	if last == 0 {
		return readLongBytes(text, i)
	}
	u = gatherSevens(u & (last&-last - 1) &^ highBits)
	return int64(u>>1) ^ -int64(u&1), i + bits.TrailingZeros64(last)/8 + 1
}

// readLongBytes reads a long byte by byte.
func readLongBytes(text string, i int) (int64, int) {
	var u uint64
	for shift := 0; i < len(text); shift += 7 {
		c := text[i]
		i++
		if shift == 63 && c > 1 {
			return 0, FailVarint
		}
		u |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return int64(u>>1) ^ -int64(u&1), i
		}
	}
	return 0, FailTruncated
}

// ReadInt reads an int.
func ReadInt(text string, i int) (int32, int) {
	if uint(i) < uint(len(text)) {
		if c := text[i]; c < 0x80 {
			return int32(c>>1) ^ -int32(c&1), i + 1
		}
	}
	return readInt(text, i)
}

func readInt(text string, i int) (int32, int) {
	v, i := readLong(text, i)
	if v != int64(int32(v)) {
		return 0, FailIntRange
	}
	return int32(v), i
}

// ReadFloat reads a float.
func ReadFloat(text string, i int) (float32, int) {
	if i < 0 || len(text)-i < 4 {
		return 0, truncated(i)
	}
	t := text[i : i+4]
	return math.Float32frombits(uint32(t[0]) | uint32(t[1])<<8 | uint32(t[2])<<16 | uint32(t[3])<<24), i + 4
}

// ReadDouble reads a double.
func ReadDouble(text string, i int) (float64, int) {
	if i < 0 || len(text)-i < 8 {
		return 0, truncated(i)
	}
	return math.Float64frombits(eight(text[i:])), i + 8
}

// eight returns the first 8 bytes of t, the first one least significant. The compiler makes one load of it.
func eight(t string) uint64 {
	_ = t[7]
	return uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
		uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
}

// readSpan reads a length and returns where that many bytes begin and end; both are the failure's code otherwise.
func readSpan(text string, i int) (from, to int) {
	if uint(i) < uint(len(text)) {
		if c := text[i]; c&0x81 == 0 && int(c>>1) < len(text)-i {
			return i + 1, i + 1 + int(c>>1)
		}
	}
	return readLongSpan(text, i)
}

func readLongSpan(text string, i int) (from, to int) {
	n, i := ReadLong(text, i)
	switch {
	case i < 0:
		return i, i
	case n < 0:
		return FailLength, FailLength
	case n > int64(len(text)-i):
		return FailTruncated, FailTruncated
	}
	return i, i + int(n)
}

// ReadString reads a string. What events mostly hold, less than 64 bytes of ASCII, is looked at eight bytes at a time.
func ReadString(text string, i int, s *State) (string, int) {
	if uint(i) < uint(len(text)) {
		c := text[i]
		to := i + 1 + int(c>>1)
		switch {
		case c&0x81 != 0 || to > len(text) || s.copy:
		case c >= 8<<1:
			t := text[i+1 : to]
			or := eight(t) | eight(t[len(t)-8:])
			for k := 8; k < len(t)-8; k += 8 {
				or |= eight(t[k:])
			}
			if or&highBits == 0 || validRunes(t) {
				return t, to
			}
			return "", FailUTF8
		case i+9 <= len(text):
			if eight(text[i+1:])<<(64-4*c)&highBits == 0 { // 4*c are the bits of c/2 bytes
				return text[i+1 : to], to
			}
		}
	}
	return readString(text, i, s)
}

func readString(text string, i int, s *State) (string, int) {
	from, to := readSpan(text, i)
	if to < 0 {
		return "", to
	}
	t := text[from:to]
	if !validUTF8(t) {
		return "", FailUTF8
	}
	if s.copy {
		t = strings.Clone(t)
	}
	return t, to
}

// ReadBytes reads bytes. They are never nil.
func ReadBytes(text string, i int, s *State) ([]byte, int) {
	from, to := readSpan(text, i)
	if to < 0 {
		return nil, to
	}
	if s.alias {
		return viewBytes(text[from:to]), to
	}
	return []byte(text[from:to]), to
}

// ReadFixed fills to.
func ReadFixed(text string, i int, to []byte) int {
	if i < 0 || len(text)-i < len(to) {
		return truncated(i)
	}
	return i + copy(to, text[i:])
}

// ReadEnum reads an enum that has n symbols.
func ReadEnum[E ~int32](text string, i, n int) (E, int) {
	k, i := readIndex(text, i, n, FailSymbol)
	return E(k), i
}

// ReadBranch reads which of a union's n branches follows. Where reading fails it is none: -1.
func ReadBranch(text string, i, n int) (int, int) {
	if uint(i) < uint(len(text)) {
		if c := int(text[i]); c&1 == 0 && c < 2*n && c < 0x80 {
			return c >> 1, i + 1
		}
	}
	k, i := readIndex(text, i, n, FailBranch)
	if i < 0 {
		return -1, i
	}
	return k, i
}

// readIndex reads an index below n; an index beyond that is the failure given.
func readIndex(text string, i, n, fail int) (int, int) {
	k, i := ReadLong(text, i)
	if i < 0 {
		return 0, i
	}
	if uint64(k) >= uint64(n) {
		return 0, fail
	}
	return int(k), i
}
