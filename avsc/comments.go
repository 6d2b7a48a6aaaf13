package avsc

import "bytes"

// blankComments returns src with every comment up to the end of its value replaced by spaces, so that offsets stay. A
// comment that has no end is at the offset open, which is -1 otherwise.
func blankComments(src []byte) (blanked []byte, open int) {
	if bytes.IndexByte(src, '/') < 0 {
		return src, -1
	}
	blanked = bytes.Clone(src)
	depth := 0
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			if i = endOfString(src, i); depth == 0 {
				return blanked, -1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return blanked, -1
			}
		case '/':
			n := commentLen(src[i:])
			if n < 0 {
				return blanked, i
			}
			if n == 0 {
				return blanked, -1 // the JSON reader says what is wrong
			}
			for k := i; k < i+n; k++ {
				if blanked[k] != '\n' {
					blanked[k] = ' '
				}
			}
			i += n - 1
		}
	}
	return blanked, -1
}

// endOfString returns the offset of the quote that ends the string at offset i, or len(src).
func endOfString(src []byte, i int) int {
	for i++; i < len(src) && src[i] != '"'; i++ {
		if src[i] == '\\' {
			i++
		}
	}
	return i
}

// commentLen returns how long the comment is with which src begins: 0 if it begins with none, -1 if the comment has no
// end.
func commentLen(src []byte) int {
	switch {
	case bytes.HasPrefix(src, []byte("//")):
		if n := bytes.IndexAny(src, "\r\n"); n >= 0 {
			return n
		}
		return len(src)
	case bytes.HasPrefix(src, []byte("/*")):
		n := bytes.Index(src[2:], []byte("*/"))
		if n < 0 {
			return -1
		}
		return n + 4
	}
	return 0
}
