package avsc

import (
	"fmt"
	"strings"
)

// A parser turns one document into types. It goes through the text in the order in which Avro Java's Schema.parse
// does, so that the first problem it meets is the one at which Java stops, but goes on to find the others.
type parser struct {
	*doc
	options
	lookup func(fullName string) (*Type, *Schema) // named types of other documents
	others func() []string                        // full names of what lookup finds
	tree   bool                                   // a name is one type in a whole tree, and that to the letter
	local  map[string]bool                        // full names that are not looked up, as they are defined here
	beside []*parser                              // of documents that refer to this one, as it does to them, read by now

	own     map[string]*Type   // named types defined so far, by full name
	defined []*Type            // the same in the order in which their definitions end
	shared  []*Type            // types of other documents that are defined here once more
	refs    map[*Schema]string // documents used by name, and the first of those names
	before  []*Type            // types of referenced documents, if recursive ones are among them

	forward []*forwardRef
	isFwd   map[*Type]*forwardRef // by stand-in, those of parsers beside included
	slots   []**Type              // places that hold a stand-in

	errs       ErrorList
	rank       int         // of the problem found last
	late       bool        // Avro Java has read the whole text by now
	atEnd      []func()    // checks for that time
	stopped    bool        // Avro Java has found a problem by now, so that what it would say of others is of no use
	first      javaProblem // of those that are not reported
	allNames   []string    // made by names
	early      []earlyDefault
	badDefault map[*Field]bool
}

// read reads the document as a schema in which stand-ins may be left.
func (p *parser) read() *Type {
	p.own = make(map[string]*Type)
	root := p.typeAt(0, "")
	p.late = true
	for _, check := range p.atEnd {
		check()
	}
	return root
}

// complete puts types in place of stand-ins. They are not to be used where it or read found problems.
func (p *parser) complete(root *Type) *Type {
	p.resolve(root)
	p.settle()
	if p.dangling != nil {
		p.errs = append(p.errs, p.dangling)
	}
	return p.target(root)
}

// invalid returns the type that stands where a problem was found. Nothing is wrong with it again.
func (p *parser) invalid(i int32) *Type { return &Type{Pos: p.posOf(i)} }

// typeAt reads the type expression at node i inside a namespace, empty for none.
func (p *parser) typeAt(i int32, space string) *Type {
	switch n := &p.nodes[i]; n.kind {
	case StringValue:
		return p.reference(i, n.text, space)
	case ObjectValue:
		return p.typeObject(i, space)
	case ArrayValue:
		return p.union(i, space)
	default:
		p.fail(i, "Schema not yet supported: "+p.json(i), "a type is a name, an object or an array, not %s", p.describe(i))
		return p.invalid(i)
	}
}

func (p *parser) typeObject(i int32, space string) *Type {
	a := p.attrs(i)
	kind, ok := p.string(a[keyType])
	if !ok {
		p.fail(i, "No type: "+p.json(i), "%s", p.missingType(a))
		return p.invalid(i)
	}
	switch kind {
	case "record", "error":
		return p.record(i, &a, space, kind == "error")
	case "enum":
		return p.enum(i, &a, space)
	case "fixed":
		return p.fixed(i, &a, space)
	case "array":
		return p.container(i, Array, a[keyItems], "items", space)
	case "map":
		return p.container(i, Map, a[keyValues], "values", space)
	}
	if k := primitive(kind); k != 0 {
		t := &Type{Kind: k, Pos: p.posOf(i)}
		t.NamePos = t.Pos
		p.annotate(i, t, reservedByType)
		return t
	}
	if p.wrappedNames {
		return p.reference(a[keyType], kind, space)
	}
	p.fail(a[keyType], `A schema "type" MUST be a primitive type or one of "enum", "fixed", "record", "error", "array" or "map".`,
		"%s", p.wrongType(kind, space))
	return p.invalid(i)
}

func (p *parser) missingType(a attrs) string {
	t := a[keyType]
	if t == 0 {
		return `a type needs the attribute "type"`
	}
	if k := p.nodes[t].kind; k == ObjectValue || k == ArrayValue {
		return fmt.Sprintf(`"type" must be the name of a type, not %s: write that in place of the object around it`, p.describe(t))
	}
	return fmt.Sprintf(`"type" must be the name of a type, not %s`, p.describe(t))
}

func (p *parser) wrongType(kind, space string) string {
	if p.known(kind, space) {
		return fmt.Sprintf(`a named type is referred to as %q, not as {"type": %q}`, kind, kind)
	}
	return fmt.Sprintf("there is no type %q", kind) + p.suggest(kind)
}

// annotate sets properties and logical type.
func (p *parser) annotate(i int32, t *Type, r reserved) {
	t.Props = p.props(i, r)
	t.Logical = logicalOf(t)
}

func (p *parser) container(i int32, kind Kind, elem int32, attr, space string) *Type {
	t := &Type{Kind: kind, Pos: p.posOf(i)}
	t.NamePos = t.Pos
	if elem == 0 {
		word := strings.ToUpper(kind.String()[:1]) + kind.String()[1:]
		p.fail(i, word+" has no "+attr+" type: "+p.json(i), "%s needs the attribute %q", article(kind.String()), attr)
		return p.invalid(i)
	}
	t.Elem, t.ElemPos = p.typeAt(elem, space), p.posOf(elem)
	p.slot(&t.Elem)
	p.annotate(i, t, reservedByType)
	p.checkCopiedProps(t)
	return t
}

func (p *parser) union(i int32, space string) *Type {
	t := &Type{Kind: Union, Pos: p.posOf(i)}
	t.NamePos = t.Pos
	for b := i + 1; b < p.nodes[i].next; b = p.nodes[b].next {
		t.Branches = append(t.Branches, p.typeAt(b, space))
		t.BranchPos = append(t.BranchPos, p.posOf(b))
	}
	p.checkBranches(t, nil)
	for k := range t.Branches {
		p.slot(&t.Branches[k])
	}
	return t
}

// checkBranches refuses unions in t and branches of one name. If it is given a filter it looks only at pairs of branches
// of which one passes.
func (p *parser) checkBranches(t *Type, filter func(*Type) bool) {
	seen := make(map[string]int, len(t.Branches))
	for k, written := range t.Branches {
		b := p.target(written)
		switch {
		case b.Kind == Union && filter == nil:
			p.failAt(t.BranchPos[k], "Nested union: "+p.text(t), "a union directly inside a union: write its branches in the outer one")
			continue
		case b.Kind == Union, b.Kind == 0:
			continue
		}
		name := b.FullName()
		j, again := seen[name]
		if !again {
			seen[name] = k
			continue
		}
		if filter == nil || filter(written) || filter(t.Branches[j]) {
			p.failAt(t.BranchPos[k], "Duplicate in union:"+name, "%s is in this union twice: here and at %s", name, p.where(t.BranchPos[j]))
		}
	}
}
