package avsc

import (
	"math"
	"strconv"
	"strings"
)

// appendNumber appends a JSON number as Java prints it: a whole number as it is, any other as the nearest double.
func appendNumber(out []byte, text string) []byte {
	if !strings.ContainsAny(text, ".eEIN") {
		if strings.TrimLeft(text, "-0") == "" {
			return append(out, '0') // Java's integers have no negative zero
		}
		return append(out, text...)
	}
	d, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(d, 0) || math.IsInf(d, 0) || math.IsNaN(d) {
		return appendString(out, nonFinite(d))
	}
	return append(out, javaDouble(d)...)
}

// nonFinite returns Java's word for a value that JSON has no number for.
func nonFinite(d float64) string {
	switch {
	case math.IsInf(d, 1):
		return "Infinity"
	case math.IsInf(d, -1):
		return "-Infinity"
	}
	return "NaN"
}

// javaDouble returns what Java's Double.toString (19 and later) prints: the shortest digits that name the value, with
// a fraction always, and an exponent outside 10^-3 to 10^7.
func javaDouble(d float64) string { return javaFloating(d, 64) }

func javaFloating(d float64, bits int) string {
	if d == 0 || math.Abs(d) >= 1e-3 && math.Abs(d) < 1e7 {
		s := strconv.FormatFloat(d, 'f', -1, bits)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	s := strconv.FormatFloat(d, 'e', -1, bits)
	mantissa, exp, _ := strings.Cut(s, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	sign := ""
	if exp[0] == '-' {
		sign = "-"
	}
	return mantissa + "E" + sign + strings.TrimLeft(exp, "+-0")
}

// parseJavaDouble reads what Java's Double.parseDouble accepts; the message is what Java says of what it does not.
func parseJavaDouble(text string) (d float64, message string) {
	s := strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
	if s == "" {
		return 0, "empty String"
	}
	refused := `For input string: "` + text + `"`
	unsigned := strings.TrimLeft(s, "+-")
	if len(s)-len(unsigned) > 1 {
		return 0, refused
	}
	switch unsigned {
	case "NaN":
		return math.NaN(), ""
	case "Infinity":
		if s[0] == '-' {
			return math.Inf(-1), ""
		}
		return math.Inf(1), ""
	}
	s = strings.TrimRight(s, "fFdD")
	if len(unsigned)-len(strings.TrimLeft(s, "+-")) > 1 || strings.Trim(s, "+-0123456789.eExXpPaAbBcCdDfF") != "" {
		return 0, refused
	}
	if c := s[len(s)-1:]; strings.ContainsAny(unsigned, "iInN_") || c == "x" {
		return 0, refused
	}
	d, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(d, 0) {
		return 0, refused
	}
	return d, ""
}
