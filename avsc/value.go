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
	// Members of an object in source order. Where a name is repeated the last one counts; [Value.Get]
	// knows that.
	Members []Member
}

// Member is one name and value of a JSON object.
type Member struct {
	Name    string
	NamePos Pos
	Value   *Value
}

// Get returns the value of the member called name, nil where v is no object or has none. Of repeated names
// the last one counts, as in Java's JSON reader.
func (v *Value) Get(name string) *Value {
	if v == nil || v.Kind != ObjectValue {
		return nil
	}
	for i := len(v.Members) - 1; i >= 0; i-- {
		if v.Members[i].Name == name {
			return v.Members[i].Value
		}
	}
	return nil
}

// String returns the value as compact JSON, as Avro Java prints it.
func (v *Value) String() string { return string(appendValue(nil, v)) }
