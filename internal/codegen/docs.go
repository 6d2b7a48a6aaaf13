package codegen

import (
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/goname"
)

// typeDoc returns the lines of a type's comment: what it is, then what the schema says.
func typeDoc(u *unit) []string {
	what := article(u.typ.Kind.String()) + " " + u.typ.Kind.String()
	if u.typ.Logical != nil {
		what = article(u.typ.Logical.Kind.String()) + " " + u.typ.Logical.Kind.String()
	}
	lines := []string{u.goName + " is the Avro " + u.typ.Kind.String() + " " + u.name + "."}
	switch {
	case u.isRoot:
		lines = []string{u.goName + " holds " + what + ", the schema of a file that gives it no name."}
	case u.isWrapper():
		lines = []string{u.goName + " holds the Avro fixed " + u.name + ", " + what + "; fields of that type hold the value itself."}
	}
	if doc := paragraphs(u.typ.Doc); len(doc) > 0 {
		lines = append(append(lines, ""), doc...)
	}
	return lines
}

func article(word string) string {
	if strings.ContainsAny(word[:1], "aeiou") && !strings.HasPrefix(word, "u") {
		return "an"
	}
	return "a"
}

// fieldDoc returns the lines of a field's comment.
func fieldDoc(f *avsc.Field) []string {
	lines := paragraphs(f.Doc)
	if holds(f.Type, func(t *avsc.Type) bool {
		if !goname.IsLogical(t) {
			return false
		}
		k := t.Logical.Kind
		return k == avsc.LocalTimestampMillis || k == avsc.LocalTimestampMicros || k == avsc.LocalTimestampNanos
	}) {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, "The clock of some place: what it shows counts, its zone carries no meaning.")
	}
	return lines
}

// holds reports whether t, or a part of it that is no named type, satisfies is.
func holds(t *avsc.Type, is func(*avsc.Type) bool) bool {
	if is(t) {
		return true
	}
	if t.Kind == avsc.Record {
		return false
	}
	for _, part := range parts(t) {
		if holds(part, is) {
			return true
		}
	}
	return false
}

func unionDoc(u *union) []string {
	var names []string
	nullable := false
	for _, w := range u.wrappers {
		if w == "" {
			nullable = true
			continue
		}
		names = append(names, "*"+w)
	}
	doc := u.goName + " is one of " + strings.Join(names, ", ") + "; "
	switch {
	case len(names) == 0:
		doc = u.goName + " has no value: its union has no branch."
	case nullable:
		doc += "nil is null."
	default:
		doc += "nil is no value of it."
	}
	return []string{doc}
}

// paragraphs returns the lines of a text from a schema, without what does not belong in a comment.
func paragraphs(doc string) []string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r < ' ', r == 0x7f, r == '\u2028', r == '\u2029', r == '\ufeff', r == '\ufffd':
			return ' '
		}
		return r
	}, strings.ReplaceAll(strings.ReplaceAll(doc, "\r\n", "\n"), "\r", "\n"))
	lines := strings.Split(clean, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "+build"); ok {
			lines[i] = "+ build" + rest // gofmt takes it for a build constraint, and moves it to where it is one
		}
	}
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
