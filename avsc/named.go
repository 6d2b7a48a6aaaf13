package avsc

import "strings"

// named reads what records, enums and fixed have in common, up to their documentation. It returns nil after a problem
// that leaves no name.
func (p *parser) named(i int32, kind Kind, a *attrs, space string) *Type {
	if s, ok := p.string(a[keyNamespace]); ok {
		space = s
	}
	name, ok := p.string(a[keyName])
	if !ok {
		if a[keyName] == 0 {
			p.fail(i, "No name in schema: "+p.json(i), "%s needs the attribute \"name\"", article(kind.String()))
		} else {
			p.fail(a[keyName], "No name in schema: "+p.json(i), "\"name\" must be a string, not %s", p.describe(a[keyName]))
		}
		return nil
	}
	t := &Type{Kind: kind, Pos: p.posOf(i), NamePos: p.posOf(a[keyName]), Name: qualify(name, space)}
	p.checkName(a[keyName], t.Name.Short, "name")
	t.Doc, t.HasDoc = p.string(a[keyDoc])
	return t
}

// checkNotPrimitive comes where Avro Java makes the type.
func (p *parser) checkNotPrimitive(a *attrs, t *Type) {
	if full := t.Name.Full(); primitive(full) != 0 {
		p.fail(a[keyName], "Schemas may not be named after primitives: "+full,
			"%q is the name of a primitive type: %s needs another, or a namespace", full, article(t.Kind.String()))
	}
}

// qualify gives name its namespace: what stands before its last dot, else space.
func qualify(name, space string) Name {
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		return Name{Namespace: name[:dot], Short: name[dot+1:]}
	}
	return Name{Namespace: space, Short: name}
}

// finish reads the aliases of a named type and makes it known.
func (p *parser) finish(i int32, t *Type, a *attrs) *Type {
	var seen map[Name]bool
	for _, at := range p.aliases(i, a[keyAliases]) {
		alias := Alias{Name: qualify(p.nodes[at].text, t.Name.Namespace), Pos: p.posOf(at)}
		p.checkName(at, alias.Name.Short, "alias")
		if seen == nil {
			seen = make(map[Name]bool)
		}
		if !seen[alias.Name] {
			seen[alias.Name] = true
			t.Aliases = append(t.Aliases, alias)
		}
	}
	p.checkNamespace(a, t)
	return p.define(a[keyName], t)
}

// aliases returns the nodes of the aliases, each once.
func (p *parser) aliases(owner, list int32) (nodes []int32) {
	if list == 0 {
		return nil
	}
	if p.nodes[list].kind != ArrayValue {
		p.fail(list, "aliases not an array: "+p.json(owner), "\"aliases\" must be an array of strings, not %s", p.describe(list))
		return nil
	}
	seen := make(map[string]bool)
	for at := list + 1; at < p.nodes[list].next; at = p.nodes[at].next {
		name, ok := p.string(at)
		if !ok {
			p.fail(at, "alias not a string: "+p.json(at), "an alias must be a string, not %s", p.describe(at))
			continue
		}
		if !seen[name] {
			seen[name] = true
			nodes = append(nodes, at)
		}
	}
	return nodes
}

func (p *parser) enum(i int32, a *attrs, space string) *Type {
	t := p.named(i, Enum, a, space)
	if t == nil {
		return p.invalid(i)
	}
	list := a[keySymbols]
	if list == 0 || p.nodes[list].kind != ArrayValue {
		p.fail(i, "Enum has no symbols: "+p.json(i), "an enum needs the attribute \"symbols\", an array of strings")
		return p.poison(t)
	}
	p.checkNotPrimitive(a, t)
	seen := make(map[string]Pos)
	for at := list + 1; at < p.nodes[list].next; at = p.nodes[at].next {
		name, ok := p.string(at)
		if !ok {
			p.fail(at, nullName, "a symbol must be a string, not %s", p.describe(at))
			continue
		}
		p.checkName(at, name, "symbol")
		if old, again := seen[name]; again {
			p.fail(at, "Duplicate enum symbol: "+name, "symbol %q is in this enum twice: here and at %s", name, p.where(old))
			continue
		}
		seen[name] = p.posOf(at)
		t.Symbols = append(t.Symbols, Symbol{Name: name, Pos: p.posOf(at)})
	}
	if name, ok := p.string(a[keyDefault]); ok {
		if _, ok := seen[name]; !ok {
			p.fail(a[keyDefault], "The Enum Default: "+name+" is not in the enum symbol set: "+symbolList(t),
				"default %q is not one of the symbols%s", name, didYouMean(closest(name, t.symbolNames())))
		}
		t.Default = &Symbol{Name: name, Pos: p.posOf(a[keyDefault])}
	}
	p.annotate(i, t, reservedByEnum)
	return p.finish(i, t, a)
}

func (t *Type) symbolNames() []string {
	names := make([]string, len(t.Symbols))
	for i, s := range t.Symbols {
		names[i] = s.Name
	}
	return names
}

func symbolList(t *Type) string { return "[" + strings.Join(t.symbolNames(), ", ") + "]" }

func (p *parser) fixed(i int32, a *attrs, space string) *Type {
	t := p.named(i, Fixed, a, space)
	if t == nil {
		return p.invalid(i)
	}
	size, ok := int64(0), false
	if n := a[keySize]; n != 0 {
		size, ok = int32Of(&p.nodes[n])
	}
	switch {
	case a[keySize] == 0:
		p.fail(i, "Invalid or no size: "+p.json(i), "a fixed needs the attribute \"size\", a number of bytes")
		return p.poison(t)
	case !ok:
		p.fail(a[keySize], "Invalid or no size: "+p.json(i), "\"size\" must be a whole number of bytes, not %s", p.describe(a[keySize]))
		return p.poison(t)
	case size < 0:
		p.fail(a[keySize], "Malformed data. Length is negative: "+p.nodes[a[keySize]].text, "\"size\" is %d: it cannot be negative", size)
		return p.poison(t)
	case size > maxFixed:
		p.fail(a[keySize], "Cannot read arrays longer than 2147483639 bytes in Java library",
			"\"size\" is %d: Avro Java takes at most %d", size, maxFixed)
		return p.poison(t)
	}
	p.checkNotPrimitive(a, t)
	t.Size = int(size)
	p.annotate(i, t, reservedByType)
	return p.finish(i, t, a)
}

// maxFixed is the longest array that Avro Java allocates.
const maxFixed = 1<<31 - 1 - 8
