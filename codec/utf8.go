package codec

import "unicode/utf8"

// validUTF8 reports whether t is UTF-8. It looks at eight bytes at a time, the last of them twice if need be, as long
// as they are ASCII: on the short strings of events that is twice as fast as utf8.ValidString.
func validUTF8(t string) bool {
	n := len(t)
	if n < 8 {
		return ascii7(t) || utf8.ValidString(t)
	}
	for i := 0; i < n-8; i += 8 {
		if eight(t[i:])&highBits != 0 {
			return utf8.ValidString(t[i:])
		}
	}
	return eight(t[n-8:])&highBits == 0 || utf8.ValidString(t)
}

// ascii7 reports whether t, of at most seven bytes, is ASCII.
func ascii7(t string) bool {
	n := len(t)
	if n >= 4 {
		return (four(t)|four(t[n-4:]))&0x80808080 == 0
	}
	var or byte
	for i := range n {
		or |= t[i]
	}
	return or < 0x80
}

// four returns the first 4 bytes of t, the first one least significant.
func four(t string) uint32 {
	_ = t[3]
	return uint32(t[0]) | uint32(t[1])<<8 | uint32(t[2])<<16 | uint32(t[3])<<24
}
