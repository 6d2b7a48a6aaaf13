package avsc

import (
	"slices"
	"strconv"
)

// javaValue turns a JSON value into the Java object that Avro 1.12.1 makes of it for a type, nil for any type
// (JacksonUtils.toObject), and back into JSON with sorted members. It returns nil for Java's null.
func (n *normalizer) javaValue(v *Value, t *Type) *Value {
	for t != nil && t.Kind == Union {
		if len(t.Branches) == 0 {
			n.throw("Index 0 out of bounds for length 0")
			return nil
		}
		t = t.Branches[0]
	}
	switch v.Kind {
	case NumberValue:
		return javaNumber(v, t)
	case StringValue:
		return n.javaString(v, t)
	case ArrayValue:
		if t != nil && t.Kind != Array && len(v.Items) > 0 {
			n.throw("Not an array: " + typeText(t))
			return nil
		}
		out := &Value{Kind: ArrayValue}
		for _, item := range v.Items {
			out.Items = append(out.Items, n.part(item, elemOf(t)))
		}
		return out
	case ObjectValue:
		out := &Value{Kind: ObjectValue}
		for _, m := range v.Members {
			out.Members = append(out.Members, Member{Name: m.Name, Value: n.part(m.Value, n.memberType(t, m.Name))})
		}
		slices.SortFunc(out.Members, func(a, b Member) int { return compareUTF16(a.Name, b.Name) })
		return out
	}
	return v
}

// part returns a value inside another one, where Java has no place for null.
func (n *normalizer) part(v *Value, t *Type) *Value {
	out := n.javaValue(v, t)
	if out == nil {
		n.throw(nullDatum)
		return &Value{Kind: NullValue}
	}
	return out
}

func elemOf(t *Type) *Type {
	if t == nil {
		return nil
	}
	return t.Elem
}

func (n *normalizer) memberType(t *Type, name string) *Type {
	switch {
	case t == nil:
		return nil
	case t.Kind == Map:
		return t.Elem
	case t.Kind != Record:
		return nil
	}
	for _, f := range t.Fields {
		if f.Name == name {
			return f.Type
		}
	}
	n.throw(`Cannot invoke "org.apache.avro.Schema$Field.schema()" because the return value of ` +
		`"org.apache.avro.Schema.getField(String)" is null`)
	return nil
}

func javaNumber(v *Value, t *Type) *Value {
	number := func(text string) *Value { return &Value{Kind: NumberValue, Text: text} }
	kind := Kind(0)
	if t != nil {
		kind = t.Kind
	}
	if i, whole := integer(v, 64); whole {
		switch {
		case kind == Float:
			return number(javaFloat(float64(i)))
		case kind == Double:
			return number(javaDouble(float64(i)))
		case kind == 0, kind == Long, kind == Int:
			return number(strconv.FormatInt(i, 10))
		}
		return nil
	}
	d, isDouble := doubleOf(v.Text)
	switch {
	case !isDouble:
		return nil
	case kind == Float:
		return number(javaFloat(d))
	case kind == 0, kind == Double:
		return number(javaDouble(d))
	}
	return nil
}

// javaString gives the string for bytes and fixed the characters that ISO 8859-1 has.
func (n *normalizer) javaString(v *Value, t *Type) *Value {
	switch {
	case t == nil, t.Kind == String, t.Kind == Enum:
		return v
	case t.Kind != Bytes && t.Kind != Fixed:
		return nil
	}
	latin := []rune(v.Text)
	for i, r := range latin {
		if r > 0xff {
			latin[i] = '?'
		}
	}
	return &Value{Kind: StringValue, Text: string(latin)}
}
