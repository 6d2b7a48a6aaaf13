package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/goname"
)

// typeView is what the templates of types have in common.
type typeView struct {
	*file
	Header, Package string
	Name            string // Go name
	Doc             []string
	FullName        string
	Schema          string // the variable of the schema
	Embedded        *avsc.Schema
	Canonical, Text []string // in lines
	HoldsStrings    bool
	IsEnum          bool
}

// structView is a record or a wrapper.
type structView struct {
	typeView
	New       string // the constructor
	Fields    []*field
	Defaults  []fieldDefault
	Unions    []*unionView
	Recursive bool
	Guarded   bool
	Ruled     bool
	// ByField says that fields can be read one by one, as a resolver does: those of events, not of what they hold.
	ByField  bool
	Branches bool
	Size     int      // of all fields whose size does not change
	Sizes    []*value // of which it does
}

type field struct {
	Index int
	Name  string
	Doc   []string
	Tag   string
	Value *value
}

type fieldDefault struct{ Name, Expr string }

// unionView is a sealed interface with its wrappers.
type unionView struct {
	Name     string
	Doc      []string
	Deep     bool // its branches can hold the record that declares it
	Branches []*branchView
}

type branchView struct {
	Index   int
	Wrapper string
	Value   *value // nil for null
	Size    int
	Sizes   []*value
}

type enumView struct {
	typeView
	Names   string // the variable of the symbols
	Symbols []symbolView
	Default string
}

type symbolView struct{ Name, Symbol string }

type fixedView struct {
	typeView
	Bytes int
}

func (f *file) typeView(u *unit) typeView {
	schema := avsc.SchemaOf(u.typ)
	return typeView{
		file: f, Header: Header, Package: u.pkg.name, Name: u.goName, Doc: typeDoc(u), FullName: u.typ.FullName(),
		Schema: "schema" + u.goName, Embedded: schema,
		Canonical: wrap(string(schema.Canonical())), Text: wrap(schema.SelfContained()),
		HoldsStrings: f.g.holdsStrings(u.typ, map[*avsc.Type]bool{}), IsEnum: u.typ.Kind == avsc.Enum,
	}
}

// OneLineEach reports whether neither text of the schema takes several lines.
func (v typeView) OneLineEach() bool { return len(v.Canonical) == 1 && len(v.Text) == 1 }

// holdsStrings reports whether values of t have parts of the message for strings.
func (g *generator) holdsStrings(t *avsc.Type, seen map[*avsc.Type]bool) bool {
	switch {
	case goname.IsLogical(t):
		return false
	case t.Kind == avsc.String, t.Kind == avsc.Map:
		return true
	case seen[t]:
		return false
	}
	seen[t] = true
	return slices.ContainsFunc(parts(t), func(part *avsc.Type) bool { return g.holdsStrings(part, seen) })
}

// structOf returns the view of a record, or of a wrapper.
func (f *file) structOf(u *unit) *structView {
	s := &structView{
		typeView: f.typeView(u), New: u.newName, Recursive: u.recursive, Guarded: u.width >= maxWidth,
		Ruled:   u.ruled,
		ByField: u.isDocument && len(u.typ.Fields) > 0,
	}
	if u.ruled {
		f.useType("rules.Rules")
	}
	if u.isWrapper() {
		s.add(&field{Name: "Value", Value: f.valueOf(u.typ, place{x: "v.Value", p: "v.Value", owner: u})})
		f.unions(s, u, u.typ)
		return s
	}
	for i, t := range u.typ.Fields {
		name := u.fields[i]
		s.add(&field{
			Index: i, Name: name, Doc: fieldDoc(t), Tag: fmt.Sprintf("avro:%q json:%q", t.Name, t.Name),
			Value: f.valueOf(t.Type, place{x: "v." + name, p: "v." + name, owner: u, inline: true}),
		})
		f.unions(s, u, t.Type)
	}
	s.Defaults = f.defaults(u)
	return s
}

func (s *structView) add(fd *field) {
	s.Fields = append(s.Fields, fd)
	s.Branches = s.Branches || !s.ByField && fd.Value.any(branches)
	s.Size, s.Sizes = addSize(s.Size, s.Sizes, fd.Value)
}

func addSize(size int, sizes []*value, v *value) (int, []*value) {
	if v.IsFixedSize() {
		return size + v.FixedSize(), sizes
	}
	return size, append(sizes, v)
}

// unions adds the views of the sealed interfaces at a place of u that has type t.
func (f *file) unions(s *structView, u *unit, t *avsc.Type) {
	if named := u.unions[t]; named != nil {
		s.Unions = append(s.Unions, f.unionOf(u, t, named))
	}
	if t.Kind == avsc.Record {
		return
	}
	for _, part := range parts(t) {
		f.unions(s, u, part)
	}
}

func (f *file) unionOf(u *unit, t *avsc.Type, named *union) *unionView {
	v := &unionView{Name: named.goName, Doc: unionDoc(named), Deep: f.reaches(t, u)}
	for i, branch := range t.Branches {
		b := &branchView{Index: i, Wrapper: named.wrappers[i], Size: codec.SizeLong(int64(i))}
		v.Branches = append(v.Branches, b)
		if branch.Kind == avsc.Null {
			continue
		}
		b.Value = f.valueOf(branch, place{x: "v.Value", p: "v.Value", owner: u})
		b.Size, b.Sizes = addSize(b.Size, nil, b.Value)
	}
	return v
}

func (f *file) enumOf(u *unit) *enumView {
	f.imports["strconv"] = "strconv"
	e := &enumView{typeView: f.typeView(u), Names: "names" + u.goName}
	for i, s := range u.typ.Symbols {
		e.Symbols = append(e.Symbols, symbolView{Name: u.symbols[i], Symbol: s.Name})
		if d := u.typ.Default; d != nil && d.Name == s.Name {
			e.Default = u.symbols[i]
		}
	}
	return e
}

// unitFile returns the file of a unit.
func (g *generator) unitFile(u *unit) (File, error) {
	f := g.newFile(u.pkg)
	switch {
	case u.isWrapper():
		return renderType(u.fileName, "wrapper.tmpl", f.structOf(u))
	case u.typ.Kind == avsc.Enum:
		return renderType(u.fileName, "enum.tmpl", f.enumOf(u))
	case u.typ.Kind == avsc.Fixed:
		return renderType(u.fileName, "fixed.tmpl", &fixedView{typeView: f.typeView(u), Bytes: u.typ.Size})
	}
	return renderType(u.fileName, "record.tmpl", f.structOf(u))
}

// docFile returns the file that documents a package.
func (g *generator) docFile(p *pkg) (File, error) {
	namespaces := make([]string, len(p.namespaces))
	for i, n := range p.namespaces {
		namespaces[i] = n
		if n == "" {
			namespaces[i] = "the null namespace"
		}
	}
	name := "doc.go"
	if p.folder != "" {
		name = p.folder + "/doc.go"
	}
	return render(name, "doc.tmpl", map[string]string{
		"Header": Header, "Package": p.name, "Namespaces": strings.Join(namespaces, " and "),
	})
}
