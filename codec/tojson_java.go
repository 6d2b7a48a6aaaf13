package codec

import (
	"bytes"
	"math"
	"strconv"
)

// appendJavaFloat appends a finite number as Double.toString or Float.toString of Java writes it (JDK 19 and newer,
// which write the shortest digits; older ones sometimes one more).
func appendJavaFloat(b []byte, v float64, bits int) []byte {
	if a := math.Abs(v); a == 0 || a >= 1e-3 && a < 1e7 {
		from := len(b)
		b = strconv.AppendFloat(b, v, 'f', -1, bits)
		for _, c := range b[from:] {
			if c == '.' {
				return b
			}
		}
		return append(b, ".0"...)
	}
	var buf [32]byte
	text := strconv.AppendFloat(buf[:0], v, 'e', -1, bits)
	e := bytes.IndexByte(text, 'e')
	if mantissa := text[:e]; bytes.IndexByte(mantissa, '.') < 0 {
		// Java writes two digits at least, and then the two that are nearest.
		text = strconv.AppendFloat(buf[:0], v, 'e', 1, bits)
		e = bytes.IndexByte(text, 'e')
	}
	b = append(append(b, text[:e]...), 'E')
	exponent, _ := strconv.Atoi(string(text[e+1:]))
	return strconv.AppendInt(b, int64(exponent), 10)
}
