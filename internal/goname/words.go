package goname

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// initialisms are the words that Go writes in capitals.
var initialisms = map[string]bool{}

func init() {
	for word := range strings.FieldsSeq("ACL API ASCII AWS BIC CPU CSS CSV DB DNS EAN EOF GCP GPS GPU GUID HTML HTTP HTTPS IBAN ID IO " +
		"IP ISBN ISIN JSON JWT KPI LHS MAC OS PDF PIN QPS RAM RHS RPC SKU SLA SMS SMTP SQL SSH SSL SSN SSO TCP TLS TTL UDP " +
		"UI UID URI URL URN USB UTC UTF UUID VAT VIN VM VPN XML XSRF XSS YAML") {
		initialisms[word] = true
	}
}

// Exported returns the Go identifier for an Avro name: CamelCase, common initialisms in capitals, so that user_id and
// userId both give UserID. A name in capitals alone, as symbols of enums are, counts as words in lower case: CREDIT_CARD
// gives CreditCard.
func Exported(name string) string {
	var b strings.Builder
	for _, word := range words(name) {
		word = capitalized(word)
		upper := strings.ToUpper(word)
		if initialisms[strings.TrimRight(upper, "0123456789")] {
			word = upper
		} else if singular := strings.TrimSuffix(upper, "S"); initialisms[singular] {
			word = singular + "s"
		}
		if b.Len() > 0 && endsInDigit(b.String()) && startsWithDigit(word) {
			b.WriteByte('_') // v1_2 is not v12
		}
		b.WriteString(word)
	}
	return export(b.String())
}

// Plain returns the name with no more change than Go asks for: its first letter in upper case and what no identifier
// may hold left out. It is the second choice where Exported gives two names the same identifier.
func Plain(name string) string { return export(capitalized(strings.Map(identifier, name))) }

// export makes sure that an identifier, which has no character that Go refuses, begins as an exported one does.
func export(id string) string {
	if first, _ := utf8.DecodeRuneInString(id); !unicode.IsUpper(first) {
		return "X" + id
	}
	return id
}

// words splits a name at underscores and other signs, before a capital that follows a small letter or digit, and before
// the last of several capitals that a small letter follows: HTTPServer_v2 gives HTTP, Server, v2.
func words(name string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '_' || identifier(r) < 0 }) {
		if strings.ToUpper(part) == part {
			part = strings.ToLower(part)
		}
		runes := []rune(part)
		from := 0
		for i := 1; i < len(runes); i++ {
			starts := unicode.IsUpper(runes[i]) && !unicode.IsUpper(runes[i-1])
			ends := i+1 < len(runes) && unicode.IsUpper(runes[i]) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])
			if starts || ends {
				out = append(out, string(runes[from:i]))
				from = i
			}
		}
		out = append(out, string(runes[from:]))
	}
	return out
}

// identifier maps a rune that a Go identifier may hold to itself, any other to -1, which leaves it out.
func identifier(r rune) rune {
	if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

func capitalized(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + word[size:]
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func endsInDigit(s string) bool { return s != "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' }

// snake returns an identifier in lower case with underscores between its words, for the name of a file.
func snake(name string) string {
	return strings.ToLower(strings.Join(words(name), "_"))
}
