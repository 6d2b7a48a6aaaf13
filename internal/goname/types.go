package goname

import "github.com/avow-events/avow/avsc"

// Leaf returns the Go type of an Avro type that is neither named nor made of others, such as int64 or codec.Decimal, and
// of a fixed whose logical type gives it a Go type of its own. It is empty for all others.
func Leaf(t *avsc.Type) string {
	if IsLogical(t) {
		switch t.Logical.Kind {
		case avsc.Decimal:
			return "codec.Decimal"
		case avsc.UUID:
			return "uuid.UUID"
		case avsc.TimeMillis, avsc.TimeMicros:
			return "time.Duration"
		case avsc.Duration:
			return "codec.Duration"
		}
		return "time.Time"
	}
	switch t.Kind {
	case avsc.Null:
		return "codec.Null"
	case avsc.Boolean:
		return "bool"
	case avsc.Int:
		return "int32"
	case avsc.Long:
		return "int64"
	case avsc.Float:
		return "float32"
	case avsc.Double:
		return "float64"
	case avsc.Bytes:
		return "[]byte"
	case avsc.String:
		return "string"
	}
	return ""
}

// maxScale is the largest scale of a codec.Decimal; a decimal beyond it is what it annotates.
const maxScale = 10_000

// IsLogical reports whether a logical type decides the Go type of t.
func IsLogical(t *avsc.Type) bool {
	return t.Logical != nil && (t.Logical.Kind != avsc.Decimal || t.Logical.Scale <= maxScale)
}

// Form is how a union is written in Go.
type Form uint8

const (
	// Sealed is an interface with a wrapper type for each branch but null, whose interface is nil.
	Sealed Form = iota
	// Single is a union of one branch: the Go type of that branch.
	Single
	// Nilable is null and an array, a map or bytes: their Go type, in which nil is null.
	Nilable
	// Nullable is null and any other type: a pointer, or an Optional where that is asked for.
	Nullable
)

// FormOf returns the form of a union and the index of the branch that is not null for Nilable and Nullable, 0 otherwise.
func FormOf(union *avsc.Type) (form Form, branch int) {
	switch b := union.Branches; {
	case len(b) == 1:
		return Single, 0
	case len(b) == 2 && b[0].Kind == avsc.Null:
		return nullableForm(b[1]), 1
	case len(b) == 2 && b[1].Kind == avsc.Null:
		return nullableForm(b[0]), 0
	}
	return Sealed, 0
}

func nullableForm(t *avsc.Type) Form {
	switch {
	case t.Kind == avsc.Array, t.Kind == avsc.Map, t.Kind == avsc.Bytes && !IsLogical(t):
		return Nilable
	}
	return Nullable
}

// Branch returns the word for a union's branch in the name of its wrapper type: the name of a named type, else Avro's
// word for the logical type or the type.
func Branch(t *avsc.Type) string {
	switch {
	case t.Kind.IsNamed():
		return t.Name.Short
	case IsLogical(t):
		return t.Logical.Kind.String()
	}
	return t.Kind.String()
}
