package embedded

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// The functions here append JSON to a slice. An object or an array is closed by whoever opened it; commas find their
// place themselves.

const hexDigits = "0123456789abcdef"

// plain are the bytes that stand for themselves in a string.
var plain = func() (t [256]bool) {
	for c := 0x20; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// appendString writes a string as the real server does: beyond ASCII as it is, no more escaped than JSON asks for.
func appendString(b []byte, s string) []byte {
	b = append(slices.Grow(b, len(s)+len(s)/4+2), '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if plain[c] {
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size - 1
			continue
		}
		b = append(append(b, s[start:i]...), '\\')
		start = i + 1
		switch c {
		case '"', '\\':
			start = i
		case '\b':
			b = append(b, 'b')
		case '\f':
			b = append(b, 'f')
		case '\n':
			b = append(b, 'n')
		case '\r':
			b = append(b, 'r')
		case '\t':
			b = append(b, 't')
		default:
			b = append(b, 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(b, s[start:]...), '"')
}

// appendComma writes the comma before another member or item, none before the first.
func appendComma(b []byte) []byte {
	switch b[len(b)-1] {
	case '{', '[', ':':
		return b
	}
	return append(b, ',')
}

// appendKey writes the name of an object's next member.
func appendKey(b []byte, name string) []byte { return append(appendString(appendComma(b), name), ':') }

// appendOptional writes a member unless its value is null or empty, as the real server leaves those out.
func appendOptional(b []byte, name string, value *string) []byte {
	if value == nil || *value == "" {
		return b
	}
	return appendString(appendKey(b, name), *value)
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

func appendBool(b []byte, v bool) []byte { return strconv.AppendBool(b, v) }

func appendStrings(b []byte, items []string) []byte {
	b = append(b, '[')
	for _, s := range items {
		b = appendString(appendComma(b), s)
	}
	return append(b, ']')
}

func appendInts(b []byte, items []int) []byte {
	b = append(b, '[')
	for _, n := range items {
		b = appendInt(appendComma(b), n)
	}
	return append(b, ']')
}

func appendStringMap(b []byte, m map[string]string) []byte {
	b = append(b, '{')
	for _, k := range sortedKeys(m) {
		b = appendString(appendKey(b, k), m[k])
	}
	return append(b, '}')
}
