package avsc

import "math"

// Equal reports whether two types are equal to Avro Java's Schema.equals: documentation, aliases and an enum's default
// do not count, all properties do. It decides whether a name may be defined again.
func Equal(a, b *Type) bool { return equality{}.types(a, b) }

// equality holds the pairs of records that are being compared, which count as equal.
type equality map[[2]*Type]bool

func (e equality) types(a, b *Type) bool {
	if a == b {
		return true
	}
	if a.Kind != b.Kind || a.Name != b.Name || !equalProps(a.Props, b.Props) {
		return false
	}
	switch a.Kind {
	case Enum:
		if len(a.Symbols) != len(b.Symbols) {
			return false
		}
		for i := range a.Symbols {
			if a.Symbols[i].Name != b.Symbols[i].Name {
				return false
			}
		}
	case Fixed:
		return a.Size == b.Size
	case Array, Map:
		return e.types(a.Elem, b.Elem)
	case Union:
		if len(a.Branches) != len(b.Branches) {
			return false
		}
		for i := range a.Branches {
			if !e.types(a.Branches[i], b.Branches[i]) {
				return false
			}
		}
	case Record:
		pair := [2]*Type{a, b}
		if e[pair] {
			return true
		}
		e[pair] = true
		if len(a.Fields) != len(b.Fields) {
			return false
		}
		for i := range a.Fields {
			f, g := a.Fields[i], b.Fields[i]
			if f.Name != g.Name || f.Order != g.Order || !e.types(f.Type, g.Type) ||
				!equalDefaults(f.Default, g.Default) || !equalProps(f.Props, g.Props) {
				return false
			}
		}
	}
	return true
}

func equalDefaults(a, b *Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	return equalValues(a, b)
}

func equalProps(a, b []Prop) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if p := findProp(b, a[i].Name); p == nil || !equalValues(a[i].Value, p.Value) {
			return false
		}
	}
	return true
}

// equalValues compares as Jackson's JsonNode.equals does: 1 and 1.0 differ, the order of members does not count.
func equalValues(a, b *Value) bool {
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case BoolValue:
		return a.Bool == b.Bool
	case StringValue:
		return a.Text == b.Text
	case NumberValue:
		return equalNumbers(a.Text, b.Text)
	case ArrayValue:
		if len(a.Items) != len(b.Items) {
			return false
		}
		for i := range a.Items {
			if !equalValues(a.Items[i], b.Items[i]) {
				return false
			}
		}
	case ObjectValue:
		if len(a.Members) != len(b.Members) {
			return false
		}
		for i := range a.Members {
			m := &a.Members[i]
			if v := b.Get(m.Name); v == nil || !equalValues(m.Value, v) {
				return false
			}
		}
	}
	return true
}

func equalNumbers(a, b string) bool {
	x, isDouble := doubleOf(a)
	y, other := doubleOf(b)
	if isDouble != other {
		return false
	}
	if isDouble {
		return math.Float64bits(x) == math.Float64bits(y)
	}
	return string(appendNumber(nil, a)) == string(appendNumber(nil, b))
}
