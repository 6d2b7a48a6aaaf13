package avsc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

func (j *jackson) value() bool {
	switch c := j.peek(); c {
	case '"':
		return j.quoted("string value", ": was expecting closing quote for a string value")
	case '{', '[':
		j.open = append(j.open, bracket{at: j.at})
		j.at++
		if len(j.open) > maxDepth {
			j.said = fmt.Sprintf("%sDocument nesting depth (%d) exceeds the maximum allowed (%d, from `StreamReadConstraints.getMaxNestingDepth()`)",
				jsonLimitException, len(j.open), maxDepth)
			return false
		}
		return true
	case 't':
		return j.word("true")
	case 'f':
		return j.word("false")
	case 'n':
		return j.word("null")
	case 'N':
		return j.nonNumber(j.at, "NaN")
	case 'I':
		return j.nonNumber(j.at, "Infinity")
	case '+':
		return j.signed()
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return j.number()
	default:
		if isIdentifierStart(c) {
			return j.invalidToken(j.at)
		}
		if c == '}' && j.inside() == '[' {
			return j.unexpected(j.at, "expected a value")
		}
		return j.unexpected(j.at, "expected a valid value "+anyValue)
	}
}

// quoted reads a string or name.
func (j *jackson) quoted(what, atEnd string) bool {
	start := j.at + 1
	for j.at++; ; j.at++ {
		switch c := j.peek(); {
		case c == eof:
			return j.ends(atEnd)
		case c == '"':
			if n := j.at - start; what == "name" && n > maxName {
				j.said = fmt.Sprintf("%sName length (%d) exceeds the maximum allowed (%d, from `StreamReadConstraints.getMaxNameLength()`)",
					jsonLimitException, n, maxName)
				return false
			}
			j.at++
			return true
		case c < ' ':
			return j.fail(jsonParseException, j.at,
				"Illegal unquoted character (%s): has to be escaped using backslash to be included in %s", charDesc(c), what)
		case c == '\\':
			if !j.escape() {
				return false
			}
		}
	}
}

// escape reads an escape up to its last character.
func (j *jackson) escape() bool {
	const atEnd = " in character escape sequence"
	j.at++
	switch c := j.peek(); c {
	case eof:
		return j.ends(atEnd)
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	case 'u':
		for range 4 {
			j.at++
			c := j.peek()
			if c == eof {
				return j.ends(atEnd)
			}
			if c > 'f' || !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)) {
				return j.unexpected(j.at, "expected a hex-digit for character escape sequence")
			}
		}
		return true
	default:
		return j.fail(jsonParseException, j.at, "Unrecognized character escape %s", charDesc(c))
	}
}

// word reads a literal.
func (j *jackson) word(want string) bool {
	start, end := j.at, j.at+len(want)
	if end > len(j.text) || string(utf16.Decode(j.text[start:end])) != want ||
		end < len(j.text) && j.text[end] >= '0' && isIdentifierPart(int(j.text[end])) {
		return j.invalidToken(start)
	}
	j.at = end
	return true
}

// nonNumber reads a word that some JSON readers take for a number.
func (j *jackson) nonNumber(start int, want string) bool {
	if j.identifier(start) != want {
		return j.invalidToken(start)
	}
	return j.fail(jsonParseException, start+len(want),
		"Non-standard token '%s': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", want)
}

// identifier returns what looks like one word, with a sign before it if it stands at start.
func (j *jackson) identifier(start int) string {
	end := start
	if c := j.text[start]; c == '+' || c == '-' {
		end++
	}
	for end < len(j.text) && isIdentifierPart(int(j.text[end])) {
		end++
	}
	return string(utf16.Decode(j.text[start:end]))
}

func (j *jackson) invalidToken(start int) bool {
	token := utf16.Encode([]rune(j.identifier(start)))
	text := string(utf16.Decode(token))
	if len(token) > 256 {
		text = string(utf16.Decode(token[:256])) + "..."
	}
	return j.fail(jsonParseException, start, "Unrecognized token '%s': was expecting %s", text, anyValue)
}

