package avsc

import (
	"strconv"
	"strings"
)

func (p *parser) record(i int32, a *attrs, space string, isError bool) *Type {
	t := p.named(i, Record, a, space)
	if t == nil {
		return p.invalid(i)
	}
	p.checkNotPrimitive(a, t)
	t.IsError = isError
	list := a[keyFields]
	if list == 0 || p.nodes[list].kind != ArrayValue {
		p.fail(i, "Record has no fields: "+p.json(i), "a record needs the attribute \"fields\", an array of objects")
		return p.poison(t)
	}
	for at := list + 1; at < p.nodes[list].next; at = p.nodes[at].next {
		if f := p.field(at, t.Name.Namespace); f != nil {
			t.Fields = append(t.Fields, f)
		}
	}
	p.checkDuplicateFields(t)
	p.annotate(i, t, reservedByType)
	p.checkCopiedProps(t)
	return p.finish(i, t, a)
}

func (p *parser) checkDuplicateFields(t *Type) {
	seen := make(map[string]int, len(t.Fields))
	for k, f := range t.Fields {
		j, again := seen[f.Name]
		if !again {
			seen[f.Name] = k
			continue
		}
		old := t.Fields[j]
		p.failAt(f.NamePos, "Duplicate field "+f.Name+" in record "+t.Name.Full()+": "+fieldText(f, k)+" and "+fieldText(old, j)+".",
			"field %q is in this record twice: here and at %s", f.Name, p.where(old.NamePos))
	}
}

func (p *parser) field(i int32, space string) *Field {
	var a attrs
	if p.nodes[i].kind == ObjectValue {
		a = p.attrs(i)
	}
	name, ok := p.string(a[keyName])
	switch {
	case p.nodes[i].kind != ObjectValue:
		p.fail(i, "No field name: "+p.json(i), "a field must be an object, not %s", p.describe(i))
		return nil
	case a[keyName] == 0:
		p.fail(i, "No field name: "+p.json(i), "a field needs the attribute \"name\"")
		return nil
	case !ok:
		p.fail(a[keyName], "No field name: "+p.json(i), "\"name\" must be a string, not %s", p.describe(a[keyName]))
		return nil
	}
	f := &Field{Name: name, Pos: p.posOf(i), NamePos: p.posOf(a[keyName])}
	f.Doc, f.HasDoc = p.string(a[keyDoc])
	if a[keyType] == 0 {
		p.fail(i, "No field type: "+p.json(i), "field %q needs the attribute \"type\"", name)
		return nil
	}
	f.Type, f.TypePos = p.typeAt(a[keyType], space), p.posOf(a[keyType])
	p.slot(&f.Type)
	p.order(f, a[keyOrder])
	if a[keyDefault] != 0 {
		f.Default = p.fieldDefault(f, a[keyDefault])
	}
	p.checkName(a[keyName], name, "field name")
	if f.Default != nil && !p.registered {
		p.checkDefault(f, a[keyDefault])
	}
	f.Props = p.props(i, reservedByField)
	for _, at := range p.aliases(i, a[keyAliases]) {
		f.Aliases = append(f.Aliases, FieldAlias{Name: p.nodes[at].text, Pos: p.posOf(at)})
	}
	return f
}

func (p *parser) order(f *Field, i int32) {
	if i == 0 {
		return
	}
	s, ok := p.string(i)
	if !ok {
		p.fail(i, `Cannot invoke "String.toUpperCase(java.util.Locale)" because the return value of `+
			`"com.fasterxml.jackson.databind.JsonNode.textValue()" is null`,
			`"order" must be "ascending", "descending" or "ignore", not %s`, p.describe(i))
		return
	}
	upper := strings.ToUpper(s)
	switch upper {
	case "ASCENDING":
		f.Order = Ascending
	case "DESCENDING":
		f.Order = Descending
	case "IGNORE":
		f.Order = Ignore
	default:
		p.fail(i, "No enum constant org.apache.avro.Schema.Field.Order."+upper,
			`"order" must be "ascending", "descending" or "ignore", not %q`, s)
	}
}

// fieldDefault returns the default as Avro Java keeps it: a string that stands for a float or double becomes a number.
func (p *parser) fieldDefault(f *Field, i int32) *Value {
	v := p.value(i)
	if v.Kind != StringValue || f.Type.Kind != Float && f.Type.Kind != Double {
		return v
	}
	d, msg := parseJavaDouble(v.Text)
	if msg != "" {
		p.fail(i, msg, "default %q of field %q is not a number", v.Text, f.Name)
		return nil
	}
	return &Value{Kind: NumberValue, Pos: v.Pos, Text: javaDouble(d)}
}

// fieldText is how Avro Java prints a field in a message.
func fieldText(f *Field, pos int) string {
	kind := "INVALID"
	if f.Type.Kind != 0 {
		kind = strings.ToUpper(f.Type.Kind.String())
	}
	return f.Name + " type:" + kind + " pos:" + strconv.Itoa(pos)
}

// checkCopiedProps refuses whole numbers beyond 64 bits in the properties of a record, array or map, which Avro Java
// loses when it copies these.
func (p *parser) checkCopiedProps(t *Type) {
	for i := range t.Props {
		prop := &t.Props[i]
		big := beyondLong(prop.Value)
		if big == nil {
			continue
		}
		java := "Can't set a property to null: " + prop.Name
		if big != prop.Value {
			java = nullDatum
		}
		p.atEnd = append(p.atEnd, func() {
			p.failAt(big.Pos, java, "property %q holds a whole number beyond 64 bits, which Avro Java and Schema Registry refuse on %s",
				prop.Name, article(t.Kind.String()))
		})
	}
}

// nullDatum is what Java says of a null that it has no place for.
const nullDatum = `Cannot invoke "Object.getClass()" because "datum" is null`

// beyondLong returns a number in v that is whole and does not fit a long.
func beyondLong(v *Value) *Value {
	switch v.Kind {
	case NumberValue:
		if strings.ContainsAny(v.Text, ".eE") {
			return nil
		}
		if _, ok := integer(v, 64); !ok {
			return v
		}
	case ArrayValue:
		for _, item := range v.Items {
			if big := beyondLong(item); big != nil {
				return big
			}
		}
	case ObjectValue:
		for i := range v.Members {
			if big := beyondLong(v.Members[i].Value); big != nil {
				return big
			}
		}
	}
	return nil
}
