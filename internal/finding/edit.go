package finding

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// Edit is a mechanical repair of a schema file: it adds text and changes nothing else. One of Member and Element is set.
type Edit struct {
	// At is where the JSON value begins that the edit is about.
	At avsc.Pos
	// Member is added to the object at At as its last one, such as "default": null.
	Member string
	// Element is added to an array, behind the element at At.
	Element string
}

// ErrEdit says that a text is not the one that an edit was made for.
var ErrEdit = errors.New("the text has changed since it was checked")

// Apply returns src with the edits in it, each on a line of its own where its neighbour stands on one. Several edits of one
// value are added in their order.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	type insertion struct {
		at   int
		text string
	}
	var insertions []insertion
	for _, e := range edits {
		start, ok := offset(src, e.At)
		if !ok {
			return nil, ErrEdit
		}
		v, ok := scanValue(src, start)
		if !ok || (e.Member != "") != (src[start] == '{') {
			return nil, ErrEdit
		}
		if e.Member != "" {
			insertions = append(insertions, insertion{v.last, separator(src, start, v.last, v.empty) + e.Member})
		} else {
			insertions = append(insertions, insertion{v.end, separator(src, bytes.LastIndexByte(src[:start], '['), start, false) + e.Element})
		}
	}
	slices.SortStableFunc(insertions, func(a, b insertion) int { return a.at - b.at })
	var out []byte
	done := 0
	for _, i := range insertions {
		out = append(append(out, src[done:i.at]...), i.text...)
		done = i.at
	}
	return append(out, src[done:]...), nil
}

// offset returns the byte at which a position stands.
func offset(src []byte, at avsc.Pos) (int, bool) {
	start := 0
	for line := 1; line < at.Line; line++ {
		n := bytes.IndexByte(src[start:], '\n')
		if n < 0 {
			return 0, false
		}
		start += n + 1
	}
	start += at.Col - 1
	return start, at.IsValid() && at.Col > 0 && start < len(src)
}

// separator returns what goes between the neighbour, which begins or ends at one byte, and what is added behind it: a new
// line where the neighbour does not stand on the line at which its container opens.
func separator(src []byte, open, neighbour int, empty bool) string {
	comma := ","
	if empty {
		comma = ""
	}
	line := bytes.LastIndexByte(src[:neighbour], '\n') + 1
	if open >= line {
		return strings.TrimPrefix(comma+" ", " ")
	}
	indent := src[line:neighbour]
	return comma + "\n" + string(indent[:len(indent)-len(bytes.TrimLeft(indent, " \t"))])
}

// value is a JSON value in a text.
type value struct {
	// end is behind the value, last behind the last thing in an object, which is its { if it is empty.
	end, last int
	empty     bool
}

// scanValue finds the end of the value that begins at a byte. The text was parsed before, so it is not checked again; it may
// hold comments.
func scanValue(src []byte, start int) (v value, ok bool) {
	depth := 0
	v = value{last: start + 1, empty: true}
	for i := start; i < len(src); {
		n := tokenLen(src[i:])
		switch c := src[i]; {
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		switch c := src[i]; {
		case depth == 0 && !isSpace(src[i:]):
			v.end = i + n
			return v, true
		case depth < 0:
			return v, false
		case i > start && !isSpace(src[i:]) && c != ',':
			v.last, v.empty = i+n, false
		}
		i += n
	}
	return v, false
}

func isSpace(text []byte) bool {
	switch text[0] {
	case ' ', '\t', '\r', '\n', '/': // a comment is as good as space
		return true
	}
	return false
}

// tokenLen returns how long the string, word, sign, space or comment is with which a text begins.
func tokenLen(text []byte) int {
	switch text[0] {
	case '"':
		for i := 1; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '"':
				return i + 1
			}
		}
		return len(text)
	case '/':
		end := "\n"
		if bytes.HasPrefix(text, []byte("/*")) {
			end = "*/"
		}
		if i := bytes.Index(text[1:], []byte(end)); i >= 0 {
			return 1 + i + len(end)
		}
		return len(text)
	case '{', '}', '[', ']', ',', ':', ' ', '\t', '\r', '\n':
		return 1
	}
	if n := bytes.IndexAny(text, "{}[],: \t\r\n/\""); n > 0 {
		return n
	}
	return len(text)
}