// signed reads what begins with a plus sign, which no number does.
func (j *jackson) signed() bool {
	if c, done := j.infinity(); done {
		return false
	} else if c == eof {
		return j.ends(" in a Number value")
	}
	return j.inNumber('+', j.at+1, "JSON spec does not allow numbers to have plus signs: enable "+
		"`JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow")
}

// infinity looks for a signed infinity, and reports whether it found what looks like one. It returns the character that
// decided.
func (j *jackson) infinity() (decider int, done bool) {
	if j.at+1 >= len(j.text) {
		return eof, false
	}
	if c := j.text[j.at+1]; c != 'I' {
		return int(c), false
	}
	if j.at+2 >= len(j.text) {
		j.ends(" in a Number value")
		return eof, true
	}
	sign := string(rune(j.text[j.at]))
	switch c := j.text[j.at+2]; c {
	case 'N':
		j.nonNumber(j.at, sign+"INF")
		return 'N', true
	case 'n':
		j.nonNumber(j.at, sign+"Infinity")
		return 'n', true
	default:
		return int(c), false
	}
}

const afterMinus = "expected digit (0-9) to follow minus sign, for valid numeric value"

// number reads a number. Where Jackson sees its end within the text it reports a bad fraction or exponent at the
// character that began it, otherwise, and behind a leading zero, at the one that is wrong.
func (j *jackson) number() bool {
	start := j.at
	if j.text[start] == '-' {
		j.at++
		switch c := j.peek(); {
		case c == eof:
			return j.ends("No digit following sign")
		case c == 'I':
			c, done := j.infinityAfterMinus(start)
			if done {
				return false
			}
			return j.inNumber(c, start+2, afterMinus)
		case c == '.':
			return j.unexpected(j.at, "expected a valid value "+anyValue)
		case c < '0' || c > '9':
			return j.inNumber(c, j.at, afterMinus)
		}
	}
	slow := j.peek() == '0'
	if slow {
		j.at++
		if c := j.peek(); c >= '0' && c <= '9' {
			return j.fail(jsonParseException, j.at, "Invalid numeric value: Leading zeroes not allowed")
		}
	}
	j.digits()
	mark := j.at
	place := func() int {
		if slow {
			return j.at
		}
		return mark
	}
	if j.peek() == '.' {
		j.at++
		if j.digits() == 0 {
			const why = "Decimal point not followed by a digit"
			if j.peek() == eof {
				return j.inNumber('.', j.at-1, why)
			}
			return j.inNumber(j.peek(), place(), why)
		}
	}
	if c := j.peek(); c == 'e' || c == 'E' {
		j.at++
		if c := j.peek(); c == '+' || c == '-' {
			j.at++
		}
		if j.digits() == 0 {
			if j.peek() == eof {
				return j.ends("expected a digit for number exponent")
			}
			return j.inNumber(j.peek(), place(), "Exponent indicator not followed by a digit")
		}
	}
	if n := j.at - start; n > maxNumber {
		j.said = jsonLimitException + numberTooLong(n)
		return false
	}
	if c := j.peek(); len(j.open) == 0 && c != eof && !strings.ContainsRune(" \t\r\n", rune(c)) {
		return j.unexpected(j.at, "Expected space separating root-level values")
	}
	return true
}

func (j *jackson) infinityAfterMinus(start int) (decider int, done bool) {
	j.at = start
	return j.infinity()
}

func numberTooLong(n int) string {
	return "Number value length (" + strconv.Itoa(n) + ") exceeds the maximum allowed (" + strconv.Itoa(maxNumber) +
		", from `StreamReadConstraints.getMaxNumberLength()`)"
}

// digits skips digits and returns how many there were.
func (j *jackson) digits() int {
	start := j.at
	for c := j.peek(); c >= '0' && c <= '9'; c = j.peek() {
		j.at++
	}
	return j.at - start
}

// isIdentifierStart is Java's Character.isJavaIdentifierStart.
func isIdentifierStart(c int) bool {
	r := rune(c)
	return unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Sc, unicode.Pc)
}

// isIdentifierPart is Java's Character.isJavaIdentifierPart.
func isIdentifierPart(c int) bool {
	r := rune(c)
	return isIdentifierStart(c) || unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Cf) ||
		r <= 8 || r >= 0x0e && r <= 0x1b || r >= 0x7f && r <= 0x9f
}
