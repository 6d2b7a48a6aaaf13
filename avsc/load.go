package avsc

import (
	"container/heap"
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
	// Schemas in an order in which each comes after what it refers to; by path where that leaves a choice.
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
	l.defs, l.owners = make(map[string]definition), make(map[string]*source)
	l.read(fsys, roots)
	l.link()
	set := &Set{types: make(map[string]definition)}
	for _, src := range l.order() {
		s := l.parse(src)
		if s == nil {
			continue
		}
		set.Schemas = append(set.Schemas, s)
		for _, t := range s.named {
			if _, ok := set.types[t.Name.Full()]; !ok {
				set.types[t.Name.Full()] = definition{t, s}
			}
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
	broken     []string              // texts that are no JSON
}

// A source is one file.
type source struct {
	doc     *doc
	outline *outline
	needs   map[*source]int32 // what it refers to, and the node that does so first
	waiting int               // how many of those are not parsed yet
	users   []*source
	cyclic  map[string]bool // names whose use closes a cycle
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
				l.errs = append(l.errs, &Error{Pos: Pos{File: name}, Err: err})
				if entry != nil && entry.IsDir() {
					return fs.SkipDir
				}
			case !entry.IsDir() && strings.HasSuffix(name, ".avsc"):
				files = append(files, name)
			}
			return nil
		})
		if err != nil {
			l.errs = append(l.errs, &Error{Pos: Pos{File: root}, Err: err})
		}
	}
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			l.errs = append(l.errs, &Error{Pos: Pos{File: name}, Err: err})
			continue
		}
		d, bad := scan(name, text)
		if bad != nil {
			l.errs = append(l.errs, bad)
			l.broken = append(l.broken, string(text))
			continue
		}
		l.sources = append(l.sources, &source{doc: d, outline: outlineOf(d), needs: make(map[*source]int32)})
	}
}

// link finds out who refers to whom.
func (l *loader) link() {
	for _, src := range l.sources {
		if src.outline.root != "" && l.owners[src.outline.root] == nil {
			l.owners[src.outline.root] = src
		}
	}
	for _, src := range l.sources {
		for name := range src.outline.defines {
			if l.owners[name] == nil {
				l.owners[name] = src
			}
		}
	}
	for _, src := range l.sources {
		for _, u := range src.outline.uses {
			if owner := l.owner(src, u); owner != nil && owner != src {
				if _, known := src.needs[owner]; !known {
					src.needs[owner] = u.node
					src.waiting++
					owner.users = append(owner.users, src)
				}
			}
		}
	}
}

// owner returns the document to which a reference in src leads, nil if none is known.
func (l *loader) owner(src *source, u use) *source {
	for _, name := range u.names {
		if src.outline.defines[name] {
			return src
		}
		if owner := l.owners[name]; owner != nil && name != "" {
			return owner
		}
	}
	return nil
}

// order returns the documents such that each comes after what it refers to, by path where that leaves a choice. A cycle
// is reported and cut where it begins.
func (l *loader) order() (out []*source) {
	var ready byPath
	for _, src := range l.sources {
		if src.waiting == 0 {
			ready = append(ready, src)
		}
	}
	heap.Init(&ready)
	done := make(map[*source]bool)
	for len(out) < len(l.sources) {
		if len(ready) == 0 {
			heap.Push(&ready, l.cut(done))
		}
		src := heap.Pop(&ready).(*source)
		done[src] = true
		out = append(out, src)
		for _, user := range src.users {
			if user.waiting--; user.waiting == 0 && !done[user] {
				heap.Push(&ready, user)
			}
		}
	}
	return out
}

