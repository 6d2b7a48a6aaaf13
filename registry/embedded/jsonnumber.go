package embedded

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func (t *tokens) word(word string, kind tokenKind) error {
	for i := range word {
		if t.pos+i >= len(t.src) || t.src[t.pos+i] != word[i] {
			return t.unrecognized(word[:i], t.pos+i)
		}
	}
	start := t.pos
	t.pos += len(word)
	if t.pos < len(t.src) && t.src[t.pos] >= '0' && t.src[t.pos] != ']' && t.src[t.pos] != '}' {
		if r, _, err := t.decode(t.pos); err == nil && isIdentifierPart(r) {
			return t.unrecognized(word, t.pos)
		}
	}
	t.kind, t.text = kind, t.src[start:t.pos]
	return nil
}

func (t *tokens) plus() error {
	if infinity := t.infinity(); infinity != "" {
		return t.word(infinity, floatToken)
	}
	if rest := string(t.src[t.pos+1:]); rest == "" || rest == "I" {
		return t.ends(" in a Number value")
	}
	return t.fail("Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow numbers to have " +
		"plus signs: enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow")
}

// unrecognized reports the word at pos, of which some was read and the rest stands at next.
func (t *tokens) unrecognized(word string, next int) error {
	for next < len(t.src) {
		r, size, err := t.decode(next)
		if err != nil {
			return err
		}
		if !isIdentifierPart(r) {
			break
		}
		word += string(r)
		next += size
		if utf8.RuneCountInString(word) >= 256 {
			word += "..."
			break
		}
	}
	return t.fail("Unrecognized token '%s': was expecting %s", word, validValues)
}

func isIdentifierPart(r rune) bool {
	ignorable := r <= 8 || r >= 0xe && r <= 0x1b || r >= 0x7f && r <= 0x9f
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Sc, r) || ignorable
}

func (t *tokens) number() error {
	start := t.pos
	digits := func() int {
		from := t.pos
		for t.pos < len(t.src) && t.src[t.pos] >= '0' && t.src[t.pos] <= '9' {
			t.pos++
		}
		return t.pos - from
	}
	before := t.previous()
	inNumber := func(comment string) error {
		if t.pos == len(t.src) {
			return t.ends(" in %s", before)
		}
		return t.fail("Unexpected character (%s) in numeric value: %s", t.char(), comment)
	}
	t.kind = intToken
	if infinity := t.infinity(); infinity != "" {
		return t.word(infinity, floatToken)
	}
	if t.src[t.pos] == '-' {
		t.pos++
		if t.pos < len(t.src) && t.src[t.pos] == 'I' {
			if t.pos++; t.pos == len(t.src) {
				return t.ends(" in a Number value")
			}
		}
		if t.pos == len(t.src) || t.src[t.pos] < '0' || t.src[t.pos] > '9' || t.src[t.pos-1] == 'I' {
			return inNumber("expected digit (0-9) to follow minus sign, for valid numeric value")
		}
	}
	if t.src[t.pos] == '0' {
		t.pos++
		if t.pos < len(t.src) && t.src[t.pos] >= '0' && t.src[t.pos] <= '9' {
			return t.fail("Invalid numeric value: Leading zeroes not allowed")
		}
	} else {
		digits()
	}
	if t.pos < len(t.src) && t.src[t.pos] == '.' {
		t.kind = floatToken
		t.pos++
		if digits() == 0 {
			if t.pos == len(t.src) {
				t.pos-- // the point itself is shown
			}
			return inNumber("Decimal point not followed by a digit")
		}
	}
	if t.pos < len(t.src) && t.src[t.pos]|0x20 == 'e' {
		t.kind = floatToken
		t.pos++
		if t.pos < len(t.src) && (t.src[t.pos] == '+' || t.src[t.pos] == '-') {
			t.pos++
		}
		if digits() == 0 {
			return inNumber("Exponent indicator not followed by a digit")
		}
	}
	t.text = t.src[start:t.pos]
	if len(t.open) == 0 && t.pos < len(t.src) && !isSpace(t.src[t.pos]) {
		return t.unexpected("Expected space separating root-level values")
	}
	return nil
}

// infinity returns how the signed number at pos says that it is infinite, empty where it does not. What begins like
// that is taken to mean it.
func (t *tokens) infinity() string {
	rest := t.src[t.pos:]
	if len(rest) < 3 || rest[1] != 'I' || rest[0] != '-' && rest[0] != '+' {
		return ""
	}
	switch rest[2] {
	case 'N':
		return string(rest[0]) + "INF"
	case 'n':
		return string(rest[0]) + "Infinity"
	}
	return ""
}

// int32Value returns the current number as Java's int: what stands behind the point is cut off.
func (t *tokens) int32Value() (int, bool) {
	if t.kind == intToken {
		n, err := strconv.ParseInt(string(t.text), 10, 32)
		return int(n), err == nil
	}
	f := t.float()
	if math.IsNaN(f) {
		return 0, true
	}
	return int(f), f >= math.MinInt32 && f <= math.MaxInt32
}

func (t *tokens) float() float64 {
	switch text := string(t.text); text {
	case "NaN":
		return math.NaN()
	case "-INF", "-Infinity":
		return math.Inf(-1)
	case "+INF", "INF", "+Infinity", "Infinity":
		return math.Inf(1)
	default:
		f, _ := strconv.ParseFloat(text, 64)
		return f
	}
}

// javaInteger is how Java prints the current whole number.
func (t *tokens) javaInteger() string {
	if string(t.text) == "-0" {
		return "0"
	}
	return string(t.text)
}

// javaDouble is Java's Double.toString of the current number.
func (t *tokens) javaDouble() string {
	f := t.float()
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0 || math.Abs(f) >= 1e-3 && math.Abs(f) < 1e7:
		s := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	n, _ := strconv.Atoi(exponent)
	return mantissa + "E" + strconv.Itoa(n)
}
