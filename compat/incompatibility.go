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

	// Reader and Writer are the types that do not fit: the records for a missing default, the unions or the
	// union and the other type for a missing branch.
	Reader, Writer *avsc.Type
	// Field is the reader's field for a missing default, nil for all others.
	Field *avsc.Field
	// ReaderPos and WriterPos are where to look: the place at which the type is used, the name for names, the
	// field for a missing default, the first missing symbol, the branch that lacks a counterpart.
	ReaderPos, WriterPos avsc.Pos
}

// path is a location under construction, one reference token an element.
type path []string

var tokenEscaper = strings.NewReplacer("~", "~0", "/", "~1")

func (p path) String() string {
	var b strings.Builder
	b.WriteByte('/')
	for i, token := range p {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(tokenEscaper.Replace(token))
	}
	return b.String()
}