// cut reports a cycle among the documents that are left and removes one reference of it.
func (l *loader) cut(done map[*source]bool) *source {
	var at *source
	for _, src := range l.sources {
		if !done[src] {
			at = src
			break
		}
	}
	step := make(map[*source]int)
	var walk []*source
	for {
		if _, again := step[at]; again {
			break
		}
		step[at] = len(walk)
		walk = append(walk, at)
		at = at.firstNeed(done)
	}
	cycle := walk[step[at]:]
	first := 0
	for i, src := range cycle {
		if src.doc.file < cycle[first].doc.file {
			first = i
		}
	}
	cycle = append(slices.Clone(cycle[first:]), cycle[:first]...)
	l.reportCycle(cycle)
	for i, src := range cycle {
		next := cycle[(i+1)%len(cycle)]
		if src.cyclic == nil {
			src.cyclic = make(map[string]bool)
		}
		for name := range next.outline.defines {
			src.cyclic[name] = true
		}
	}
	src, next := cycle[0], cycle[1%len(cycle)]
	next.users = slices.DeleteFunc(next.users, func(u *source) bool { return u == src })
	delete(src.needs, next)
	src.waiting--
	if src.waiting > 0 {
		return l.cut(done)
	}
	return src
}

// firstNeed returns the document that src waits for and names first.
func (src *source) firstNeed(done map[*source]bool) (first *source) {
	for need, node := range src.needs {
		if !done[need] && (first == nil || node < src.needs[first]) {
			first = need
		}
	}
	return first
}

func (l *loader) reportCycle(cycle []*source) {
	var b strings.Builder
	for i, src := range cycle {
		next := cycle[(i+1)%len(cycle)]
		node := src.needs[next]
		if i > 0 {
			b.WriteString(", ")
		}
		pos := src.doc.pos(src.doc.nodes[node].off)
		fmt.Fprintf(&b, "%s names %s", pos, src.doc.nodes[node].text)
	}
	src := cycle[0]
	node := src.needs[cycle[1%len(cycle)]]
	l.errs = append(l.errs, &Error{
		Pos:  src.doc.pos(src.doc.nodes[node].off),
		Path: src.doc.path(node),
		Err:  fmt.Errorf("files refer to each other in a circle, which a registry cannot hold: %s; define these types in one file", &b),
	})
}

type byPath []*source

func (h byPath) Len() int           { return len(h) }
func (h byPath) Less(i, j int) bool { return h[i].doc.file < h[j].doc.file }
func (h byPath) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *byPath) Push(x any)        { *h = append(*h, x.(*source)) }
func (h *byPath) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// parse reads one document whose references have been read. It returns nil after a problem, and then makes the names
// of the document such that their use is no problem of its own.
func (l *loader) parse(src *source) *Schema {
	p := &parser{doc: src.doc, others: l.names, tree: true, local: src.outline.defines}
	p.registered = l.registered
	tainted := false
	p.lookup = func(full string) (*Type, *Schema) {
		d := l.defs[full]
		if d.typ == nil && (src.cyclic[full] || l.mentionedInBroken(full)) {
			d.typ = &Type{Name: qualify(full, "")}
		}
		tainted = tainted || d.typ != nil && d.typ.Kind == 0
		return d.typ, d.schema
	}
	s := p.schema()
	if len(p.errs) > 0 || tainted {
		l.errs = append(l.errs, p.errs...)
		for name := range src.outline.defines {
			if l.defs[name].typ == nil {
				l.defs[name] = definition{typ: &Type{Name: qualify(name, "")}}
			}
		}
		return nil
	}
	s.given = s.refs
	for _, t := range p.defined {
		l.defs[t.Name.Full()] = definition{t, s}
	}
	return s
}

func (l *loader) names() []string {
	names := make([]string, 0, len(l.owners))
	for name := range l.owners {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

var nameAttr = regexp.MustCompile(`"name"\s*:\s*"([^"\\]+)"`)

// mentionedInBroken reports whether a file that is no JSON may define the type: then its use is not a problem of its
// own.
func (l *loader) mentionedInBroken(full string) bool {
	short := qualify(full, "").Short
	for _, text := range l.broken {
		for _, m := range nameAttr.FindAllStringSubmatch(text, -1) {
			if qualify(m[1], "").Short == short {
				return true
			}
		}
	}
	return false
}
