package embedded

import (
	"bytes"
	"fmt"
	"unicode"
)

// tokenKind is one of the things that [tokens] finds in a text.
type tokenKind uint8

const (
	endOfText tokenKind = iota
	objectStart
	objectEnd
	arrayStart
	arrayEnd
	fieldName
	stringToken
	intToken
	floatToken
	trueToken
	falseToken
	nullToken
)

// String returns Jackson's name for the kind, which its messages show.
func (k tokenKind) String() string {
	return [...]string{"END_OF_TEXT", "START_OBJECT", "END_OBJECT", "START_ARRAY", "END_ARRAY", "FIELD_NAME",
		"VALUE_STRING", "VALUE_NUMBER_INT", "VALUE_NUMBER_FLOAT", "VALUE_TRUE", "VALUE_FALSE", "VALUE_NULL"}[k]
}

// tokens reads a JSON text token by token, as strictly and with the same words for what is wrong as the Jackson
// parser in front of the real server: clients show those words to people.
//
// It reads no further than it is asked to, because a value of the wrong type is reported before a syntax error
// behind it.
type tokens struct {
	src []byte
	pos int
	// kind and text are the token that was read last: the content of a string or a name, the literal of a number.
	kind tokenKind
	text []byte
	// null says that a null stood where the real server would stumble over it.
	null bool
	// nameStart is where the last name began.
	nameStart int

	// open holds what is open around pos; wantValue says that a name was read and its value comes next; first that
	// nothing was read yet of what was opened last.
	open      []container
	wantValue bool
	first     bool
	scratch   []byte
}

type container struct {
	object bool
	start  int
}

func (c container) String() string {
	if c.object {
		return "Object"
	}
	return "Array"
}

// syntaxError is what makes a text no JSON.
type syntaxError struct {
	message string
	// skipping marks an error in what is read over, nested one inside the value of a member that is bound. Jackson
	// passes the latter on in another exception, whose message is shortened.
	skipping, nested bool
	// inString says that the text ends within a string, which Jackson sees only when it wants more than its beginning.
	inString bool
}

func (e *syntaxError) Error() string { return e.message }

func newTokens(text []byte) *tokens {
	t := &tokens{}
	t.reset(text)
	return t
}

// reset begins another text.
func (t *tokens) reset(text []byte) {
	*t = tokens{
		src: bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), first: true,
		open: t.open[:0], scratch: t.scratch[:0],
	}
}

// next reads a token into t.kind and t.text; the text is good until the token after it.
func (t *tokens) next() error {
	if err := t.space(); err != nil {
		return err
	}
	if len(t.open) == 0 {
		return t.nextAtRoot()
	}
	in := t.open[len(t.open)-1]
	switch {
	case t.wantValue && t.pos == len(t.src):
		return t.ends(" within/between %s entries", in)
	case t.wantValue:
		return t.value()
	case t.pos == len(t.src):
		return t.ends(": expected close marker for %s (start marker at %s)", in, t.where(in.start))
	case t.src[t.pos] == '}' || t.src[t.pos] == ']':
		return t.closing(in)
	}
	if !t.first {
		if t.src[t.pos] != ',' {
			return t.unexpected("was expecting comma to separate %s entries", in)
		}
		t.pos++
		if err := t.space(); err != nil {
			return err
		}
		if t.pos == len(t.src) {
			return t.ends(" within/between %s entries", in)
		}
	}
	t.first = false
	if in.object {
		return t.name(in)
	}
	return t.value()
}

func (t *tokens) nextAtRoot() error {
	if t.pos == len(t.src) {
		t.kind = endOfText
		return nil
	}
	if c := t.src[t.pos]; c == '}' || c == ']' {
		return t.fail("Unexpected close marker '%c': no open %s to close", c, container{object: c == '}'})
	}
	return t.value()
}

// closing reads the end of an object or an array.
func (t *tokens) closing(in container) error {
	want, kind := byte(']'), arrayEnd
	if in.object {
		want, kind = '}', objectEnd
	}
	if c := t.src[t.pos]; c != want {
		return t.fail("Unexpected close marker '%c': expected '%c' (for %s starting at %s)", c, want, in, t.where(in.start))
	}
	t.pos++
	t.open = t.open[:len(t.open)-1]
	t.first, t.kind = false, kind
	return nil
}

