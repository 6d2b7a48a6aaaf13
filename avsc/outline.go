package avsc

import "strings"

// An outline is what a document defines and names, found by its syntax alone. It tells in which order the documents
// of a tree can be parsed.
type outline struct {
	defines map[string]bool // full names, those of types inside included
	root    string          // full name of the document's own type, "" if it has none
	uses    []use
}

// A use is a reference by name.
type use struct {
	node  int32
	names [2]string // full names to look for, in this order; the second may be empty
}

func outlineOf(d *doc) *outline {
	o := &outline{defines: make(map[string]bool)}
	o.typ(d, 0, "")
	if d.nodes[0].kind == ObjectValue {
		a := d.attrs(0)
		if kind, _ := d.string(a[keyType]); isNamedWord(kind) {
			o.root = d.definedName(&a, "").Full()
		}
	}
	return o
}

func isNamedWord(kind string) bool {
	return kind == "record" || kind == "error" || kind == "enum" || kind == "fixed"
}

func (d *doc) definedName(a *attrs, space string) Name {
	if s, ok := d.string(a[keyNamespace]); ok {
		space = s
	}
	name, _ := d.string(a[keyName])
	return qualify(name, space)
}

func (o *outline) typ(d *doc, i int32, space string) {
	switch n := &d.nodes[i]; n.kind {
	case StringValue:
		if primitive(n.text) != 0 {
			return
		}
		u := use{node: i, names: [2]string{inNamespace(n.text, space)}}
		if space != "" && !strings.Contains(n.text, ".") {
			u.names[1] = n.text
		}
		o.uses = append(o.uses, u)
	case ArrayValue:
		for b := i + 1; b < n.next; b = d.nodes[b].next {
			o.typ(d, b, space)
		}
	case ObjectValue:
		a := d.attrs(i)
		switch kind, _ := d.string(a[keyType]); kind {
		case "record", "error", "enum", "fixed":
			name := d.definedName(&a, space)
			o.defines[name.Full()] = true
			if list := a[keyFields]; list != 0 && d.nodes[list].kind == ArrayValue && (kind == "record" || kind == "error") {
				for f := list + 1; f < d.nodes[list].next; f = d.nodes[f].next {
					if d.nodes[f].kind != ObjectValue {
						continue
					}
					if fa := d.attrs(f); fa[keyType] != 0 {
						o.typ(d, fa[keyType], name.Namespace)
					}
				}
			}
		case "array":
			if a[keyItems] != 0 {
				o.typ(d, a[keyItems], space)
			}
		case "map":
			if a[keyValues] != 0 {
				o.typ(d, a[keyValues], space)
			}
		}
	}
}
