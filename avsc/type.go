package avsc

// Kind says which of Avro's types a [Type] is. The zero Kind is invalid.
type Kind uint8

// The types of the Avro specification, in its order: primitive, then complex.
const (
	Null Kind = iota + 1
	Boolean
	Int
	Long
	Float
	Double
	Bytes
	String
	Record
	Enum
	Array
	Map
	Union
	Fixed
)

var kindNames = [...]string{
	Null: "null", Boolean: "boolean", Int: "int", Long: "long", Float: "float", Double: "double",
	Bytes: "bytes", String: "string", Record: "record", Enum: "enum", Array: "array", Map: "map",
	Union: "union", Fixed: "fixed",
}

// String returns Avro's word for the kind, such as "record".
func (k Kind) String() string {
	if int(k) < len(kindNames) && k > 0 {
		return kindNames[k]
	}
	return "invalid"
}

// IsNamed reports whether types of this kind are named types: record, enum and fixed.
func (k Kind) IsNamed() bool { return k == Record || k == Enum || k == Fixed }

// IsPrimitive reports whether k is one of Avro's eight primitive types.
func (k Kind) IsPrimitive() bool { return k >= Null && k <= String }

// Type is one node of a schema. A named type that is used in several places is one node, so a recursive
// type is a cycle in the graph; every other type expression is a node of its own, even where its text is
// the same. Callers read its fields and never change them.
type Type struct {
	Kind Kind
	// Pos is where the type expression begins: the `{` or `[` or `"` of its definition.
	Pos Pos

	// Name holds the full name of a named type and is empty for all others.
	Name Name
	// NamePos is the position of the string that named it, Pos where there is none.
	NamePos Pos
	// Aliases of a named type, as full names, in source order.
	Aliases []Alias
	// Doc is the documentation of a named type; HasDoc tells an empty doc from none.
	Doc    string
	HasDoc bool

	// Fields of a record, in source order.
	Fields []*Field
	// IsError marks a record that was declared as "error".
	IsError bool

	// Symbols of an enum, in source order.
	Symbols []Symbol
	// Default is an enum's own default symbol, nil where it has none.
	Default *Symbol

	// Elem is the type of an array's items or of a map's values, and ElemPos where that is written
	// (not where the type is defined, if it is a reference by name).
	Elem    *Type
	ElemPos Pos

	// Branches of a union, in source order, and where each is written.
	Branches  []*Type
	BranchPos []Pos

	// Size of a fixed, in bytes.
	Size int

	// Logical is the logical type if the specification defines it and it is valid where it stands
	// (decimal with precision ≥ 1 and 0 ≤ scale ≤ precision that fits the fixed, uuid on string or
	// fixed(16), and so on). Everything else is ignored, as the specification says, and leaves nil.
	Logical *Logical

	// Props are the attributes that the specification does not define, and logicalType, precision and
	// scale as written, in source order.
	Props []Prop
}

// Name is the name of a named type. The zero Namespace is the null namespace.
type Name struct {
	Namespace string
	Short     string
}

// Full returns the full name: namespace, dot, short name; the short name alone in the null namespace.
func (n Name) Full() string {
	if n.Namespace == "" {
		return n.Short
	}
	return n.Namespace + "." + n.Short
}

// String returns the full name.
func (n Name) String() string { return n.Full() }

// FullName returns the full name of a named type, and Avro's word for the kind of any other.
func (t *Type) FullName() string {
	if t.Kind.IsNamed() {
		return t.Name.Full()
	}
	return t.Kind.String()
}

// Alias is another name that a type goes by, as a full name.
type Alias struct {
	Name Name
	Pos  Pos
}

// Symbol is one symbol of an enum.
type Symbol struct {
	Name string
	Pos  Pos
}

// Field is a field of a record.
type Field struct {
	Name string
	// Pos is the position of the field's object, NamePos of the string that names it.
	Pos, NamePos Pos
	// Type of the field, and where it is written (not where the type is defined, if it is a
	// reference by name).
	Type    *Type
	TypePos Pos
	// Doc is the field's documentation; HasDoc tells an empty doc from none.
	Doc    string
	HasDoc bool
	// Default is the default value as written, nil where there is none. A default of JSON null is a
	// Value of kind NullValue. That of a float or double is a NumberValue even where it is written as a
	// string, which Avro Java allows: its Text may then be NaN, Infinity or -Infinity.
	Default *Value
	// Order is how the field counts when records are sorted.
	Order Order
	// Aliases of the field, in source order.
	Aliases []FieldAlias
	// Props are the attributes that the specification does not define, in source order.
	Props []Prop
}

// FieldAlias is another name that a field goes by.
type FieldAlias struct {
	Name string
	Pos  Pos
}

// Order is the sort order of a field. The zero Order is Avro's default, ascending.
type Order uint8

// The orders of the Avro specification.
const (
	Ascending Order = iota
	Descending
	Ignore
)

// String returns Avro's word for the order.
func (o Order) String() string { return [...]string{"ascending", "descending", "ignore"}[o] }

// Logical is a valid logical type.
type Logical struct {
	// Kind is one of the constants below.
	Kind LogicalKind
	// Precision and Scale of a decimal, in decimal digits; 0 for all others.
	Precision, Scale int
}

// LogicalKind is one of the logical types of the Avro specification. The zero LogicalKind is invalid.
type LogicalKind uint8

// The logical types of Avro 1.12, each with the types it may annotate.
const (
	Decimal              LogicalKind = iota + 1 // bytes, fixed
	UUID                                        // string, fixed(16)
	Date                                        // int: days since 1970-01-01
	TimeMillis                                  // int: since midnight
	TimeMicros                                  // long: since midnight
	TimestampMillis                             // long: since 1970-01-01T00:00:00Z
	TimestampMicros                             // long
	TimestampNanos                              // long
	LocalTimestampMillis                        // long: the same without a zone
	LocalTimestampMicros                        // long
	LocalTimestampNanos                         // long
	Duration                                    // fixed(12): months, days, milliseconds, little-endian
)

var logicalNames = [...]string{
	Decimal: "decimal", UUID: "uuid", Date: "date", TimeMillis: "time-millis", TimeMicros: "time-micros",
	TimestampMillis: "timestamp-millis", TimestampMicros: "timestamp-micros", TimestampNanos: "timestamp-nanos",
	LocalTimestampMillis: "local-timestamp-millis", LocalTimestampMicros: "local-timestamp-micros",
	LocalTimestampNanos: "local-timestamp-nanos", Duration: "duration",
}

// String returns Avro's word for the logical type, such as "timestamp-millis".
func (k LogicalKind) String() string {
	if int(k) < len(logicalNames) && k > 0 {
		return logicalNames[k]
	}
	return "invalid"
}

// Prop is an attribute that the specification does not define.
type Prop struct {
	Name    string
	NamePos Pos
	Value   *Value
}
