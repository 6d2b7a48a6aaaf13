package avsc

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Set is a tree of documents in which every reference across files is resolved.
type Set struct {
	// Schemas in an order in which each comes after what it refers to; by path where that leaves a choice. Of files that
	// refer to each other in a circle none has the others as references, as a registry could not hold those: the texts of
	// each write out the types of the others.
	Schemas []*Schema

	types map[string]definition
}

// Load reads every .avsc file below the roots (all of fsys where none is given). Files may name each other's
// types by full name in any order. The error is an [ErrorList] that holds every problem of every file; the Set then
// holds the documents that are sound.
func Load(fsys fs.FS, roots ...string) (*Set, error) {
	return load(&loader{}, fsys, roots)
}

// LoadRegistered is [Load] for a tree that was accepted before, such as an old revision of one: every document is parsed
// as leniently as [Registered] does.
func LoadRegistered(fsys fs.FS, roots ...string) (*Set, error) {
	return load(&loader{registered: true}, fsys, roots)
}

func load(l *loader, fsys fs.FS, roots []string) (*Set, error) {
	l.defs, l.owners, l.broken = make(map[string]definition), make(map[string]*source), make(map[string]bool)
	l.read(fsys, roots)
	l.link()
	set := &Set{types: make(map[string]definition)}
	for _, group := range l.order() {
		set.Schemas = append(set.Schemas, l.parse(group)...)
		for _, src := range group {
			src.doc.free()
		}
	}
	for name, def := range l.defs {
		if def.schema != nil {
			set.types[name] = def
		}
	}
	return set, l.errs.Err()
}

// Lookup returns the document that defines the named type with this full name (as its root or inside it) and
// the type; nil where none does.
func (s *Set) Lookup(fullName string) (*Schema, *Type) {
	d := s.types[fullName]
	return d.schema, d.typ
}

type loader struct {
	registered bool
	sources    []*source // by path
	errs       ErrorList
	owners     map[string]*source    // the document to which a full name leads
	defs       map[string]definition // types of the documents parsed so far
	broken     map[string]bool       // short names that files which are no JSON may define
}

func (l *loader) read(fsys fs.FS, roots []string) {
	if len(roots) == 0 {
		roots = []string{"."}
	}
	var files []string
	for _, root := range roots {
		err := fs.WalkDir(fsys, path.Clean(root), func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				l.unreadable(name, err)
				if entry != nil && entry.IsDir() {
					return fs.SkipDir
				}
			case !entry.IsDir() && strings.HasSuffix(name, ".avsc"):
				files = append(files, name)
			}
			return nil
		})
		if err != nil {
			l.unreadable(root, err)
		}
	}
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			l.unreadable(name, err)
			continue
		}
		d, bad := scan(name, text)
		if bad != nil {
			l.errs = append(l.errs, bad)
			for _, m := range nameAttr.FindAllSubmatch(text, -1) {
				l.broken[qualify(string(m[1]), "").Short] = true
			}
			continue
		}
		l.sources = append(l.sources, &source{doc: d, outline: outlineOf(d), needs: make(map[*source]bool)})
	}
}

func (l *loader) unreadable(name string, err error) {
	var where *fs.PathError
	if errors.As(err, &where) {
		err = where.Err // the place is told once
	}
	l.errs = append(l.errs, &Error{Pos: Pos{File: name}, Err: fmt.Errorf("cannot be read: %w", err)})
}

// parse reads documents that refer to each other, as a rule one, after all others to which they refer. It returns nil after
// a problem, and then makes the names of the documents such that their use is no problem of its own.
func (l *loader) parse(group []*source) (schemas []*Schema) {
	parsers, roots := make([]*parser, len(group)), make([]*Type, len(group))
	standIns := make(map[*Type]*forwardRef)
	tainted := false
	for i, src := range group {
		p := &parser{doc: src.doc, others: l.names, tree: true, local: src.outline.defines, isFwd: standIns, beside: parsers[:i]}
		p.registered = l.registered
		p.lookup = func(full string) (*Type, *Schema) {
			d := l.defs[full]
			if d.typ == nil && l.broken[qualify(full, "").Short] {
				d.typ = &Type{Name: qualify(full, "")}
			}
			tainted = tainted || d.typ != nil && d.typ.Kind == 0
			return d.typ, d.schema
		}
		parsers[i], roots[i] = p, p.read()
	}
	if len(group) > 1 {
		for _, p := range parsers {
			p.beside = parsers
			p.aim()
		}
	}
	problems := len(l.errs)
	for i, p := range parsers {
		s := p.schema(roots[i])
		s.given = s.refs
		schemas = append(schemas, s)
		l.errs = append(l.errs, p.errs...)
	}
	if len(l.errs) > problems || tainted {
		l.poison(group)
		return nil
	}
	for i, s := range schemas {
		for _, t := range s.named {
			if name := t.Name.Full(); l.defs[name].schema == nil || l.owners[name] == group[i] {
				l.defs[name] = definition{t, s}
			}
		}
	}
	return schemas
}

// poison makes the names that documents define such that their use is no problem.
func (l *loader) poison(group []*source) {
	for _, src := range group {
		for name := range src.outline.defines {
			if l.defs[name].typ == nil {
				l.defs[name] = definition{typ: &Type{Name: qualify(name, "")}}
			}
		}
	}
}

func (l *loader) names() []string {
	names := make([]string, 0, len(l.owners))
	for name := range l.owners {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// nameAttr finds what a text that is no JSON may define. The use of that is no problem of its own.
var nameAttr = regexp.MustCompile(`"name"\s*:\s*"([^"\\]+)"`)
