package properties

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Parse reads a file as java.util.Properties.load does: lines that a backslash continues, escapes, comments after # or !,
// keys that end at the first =, : or white space, and of keys given twice the last. The file is UTF-8, or ISO-8859-1
// where it cannot be that. name is for messages. An error has its place, file:line:col, and shows no value.
func Parse(name string, src []byte) (*Properties, error) {
	p := &Properties{}
	text := decode(src)
	r := reader{rest: strings.TrimPrefix(text, "\ufeff"), line: 1}
	for {
		logical, line, ok := r.next()
		if !ok {
			return p, nil
		}
		key, value := split(logical)
		var err error
		place := fmt.Sprintf("%s:%d:%d", name, line.number, line.column)
		if key, err = unescape(key); err == nil {
			value, err = unescape(value)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", place, err)
		}
		p.Set(key, value, place)
	}
}

// decode returns the text of a file.
func decode(src []byte) string {
	if utf8.Valid(src) {
		return string(src)
	}
	latin := make([]rune, len(src))
	for i, b := range src {
		latin[i] = rune(b)
	}
	return string(latin)
}

// reader takes logical lines, which backslashes may spread over several natural ones, off a text.
type reader struct {
	rest string
	line int // number of the natural line that rest begins in
}

// place is where a logical line begins.
type place struct{ number, column int }

// next returns the next logical line that is neither blank nor a comment, with its escapes.
func (r *reader) next() (logical string, at place, ok bool) {
	var b strings.Builder
	for r.rest != "" {
		number := r.line
		ok = false
		natural := r.natural()
		content := strings.TrimLeft(natural, blanks)
		if b.Len() == 0 {
			if content == "" || content[0] == '#' || content[0] == '!' {
				continue
			}
			at = place{number, utf8.RuneCountInString(natural[:len(natural)-len(content)]) + 1}
		}
		continued, more := strings.CutSuffix(content, `\`)
		if !more || !evenBackslashes(continued) {
			b.WriteString(content)
			return b.String(), at, true
		}
		b.WriteString(continued)
		ok = true // a line that the end of the file continues is one, even if it is empty
	}
	return b.String(), at, ok
}

// blanks are the white space within a line.
const blanks = " \t\f"

// natural takes the next line, which \n, \r\n or \r ends, off the text.
func (r *reader) natural() string {
	end := strings.IndexAny(r.rest, "\r\n")
	r.line++
	if end < 0 {
		line := r.rest
		r.rest = ""
		return line
	}
	line := r.rest[:end]
	if strings.HasPrefix(r.rest[end:], "\r\n") {
		end++
	}
	r.rest = r.rest[end+1:]
	return line
}

// evenBackslashes reports whether the backslashes at the end of a text escape each other.
func evenBackslashes(s string) bool {
	return (len(s)-len(strings.TrimRight(s, `\`)))%2 == 0
}

// split cuts a logical line into key and value at the first separator that no backslash escapes.
func split(line string) (key, value string) {
	end := 0
	for end < len(line) && !strings.ContainsRune("=:"+blanks, rune(line[end])) {
		if line[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(line))
	value = strings.TrimLeft(line[end:], blanks)
	if value != "" && (value[0] == '=' || value[0] == ':') {
		value = strings.TrimLeft(value[1:], blanks)
	}
	return line[:end], value
}

// unescape replaces \t, \n, \r, \f and \uXXXX; before any other character a backslash means nothing.
func unescape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var units []rune // a pair of surrogates is two escapes
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		if runes[i] != '\\' {
			units = append(units, runes[i])
			continue
		}
		if i++; i == len(runes) {
			break
		}
		switch c := runes[i]; c {
		case 't':
			units = append(units, '\t')
		case 'n':
			units = append(units, '\n')
		case 'r':
			units = append(units, '\r')
		case 'f':
			units = append(units, '\f')
		case 'u':
			if len(runes) < i+5 {
				return "", errBadEscape
			}
			code, err := strconv.ParseUint(string(runes[i+1:i+5]), 16, 16)
			if err != nil {
				return "", errBadEscape
			}
			units = append(units, rune(code))
			i += 4
		default:
			units = append(units, c)
		}
	}
	return joinSurrogates(units), nil
}

var errBadEscape = fmt.Errorf(`\u is followed by something other than four hexadecimal digits; a backslash of the text is written \\`)

// joinSurrogates makes one character of the two halves by which Java writes those beyond the first plane.
func joinSurrogates(units []rune) string {
	var b strings.Builder
	for i := 0; i < len(units); i++ {
		if i+1 < len(units) {
			if r := utf16.DecodeRune(units[i], units[i+1]); r != utf8.RuneError {
				b.WriteRune(r)
				i++
				continue
			}
		}
		b.WriteRune(units[i])
	}
	return b.String()
}
