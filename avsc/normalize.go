package avsc

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
)

// Normalize returns what Schema Registry makes of s under normalize=true: properties, aliases and the members of defaults
// are sorted, an empty doc of a named type goes, and so does the default of a union that is not of its first branch.
//
// The registry writes the schema in a form of its own and reads that again (Confluent's AvroSchemaUtils). That form does
// not say that a namespace is empty, so a type without one may move into that of the record around it. The error says
// where the registry fails over this.
func (s *Schema) Normalize() (*Schema, error) {
	n := s.normalized()
	return n.schema, n.err
}

type normalized struct {
	schema *Schema
	err    error
}

func (s *Schema) normalize() normalized {
	n := normalizer{known: s.referencedRoots()}
	n.typ(s.Root)
	if n.thrown != "" {
		err := &Error{
			Pos: s.Root.Pos, JavaMessage: n.thrown,
			Err: fmt.Errorf("Schema Registry cannot normalize this schema: %s", n.thrown),
		}
		return normalized{err: ErrorList{err}}
	}
	opts := []Option{Refs(s.given...)}
	if s.registered {
		opts = append(opts, Registered())
	}
	again, err := Parse(s.File, n.out, opts...)
	return normalized{again, err}
}

type normalizer struct {
	out    []byte
	known  map[string]bool // full names that stand for themselves by now
	thrown string          // what Java throws
}

func (n *normalizer) throw(message string) {
	if n.thrown == "" {
		n.thrown = message
	}
}

func (n *normalizer) typ(t *Type) {
	switch t.Kind {
	case Union:
		n.raw("[")
		for i, b := range t.Branches {
			n.comma(i)
			n.typ(b)
		}
		n.raw("]")
	case Array:
		n.raw(`{"type":"array","items":`)
		n.typ(t.Elem)
		n.props(t)
		n.raw("}")
	case Map:
		n.raw(`{"type":"map","values":`)
		n.typ(t.Elem)
		n.props(t)
		n.raw("}")
	case Record, Enum, Fixed:
		n.named(t)
	default:
		if len(t.Props) == 0 {
			n.quote(t.Kind.String())
			return
		}
		n.raw(`{"type":`)
		n.quote(t.Kind.String())
		n.props(t)
		n.raw("}")
	}
}

func (n *normalizer) named(t *Type) {
	name := t.Name.Full()
	if n.known[name] {
		n.quote(name)
		return
	}
	n.known[name] = true
	n.raw(`{"name":`)
	n.quote(name)
	n.raw(`,"type":`)
	n.quote(t.Kind.String())
	switch t.Kind {
	case Enum:
		n.raw(`,"symbols":[`)
		for i, s := range t.Symbols {
			n.comma(i)
			n.quote(s.Name)
		}
		n.raw("]")
	case Fixed:
		n.raw(`,"size":`)
		n.out = strconv.AppendInt(n.out, int64(t.Size), 10)
	case Record:
		n.raw(`,"fields":[`)
		for i, f := range t.Fields {
			n.comma(i)
			n.field(f)
		}
		n.raw("]")
	}
	n.logical(t)
	if t.Doc != "" {
		n.raw(`,"doc":`)
		n.out = appendString(n.out, t.Doc)
	}
	aliases := make([]string, len(t.Aliases))
	for i, a := range t.Aliases {
		aliases[i] = a.Name.Full()
		if a.Name.Namespace == "" && t.Name.Namespace != "" {
			aliases[i] = "." + aliases[i]
		}
	}
	n.aliases(aliases)
	if t.Default != nil {
		n.raw(`,"default":`)
		n.out = appendString(n.out, t.Default.Name)
	}
	n.sorted(t.Props)
	n.raw("}")
}

func (n *normalizer) field(f *Field) {
	n.raw(`{"name":`)
	n.quote(f.Name)
	n.raw(`,"type":`)
	n.typ(f.Type)
	n.raw(`,"order":`)
	n.quote(f.Order.String())
	if f.HasDoc {
		n.raw(`,"doc":`)
		n.out = appendString(n.out, f.Doc)
	}
	aliases := make([]string, len(f.Aliases))
	for i, a := range f.Aliases {
		aliases[i] = a.Name
	}
	n.aliases(aliases)
	if f.Type.Kind == Union && len(f.Type.Branches) == 0 {
		n.throw("Index 0 out of bounds for length 0") // Java asks for the default, be there one or not
		return
	}
	if f.Default != nil {
		if v := n.javaValue(f.Default, f.Type); v != nil {
			n.raw(`,"default":`)
			n.out = appendValue(n.out, v)
		}
	}
	n.sorted(f.Props)
	n.raw("}")
}

func (n *normalizer) aliases(names []string) {
	if len(names) == 0 {
		return
	}
	slices.SortFunc(names, compareUTF16)
	n.raw(`,"aliases":[`)
	for i, name := range names {
		n.comma(i)
		n.out = appendString(n.out, name)
	}
	n.raw("]")
}

// props writes the attributes of a logical type, then all properties.
func (n *normalizer) props(t *Type) {
	n.logical(t)
	n.sorted(t.Props)
}

// logical writes the attributes of a valid logical type ahead of the others, among which they come again.
func (n *normalizer) logical(t *Type) {
	name := javaLogical(t)
	if name == "" {
		return
	}
	n.raw(`,"logicalType":`)
	n.quote(name)
	if t.Logical != nil && t.Logical.Kind == Decimal {
		n.raw(`,"precision":` + strconv.Itoa(t.Logical.Precision))
		if t.Logical.Scale != 0 {
			n.raw(`,"scale":` + strconv.Itoa(t.Logical.Scale))
		}
	}
}

func (n *normalizer) sorted(props []Prop) {
	props = slices.Clone(props)
	slices.SortFunc(props, func(a, b Prop) int { return compareUTF16(a.Name, b.Name) })
	for i := range props {
		v := n.javaValue(props[i].Value, nil)
		if v == nil {
			n.throw(`Cannot invoke "com.fasterxml.jackson.databind.JsonNode.toString()" because the return value of ` +
				`"io.confluent.kafka.schemaregistry.avro.AvroSchemaUtils.toJsonNode(Object)" is null`)
			return
		}
		n.raw(",")
		n.quote(props[i].Name)
		n.raw(":")
		n.out = appendValue(n.out, v)
	}
}

func (n *normalizer) raw(s string)   { n.out = append(n.out, s...) }
func (n *normalizer) quote(s string) { n.out = appendRaw(n.out, s) } // names are not escaped

func (n *normalizer) comma(i int) {
	if i > 0 {
		n.out = append(n.out, ',')
	}
}

// compareUTF16 orders strings as Java does: by UTF-16 code units.
func compareUTF16(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}
