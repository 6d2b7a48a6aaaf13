package codec

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// The Append functions write one value each in Avro's binary encoding and return the longer slice. Those that
// return an error return b as they got it with the error, a sentinel of this package or a wrapped one. Generated code
// writes with a [Writer] instead.

// AppendBool appends a boolean.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// AppendInt appends an int.
func AppendInt(b []byte, v int32) []byte { return AppendLong(b, int64(v)) }

// AppendLong appends a long: zigzag, seven bits a byte, least significant first, as encoding/binary's varints are.
func AppendLong(b []byte, v int64) []byte { return binary.AppendVarint(b, v) }

// spreadSevens puts each seven bits of u, of which there are at most 56, in a byte of its own.
func spreadSevens(u uint64) uint64 {
	u = u&0x000000000fffffff | u&0x00fffffff0000000<<4
	u = u&0x00003fff00003fff | u&0x0fffc0000fffc000<<2
	return u&0x007f007f007f007f | u&0x3f803f803f803f80<<1
}

// gatherSevens is the inverse of spreadSevens, for bytes whose highest bits are not set.
func gatherSevens(u uint64) uint64 {
	u = u&0x007f007f007f007f | u&0x7f007f007f007f00>>1
	u = u&0x00003fff00003fff | u&0x3fff00003fff0000>>2
	return u&0x000000000fffffff | u&0x0fffffff00000000>>4
}

// highBits are the highest bits of eight bytes: no ASCII character has one, all but the last byte of a number do.
const highBits = 0x8080808080808080

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
	return append(AppendLong(b, int64(len(v))), v...), nil
}

func noSymbol(v, n int) error { return fmt.Errorf("%w: number %d, of %d", ErrSymbol, v, n) }

// UnknownSymbol is the error of an enum's text that is none of its symbols.
func UnknownSymbol(enum, symbol string) error {
	return fmt.Errorf("%w of %s: %s", ErrSymbol, enum, strconv.Quote(abridge(symbol)))
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
func SizeLong(v int64) int { return sizeUvarint(uint64(v)<<1 ^ uint64(v>>63)) }

func sizeUvarint(u uint64) int { return (9*bits.Len64(u) + 64) / 64 }

// SizeBytes returns how many bytes AppendBytes and AppendString append.
func SizeBytes[T ~[]byte | ~string](v T) int { return SizeLong(int64(len(v))) + len(v) }

// SizeBlocks returns how many bytes surround n items of an array or entries of a map.
func SizeBlocks(n int) int {
	if n == 0 {
		return 1
	}
	return SizeLong(int64(n)) + 1
}
