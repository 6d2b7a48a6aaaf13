package compat

import (
	"strings"

	"github.com/avow-events/avow/avsc"
)

// What makes a writer's data unreadable: the names of Avro Java's SchemaIncompatibilityType, which are also the ids of
// the rules.
const (
	NameMismatch                   = "NAME_MISMATCH"
	FixedSizeMismatch              = "FIXED_SIZE_MISMATCH"
	MissingEnumSymbols             = "MISSING_ENUM_SYMBOLS"
	ReaderFieldMissingDefaultValue = "READER_FIELD_MISSING_DEFAULT_VALUE"
	TypeMismatch                   = "TYPE_MISMATCH"
	MissingUnionBranch             = "MISSING_UNION_BRANCH"
)

// Incompatibility is one reason why a reader cannot read everything that a writer may write.
type Incompatibility struct {
	// Type is one of the constants above.
	Type string
	// Location is a path in the form of a JSON pointer, / for the root: field numbers are the reader's, union
	// branches the writer's, so that it need not be a pointer into either schema. A pair of types that is met again
	// keeps the location of the first time, and inside a union the path begins anew, as in Java.
	Location string
	// Message is Java's, such as "expected: 8, found: 4".
	Message string

	// Place is where it is in a value, such as items[].price or labels{}; empty for the value itself.
	Place string
	// Reader and Writer are the types that do not fit: the records for a missing default, the unions or the
	// union and the other type for a missing branch.
	Reader, Writer *avsc.Type
	// Field is the reader's field where the writer has none, nil for all else.
	Field *avsc.Field
	// ReaderPos and WriterPos are where to look: the place at which the type is used, the name for names, the
	// field for a missing default, the first missing symbol, the branch that lacks a counterpart.
	ReaderPos, WriterPos avsc.Pos
}

// cursor is where a comparison is: as Java counts, and as a person would say.
type cursor struct {
	// tokens of the location, one an element.
	tokens []string
	// names of fields, and [] and {} for the items of arrays and the values of maps.
	names []string
}

// down returns the cursor one token deeper. Name may be empty. Cursors share memory: one is used only until its parent
// goes down again.
func (c cursor) down(token, name string) cursor {
	c.tokens = append(c.tokens, token)
	if name != "" {
		c.names = append(c.names, name)
	}
	return c
}

// anew returns the cursor for the branch of a union: Java begins a new location there.
func (c cursor) anew() cursor { return cursor{names: c.names} }

var tokenEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// location returns the tokens as a JSON pointer, / for none.
func (c cursor) location() string {
	var b strings.Builder
	b.WriteByte('/')
	for i, token := range c.tokens {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(tokenEscaper.Replace(token))
	}
	return b.String()
}

// place returns the names as a path in a value, such as items[].price.
func (c cursor) place() string {
	var b strings.Builder
	for i, name := range c.names {
		if i > 0 && name != "[]" && name != "{}" {
			b.WriteByte('.')
		}
		b.WriteString(name)
	}
	return b.String()
}
