package codegen

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/goname"
)

// unit is what gets a file of its own: a named type, or the root of a document that has no name.
type unit struct {
	typ *avsc.Type
	// name is the full name, or the name of the file without its extension where the root has none.
	name string
	// short and namespace are the parts of the name; a root without one has the folder of its file instead.
	short, namespace string
	folder           string
	isRoot           bool // a root without a name
	isDocument       bool // a named type that is a document's own

	pkg      *pkg
	goName   string
	newName  string // the constructor of a record
	fileName string
	fields   []string              // Go names of a record's fields
	symbols  []string              // constants of an enum
	unions   map[*avsc.Type]*union // sealed interfaces that this unit declares

	recursive bool // a record that can hold itself
	cycle     int  // records with one number can hold each other
	inline    int  // records with one number hold each other in a struct, unless a pointer comes between
	least     int  // bytes that the smallest value takes
	width     int  // fields that are read for one value without lists, at least
	ruled     bool // its contract has rules, for it or for what it is made of
}

// union is a sealed interface.
type union struct {
	goName   string
	wrappers []string // of each branch; empty for null
}

// collect finds the units of a set.
func (g *generator) collect(set *avsc.Set) error {
	var problems avsc.ErrorList
	for _, s := range set.Schemas {
		if !s.Root.Kind.IsNamed() {
			folder, file := path.Split(s.File)
			short := strings.TrimSuffix(file, path.Ext(file))
			g.units = append(g.units, &unit{
				typ: s.Root, name: s.File, short: short, isRoot: true,
				folder: g.placement.SourceFolder(folder),
			})
		}
		problems = append(problems, g.collectNamed(s.Root)...)
		if u := g.byName[s.Root.Name.Full()]; u != nil {
			u.isDocument = true
		}
	}
	slices.SortStableFunc(g.units, func(a, b *unit) int { return cmp.Compare(a.name, b.name) })
	return problems.Err()
}

// collectNamed adds the named types that t holds.
func (g *generator) collectNamed(t *avsc.Type) (problems avsc.ErrorList) {
	if t.Kind.IsNamed() {
		name := t.Name.Full()
		if known := g.byName[name]; known != nil {
			if known.typ != t && text(known.typ) != text(t) {
				problems = append(problems, &avsc.Error{Pos: t.NamePos, Err: fmt.Errorf("%s is defined differently at %s", name, known.typ.NamePos)})
			}
			return problems
		}
		u := &unit{typ: t, name: name, short: t.Name.Short, namespace: t.Name.Namespace, folder: g.placement.Folder(t.Name.Namespace)}
		g.byName[name] = u
		g.units = append(g.units, u)
	}
	for _, part := range parts(t) {
		problems = append(problems, g.collectNamed(part)...)
	}
	return problems
}

// Namespaces returns the namespaces of all types that a set defines, sorted.
func Namespaces(set *avsc.Set) []string {
	g := generator{byName: map[string]*unit{}}
	_ = g.collect(set) // one name with two meanings has one namespace all the same
	var all []string
	for _, u := range g.byName {
		all = append(all, u.namespace)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// text returns the self-contained text of a type.
func text(t *avsc.Type) string { return avsc.SchemaOf(t).SelfContained() }

// parts returns the types that t is made of, in source order.
func parts(t *avsc.Type) []*avsc.Type {
	switch t.Kind {
	case avsc.Record:
		types := make([]*avsc.Type, len(t.Fields))
		for i, f := range t.Fields {
			types[i] = f.Type
		}
		return types
	case avsc.Array, avsc.Map:
		return []*avsc.Type{t.Elem}
	case avsc.Union:
		return t.Branches
	}
	return nil
}

// unitOf returns the unit of a named type that has a Go type of its own.
func (g *generator) unitOf(t *avsc.Type) *unit { return g.byName[t.Name.Full()] }

// uses returns the units whose Go types the unit of type t names, each as often as it does.
func (g *generator) uses(t *avsc.Type) (units []*unit) {
	for _, part := range parts(t) {
		switch {
		case goname.Leaf(part) != "":
		case part.Kind.IsNamed():
			units = append(units, g.unitOf(part))
		default:
			units = append(units, g.uses(part)...)
		}
	}
	return units
}

// isWrapper reports whether the Go type of u is a struct with the one field Value: a root without a name, and a fixed
// whose logical type has a Go type of its own.
func (u *unit) isWrapper() bool {
	return u.isRoot || u.typ.Kind == avsc.Fixed && goname.IsLogical(u.typ)
}
