package codec

import (
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number: an unscaled integer and how many of its digits stand behind the point. Up to 18
// digits it is two machine words and costs no allocation; beyond that a big.Int carries it. It is immutable, its zero
// value is 0, and numbers are compared with [Decimal.Cmp]: 1.5 and 1.50 are equal numbers and different values of Go.
type Decimal struct {
	small int64
	big   *big.Int // nil where the unscaled value fits an int64; never changed once it is here
	scale int32
}

// MaxDecimalScale is the largest scale, and the largest exponent in a decimal's text, that is accepted: it keeps a few
// bytes of text from becoming megabytes of digits.
const MaxDecimalScale = 10_000

// NewDecimal returns unscaled / 10^scale: NewDecimal(1999, 2) is 19.99. It panics for a scale below 0 or above
// MaxDecimalScale, which is a mistake in the program.
func NewDecimal(unscaled int64, scale int) Decimal {
	checkScale(scale)
	return Decimal{small: unscaled, scale: int32(scale)}
}

// NewBigDecimal returns unscaled / 10^scale under the same conditions as NewDecimal. It keeps no reference to unscaled.
func NewBigDecimal(unscaled *big.Int, scale int) Decimal {
	checkScale(scale)
	if unscaled.IsInt64() {
		return Decimal{small: unscaled.Int64(), scale: int32(scale)}
	}
	return Decimal{big: new(big.Int).Set(unscaled), scale: int32(scale)}
}

func checkScale(scale int) {
	if scale < 0 || scale > MaxDecimalScale {
		panic("codec: scale " + strconv.Itoa(scale) + " of a Decimal is not between 0 and " + strconv.Itoa(MaxDecimalScale))
	}
}

// fromBig is NewBigDecimal for an integer that the caller gives up.
func fromBig(unscaled *big.Int, scale int32) Decimal {
	if unscaled.IsInt64() {
		return Decimal{small: unscaled.Int64(), scale: scale}
	}
	return Decimal{big: unscaled, scale: scale}
}

// ParseDecimal reads a decimal such as -12.50 or 1e3. The scale is the number of digits behind the point, so that
// 12.50 keeps its two.
func ParseDecimal(text string) (Decimal, error) {
	bad := func(why string) (Decimal, error) {
		return Decimal{}, fmt.Errorf("%w: %s %s", ErrLogical, strconv.Quote(abridge(text)), why)
	}
	mantissa, exponent := text, 0
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		var err error
		if exponent, err = strconv.Atoi(text[at+1:]); err != nil || exponent > MaxDecimalScale || exponent < -MaxDecimalScale {
			return bad("has an exponent that is none or too large")
		}
		mantissa = text[:at]
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") || strings.HasPrefix(mantissa, "+") {
		sign, mantissa = mantissa[:1], mantissa[1:]
	}
	whole, fraction, hasPoint := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if whole == "" || hasPoint && fraction == "" || strings.Trim(digits, "0123456789") != "" {
		return bad("is no decimal number")
	}
	digits = sign + digits
	scale := len(fraction) - exponent
	if scale > MaxDecimalScale {
		return bad("has too many digits behind the point")
	}
	if small, err := strconv.ParseInt(digits, 10, 64); err == nil && scale >= 0 {
		return Decimal{small: small, scale: int32(scale)}, nil
	}
	unscaled, _ := new(big.Int).SetString(digits, 10)
	if scale < 0 {
		unscaled.Mul(unscaled, pow10(-scale))
		scale = 0
	}
	return fromBig(unscaled, int32(scale)), nil
}

// MustParseDecimal is ParseDecimal for constants: it panics where text is no decimal.
func MustParseDecimal(text string) Decimal {
	d, err := ParseDecimal(text)
	if err != nil {
		panic(err)
	}
	return d
}

// abridge shortens what an error quotes.
func abridge(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return text
}

// DecimalFromRat returns r with so many digits behind the point. The error, ErrLogical, says that r has more: nothing is rounded.
func DecimalFromRat(r *big.Rat, scale int) (Decimal, error) {
	checkScale(scale)
	unscaled, rest := new(big.Int).QuoRem(new(big.Int).Mul(r.Num(), pow10(scale)), r.Denom(), new(big.Int))
	if rest.Sign() != 0 {
		return Decimal{}, fmt.Errorf("%w: %s has more than %d digits behind the point", ErrLogical, abridge(r.RatString()), scale)
	}
	return fromBig(unscaled, int32(scale)), nil
}

// Rat returns d as a fraction.
func (d Decimal) Rat() *big.Rat { return new(big.Rat).SetFrac(d.Unscaled(), pow10(int(d.scale))) }

// Unscaled returns the number without its point: 1999 for 19.99. The caller may change it.
func (d Decimal) Unscaled() *big.Int {
	if d.big != nil {
		return new(big.Int).Set(d.big)
	}
	return big.NewInt(d.small)
}

// Scale returns how many digits stand behind the point.
func (d Decimal) Scale() int { return int(d.scale) }

