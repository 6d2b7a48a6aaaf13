package properties

import (
	"fmt"
	"strings"
)

// JAAS is the value of sasl.jaas.config: a Java class that logs in, and what it is given.
type JAAS struct {
	// Module is the full name of the class, such as org.apache.kafka.common.security.plain.PlainLoginModule.
	Module string
	// Options such as username and password.
	Options map[string]string
}

// JAAS reads the value of a key, such as sasl.jaas.config, by the grammar MODULE required KEY="VALUE" … ; The error
// says where in the value it stopped, and shows nothing of it.
func (p *Properties) JAAS(key string) (JAAS, error) {
	value := p.Value(key)
	s := jaasScanner{rest: value}
	out := JAAS{Module: s.word(), Options: map[string]string{}}
	bad := func(want string) (JAAS, error) {
		return JAAS{}, p.Errorf(key, "want %s at character %d, as in MODULE required username=\"NAME\" password=\"SECRET\";",
			want, len([]rune(value))-len([]rune(s.rest))+1)
	}
	if out.Module == "" {
		return bad("the class of a login module")
	}
	switch flag := s.word(); strings.ToLower(flag) {
	case "required", "requisite", "sufficient", "optional":
	default:
		return bad("required before this")
	}
	for {
		if s.take(';') {
			if s.skip(); s.rest != "" {
				return bad("the end of the value")
			}
			return out, nil
		}
		name := s.word()
		if name == "" {
			return bad("an option or a semicolon")
		}
		if !s.take('=') {
			return bad("=")
		}
		option, ok := s.value()
		if !ok {
			return bad("a value in quotes")
		}
		out.Options[name] = option
	}
}

// String shows the module and no option, which may be secrets.
func (j JAAS) String() string { return fmt.Sprintf("%s with %d options", j.Module, len(j.Options)) }

// GoString does what String does.
func (j JAAS) GoString() string { return j.String() }

type jaasScanner struct{ rest string }

func (s *jaasScanner) skip() { s.rest = strings.TrimLeft(s.rest, " \t\f\r\n") }

// take takes one character if it comes next.
func (s *jaasScanner) take(c byte) bool {
	s.skip()
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// word takes what comes next up to white space or a character that separates.
func (s *jaasScanner) word() string {
	s.skip()
	end := strings.IndexAny(s.rest, " \t\f\r\n=;\"'")
	if end < 0 {
		end = len(s.rest)
	}
	word := s.rest[:end]
	s.rest = s.rest[end:]
	return word
}

// value takes a word, or a text in quotes, in which a backslash takes away the meaning of what follows.
func (s *jaasScanner) value() (string, bool) {
	s.skip()
	if s.rest == "" || s.rest[0] != '"' && s.rest[0] != '\'' {
		word := s.word()
		return word, word != ""
	}
	quote := s.rest[0]
	var b strings.Builder
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == quote:
			s.rest = s.rest[i+1:]
			return b.String(), true
		case c == '\\' && i+1 < len(s.rest):
			i++
			b.WriteByte(jaasEscape(s.rest[i]))
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// jaasEscape returns what a character means after a backslash.
func jaasEscape(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'f':
		return '\f'
	}
	return c
}
