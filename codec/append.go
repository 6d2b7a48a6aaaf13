package codec

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"

	"github.com/google/uuid"
)

// The Append functions write one value each in Avro's binary encoding and return the longer slice. Those that
// return an error return b as they got it with the error, a sentinel of this package or a wrapped one; generated
// code adds the path with [At].

// AppendBool appends a boolean.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// AppendInt appends an int.
func AppendInt(b []byte, v int32) []byte { return AppendLong(b, int64(v)) }

// AppendLong appends a long: zigzag, seven bits a byte, least significant first.
func AppendLong(b []byte, v int64) []byte {
	u := uint64(v)<<1 ^ uint64(v>>63)
	if u < 0x80 {
		return append(b, byte(u))
	}
	return appendUvarint(b, u)
}

func appendUvarint(b []byte, u uint64) []byte {
	switch {
	case u < 1<<7:
		return append(b, byte(u))
	case u < 1<<14:
		return append(b, byte(u)|0x80, byte(u>>7))
	case u < 1<<21:
		return append(b, byte(u)|0x80, byte(u>>7)|0x80, byte(u>>14))
	case u < 1<<28:
		return append(b, byte(u)|0x80, byte(u>>7)|0x80, byte(u>>14)|0x80, byte(u>>21))
	case u < 1<<35:
		return append(b, byte(u)|0x80, byte(u>>7)|0x80, byte(u>>14)|0x80, byte(u>>21)|0x80, byte(u>>28))
	}
	b = append(b, byte(u)|0x80, byte(u>>7)|0x80, byte(u>>14)|0x80, byte(u>>21)|0x80, byte(u>>28)|0x80)
	return appendUvarint(b, u>>35)
}

// AppendFloat appends a float.
func AppendFloat(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

// AppendDouble appends a double.
func AppendDouble(b []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
}

// AppendBytes appends bytes: their length, then they themselves.
func AppendBytes(b, v []byte) []byte { return append(AppendLong(b, int64(len(v))), v...) }

// AppendString appends a string. The error is ErrUTF8.
func AppendString(b []byte, v string) ([]byte, error) {
	if !validUTF8(v) {
		return b, ErrUTF8
	}
	if len(v) < 64 {
		return append(append(b, byte(len(v)<<1)), v...), nil
	}
	return append(AppendLong(b, int64(len(v))), v...), nil
}

// AppendEnum appends an enum that has n symbols. The error is ErrSymbol.
func AppendEnum[E ~int32](b []byte, v E, n int) ([]byte, error) {
	if uint(v) >= uint(n) {
		return b, noSymbol(int(v), n)
	}
	return AppendLong(b, int64(v)), nil
}

func noSymbol(v, n int) error { return fmt.Errorf("%w: number %d, of %d", ErrSymbol, v, n) }

// UnknownSymbol is the error of an enum's text that is none of its symbols.
func UnknownSymbol(enum, symbol string) error {
	return fmt.Errorf("%w of %s: %s", ErrSymbol, enum, strconv.Quote(abridge(symbol)))
}

// AppendUUID appends a uuid that annotates a string: 36 characters.
func AppendUUID(b []byte, v uuid.UUID) []byte {
	const hex = "0123456789abcdef"
	b = append(b, "\x48________-____-____-____-____________"...)
	to := b[len(b)-36:]
	for i, at := range [...]byte{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34} {
		to[at], to[at+1] = hex[v[i]>>4], hex[v[i]&15]
	}
	return b
}

// AppendBlock appends the count before the items of an array or the entries of a map, nothing where there are
// none. After the last one a zero byte follows in any case.
func AppendBlock(b []byte, n int) []byte {
	if n == 0 {
		return b
	}
	return AppendLong(b, int64(n))
}

// SortedKeys returns the keys of a map in their order, for code that is generated to give equal bytes for equal maps.
func SortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// SizeLong returns how many bytes AppendLong appends; for an int it is the same.
func SizeLong(v int64) int {
	u := uint64(v)<<1 ^ uint64(v>>63)
	return (bits.Len64(u|1) + 6) / 7
}

// SizeBytes returns how many bytes AppendBytes and AppendString append.
func SizeBytes[T ~[]byte | ~string](v T) int { return SizeLong(int64(len(v))) + len(v) }

// SizeBlocks returns how many bytes surround n items of an array or entries of a map.
func SizeBlocks(n int) int {
	if n == 0 {
		return 1
	}
	return SizeLong(int64(n)) + 1
}
