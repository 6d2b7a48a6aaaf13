package avsc

// ValueKind says which of JSON's values a [Value] is. The zero ValueKind is invalid.
type ValueKind uint8

// The values of JSON.
const (
	NullValue ValueKind = iota + 1
	BoolValue
	NumberValue
	StringValue
	ArrayValue
	ObjectValue
)

// Value is a JSON value as it stands in a schema file: a default or an attribute. Numbers keep their text.
type Value struct {
	Kind ValueKind
	Pos  Pos
	// Text is the content of a string and the literal of a number.
	Text string
	// Bool is the content of a boolean.
	Bool bool
	// Items of an array.
	Items []*Value
	// Members of an object in source order. A name that is repeated stands once, at its first place and with its
	// last value, as in Java's JSON objects.
	Members []Member
}

// Member is one name and value of a JSON object.
type Member struct {
	Name    string
	NamePos Pos
	Value   *Value
}

// Get returns the value of the member called name, nil where v is no object or has none.
func (v *Value) Get(name string) *Value {
	if v == nil || v.Kind != ObjectValue {
		return nil
	}
	for i := range v.Members {
		if v.Members[i].Name == name {
			return v.Members[i].Value
		}
	}
	return nil
}

// String returns the value as compact JSON, as Avro Java prints it.
func (v *Value) String() string { return string(appendValue(nil, v)) }
