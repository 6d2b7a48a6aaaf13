package embedded

import (
	"cmp"
	"unicode/utf8"
)

// Answers list names in the order in which the real server's maps hold them. Two of Java's orders are needed for
// that: String.compareTo for its sorted maps and String.hashCode for its hash maps.

// compareJava orders strings as Java's String.compareTo: by UTF-16 code units. It differs from Go's order only where
// a character beyond U+FFFF meets one from U+E000 to U+FFFF.
func compareJava(a, b string) int {
	n := min(len(a), len(b))
	i := 0
	for i < n && a[i] == b[i] {
		i++
	}
	if i == n || a[i] < 0xee || b[i] < 0xee {
		return cmp.Compare(a, b)
	}
	for i > 0 && !utf8.RuneStart(a[i]) {
		i--
	}
	ra, _ := utf8.DecodeRuneInString(a[i:])
	rb, _ := utf8.DecodeRuneInString(b[i:])
	if beyond := ra > 0xffff; beyond != (rb > 0xffff) {
		if beyond {
			return -1
		}
		return 1
	}
	return cmp.Compare(ra, rb)
}

// hashJava is Java's String.hashCode.
func hashJava(s string) int32 {
	var h int32
	for _, r := range s {
		if r > 0xffff {
			r -= 0x10000
			h = 31*h + (0xd800 + r>>10)
			r = 0xdc00 + r&0x3ff
		}
		h = 31*h + r
	}
	return h
}

// bucketJava is the place of a key with this hash in a ConcurrentHashMap whose table has the given size.
func bucketJava(hash int32, table int) int {
	h := uint32(hash)
	return int((h^h>>16)&0x7fffffff) & (table - 1)
}
