package embedded

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"strings"
)

// guid identifies the content of a schema: its text, its references, its metadata and its rule set, whatever its
// subject, version and id. It is what the registry finds a schema again by.
type guid [md5.Size]byte

// String returns the GUID as a UUID in lower case.
func (g guid) String() string {
	var b [36]byte
	g.put(&b)
	return string(b[:])
}

func (g guid) put(b *[36]byte) {
	hex.Encode(b[:8], g[:4])
	hex.Encode(b[9:13], g[4:6])
	hex.Encode(b[14:18], g[6:8])
	hex.Encode(b[19:23], g[8:10])
	hex.Encode(b[24:], g[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
}

// parseGUID reads a UUID as Java does, in which each group may lack leading zeros, or 32 hexadecimal digits.
func parseGUID(s string) (g guid, ok bool) {
	if groups := strings.Split(s, "-"); len(groups) == 5 && len(s) <= 36 {
		var b strings.Builder
		for i, width := range []int{8, 4, 4, 4, 12} {
			digits := groups[i]
			if digits == "" {
				return g, false
			}
			if len(digits) > width {
				digits = digits[len(digits)-width:]
			}
			b.WriteString(strings.Repeat("0", width-len(digits)) + digits)
		}
		s = b.String()
	}
	if len(s) != 2*len(g) {
		return g, false
	}
	_, err := hex.Decode(g[:], []byte(s))
	return g, err == nil
}

// identify computes the GUID of a content.
func identify(text string, refs []reference, m *metadata, rules *ruleSet) (g guid) {
	w := md5.New()
	writeStrings(w, text)
	for _, ref := range refs {
		ref.hash(w)
	}
	// The byte tells metadata that are empty from none.
	if m != nil {
		writeStrings(w, "\x01")
		m.hash(w)
	}
	if rules != nil {
		writeStrings(w, "\x01")
		rules.hash(w)
	}
	w.Sum(g[:0])
	return g
}

// writeStrings writes into a hash, which cannot fail.
func writeStrings(w io.Writer, parts ...string) {
	for _, s := range parts {
		io.WriteString(w, s)
	}
}
