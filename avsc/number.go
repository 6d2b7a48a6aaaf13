package avsc

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// appendNumber appends a JSON number as Java prints it: a whole number as it is, any other as the nearest double.
func appendNumber(out []byte, text string) []byte {
	d, isDouble := doubleOf(text)
	switch {
	case !isDouble && strings.TrimLeft(text, "-0") == "":
		return append(out, '0') // Java's integers have no negative zero
	case !isDouble:
		return append(out, text...)
	case math.IsInf(d, 0) || math.IsNaN(d):
		return appendString(out, javaDouble(d))
	}
	return append(out, javaDouble(d)...)
}

// doubleOf returns the value of a number with a fraction or an exponent, or of one that JSON has no number for.
func doubleOf(text string) (d float64, isDouble bool) {
	if !strings.ContainsAny(text, ".eEIN") {
		return 0, false
	}
	d, _ = strconv.ParseFloat(text, 64) // out of range is infinite, as in Java
	return d, true
}

// javaDouble returns what Java's Double.toString (19 and later) prints: the shortest digits that name the value, with
// a fraction always, and an exponent outside 10^-3 to 10^7; NaN and Infinity for what JSON has no number for.
func javaDouble(d float64) string { return javaFloating(d, 64) }

// javaFloat is the same for Float.toString.
func javaFloat(d float64) string { return javaFloating(float64(float32(d)), 32) }

func javaFloating(d float64, bits int) string {
	switch {
	case math.IsNaN(d):
		return "NaN"
	case math.IsInf(d, 1):
		return "Infinity"
	case math.IsInf(d, -1):
		return "-Infinity"
	}
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

// javaDoubleSyntax is the grammar of Java's Double.valueOf, without the spaces around.
var javaDoubleSyntax = regexp.MustCompile(`^[+-]?(NaN|Infinity|` +
	`([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?|` +
	`0[xX]([0-9a-fA-F]+\.?|[0-9a-fA-F]*\.[0-9a-fA-F]+)[pP][+-]?[0-9]+[fFdD]?)$`)

// parseJavaDouble reads what Java's Double.parseDouble accepts; the message is what Java says of what it does not.
func parseJavaDouble(text string) (d float64, message string) {
	s := strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
	switch {
	case s == "":
		return 0, "empty String"
	case !javaDoubleSyntax.MatchString(s):
		return 0, `For input string: "` + s + `"`
	}
	if !strings.HasSuffix(s, "y") { // Infinity
		s = strings.TrimRight(s, "fFdD")
	}
	d, _ = strconv.ParseFloat(s, 64) // out of range is infinite, as in Java
	return d, ""
}
