package avsc

import (
	"fmt"
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
