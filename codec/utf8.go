package codec

import "math/bits"

// validUTF8 reports whether t is UTF-8. It looks at eight bytes at a time, the last of them twice if need be, as long
// as they are ASCII: on the short strings of events that is twice as fast as utf8.ValidString.
func validUTF8(t string) bool {
	n := len(t)
	if n < 8 {
		return ascii7(t) || validRunes(t)
	}
	for i := 0; i < n-8; i += 8 {
		if eight(t[i:])&highBits != 0 {
			return validRunes(t[i:])
		}
	}
	return eight(t[n-8:])&highBits == 0 || validRunes(t)
}

// validRunes is validUTF8 for what is not all ASCII. Where no character takes more than two bytes, as in Zoë Müller, it
// goes from eight bytes to the next without a branch. A tail of fewer is looked at with zeros behind it.
func validRunes(t string) bool {
	n := len(t)
	if n < 8 {
		return validSequences(t)
	}
	var odd, first uint64
	for i := 0; i < n-8; i += 8 {
		odd, first = pairs(eight(t[i:]), odd, first)
	}
	odd, first = pairs(eight(t[n-8:])>>(-n*8&63), odd, first)
	return odd|first>>56 == 0 || validSequences(t)
}

// pairs looks at eight bytes for characters of two bytes: each byte that begins one moves up by one, and must then meet
// one that continues it. first are the highest bits of those that begin one, of this word and of the one before; odd gets
// bits where something else was met.
func pairs(w, odd, before uint64) (newOdd, first uint64) {
	first = w & (w << 1) & highBits
	longer := first & (w<<2 | ^(w<<3 | w<<4 | w<<5 | w<<6)) // or a single byte would have done
	return odd | longer | (w&highBits ^ first ^ (first<<8 | before>>56)), first
}

// validSequences is validRunes for characters of any length. It goes from one sequence of several bytes to the next,
// where utf8.ValidString goes from byte to byte.
func validSequences(t string) bool {
	for i := 0; i < len(t); {
		if i+8 <= len(t) {
			high := eight(t[i:]) & highBits
			if high == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(high) / 8
		} else if t[i] < 0x80 {
			i++
			continue
		}
		n := sequence(t[i:])
		if n == 0 {
			return false
		}
		i += n
	}
	return true
}

// sequence returns the length of the sequence of several bytes that t begins with, 0 where that is not UTF-8: a second
// byte is missing, or the character is a surrogate, beyond Unicode or takes fewer bytes (RFC 3629, section 4).
func sequence(t string) int {
	if len(t) < 2 || t[1]&0xc0 != 0x80 {
		return 0
	}
	switch c, next := t[0], t[1]; {
	case c >= 0xc2 && c < 0xe0:
		return 2
	case c&0xf0 == 0xe0 && len(t) >= 3 && t[2]&0xc0 == 0x80:
		if c == 0xe0 && next < 0xa0 || c == 0xed && next >= 0xa0 {
			return 0
		}
		return 3
	case c >= 0xf0 && c < 0xf5 && len(t) >= 4 && t[2]&0xc0 == 0x80 && t[3]&0xc0 == 0x80:
		if c == 0xf0 && next < 0x90 || c == 0xf4 && next >= 0x90 {
			return 0
		}
		return 4
	}
	return 0
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
