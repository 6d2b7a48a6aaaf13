package avsc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// jacksonMessage returns what Java's JSON reader (Jackson 2, ReaderBasedJsonParser) says of a text that is not JSON. Schema
// Registry repeats it word for word. It is empty where the reader would find nothing wrong.
func jacksonMessage(text string) string {
	j := &jackson{text: utf16.Encode([]rune(text))}
	return j.read()
}

// A jackson goes through a text as Jackson does and stops at the first thing that is wrong. Places are UTF-16 units, as
// in Java's strings.
type jackson struct {
	text []uint16
	at   int
	open []bracket
	said string // what is wrong
}

// A bracket is an object or array that is open.
type bracket struct {
	at   int
	used bool // holds something already
}

const (
	jsonParseException = "com.fasterxml.jackson.core.JsonParseException: "
	jsonEOFException   = "com.fasterxml.jackson.core.io.JsonEOFException: "
	jsonLimitException = "com.fasterxml.jackson.core.exc.StreamConstraintsException: "
	anyValue           = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
)

// eof is what peek returns past the end.
const eof = -1

func (j *jackson) peek() int {
	if j.at >= len(j.text) {
		return eof
	}
	return int(j.text[j.at])
}

// location is how Jackson names a place.
func (j *jackson) location(at int) string {
	line, start := 1, 0
	for i := 0; i < at && i < len(j.text); i++ {
		switch j.text[i] {
		case '\r':
			if i+1 < len(j.text) && j.text[i+1] == '\n' {
				continue
			}
			line, start = line+1, i+1
		case '\n':
			line, start = line+1, i+1
		}
	}
	return fmt.Sprintf("at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: %d, column: %d]",
		line, at-start+1)
}

// fail notes what is wrong at a place. It returns false, as all methods that read do once something is wrong.
func (j *jackson) fail(exception string, at int, format string, args ...any) bool {
	j.said = exception + fmt.Sprintf(format, args...) + "\n " + j.location(at)
	return false
}

func (j *jackson) unexpected(at int, why string) bool {
	return j.fail(jsonParseException, at, "Unexpected character (%s): %s", charDesc(int(j.text[at])), why)
}

// inNumber fails at a character that does not continue a number; Jackson's place for it may be another.
func (j *jackson) inNumber(c, at int, why string) bool {
	return j.fail(jsonParseException, at, "Unexpected character (%s) in numeric value: %s", charDesc(c), why)
}

func (j *jackson) ends(why string) bool {
	return j.fail(jsonEOFException, len(j.text), "Unexpected end-of-input%s", why)
}

func charDesc(c int) string {
	if unicode.IsControl(rune(c)) {
		return fmt.Sprintf("(CTRL-CHAR, code %d)", c)
	}
	if c > 255 {
		return fmt.Sprintf("'%c' (code %d / 0x%x)", rune(c), c, c)
	}
	return fmt.Sprintf("'%c' (code %d)", rune(c), c)
}

// space skips white space and comments.
func (j *jackson) space() bool {
	for j.at < len(j.text) {
		switch c := j.text[j.at]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			j.at++
		case c < ' ':
			return j.fail(jsonParseException, j.at+1,
				`Illegal character (%s): only regular white space (\r, \n, \t) is allowed between tokens`, charDesc(int(c)))
		case c == '/':
			if !j.comment() {
				return false
			}
		default:
			return true
		}
	}
	return true
}

func (j *jackson) comment() bool {
	j.at++
	switch j.peek() {
	case '/':
		for c := j.peek(); c != eof && c != '\r' && c != '\n'; c = j.peek() {
			j.at++
		}
		return true
	case '*':
		for j.at++; j.at+1 < len(j.text); j.at++ {
			if j.text[j.at] == '*' && j.text[j.at+1] == '/' {
				j.at += 2
				return true
			}
		}
		return j.ends(" in a comment")
	case eof:
		return j.ends(" in a comment")
	}
	return j.unexpected(j.at, "was expecting either '*' or '/' for a comment")
}

func (j *jackson) read() string {
	for j.next() && len(j.open) > 0 {
	}
	return j.said
}

// inside returns the bracket that is open, 0 for none.
func (j *jackson) inside() uint16 {
	if len(j.open) == 0 {
		return 0
	}
	return j.text[j.start()]
}

// start returns the place of the bracket that is open.
func (j *jackson) start() int { return j.open[len(j.open)-1].at }

func (j *jackson) kind() string {
	if j.inside() == '{' {
		return "Object"
	}
	return "Array"
}

// next reads a value, a bracket, or a name and its value.
func (j *jackson) next() bool {
	if !j.space() {
		return false
	}
	switch c := j.peek(); {
	case c == eof && len(j.open) == 0:
		return false // nothing at all
	case c == eof:
		return j.ends(fmt.Sprintf(": expected close marker for %s (start marker %s)", j.kind(), j.location(j.start())))
	case c == '}' || c == ']':
		return j.close(c)
	case len(j.open) > 0 && j.open[len(j.open)-1].used:
		if c != ',' {
			return j.unexpected(j.at, "was expecting comma to separate "+j.kind()+" entries")
		}
		j.at++
		if !j.space() {
			return false
		}
		if j.peek() == eof {
			return j.fail(jsonParseException, len(j.text), "Unexpected end-of-input within/between %s entries", j.kind())
		}
	}
	if len(j.open) > 0 {
		j.open[len(j.open)-1].used = true
	}
	if j.inside() == '{' && !j.name() {
		return false
	}
	return j.value()
}

func (j *jackson) close(c int) bool {
	opener := j.inside()
	switch {
	case opener == 0 && c == '}':
		return j.fail(jsonParseException, j.at, "Unexpected close marker '}': no open Object to close")
	case opener == 0:
		return j.fail(jsonParseException, j.at, "Unexpected close marker ']': no open Array to close")
	case opener == '{' && c == ']', opener == '[' && c == '}':
		want := '}'
		if c == '}' {
			want = ']'
		}
		return j.fail(jsonParseException, j.at, "Unexpected close marker '%c': expected '%c' (for %s starting %s)",
			rune(c), want, j.kind(), j.location(j.start()))
	}
	j.open = j.open[:len(j.open)-1]
	j.at++
	return true
}

func (j *jackson) name() bool {
	if j.peek() != '"' {
		return j.unexpected(j.at, "was expecting double-quote to start field name")
	}
	if !j.quoted("name", " in field name") || !j.space() {
		return false
	}
	switch j.peek() {
	case ':':
		j.at++
	case eof:
		return j.ends(" within/between Object entries")
	default:
		return j.unexpected(j.at, "was expecting a colon to separate field name and value")
	}
	if !j.space() {
		return false
	}
	if j.peek() == eof {
		return j.ends(" within/between Object entries")
	}
	return true
}

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
