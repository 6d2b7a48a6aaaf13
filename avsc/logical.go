package avsc

import "math"

// logicalOf returns the logical type that the properties of t name, nil if they name none or one that is not valid
// there (Avro Java's LogicalTypes.fromSchemaIgnoreInvalid).
func logicalOf(t *Type) *Logical {
	name := t.stringProp("logicalType")
	if name == "" {
		return nil
	}
	if t.hasJavaClass() {
		return nil
	}
	for kind := Decimal; kind <= Duration; kind++ {
		if logicalNames[kind] != name {
			continue
		}
		if kind == Decimal {
			return decimalOf(t)
		}
		if kind.annotates(t) {
			return &Logical{Kind: kind}
		}
		return nil
	}
	return nil
}

// hasJavaClass reports whether t has a property that names a Java class, beside which Avro Java ignores logical types.
func (t *Type) hasJavaClass() bool {
	for _, name := range [...]string{"avro.java.string", "java-class", "java-key-class", "java-element-class"} {
		if p := findProp(t.Props, name); p != nil && p.Value.Kind == StringValue {
			return true
		}
	}
	return false
}

func (k LogicalKind) annotates(t *Type) bool {
	switch k {
	case UUID:
		return t.Kind == String || t.Kind == Fixed && t.Size == 16
	case Date, TimeMillis:
		return t.Kind == Int
	case Duration:
		return t.Kind == Fixed && t.Size == 12
	}
	return t.Kind == Long
}

func decimalOf(t *Type) *Logical {
	precision, ok := t.intProp("precision")
	if !ok || precision <= 0 {
		return nil
	}
	scale, ok := int64(0), true
	if findProp(t.Props, "scale") != nil {
		scale, ok = t.intProp("scale")
	}
	if !ok || scale < 0 || scale > precision {
		return nil
	}
	switch t.Kind {
	case Bytes:
	case Fixed:
		bits := int32(t.Size)*8 - 1 // overflows as Java's does
		if float64(precision) > math.Floor(math.Log10(2)*float64(bits)) {
			return nil
		}
	default:
		return nil
	}
	return &Logical{Kind: Decimal, Precision: int(precision), Scale: int(scale)}
}

// stringProp returns a property that is a string, "" if there is none.
func (t *Type) stringProp(name string) string {
	if p := findProp(t.Props, name); p != nil && p.Value.Kind == StringValue {
		return p.Value.Text
	}
	return ""
}

func (t *Type) intProp(name string) (int64, bool) {
	if p := findProp(t.Props, name); p != nil {
		return integer(p.Value, 32)
	}
	return 0, false
}

// javaLogical returns the name of the logical type that Schema Registry sees: of those that it or Avro Java knows
// beside the specification's too. It is empty where there is none.
func javaLogical(t *Type) string {
	name := t.stringProp("logicalType")
	switch {
	case t.Logical != nil:
		return name
	case t.hasJavaClass():
		return ""
	case name == "big-decimal" && t.Kind == Bytes,
		name == "map" && isKeyValueArray(t),
		name == "variant" && isVariant(t):
		return name
	}
	return ""
}

// isKeyValueArray reports whether t has the form of Confluent's logical map.
func isKeyValueArray(t *Type) bool {
	if t.Kind != Array || t.Elem.Kind != Record {
		return false
	}
	f := t.Elem.Fields
	return len(f) == 2 && f[0].Name == "key" && f[1].Name == "value"
}

// isVariant reports whether t has the form of Confluent's variant.
func isVariant(t *Type) bool {
	if t.Kind != Record || len(t.Fields) != 2 {
		return false
	}
	a, b := t.Fields[0], t.Fields[1]
	if a.Name == "value" {
		a, b = b, a
	}
	return a.Name == "metadata" && a.Type.Kind == Bytes && b.Name == "value" && b.Type.Kind == Bytes
}
