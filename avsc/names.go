package avsc

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// primitive returns the kind of a primitive type, 0 if name is none.
func primitive(name string) Kind {
	switch name {
	case "null":
		return Null
	case "boolean":
		return Boolean
	case "int":
		return Int
	case "long":
		return Long
	case "float":
		return Float
	case "double":
		return Double
	case "bytes":
		return Bytes
	case "string":
		return String
	}
	return 0
}

// nullName is what Avro Java says of a name that is no string.
const nullName = "Null name"

// checkName holds a name to the specification: ASCII letters, digits and underscores, the first no digit (Avro Java's
// NameValidator.STRICT_VALIDATOR). Of a registered schema it is held to the same rule for letters and digits of any
// script if the caller wants that; Schema Registry then looks at the names when all is read, and not at aliases.
func (p *parser) checkName(node int32, name, what string) {
	switch {
	case !p.registered:
		if java := nameProblem(name, isASCIILetter, isASCIIDigit); java != "" {
			p.fail(node, java, "%s", explainName(name, what))
		}
	case p.unicodeNames && what != "alias":
		if java := nameProblem(name, isBasicLetter, isBasicDigit); java != "" {
			p.atEnd = append(p.atEnd, func() { p.fail(node, java, "%s", explainName(name, what)) })
		}
	}
}

// nameProblem returns what Avro Java says of a name, "" if nothing is wrong.
func nameProblem(name string, letter, digit func(rune) bool) string {
	if name == "" {
		return "Empty name"
	}
	for i, r := range name {
		switch {
		case letter(r) || r == '_':
		case i == 0:
			return "Illegal initial character: " + name
		case !digit(r):
			return "Illegal character in: " + name
		}
	}
	return ""
}

func isASCIILetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isASCIIDigit(r rune) bool  { return r >= '0' && r <= '9' }

// Java looks at UTF-16 units, of which no letter beyond the basic plane is one.
func isBasicLetter(r rune) bool { return r <= 0xffff && unicode.IsLetter(r) }
func isBasicDigit(r rune) bool  { return r <= 0xffff && unicode.IsDigit(r) }

// checkNamespace holds each part of the namespace to the same rules.
func (p *parser) checkNamespace(a *attrs, t *Type) {
	if p.registered || t.Name.Namespace == "" {
		return
	}
	for part := range strings.SplitSeq(t.Name.Namespace, ".") {
		if nameProblem(part, isASCIILetter, isASCIIDigit) == "" {
			continue
		}
		node := a[keyName]
		if _, ok := p.string(a[keyNamespace]); ok && !strings.Contains(p.nodes[node].text, ".") {
			node = a[keyNamespace]
		} else if !strings.Contains(p.nodes[node].text, ".") {
			p.unsaid(p.nextRank(), namespacePart(part)) // inherited, and reported where it stands
			return
		}
		p.fail(node, namespacePart(part), "%s", explainName(part, "namespace part"))
		return
	}
}

// namespacePart is what Avro Java says of a bad part of a namespace.
func namespacePart(part string) string {
	return `Namespace part "` + part + `" is invalid: ` + nameProblem(part, isASCIILetter, isASCIIDigit)
}

// A forwardRef is a reference by name to a type that was not yet known where it stands. Until the whole document is
// read, stand is in its place: for Avro Java an empty record of an odd name.
type forwardRef struct {
	node   int32
	name   string // the full name that is looked up in the end
	stand  *Type
	target *Type
	rank   int // of the problem that its name is unknown, 0 for none
}

// reference returns the type called name inside a namespace. As in Avro Java (ParseContext.find) a name without a dot
// is first sought in the namespace, then without one, but the second only among what is already known.
func (p *parser) reference(i int32, name, space string) *Type {
	if k := primitive(name); k != 0 {
		pos := p.posOf(i)
		return &Type{Kind: k, Pos: pos, NamePos: pos}
	}
	full := inNamespace(name, space)
	if t := p.find(full); t != nil {
		return t
	}
	if t := p.find(name); t != nil {
		return t
	}
	f := &forwardRef{node: i, name: full}
	f.stand = standIn(full, len(p.forward))
	f.stand.Pos, f.stand.NamePos = p.posOf(i), p.posOf(i)
	p.forward = append(p.forward, f)
	if p.isFwd == nil {
		p.isFwd = make(map[*Type]*forwardRef)
	}
	p.isFwd[f.stand] = f
	return f.stand
}

