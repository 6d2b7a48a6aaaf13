package compat

import (
	"fmt"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// describePlace names the thing at a place in a value: a field, the items of one, the schema itself.
func describePlace(place string) string {
	last := place[strings.LastIndexByte(place, '.')+1:]
	name := strings.TrimRight(last, "[]{}")
	thing := "the schema"
	if name != "" {
		thing = fmt.Sprintf("field %q", name)
	}
	for suffix := last[len(name):]; suffix != ""; suffix = suffix[2:] {
		if part := map[byte]string{'[': "items", '{': "values"}[suffix[0]]; thing == "the schema" {
			thing = "the " + part
		} else {
			thing = part + " of " + thing
		}
	}
	return thing
}

// describeType names a type in one or a few words, as somebody would write it.
func describeType(t *avsc.Type) string {
	switch {
	case t.Kind.IsNamed():
		return fmt.Sprintf("%s %s", t.Kind, t.Name)
	case t.Kind == avsc.Array:
		return "array of " + describeType(t.Elem)
	case t.Kind == avsc.Map:
		return "map of " + describeType(t.Elem)
	case t.Kind == avsc.Union:
		branches := make([]string, len(t.Branches))
		for i, b := range t.Branches {
			branches[i] = describeType(b)
		}
		return "[" + strings.Join(branches, ", ") + "]"
	case t.Logical != nil:
		return fmt.Sprintf("%s (%s)", t.Kind, describeLogical(t.Logical))
	}
	return t.Kind.String()
}

func describeLogical(l *avsc.Logical) string {
	switch {
	case l == nil:
		return "none"
	case l.Kind == avsc.Decimal:
		return fmt.Sprintf("decimal(%d,%d)", l.Precision, l.Scale)
	}
	return l.Kind.String()
}

// list joins words as in "A, B and C".
func list(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// quote returns a JSON string literal.
func quote(s string) string { return (&avsc.Value{Kind: avsc.StringValue, Text: s}).String() }

// shorten cuts a text that is too long for a message.
func shorten(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
