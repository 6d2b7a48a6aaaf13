package codec

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// errJSON says that a text is not JSON at all.
var errJSON = errors.New("not JSON")

// jsonScanner reads one JSON text from front to back, as strictly as RFC 8259 writes: UTF-8, no comments, no trailing
// commas, no lone surrogates. It builds nothing but the strings that it is asked for.
type jsonScanner struct {
	text string
	i    int
}

// fail returns an error at an offset of the text.
func (s *jsonScanner) fail(offset int, why error, format string, args ...any) error {
	if format != "" {
		why = fmt.Errorf("%w: %s", why, fmt.Sprintf(format, args...))
	}
	return &Error{Offset: offset, Err: why}
}

// next skips white space and returns the byte at which the scanner then stands, 0 at the end.
func (s *jsonScanner) next() byte {
	for s.i < len(s.text) {
		switch c := s.text[s.i]; c {
		case ' ', '\t', '\r', '\n':
			s.i++
		default:
			return c
		}
	}
	return 0
}

// shape returns the kind of the value that comes next, 0 if none does.
func (s *jsonScanner) shape() jsonShape {
	switch c := s.next(); c {
	case 'n':
		return jsonNull
	case 't', 'f':
		return jsonBoolean
	case '"':
		return jsonString
	case '[':
		return jsonArray
	case '{':
		return jsonObject
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return jsonNumber
		}
	}
	return 0
}

// unexpected returns the error for what stands next where something else should.
func (s *jsonScanner) unexpected(want string) error {
	if s.next() == 0 && s.i >= len(s.text) {
		return s.fail(s.i, errJSON, "it ends where %s should stand", want)
	}
	c, _ := utf8.DecodeRuneInString(s.text[s.i:])
	return s.fail(s.i, errJSON, "%q stands where %s should", c, want)
}

// take passes the byte c, if it comes next.
func (s *jsonScanner) take(c byte) bool {
	if s.next() == c && s.i < len(s.text) {
		s.i++
		return true
	}
	return false
}

// word passes one of null, true and false.
func (s *jsonScanner) word(w string) error {
	s.next()
	if !strings.HasPrefix(s.text[s.i:], w) {
		return s.unexpected(w)
	}
	s.i += len(w)
	return nil
}

// number returns the text of a number.
func (s *jsonScanner) number() (string, error) {
	s.next()
	from := s.i
	if s.i < len(s.text) && s.text[s.i] == '-' {
		s.i++
	}
	whole := s.i
	ok := s.digits() && (s.text[whole] != '0' || s.i == whole+1)
	if ok && s.i < len(s.text) && s.text[s.i] == '.' {
		s.i++
		ok = s.digits()
	}
	if ok && s.i < len(s.text) && s.text[s.i]|0x20 == 'e' {
		s.i++
		if s.i < len(s.text) && (s.text[s.i] == '+' || s.text[s.i] == '-') {
			s.i++
		}
		ok = s.digits()
	}
	if !ok {
		return "", s.fail(from, errJSON, "%q is no number", abridge(s.text[from:min(s.i+1, len(s.text))]))
	}
	return s.text[from:s.i], nil
}

// digits passes at least one digit.
func (s *jsonScanner) digits() bool {
	from := s.i
	for s.i < len(s.text) && s.text[s.i] >= '0' && s.text[s.i] <= '9' {
		s.i++
	}
	return s.i > from
}

// string returns what the string that comes next stands for: a part of the text if it has no escapes.
func (s *jsonScanner) string() (string, error) {
	if s.next() != '"' {
		return "", s.unexpected("a string")
	}
	s.i++
	from := s.i
	for s.i < len(s.text) {
		switch c := s.text[s.i]; {
		case c == '"':
			t := s.text[from:s.i]
			if !validUTF8(t) {
				return "", s.fail(from, ErrUTF8, "")
			}
			s.i++
			return t, nil
		case c == '\\':
			return s.escaped(from)
		case c < 0x20:
			return "", s.fail(s.i, errJSON, "control character %#02x in a string, write \\u%04x", c, c)
		}
		s.i++
	}
	return "", s.fail(from-1, errJSON, "string without an end")
}

// escaped goes on with a string that began at from, at its first escape.
func (s *jsonScanner) escaped(from int) (string, error) {
	b := append(make([]byte, 0, 2*(s.i-from)+32), s.text[from:s.i]...)
	for s.i < len(s.text) {
		c := s.text[s.i]
		switch {
		case c == '"':
			s.i++
			if !utf8.Valid(b) {
				return "", s.fail(from, ErrUTF8, "")
			}
			return string(b), nil
		case c < 0x20:
			return "", s.fail(s.i, errJSON, "control character %#02x in a string, write \\u%04x", c, c)
		case c != '\\':
			b = append(b, c)
			s.i++
			continue
		}
		r, err := s.escape()
		if err != nil {
			return "", err
		}
		b = utf8.AppendRune(b, r)
	}
	return "", s.fail(from-1, errJSON, "string without an end")
}

// escape passes an escape and returns the character that it stands for.
func (s *jsonScanner) escape() (rune, error) {
	at := s.i
	if at+1 < len(s.text) {
		s.i += 2
		switch c := s.text[at+1]; c {
		case '"', '\\', '/':
			return rune(c), nil
		case 'b':
			return '\b', nil
		case 'f':
			return '\f', nil
		case 'n':
			return '\n', nil
		case 'r':
			return '\r', nil
		case 't':
			return '\t', nil
		case 'u':
			if r, ok := s.hex4(); ok {
				if !utf16.IsSurrogate(r) {
					return r, nil
				}
				if strings.HasPrefix(s.text[s.i:], `\u`) {
					s.i += 2
					if low, ok := s.hex4(); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
						return utf16.DecodeRune(r, low), nil
					}
				}
				return 0, s.fail(at, ErrUTF8, "half of a surrogate pair")
			}
		}
	}
	return 0, s.fail(at, errJSON, "no such escape")
}

func (s *jsonScanner) hex4() (rune, bool) {
	if len(s.text)-s.i < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(s.text[s.i:s.i+4], 16, 16)
	if err != nil {
		return 0, false
	}
	s.i += 4
	return rune(v), true
}

// end makes sure that nothing follows.
func (s *jsonScanner) end() error {
	if s.next(); s.i < len(s.text) {
		return s.fail(s.i, ErrTrailing, "")
	}
	return nil
}
