package codec

import (
	"slices"

	"github.com/google/uuid"
)

// AppendUUID appends a uuid that annotates a string: 36 characters, in lower case.
func AppendUUID(b []byte, v uuid.UUID) []byte {
	w := NewWriter(slices.Grow(b, 37))
	return w.buf[:w.PutUUID(len(b), &v)]
}

// PutUUID writes a uuid that annotates a string: 36 characters, in lower case. A loop would look up where each byte goes,
// and take twice as long.
func (w *Writer) PutUUID(i int, v *uuid.UUID) int {
	end := i + 37
	if uint(i) > uint(end) || uint(end) > uint(len(w.buf)) {
		return end
	}
	to := (*[37]byte)(w.buf[i:end])
	to[0], to[9], to[14], to[19], to[24] = 36<<1, '-', '-', '-', '-'
	putHex(to, 1, v[0])
	putHex(to, 3, v[1])
	putHex(to, 5, v[2])
	putHex(to, 7, v[3])
	putHex(to, 10, v[4])
	putHex(to, 12, v[5])
	putHex(to, 15, v[6])
	putHex(to, 17, v[7])
	putHex(to, 20, v[8])
	putHex(to, 22, v[9])
	putHex(to, 25, v[10])
	putHex(to, 27, v[11])
	putHex(to, 29, v[12])
	putHex(to, 31, v[13])
	putHex(to, 33, v[14])
	putHex(to, 35, v[15])
	return end
}

func putHex(to *[37]byte, at int, v byte) {
	digits := hexDigits[v]
	to[at], to[at+1] = byte(digits), byte(digits>>8)
}

// ReadUUID reads a uuid that annotates a string: 36 characters, hexadecimal digits of either case. It writes to v,
// because an array that is returned is copied through memory, which takes as long as reading it.
func ReadUUID(text string, i int, v *uuid.UUID) int {
	from, to := readSpan(text, i)
	if to < 0 {
		return to
	}
	t := text[from:to]
	if len(t) != 36 || t[8] != '-' || t[13] != '-' || t[18] != '-' || t[23] != '-' {
		return FailLogical
	}
	odd := getHex(t, 0, &v[0]) | getHex(t, 2, &v[1]) | getHex(t, 4, &v[2]) | getHex(t, 6, &v[3]) |
		getHex(t, 9, &v[4]) | getHex(t, 11, &v[5]) |
		getHex(t, 14, &v[6]) | getHex(t, 16, &v[7]) |
		getHex(t, 19, &v[8]) | getHex(t, 21, &v[9]) |
		getHex(t, 24, &v[10]) | getHex(t, 26, &v[11]) | getHex(t, 28, &v[12]) |
		getHex(t, 30, &v[13]) | getHex(t, 32, &v[14]) | getHex(t, 34, &v[15])
	if odd >= noDigit {
		*v = uuid.UUID{}
		return FailLogical
	}
	return to
}

// getHex sets v to the byte whose two digits stand at an index, and returns more than a byte where they are none.
func getHex(t string, at int, v *byte) uint16 {
	digits := highDigits[t[at]] | lowDigits[t[at+1]]
	*v = byte(digits)
	return digits
}

// ReadUUIDFixed reads a uuid that annotates a fixed: 16 bytes.
func ReadUUIDFixed(text string, i int, v *uuid.UUID) int { return ReadFixed(text, i, v[:]) }

// noDigit is what the tables of digits hold for all other characters.
const noDigit = 1 << 8

// hexDigits holds the two digits of each byte, the first in the lower half; highDigits and lowDigits what each character
// is worth as the first and the second digit.
var hexDigits, highDigits, lowDigits = func() (digits, high, low [256]uint16) {
	for c := range 256 {
		high[c], low[c] = noDigit, noDigit
	}
	for v, c := range "0123456789abcdef" {
		high[c], low[c] = uint16(v)<<4, uint16(v)
	}
	for v, c := range "ABCDEF" {
		high[c], low[c] = uint16(10+v)<<4, uint16(10+v)
	}
	for v := range 256 {
		digits[v] = uint16("0123456789abcdef"[v>>4]) | uint16("0123456789abcdef"[v&15])<<8
	}
	return digits, high, low
}()
