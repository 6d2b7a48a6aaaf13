package embedded

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
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
	// schemaText reads the text of a schema: comments are allowed, NaN is not. In the body of a request it is the
	// other way round.
	schemaText bool

	// kind and text are the token that was read last: the content of a string or a name, the literal of a number.
	kind tokenKind
	text []byte
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
	// offset is where Jackson says it is, in bytes from the start of the text.
	offset int
	// eof marks a text that ends too early.
	eof bool
}

func (e *syntaxError) Error() string { return e.message }

func newTokens(body []byte) *tokens {
	return &tokens{src: bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), first: true}
}

// next reads a token into t.kind and t.text; the text is good until the token after it.
func (t *tokens) next() error {
	if err := t.space(); err != nil {
		return err
	}
	if len(t.open) == 0 {
		if t.pos == len(t.src) {
			t.kind = endOfText
			return nil
		}
		if c := t.src[t.pos]; c == '}' || c == ']' {
			return t.fail(t.pos, "Unexpected close marker '%c': no open %s to close", c, container{object: c == '}'})
		}
		return t.value()
	}
	in := t.open[len(t.open)-1]
	if t.wantValue {
		if t.pos == len(t.src) {
			return t.endInside()
		}
		return t.value()
	}
	if t.pos == len(t.src) {
		return t.endInside()
	}
	switch c := t.src[t.pos]; c {
	case '}', ']':
		t.pos++
		if in.object != (c == '}') {
			want := byte(']')
			if in.object {
				want = '}'
			}
			return t.fail(t.pos-1, "Unexpected close marker '%c': expected '%c' (for %s starting at %s)",
				c, want, in, t.where(in.start))
		}
		t.open = t.open[:len(t.open)-1]
		t.first = false
		t.kind = arrayEnd
		if in.object {
			t.kind = objectEnd
		}
		return nil
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
	if !in.object {
		return t.value()
	}
	if t.src[t.pos] != '"' {
		return t.unexpected("was expecting double-quote to start field name")
	}
	t.nameStart = t.pos
	if err := t.quoted("name"); err != nil {
		return err
	}
	name := t.text
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
	t.kind, t.text, t.wantValue = fieldName, name, true
	return nil
}

// skip reads over the value that begins with the current token.
func (t *tokens) skip() error {
	if t.kind != objectStart && t.kind != arrayStart {
		return nil
	}
	for depth := len(t.open); len(t.open) >= depth; {
		if err := t.next(); err != nil {
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
		return t.notANumber("NaN")
	case c == 'I':
		return t.notANumber("Infinity")
	case c == '+':
		return t.plus()
	}
	if r, _ := utf8.DecodeRune(t.src[t.pos:]); r == '$' || r == '_' || unicode.IsLetter(r) {
		return t.unrecognized(t.pos)
	}
	return t.unexpected("expected a valid value %s", t.valid())
}

func (t *tokens) valid() string {
	if t.schemaText {
		return "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
	}
	return "(JSON String, Number (or 'NaN'/'+INF'/'-INF'), Array, Object or token 'null', 'true' or 'false')"
}

func (t *tokens) word(word string, kind tokenKind) error {
	for i := range word {
		if t.pos+i >= len(t.src) || t.src[t.pos+i] != word[i] {
			return t.unrecognized(t.pos)
		}
	}
	start := t.pos
	t.pos += len(word)
	if r, _ := utf8.DecodeRune(t.src[t.pos:]); t.pos < len(t.src) && isIdentifierPart(r) {
		return t.unrecognized(start)
	}
	t.kind, t.text = kind, t.src[start:t.pos]
	return nil
}

func (t *tokens) notANumber(word string) error {
	if err := t.word(word, floatToken); err != nil || !t.schemaText {
		return err
	}
	return t.fail(t.pos, "Non-standard token '%s': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", word)
}

func (t *tokens) plus() error {
	if !t.schemaText {
		for _, word := range []string{"+INF", "+Infinity"} {
			if bytes.HasPrefix(t.src[t.pos:], []byte(word)) {
				return t.word(word, floatToken)
			}
		}
	}
	return t.fail(t.pos+1, "Unexpected character ('+' (code 43)) in numeric value: JSON spec does not allow numbers to have "+
		"plus signs: enable `JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow")
}

// unrecognized reports the word that begins at start.
func (t *tokens) unrecognized(start int) error {
	end := start
	for end < len(t.src) && end-start < 256 {
		r, size := utf8.DecodeRune(t.src[end:])
		if !isIdentifierPart(r) {
			break
		}
		end += size
	}
	word := string(t.src[start:end])
	if end-start >= 256 {
		word += "..."
	}
	t.pos = end
	return t.fail(start, "Unrecognized token '%s': was expecting %s", word, t.valid())
}

func isIdentifierPart(r rune) bool {
	return r == '$' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
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
	inNumber := func(comment string) error {
		if t.pos == len(t.src) {
			return t.ends(" in a Number value")
		}
		return t.fail(t.pos, "Unexpected character (%s) in numeric value: %s", t.char(), comment)
	}
	t.kind = intToken
	if t.src[t.pos] == '-' {
		t.pos++
		if bytes.HasPrefix(t.src[t.pos:], []byte("INF")) || bytes.HasPrefix(t.src[t.pos:], []byte("Infinity")) {
			return t.negativeInfinity(start)
		}
		if t.pos == len(t.src) || t.src[t.pos] < '0' || t.src[t.pos] > '9' {
			return inNumber("expected digit (0-9) to follow minus sign, for valid numeric value")
		}
	}
	if t.src[t.pos] == '0' {
		t.pos++
		if t.pos < len(t.src) && t.src[t.pos] >= '0' && t.src[t.pos] <= '9' {
			return t.fail(t.pos, "Invalid numeric value: Leading zeroes not allowed")
		}
	} else {
		digits()
	}
	if t.pos < len(t.src) && t.src[t.pos] == '.' {
		t.kind = floatToken
		t.pos++
		if digits() == 0 {
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

func (t *tokens) negativeInfinity(start int) error {
	if t.schemaText {
		word := "-INF"
		if t.src[t.pos+2] == 'f' {
			word = "-Infinity"
		}
		t.pos = start + len(word)
		return t.fail(t.pos, "Non-standard token '%s': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow", word)
	}
	word := "INF"
	if t.src[t.pos+1] == 'n' {
		word = "Infinity"
	}
	err := t.word(word, floatToken)
	t.text = t.src[start:t.pos]
	return err
}

// quoted reads a string whose opening quote stands at pos.
func (t *tokens) quoted(what string) error {
	t.pos++
	start := t.pos
	for i := start; i < len(t.src); i++ {
		switch c := t.src[i]; {
		case c == '"':
			t.text, t.pos = t.src[start:i], i+1
			return nil
		case c == '\\' || c < 0x20 || c >= 0x80:
			t.scratch = append(t.scratch[:0], t.src[start:i]...)
			t.pos = i
			return t.quotedSlowly(what)
		}
	}
	t.pos = len(t.src)
	return t.endsInString(what)
}

func (t *tokens) quotedSlowly(what string) error {
	for t.pos < len(t.src) {
		switch c := t.src[t.pos]; {
		case c == '"':
			t.pos++
			t.text = t.scratch
			return nil
		case c == '\\':
			if err := t.escape(); err != nil {
				return err
			}
		case c < 0x20:
			return t.fail(t.pos, "Illegal unquoted character (%s): has to be escaped using backslash to be included in %s",
				t.char(), what)
		case c < 0x80:
			from := t.pos
			for t.pos < len(t.src) && t.src[t.pos] >= 0x20 && t.src[t.pos] < 0x80 && t.src[t.pos] != '"' && t.src[t.pos] != '\\' {
				t.pos++
			}
			t.scratch = append(t.scratch, t.src[from:t.pos]...)
		default:
			_, size := utf8.DecodeRune(t.src[t.pos:])
			if size == 1 {
				return t.badUTF8()
			}
			t.scratch = append(t.scratch, t.src[t.pos:t.pos+size]...)
			t.pos += size
		}
	}
	return t.endsInString(what)
}

func (t *tokens) endsInString(what string) error {
	if what == "name" {
		return t.ends(" in field name")
	}
	return t.ends(": was expecting closing quote for a string value")
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (t *tokens) escape() error {
	t.pos++
	if t.pos == len(t.src) {
		return t.ends(" in character escape sequence")
	}
	c := t.src[t.pos]
	if c != 'u' {
		if escapes[c] == 0 {
			return t.fail(t.pos, "Unrecognized character escape %s", t.char())
		}
		t.pos++
		t.scratch = append(t.scratch, escapes[c])
		return nil
	}
	t.pos++
	r, err := t.hex()
	if err != nil {
		return err
	}
	if r >= 0xd800 && r < 0xdc00 && bytes.HasPrefix(t.src[t.pos:], []byte(`\u`)) {
		t.pos += 2
		low, err := t.hex()
		if err != nil {
			return err
		}
		if low >= 0xdc00 && low < 0xe000 {
			r = 0x10000 + (r-0xd800)<<10 + (low - 0xdc00)
		} else {
			t.scratch = append(t.scratch, '?')
			r = low
		}
	}
	if r >= 0xd800 && r < 0xe000 {
		// Half a character: Java keeps it in memory and writes a question mark.
		r = '?'
	}
	t.scratch = utf8.AppendRune(t.scratch, r)
	return nil
}

func (t *tokens) hex() (rune, error) {
	for i := range 4 {
		if t.pos+i == len(t.src) {
			t.pos = len(t.src)
			return 0, t.ends(" in character escape sequence")
		}
		if !strings.ContainsRune("0123456789abcdefABCDEF", rune(t.src[t.pos+i])) {
			t.pos += i
			return 0, t.unexpected("expected a hex-digit for character escape sequence")
		}
	}
	n, err := strconv.ParseUint(string(t.src[t.pos:t.pos+4]), 16, 32)
	t.pos += 4
	return rune(n), err
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// space skips what may stand between tokens.
func (t *tokens) space() error {
	for t.pos < len(t.src) {
		switch c := t.src[t.pos]; {
		case isSpace(c):
			t.pos++
		case c < 0x20:
			return t.fail(t.pos+1, `Illegal character (%s): only regular white space (\r, \n, \t) is allowed between tokens`, t.char())
		case c == '/':
			if err := t.comment(); err != nil {
				return err
			}
		case c >= 0x80 && !t.schemaText:
			if _, size := utf8.DecodeRune(t.src[t.pos:]); size == 1 {
				return t.badUTF8()
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

func (t *tokens) comment() error {
	if !t.schemaText {
		return t.unexpected("maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' " +
			"not enabled for parser)")
	}
	rest := t.src[t.pos+1:]
	switch {
	case len(rest) == 0:
		t.pos++
		return t.ends(" in a comment")
	case rest[0] == '/':
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			t.pos += end + 1
		} else {
			t.pos = len(t.src)
		}
		return nil
	case rest[0] == '*':
		if end := bytes.Index(rest[1:], []byte("*/")); end >= 0 {
			t.pos += end + 4
			return nil
		}
		t.pos = len(t.src)
		return t.ends(" in a comment")
	}
	t.pos++
	return t.unexpected("was expecting either '*' or '/' for a comment")
}

func (t *tokens) badUTF8() error {
	c := t.src[t.pos]
	if c >= 0xc2 && c <= 0xf4 && t.pos+1 < len(t.src) {
		return t.fail(t.pos, "Invalid UTF-8 middle byte 0x%x", t.src[t.pos+1])
	}
	return t.fail(t.pos, "Invalid UTF-8 start byte 0x%x", c)
}

// char describes the character at pos.
func (t *tokens) char() string {
	r, _ := utf8.DecodeRune(t.src[t.pos:])
	switch {
	case r < 0x20 || r >= 0x7f && r <= 0x9f:
		return fmt.Sprintf("(CTRL-CHAR, code %d)", r)
	case r > 0xff:
		return fmt.Sprintf("'%c' (code %d / 0x%x)", r, r, r)
	}
	return fmt.Sprintf("'%c' (code %d)", r, r)
}

func (t *tokens) fail(offset int, format string, args ...any) error {
	return &syntaxError{message: fmt.Sprintf(format, args...), offset: offset}
}

func (t *tokens) unexpected(format string, args ...any) error {
	return t.fail(t.pos, "Unexpected character (%s): %s", t.char(), fmt.Sprintf(format, args...))
}

func (t *tokens) ends(format string, args ...any) error {
	return &syntaxError{message: "Unexpected end-of-input" + fmt.Sprintf(format, args...), offset: len(t.src), eof: true}
}

func (t *tokens) endInside() error {
	in := t.open[len(t.open)-1]
	return t.ends(": expected close marker for %s (start marker at %s)", in, t.where(in.start))
}

// where is how Jackson writes a place in a text.
func (t *tokens) where(offset int) string {
	before := t.src[:min(offset, len(t.src))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := offset - (bytes.LastIndexByte(before, '\n') + 1) + 1
	if t.schemaText {
		column -= len(before[bytes.LastIndexByte(before, '\n')+1:]) - utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	}
	return fmt.Sprintf("[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: %d, column: %d]", line, column)
}

// schemaSyntaxError returns what Java says of the text of a schema that is no JSON, empty where it is JSON.
func schemaSyntaxError(text string) string {
	t := &tokens{src: []byte(text), schemaText: true, first: true}
	err := t.next()
	if err == nil {
		err = t.skip()
	}
	syntax, ok := err.(*syntaxError)
	if !ok {
		return ""
	}
	class := "JsonParseException"
	if syntax.eof {
		class = "io.JsonEOFException"
	}
	return fmt.Sprintf("com.fasterxml.jackson.core.%s: %s\n at %s", class, syntax.message, t.where(syntax.offset))
}

// int32Value returns the current number as Java's int: what stands behind the point is cut off.
func (t *tokens) int32Value() (int, bool) {
	if t.kind == intToken {
		n, err := strconv.ParseInt(string(t.text), 10, 32)
		return int(n), err == nil
	}
	f, err := strconv.ParseFloat(string(t.text), 64)
	if err != nil || math.IsNaN(f) || f < math.MinInt32 || f > math.MaxInt32 {
		return 0, false
	}
	return int(f), true
}
