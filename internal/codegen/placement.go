package codegen

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/goname"
)

// pkg is one Go package.
type pkg struct {
	folder     string // slash-separated, below the output folder
	importPath string
	name       string
	namespaces []string
	units      []*unit
	scope      goname.Scope
	files      goname.Scope
}

// place gives every unit its package and its Go names.
func (g *generator) place() {
	g.mergeCycles()
	byFolder := map[string]*pkg{}
	for _, u := range g.units {
		p := byFolder[u.folder]
		if p == nil {
			p = &pkg{folder: u.folder, importPath: g.placement.ImportPath(u.folder), name: g.placement.PackageName(u.folder)}
			p.files.Reserve("doc.go")
			byFolder[u.folder] = p
			g.packages = append(g.packages, p)
		}
		u.pkg = p
		p.units = append(p.units, u)
		if !u.isRoot && !slices.Contains(p.namespaces, u.namespace) {
			p.namespaces = append(p.namespaces, u.namespace)
		}
	}
	slices.SortFunc(g.packages, func(a, b *pkg) int { return cmp.Compare(a.folder, b.folder) })
	for _, p := range g.packages {
		slices.Sort(p.namespaces)
		p.nameUnits()
		for _, u := range p.units {
			g.nameParts(u)
		}
	}
}

// mergeCycles moves units whose folders would import each other in a circle into one folder: the shortest, the first
// in the alphabet of several.
func (g *generator) mergeCycles() {
	imports := map[string][]string{}
	var folders []string
	for _, u := range g.units {
		if _, ok := imports[u.folder]; !ok {
			folders = append(folders, u.folder)
			imports[u.folder] = nil
		}
		for _, used := range g.uses(u.typ) {
			if used.folder != u.folder {
				imports[u.folder] = append(imports[u.folder], used.folder)
			}
		}
	}
	number, _ := components(folders, func(folder string) []string { return imports[folder] })
	into := map[int]string{}
	for _, folder := range folders {
		n := number[folder]
		best, ok := into[n]
		if !ok || len(folder) < len(best) || len(folder) == len(best) && folder < best {
			into[n] = folder
		}
	}
	for _, u := range g.units {
		u.folder = into[number[u.folder]]
	}
}

// nameUnits names the types of a package and their files. A name that is a good Go identifier as it stands keeps it;
// one that is taken is told apart by the last part of its namespace, then by all of it.
func (p *pkg) nameUnits() {
	for _, u := range p.units {
		if id := goname.Exported(u.short); id == u.short && p.scope.Free(id) {
			u.goName = p.scope.Take(id)
		}
	}
	for _, u := range p.units {
		if u.goName == "" {
			u.goName = p.scope.Take(choices(u.namespace, u.short)...)
		}
	}
	for _, u := range p.units {
		u.fileName = path.Join(p.folder, p.files.TakeFile(goname.FileName(u.goName)))
	}
}

// choices returns identifiers for a named type, the best one first.
func choices(namespace, short string) []string {
	last := namespace[strings.LastIndexByte(namespace, '.')+1:]
	return []string{
		goname.Exported(short), goname.Plain(short), goname.Exported(last + "_" + short), goname.Exported(namespace + "_" + short),
	}
}

// nameParts names what the unit declares beside its type.
func (g *generator) nameParts(u *unit) {
	scope := &u.pkg.scope
	switch {
	case u.isWrapper():
	case u.typ.Kind == avsc.Record:
		u.newName = scope.Take("New" + u.goName)
		names := make([]string, len(u.typ.Fields))
		for i, f := range u.typ.Fields {
			names[i] = f.Name
		}
		u.fields = goname.Fields(names)
	case u.typ.Kind == avsc.Enum:
		names := make([]string, len(u.typ.Symbols))
		for i, s := range u.typ.Symbols {
			names[i] = s.Name
		}
		for i, id := range new(goname.Scope).TakeAll(names) {
			u.symbols = append(u.symbols, scope.Take(u.goName+id, u.goName+goname.Plain(names[i])))
		}
	}
	u.unions = map[*avsc.Type]*union{}
	if u.isRoot {
		g.nameUnions(u, u.typ, u.goName+"Value")
		return
	}
	for i, f := range u.typ.Fields {
		g.nameUnions(u, f.Type, u.goName+u.fields[i])
	}
}

// nameUnions names the sealed interfaces at a place that is called so.
func (g *generator) nameUnions(u *unit, t *avsc.Type, place string) {
	switch t.Kind {
	case avsc.Array:
		g.nameUnions(u, t.Elem, place+"Item")
	case avsc.Map:
		g.nameUnions(u, t.Elem, place+"Value")
	case avsc.Union:
		if form, branch := goname.FormOf(t); form != goname.Sealed {
			if len(t.Branches) > 0 {
				g.nameUnions(u, t.Branches[branch], place)
			}
			return
		}
		named := &union{goName: u.pkg.scope.Take(place, place+"Union"), wrappers: make([]string, len(t.Branches))}
		u.unions[t] = named
		for i, b := range t.Branches {
			if b.Kind == avsc.Null {
				continue
			}
			ids := choices(b.Name.Namespace, goname.Branch(b))
			for k, id := range ids {
				ids[k] = named.goName + id
			}
			named.wrappers[i] = u.pkg.scope.Take(ids...)
			g.nameUnions(u, b, named.wrappers[i])
		}
	}
}