// Sign returns -1, 0 or +1.
func (d Decimal) Sign() int {
	switch {
	case d.big != nil:
		return d.big.Sign()
	case d.small < 0:
		return -1
	case d.small > 0:
		return 1
	}
	return 0
}

// Cmp compares the numbers d and e: -1 where d is less, 0 where they are equal whatever their scales, +1 otherwise.
func (d Decimal) Cmp(e Decimal) int {
	if d.scale == e.scale && d.big == nil && e.big == nil {
		switch {
		case d.small < e.small:
			return -1
		case d.small > e.small:
			return 1
		}
		return 0
	}
	scale := max(d.scale, e.scale)
	return d.unscaledAt(scale).Cmp(e.unscaledAt(scale))
}

// Equal reports whether d and e are the same number, whatever their scales.
func (d Decimal) Equal(e Decimal) bool { return d.Cmp(e) == 0 }

// Neg returns -d.
func (d Decimal) Neg() Decimal { return fromBig(new(big.Int).Neg(d.Unscaled()), d.scale) }

// Add returns d + e at the larger scale of the two.
func (d Decimal) Add(e Decimal) Decimal {
	if d.scale == e.scale && d.big == nil && e.big == nil {
		if sum := d.small + e.small; (sum > d.small) == (e.small > 0) {
			return Decimal{small: sum, scale: d.scale}
		}
	}
	scale := max(d.scale, e.scale)
	a, b := d.unscaledAt(scale), e.unscaledAt(scale)
	return fromBig(new(big.Int).Add(a, b), scale)
}

// Sub returns d - e at the larger scale of the two.
func (d Decimal) Sub(e Decimal) Decimal { return d.Add(e.Neg()) }

// Mul returns d * e; its scale is the sum of the two.
func (d Decimal) Mul(e Decimal) Decimal {
	hi, lo := bits.Mul64(magnitude(d.small), magnitude(e.small))
	if d.big == nil && e.big == nil && hi == 0 && lo < 1<<63 {
		return Decimal{small: d.small * e.small, scale: d.scale + e.scale}
	}
	return fromBig(new(big.Int).Mul(d.Unscaled(), e.Unscaled()), d.scale+e.scale)
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// unscaledAt returns the unscaled value at a scale that is at least d's. The caller may not change it.
func (d Decimal) unscaledAt(scale int32) *big.Int {
	v := d.big
	if v == nil {
		v = big.NewInt(d.small)
	}
	if scale == d.scale {
		return v
	}
	return new(big.Int).Mul(v, pow10(int(scale-d.scale)))
}

// Rescale returns the same number with so many digits behind the point. The error, ErrLogical, says that d has more: nothing is rounded.
func (d Decimal) Rescale(scale int) (Decimal, error) {
	checkScale(scale)
	switch to := int32(scale); {
	case to == d.scale:
		return d, nil
	case to > d.scale:
		if d.big == nil {
			if by := to - d.scale; by < int32(len(powers)) {
				if hi, lo := bits.Mul64(magnitude(d.small), uint64(powers[by])); hi == 0 && lo < 1<<63 {
					return Decimal{small: d.small * powers[by], scale: to}, nil
				}
			}
		}
		return fromBig(d.unscaledAt(to), to), nil
	}
	unscaled, rest := new(big.Int).QuoRem(d.Unscaled(), pow10(int(d.scale)-scale), new(big.Int))
	if rest.Sign() != 0 {
		return Decimal{}, fmt.Errorf("%w: %s has more than %d digits behind the point", ErrLogical, abridge(d.String()), scale)
	}
	return fromBig(unscaled, int32(scale)), nil
}

// String returns the number in plain digits, without an exponent and with as many digits behind the point as its scale.
func (d Decimal) String() string {
	b, _ := d.AppendText(nil)
	return string(b)
}

// AppendText appends what String returns.
func (d Decimal) AppendText(b []byte) ([]byte, error) {
	from := len(b)
	if d.big != nil {
		b = d.big.Append(b, 10)
	} else {
		b = strconv.AppendInt(b, d.small, 10)
	}
	if d.scale == 0 {
		return b, nil
	}
	if b[from] == '-' {
		from++
	}
	if missing := int(d.scale) + 1 - (len(b) - from); missing > 0 { // a digit must stand before the point
		b = append(b, make([]byte, missing)...)
		copy(b[from+missing:], b[from:])
		for i := range missing {
			b[from+i] = '0'
		}
	}
	point := len(b) - int(d.scale)
	b = append(b, 0)
	copy(b[point+1:], b[point:])
	b[point] = '.'
	return b, nil
}

// MarshalText returns what String returns; in JSON a decimal is a string of it.
func (d Decimal) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads what ParseDecimal reads.
func (d *Decimal) UnmarshalText(text []byte) error {
	v, err := ParseDecimal(string(text))
	*d = v
	return err
}

// UnmarshalJSON reads a string or a number, whose digits count as they are written.
func (d *Decimal) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	if len(text) > 1 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	return d.UnmarshalText(text)
}

// powers holds the powers of ten that fit an int64.
var powers = [...]int64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
}

func pow10(n int) *big.Int {
	if n < len(powers) {
		return big.NewInt(powers[n])
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
