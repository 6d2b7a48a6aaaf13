package embedded

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

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
			t.scratch = append(slices.Grow(t.scratch[:0], min(len(t.src)-start, keepable)), t.src[start:i]...)
			t.pos = i
			return t.quotedSlowly(what)
		}
	}
	t.pos = len(t.src)
	return t.endsInString(what)
}

// quotedSlowly reads the rest of a string in which not every byte stands for itself.
func (t *tokens) quotedSlowly(what string) error {
	src, out, i, start := t.src, t.scratch, t.pos, t.pos
	for ; i < len(src); i++ {
		c := src[i]
		if plain[c] {
			continue
		}
		// Most of what is escaped stands for itself and can be copied with what follows.
		out = append(out, src[start:i]...)
		if c == '\\' && i+1 < len(src) && (src[i+1] == '"' || src[i+1] == '\\') {
			i++
			start = i
			continue
		}
		t.pos, t.scratch = i, out
		switch {
		case c == '"':
			t.pos++
			t.text = out
			return nil
		case c == '\\':
			if err := t.escape(); err != nil {
				return err
			}
		case c < utf8.RuneSelf:
			return t.fail("Illegal unquoted character (%s): has to be escaped using backslash to be included in %s",
				t.char(), what)
		default:
			r, size, err := t.decode(i)
			if err != nil {
				return err
			}
			t.scratch = utf8.AppendRune(out, r)
			t.pos += size
		}
		out, i, start = t.scratch, t.pos-1, t.pos
	}
	t.pos = i
	return t.endsInString(what)
}

func (t *tokens) endsInString(what string) error {
	switch {
	case what != "name":
		return &syntaxError{message: "Unexpected end-of-input in " + stringToken.String(), inString: true}
	case t.nameStart == len(t.src)-1:
		return t.ends(`: was expecting closing '"' for name`)
	}
	return t.ends(" in field name")
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads an escape at pos.
func (t *tokens) escape() error {
	t.pos++
	if t.pos == len(t.src) {
		return t.ends(" in character escape sequence")
	}
	c := t.src[t.pos]
	if c != 'u' {
		if escapes[c] == 0 {
			return t.fail("Unrecognized character escape %s", t.char())
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

// decode reads the character at an offset. As for Jackson a sequence may be longer than need be.
func (t *tokens) decode(at int) (rune, int, error) {
	c := t.src[at]
	size, r := 1, rune(c)
	switch {
	case c < 0x80:
		return r, 1, nil
	case c&0xe0 == 0xc0:
		size, r = 2, r&0x1f
	case c&0xf0 == 0xe0:
		size, r = 3, r&0xf
	case c&0xf8 == 0xf0:
		size, r = 4, r&7
	default:
		return 0, 0, t.fail("Invalid UTF-8 start byte 0x%x", c)
	}
	for i := 1; i < size; i++ {
		if at+i >= len(t.src) {
			return 0, 0, t.ends(" in %s", t.previous())
		}
		if t.src[at+i]&0xc0 != 0x80 {
			return 0, 0, t.fail("Invalid UTF-8 middle byte 0x%x", t.src[at+i])
		}
		r = r<<6 | rune(t.src[at+i]&0x3f)
	}
	if r >= 0xd800 && r < 0xe000 {
		return 0, 0, t.fail("Invalid UTF-8: Illegal surrogate character 0x%x", r)
	}
	return r, size, nil
}
