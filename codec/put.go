package codec

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// The small functions of this file are inlined, the others call nothing where they can: a call takes as long as to
// write most values. Comparisons such as i < end look needless, but are what the compiler needs to see that an index is
// none below zero, so that it does not check it again.

// PutBool writes a boolean.
func (w *Writer) PutBool(i int, v bool) int {
	if uint(i) < uint(len(w.buf)) {
		w.buf[i] = 0
		if v {
			w.buf[i] = 1
		}
	}
	return i + 1
}

// PutInt writes an int.
func (w *Writer) PutInt(i int, v int32) int { return w.PutLong(i, int64(v)) }

// PutLong writes a long.
func (w *Writer) PutLong(i int, v int64) int { return w.putUvarint(i, uint64(v)<<1^uint64(v>>63)) }

func (w *Writer) putUvarint(i int, u uint64) int {
	b := w.buf
	if uint(i) < uint(len(b)) {
		if u < 1<<7 {
			b[i] = byte(u)
			return i + 1
		}
		if end := i + 8; u < 1<<56 && uint(i) < uint(end) && uint(end) <= uint(len(b)) {
			// All at once, because a loop or a switch would be mispredicted where lengths vary.
			spread := spreadSevens(u)
			last := uint(bits.Len64(spread)-1) &^ 7
			binary.LittleEndian.PutUint64(b[i:end], spread|highBits&(1<<(last&63)-1))
			return i + int(last/8) + 1
		}
	}
	for ; u >= 1<<7; u >>= 7 {
		if uint(i) < uint(len(b)) {
			b[i] = byte(u) | 0x80
		}
		i++
	}
	if uint(i) < uint(len(b)) {
		b[i] = byte(u)
	}
	return i + 1
}

// PutFloat writes a float.
func (w *Writer) PutFloat(i int, v float32) int {
	end := i + 4
	if uint(i) < uint(end) && uint(end) <= uint(len(w.buf)) {
		binary.LittleEndian.PutUint32(w.buf[i:end], math.Float32bits(v))
	}
	return end
}

// PutDouble writes a double.
func (w *Writer) PutDouble(i int, v float64) int {
	end := i + 8
	if uint(i) < uint(end) && uint(end) <= uint(len(w.buf)) {
		binary.LittleEndian.PutUint64(w.buf[i:end], math.Float64bits(v))
	}
	return end
}

// PutBytes writes bytes: their length, then they themselves.
func (w *Writer) PutBytes(i int, v []byte) int {
	return w.PutFixed(w.putUvarint(i, uint64(len(v))<<1), v)
}

// PutFixed writes the bytes of a fixed.
func (w *Writer) PutFixed(i int, v []byte) int {
	end := i + len(v)
	if end <= len(w.buf) {
		copy(w.buf[i:end], v)
	}
	return end
}

// PutString writes a string. The failure is ErrUTF8. What events mostly hold, up to 63 bytes of ASCII, is checked and
// copied here in one go.
func (w *Writer) PutString(i int, v string) int {
	b, n := w.buf, len(v)
	end := i + 1 + n
	if n >= 64 || uint(i) >= uint(end) {
		return w.putLongString(i, v)
	}
	if uint(end) > uint(len(b)) {
		return end
	}
	b[i] = byte(n << 1)
	switch {
	case n >= 8:
		first, last := eight(v), eight(v[n-8:])
		binary.LittleEndian.PutUint64(b[i+1:i+9], first)
		binary.LittleEndian.PutUint64(b[end-8:end], last)
		or := first | last
		if n > 16 {
			for k := 8; k < n-8; k += 8 {
				next := eight(v[k:])
				binary.LittleEndian.PutUint64(b[i+1+k:i+9+k], next)
				or |= next
			}
		}
		if or&highBits == 0 {
			return end
		}
	case n >= 4:
		first, last := four(v), four(v[n-4:])
		binary.LittleEndian.PutUint32(b[i+1:i+5], first)
		binary.LittleEndian.PutUint32(b[end-4:end], last)
		if (first|last)&0x80808080 == 0 {
			return end
		}
	default:
		var or byte
		for k := range n {
			b[i+1+k] = v[k]
			or |= v[k]
		}
		if or < 0x80 {
			return end
		}
	}
	return w.checkString(i, v)
}

// checkString returns the index behind a string at index i, up to 63 bytes of which not all are ASCII. The loop is that
// of validRunes: one more call would add a fifth.
func (w *Writer) checkString(i int, v string) int {
	if n := len(v); n >= 8 {
		var odd, first uint64
		for k := 0; k < n-8; k += 8 {
			odd, first = pairs(eight(v[k:]), odd, first)
		}
		odd, first = pairs(eight(v[n-8:])>>(-n*8&63), odd, first)
		if odd|first>>56 == 0 {
			return i + 1 + n
		}
	}
	if validSequences(v) {
		return i + 1 + len(v)
	}
	return w.badString(i, v)
}

// putLongString is PutString for 64 bytes or more.
func (w *Writer) putLongString(i int, v string) int {
	at := i
	i = w.putUvarint(i, uint64(len(v))<<1)
	end := i + len(v)
	if end <= len(w.buf) {
		if !validUTF8(v) {
			return w.badString(at, v)
		}
		copy(w.buf[i:end], v)
	}
	return end
}

func (w *Writer) badString(i int, v string) int {
	if w.err == nil {
		w.key = v
	}
	return w.fail(i, ErrUTF8)
}

// PutEnum writes an enum that has n symbols. The failure is ErrSymbol.
func (w *Writer) PutEnum(i int, v int32, n int) int {
	switch {
	case uint(v) >= uint(n):
		return w.fail(i, noSymbol(int(v), n))
	case v < 64 && uint(i) < uint(len(w.buf)):
		w.buf[i] = byte(v << 1)
		return i + 1
	}
	return w.putUvarint(i, uint64(v)<<1)
}

// PutBranch writes which branch of a union follows, one of the first 64.
func (w *Writer) PutBranch(i, branch int) int {
	if uint(i) < uint(len(w.buf)) {
		w.buf[i] = byte(branch << 1)
	}
	return i + 1
}

// PutCount writes how many items of an array or entries of a map follow. PutEnd comes behind them in any case.
func (w *Writer) PutCount(i, n int) int {
	if n == 0 {
		return i
	}
	return w.putUvarint(i, uint64(n)<<1)
}

// PutEnd writes the end of an array or a map.
func (w *Writer) PutEnd(i int) int {
	if uint(i) < uint(len(w.buf)) {
		w.buf[i] = 0
	}
	return i + 1
}

// PutEmptyItems writes an array of n items that take no bytes.
func (w *Writer) PutEmptyItems(i, n int) int { return w.PutEnd(w.PutCount(i, n)) }
