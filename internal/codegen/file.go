package codegen

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
)

// file collects what one generated file imports while its view is built.
type file struct {
	g       *generator
	pkg     *pkg
	imports map[string]string // import path to the name that the file uses
}

const codecPath = "github.com/avow-events/avow/codec"

// libraries are the packages by whose names generated code refers to more than its own kind.
var libraries = map[string]string{
	"codec": codecPath,
	"math":  "math",
	"rules": "github.com/avow-events/avow/rules",
	"time":  "time",
	"uuid":  "github.com/google/uuid",
}

// locals are the names that generated functions use, in nested loops with a number, which would hide an import.
var locals = map[string]bool{}

func init() {
	for name := range strings.FieldsSeq("branch depth dst end from i item k key n s src text to v w") {
		locals[name] = true
	}
}

func (g *generator) newFile(p *pkg) *file {
	return &file{g: g, pkg: p, imports: map[string]string{codecPath: "codec"}}
}

// useType imports the library that a Go type such as codec.Decimal comes from.
func (f *file) useType(goType string) {
	if library, _, ok := strings.Cut(goType, "."); ok {
		f.imports[libraries[library]] = library
	}
}

// named returns the Go type of a unit as this file writes it.
func (f *file) named(u *unit) string { return f.qualified(u, u.goName) }

// qualified returns an identifier of u's package as this file writes it.
func (f *file) qualified(u *unit, id string) string {
	if u.pkg == f.pkg {
		return id
	}
	name, ok := f.imports[u.pkg.importPath]
	if !ok {
		name = f.importName(u.pkg)
		f.imports[u.pkg.importPath] = name
	}
	return name + "." + id
}

// importName returns a name for an import that nothing in the file is called.
func (f *file) importName(p *pkg) string {
	taken := func(name string) bool {
		if isLocal(name) || libraries[name] != "" || token.IsKeyword(name) || types.Universe.Lookup(name) != nil {
			return true
		}
		for _, used := range f.imports {
			if used == name {
				return true
			}
		}
		return false
	}
	name := p.name
	if parent := path.Base(path.Dir(p.importPath)); taken(name) && parent != "." {
		name = identifierOf(parent) + name
	}
	numbered := p.name
	if isLocal(numbered) {
		numbered += "pkg" // a number alone would make another local of it
	}
	for n := 2; taken(name); n++ {
		name = fmt.Sprintf("%s%d", numbered, n)
	}
	return name
}

func isLocal(name string) bool { return locals[strings.TrimRight(name, "0123456789")] }

// identifierOf returns what of a folder's name can stand in an identifier.
func identifierOf(s string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s)), "0123456789")
}

// importSpec is a line of an import declaration. Name is empty where the package's own name is used.
type importSpec struct{ Name, Path string }

// ImportsOne reports whether the file imports only one package.
func (f *file) ImportsOne() bool { return len(f.imports) == 1 }

// Imports returns the file's imports in the two groups that goimports makes.
func (f *file) Imports() [][]importSpec {
	names := map[string]string{}
	for _, p := range f.g.packages {
		names[p.importPath] = p.name
	}
	groups := make([][]importSpec, 2)
	for importPath, name := range f.imports {
		spec := importSpec{Path: importPath}
		if own := names[importPath]; own != "" && (own != name || own != path.Base(importPath)) {
			spec.Name = name
		}
		group := 1
		if !strings.Contains(importPath, ".") {
			group = 0
		}
		groups[group] = append(groups[group], spec)
	}
	for _, group := range groups {
		slices.SortFunc(group, func(a, b importSpec) int { return cmp.Compare(a.Path, b.Path) })
	}
	return slices.DeleteFunc(groups, func(group []importSpec) bool { return len(group) == 0 })
}