func inNamespace(name, space string) string {
	if space == "" || strings.Contains(name, ".") {
		return name
	}
	return space + "." + name
}

// standIn is Avro Java's SchemaResolver.unresolvedSchema, which shows in its messages.
func standIn(full string, n int) *Type {
	return &Type{
		Kind: Record, Name: Name{"org.apache.avro.compiler", "UnresolvedSchema_" + strconv.Itoa(n)},
		Doc: "unresolved schema", HasDoc: true,
		Props: []Prop{{Name: "org.apache.avro.idl.unresolved.name", Value: &Value{Kind: StringValue, Text: full}}},
	}
}

// find returns a named type that is known by now.
func (p *parser) find(full string) *Type {
	if t := p.own[full]; t != nil {
		return t
	}
	if p.local[full] {
		return nil
	}
	t, s := p.elsewhere(full)
	if t == nil {
		return nil
	}
	if s != nil {
		if p.refs == nil {
			p.refs = make(map[*Schema]string)
		}
		if old, ok := p.refs[s]; !ok || full < old {
			p.refs[s] = full
		}
	}
	return t
}

// known reports whether a named type is called name here, be it defined further down.
func (p *parser) known(name, space string) bool {
	names := p.names()
	return slices.Contains(names, inNamespace(name, space)) || slices.Contains(names, name)
}

// define makes a named type known. A second definition is the first one's type if the two are equal.
func (p *parser) define(node int32, t *Type) *Type {
	full := t.Name.Full()
	old := p.own[full]
	elsewhere := false
	if old == nil {
		old, _ = p.elsewhere(full)
		elsewhere = old != nil
	}
	if old == nil || old.Kind == 0 {
		p.own[full] = t
		p.defined = append(p.defined, t)
		return t
	}
	if !p.same(old, t, elsewhere) {
		p.fail(node, "Can't redefine: "+full, "%s is defined differently here and at %s", full, p.where(old.NamePos))
	}
	if elsewhere {
		p.shared = append(p.shared, old)
		p.own[full] = old
	}
	return old
}

// elsewhere returns the type of this name that another document defines, and the document if this one refers to it.
func (p *parser) elsewhere(full string) (*Type, *Schema) {
	for _, other := range p.beside {
		if t := other.own[full]; t != nil {
			return t, nil
		}
	}
	return p.lookup(full)
}

// same reports whether two definitions of a name are one type. In a tree every attribute counts; the types inside are
// compared where they are defined.
func (p *parser) same(old, t *Type, elsewhere bool) bool {
	if p.tree && elsewhere {
		return definitionText(old, p.called) == definitionText(t, p.called)
	}
	return Equal(old, t)
}

// called returns a type of the name that a stand-in stands for, any other type as it is.
func (p *parser) called(t *Type) *Type {
	if f := p.isFwd[t]; f != nil {
		return &Type{Kind: Record, Name: qualify(f.name, "")}
	}
	return t
}

// poison makes the name of a type that could not be read known, so that references to it are no problem.
func (p *parser) poison(t *Type) *Type {
	bad := &Type{Pos: t.Pos, NamePos: t.NamePos, Name: t.Name}
	if full := t.Name.Full(); p.own[full] == nil {
		p.own[full] = bad
	}
	return bad
}

// slot remembers a place that may hold a stand-in.
func (p *parser) slot(t **Type) {
	if p.isFwd[*t] != nil {
		p.slots = append(p.slots, t)
	}
}

// target returns the type that t stands for.
func (p *parser) target(t *Type) *Type {
	if f := p.isFwd[t]; f != nil && f.target != nil {
		return f.target
	}
	return t
}
