package codec

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
)

// AppendDecimal appends a decimal that annotates bytes: length and the unscaled value at the schema's scale, as short
// as two's complement allows, most significant byte first. The error is ErrLogical where d has more digits behind the
// point than scale or more digits than precision.
func AppendDecimal(b []byte, d Decimal, precision, scale int) ([]byte, error) {
	d, err := d.fit(precision, scale)
	if err != nil {
		return b, err
	}
	n := d.sizeUnscaled()
	return d.appendUnscaled(AppendLong(b, int64(n)), n), nil
}

// AppendDecimalFixed appends a decimal that annotates a fixed of that size, under the conditions of AppendDecimal.
func AppendDecimalFixed(b []byte, d Decimal, size, precision, scale int) ([]byte, error) {
	d, err := d.fit(precision, scale)
	if err != nil {
		return b, err
	}
	if d.sizeUnscaled() > size {
		return b, fmt.Errorf("%w: %s needs more than %d bytes", ErrLogical, abridge(d.String()), size)
	}
	return d.appendUnscaled(b, size), nil
}

// PutDecimal writes what AppendDecimal appends. A decimal that has the schema's scale and up to 18 digits, as most do,
// takes one store.
func (w *Writer) PutDecimal(i int, d *Decimal, precision, scale int) int {
	if d.big == nil && int(d.scale) == scale && d.fits(precision) {
		b, end := w.buf, i+9
		n := uint(sizeInt(d.small))
		after := i + 1 + int(n)
		if uint(i) < uint(end) && uint(end) <= uint(len(b)) {
			b[i] = byte(n << 1)
			binary.BigEndian.PutUint64(b[i+1:end], uint64(d.small)<<((64-8*n)&63))
			return after
		}
		if after > len(b) {
			return after
		}
	}
	return w.putDecimal(i, *d, precision, scale)
}

func (w *Writer) putDecimal(i int, d Decimal, precision, scale int) int {
	b, err := AppendDecimal(w.room(i), d, precision, scale)
	return w.appended(i, b, err)
}

// PutDecimalFixed writes what AppendDecimalFixed appends.
func (w *Writer) PutDecimalFixed(i int, d *Decimal, size, precision, scale int) int {
	b, err := AppendDecimalFixed(w.room(i), *d, size, precision, scale)
	return w.appended(i, b, err)
}

// fit returns d at the scale, if it has no more digits than precision then.
func (d Decimal) fit(precision, scale int) (Decimal, error) {
	fitted, err := d.Rescale(scale)
	if err != nil {
		return Decimal{}, err
	}
	if !fitted.within(precision) {
		return Decimal{}, fmt.Errorf("%w: %s has more than %d digits at scale %d", ErrLogical, abridge(d.String()), precision, scale)
	}
	return fitted, nil
}

// fits is within for a number without a big.Int.
func (d Decimal) fits(precision int) bool {
	return uint(precision) >= uint(len(powers)) || magnitude(d.small) < uint64(powers[precision])
}

// within reports whether d has no more digits than precision.
func (d Decimal) within(precision int) bool {
	if d.big == nil {
		return d.fits(precision)
	}
	// 10^p has at least 3.32p bits: most numbers are decided by their length.
	switch digits := d.big.BitLen(); {
	case precision < len(powers):
		return false
	case digits <= precision*33/10:
		return true
	case digits > precision*34/10+1:
		return false
	}
	return d.big.CmpAbs(pow10(precision)) < 0
}

// sizeInt returns the bytes of v as short two's complement.
func sizeInt(v int64) int { return bits.Len64(uint64(v^v>>63))/8 + 1 }

// sizeUnscaled returns the bytes of the unscaled value as short two's complement.
func (d Decimal) sizeUnscaled() int {
	switch {
	case d.big == nil:
		return sizeInt(d.small)
	case d.big.Sign() < 0: // -2^k needs no more bits than 2^k - 1
		return new(big.Int).Not(d.big).BitLen()/8 + 1
	}
	return d.big.BitLen()/8 + 1
}

// appendUnscaled appends the unscaled value in n bytes, which are enough.
func (d Decimal) appendUnscaled(b []byte, n int) []byte {
	from := len(b)
	b = slices.Grow(b, n)[:from+n]
	to := b[from:]
	if d.big == nil {
		for k, v := n-1, d.small; k >= 0; k, v = k-1, v>>8 {
			to[k] = byte(v)
		}
		return b
	}
	if d.big.Sign() >= 0 {
		d.big.FillBytes(to)
		return b
	}
	new(big.Int).Not(d.big).FillBytes(to)
	for k := range to {
		to[k] = ^to[k]
	}
	return b
}

// ReadDecimal reads a decimal that annotates bytes.
func ReadDecimal(text string, i, precision, scale int) (Decimal, int) {
	from, to := readSpan(text, i)
	if to < 0 {
		return Decimal{}, to
	}
	if n := to - from; n > 0 && n <= 8 && from+8 <= len(text) {
		d := Decimal{small: int64(bits.ReverseBytes64(eight(text[from:]))) >> (64 - 8*n), scale: int32(scale)}
		if !d.fits(precision) {
			return Decimal{}, FailLogical
		}
		return d, to
	}
	d, ok := readUnscaled(text[from:to], precision, scale)
	if !ok {
		return Decimal{}, FailLogical
	}
	return d, to
}

// ReadDecimalFixed reads a decimal that annotates a fixed of that size.
func ReadDecimalFixed(text string, i, size, precision, scale int) (Decimal, int) {
	if i < 0 || len(text)-i < size {
		return Decimal{}, truncated(i)
	}
	d, ok := readUnscaled(text[i:i+size], precision, scale)
	if !ok {
		return Decimal{}, FailLogical
	}
	return d, i + size
}

// readUnscaled reads a two's complement, which must not be empty or have more digits than precision.
func readUnscaled(t string, precision, scale int) (Decimal, bool) {
	if t == "" {
		return Decimal{}, false
	}
	sign := byte(int8(t[0]) >> 7)
	for len(t) > 8 && t[0] == sign && (t[1]^sign) < 0x80 { // a fixed is padded with its sign
		t = t[1:]
	}
	if len(t) <= 8 {
		v := int64(int8(t[0]))
		for k := 1; k < len(t); k++ {
			v = v<<8 | int64(t[k])
		}
		d := Decimal{small: v, scale: int32(scale)}
		return d, d.within(precision)
	}
	if len(t) > precision*5/12+2 { // 10^12 fits five bytes
		return Decimal{}, false
	}
	raw := []byte(t)
	for k := range raw {
		raw[k] ^= sign
	}
	v := new(big.Int).SetBytes(raw)
	if sign != 0 {
		v.Not(v)
	}
	d := fromBig(v, int32(scale))
	return d, d.within(precision)
}

// SizeDecimal returns how many bytes AppendDecimal appends.
func SizeDecimal(d Decimal, scale int) int {
	if int(d.scale) != scale {
		fitted, err := d.Rescale(scale)
		if err != nil {
			return 0
		}
		d = fitted
	}
	n := d.sizeUnscaled()
	return SizeLong(int64(n)) + n
}