// name reads the name of a member and the colon behind it.
func (t *tokens) name(in container) error {
	if t.src[t.pos] != '"' {
		r, _, err := t.decode(t.pos)
		if err != nil {
			return err
		}
		return t.fail("Unexpected character (%s): was expecting double-quote to start field name", describeChar(r))
	}
	t.nameStart = t.pos
	if err := t.quoted("name"); err != nil {
		return err
	}
	if err := t.space(); err != nil {
		return err
	}
	switch {
	case t.pos == len(t.src):
		return t.ends(" within/between %s entries", in)
	case t.src[t.pos] != ':':
		return t.unexpected("was expecting a colon to separate field name and value")
	}
	t.pos++
	t.kind, t.wantValue = fieldName, true
	return nil
}

// skip reads over the value that begins with the current token.
func (t *tokens) skip() error {
	if t.kind != objectStart && t.kind != arrayStart {
		return nil
	}
	for depth := len(t.open); len(t.open) >= depth; {
		if err := t.next(); err != nil {
			if syntax, ok := err.(*syntaxError); ok {
				syntax.skipping = true
			}
			return err
		}
	}
	return nil
}

func (t *tokens) value() error {
	t.wantValue = false
	switch c := t.src[t.pos]; {
	case c == '"':
		t.kind = stringToken
		return t.quoted("string value")
	case c == '{' || c == '[':
		t.kind = arrayStart
		if c == '{' {
			t.kind = objectStart
		}
		t.open = append(t.open, container{c == '{', t.pos})
		t.first = true
		t.pos++
		return nil
	case c == '-' || c >= '0' && c <= '9':
		return t.number()
	case c == 't':
		return t.word("true", trueToken)
	case c == 'f':
		return t.word("false", falseToken)
	case c == 'n':
		return t.word("null", nullToken)
	}
	return t.oddValue()
}

// oddValue reads the values that JSON does not have and says what is wrong with the rest.
func (t *tokens) oddValue() error {
	c := t.src[t.pos]
	inArray := len(t.open) > 0 && !t.open[len(t.open)-1].object
	switch {
	case c == '}', c == ',', c == ']' && inArray:
		return t.unexpected("expected a value")
	case c == 'N':
		return t.word("NaN", floatToken)
	case c == 'I':
		return t.word("Infinity", floatToken)
	case c == '+':
		return t.plus()
	}
	if r := rune(c); r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) {
		return t.unrecognized(string(r), t.pos+1)
	}
	return t.unexpected("expected a valid value " + validValues)
}

const validValues = "(JSON String, Number (or 'NaN'/'+INF'/'-INF'), Array, Object or token 'null', 'true' or 'false')"

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// space skips what may stand between tokens.
func (t *tokens) space() error {
	for t.pos < len(t.src) {
		switch c := t.src[t.pos]; {
		case isSpace(c):
			t.pos++
		case c < 0x20:
			return t.fail(`Illegal character (%s): only regular white space (\r, \n, \t) is allowed between tokens`, t.char())
		case c == '/':
			return t.unexpected("maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' " +
				"not enabled for parser)")
		default:
			return nil
		}
	}
	return nil
}

// previous is Jackson's name for the token before the current one.
func (t *tokens) previous() string {
	if t.kind == endOfText {
		return "null"
	}
	return t.kind.String()
}

// char describes the byte at pos, which Jackson takes for a character.
func (t *tokens) char() string { return describeChar(rune(t.src[t.pos])) }

func describeChar(r rune) string {
	switch {
	case r < 0x20 || r >= 0x7f && r <= 0x9f:
		return fmt.Sprintf("(CTRL-CHAR, code %d)", r)
	case r > 0xff:
		return fmt.Sprintf("'%c' (code %d / 0x%x)", r, r, r)
	}
	return fmt.Sprintf("'%c' (code %d)", r, r)
}

func (t *tokens) fail(format string, args ...any) error {
	return &syntaxError{message: fmt.Sprintf(format, args...)}
}

func (t *tokens) unexpected(format string, args ...any) error {
	return t.fail("Unexpected character (%s): %s", t.char(), fmt.Sprintf(format, args...))
}

func (t *tokens) ends(format string, args ...any) error {
	return t.fail("Unexpected end-of-input"+format, args...)
}

// where is how Jackson writes a place in a text.
func (t *tokens) where(offset int) string {
	before := t.src[:offset]
	return fmt.Sprintf("[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: %d, column: %d]",
		bytes.Count(before, []byte("\n"))+1, offset-bytes.LastIndexByte(before, '\n'))
}
