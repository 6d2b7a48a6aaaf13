package embedded

import (
	"strings"
)

// mediaRange is a media type, or in a header Accept a range of them.
type mediaRange struct {
	main, sub string // in lower case
	// parameters are as they were written, each with its semicolon; but the quality is not among them.
	parameters string
	// written are the same with the quality.
	written string
	quality int // in thousandths
}

// parseMediaType reads the media type of a body. It is not ok where that has no type, no subtype or parameters that are
// none.
func parseMediaType(s string) (m mediaRange, ok bool) {
	kind, parameters, _ := strings.Cut(s, ";")
	m.main, m.sub, ok = strings.Cut(strings.ToLower(strings.TrimSpace(kind)), "/")
	return m, ok && isToken(m.main) && isToken(m.sub) && eachParameter(parameters, func(string, string) bool { return true })
}

// parseMediaRange reads a part of a header Accept, where a type alone stands for all its subtypes. A quality is a number
// from 0 to 1 with at most three decimals.
func parseMediaRange(s string) (m mediaRange, ok bool) {
	kind, parameters, _ := strings.Cut(s, ";")
	m.main, m.sub, ok = strings.Cut(strings.ToLower(strings.TrimSpace(kind)), "/")
	if !ok {
		m.sub = "*"
	}
	if !isToken(m.main) || !isToken(m.sub) {
		return m, false
	}
	m.quality = 1000
	return m, eachParameter(parameters, func(name, value string) bool {
		m.written += ";" + name + "=" + value
		if strings.EqualFold(name, "q") {
			m.quality, ok = parseQuality(value)
			return ok
		}
		if !strings.EqualFold(name, "qs") {
			m.parameters += ";" + name + "=" + value
		}
		return true
	})
}

// eachParameter calls use for the parameters of a media type until it returns false, and reports whether it never did
// and they are well-formed.
func eachParameter(parameters string, use func(name, value string) bool) bool {
	for _, one := range strings.Split(parameters, ";") {
		if strings.TrimSpace(one) == "" {
			continue
		}
		name, value, ok := strings.Cut(one, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || !isToken(name) || !isToken(value) && !isQuoted(value) || !use(name, value) {
			return false
		}
	}
	return true
}

// parseQuality reads a number from 0 to 1 with at most three decimals, in thousandths.
func parseQuality(s string) (thousandths int, ok bool) {
	whole, decimals, _ := strings.Cut(s, ".")
	if whole != "0" && whole != "1" || len(decimals) > 3 {
		return 0, false
	}
	for _, digit := range (decimals + "000")[:3] {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		thousandths = 10*thousandths + int(digit-'0')
	}
	thousandths += 1000 * int(whole[0]-'0')
	return thousandths, thousandths <= 1000
}

// isToken reports whether s is a word as HTTP headers have them.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	})
}

func isQuoted(s string) bool { return len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' }

// covers says how exactly a range names a media type: 2 by both its parts, 1 by one of them, 0 as anything, -1 not at all.
func (m mediaRange) covers(media string) int {
	main, sub, _ := strings.Cut(media, "/")
	exact := 0
	for _, part := range [][2]string{{m.main, main}, {m.sub, sub}} {
		switch part[0] {
		case part[1]:
			exact++
		case "*":
		default:
			return -1
		}
	}
	return exact
}

func (m mediaRange) String() string { return m.main + "/" + m.sub + m.written }

func (m mediaRange) isWild() bool { return m.main == "*" || m.sub == "*" }
