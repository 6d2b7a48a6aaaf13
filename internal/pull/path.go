package pull

import (
	"cmp"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/registry"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

// standing returns the document of the tree that a schema is another version of, nil for none. One without a name is known
// by its text alone.
func (r *reader) standing(s *avsc.Schema) *avsc.Schema {
	if r.opts.Tree == nil {
		return nil
	}
	if s.Root.Kind.IsNamed() {
		if found, t := r.opts.Tree.Lookup(s.Root.FullName()); found != nil && found.Root == t {
			return found
		}
		return nil
	}
	text := s.String()
	for _, found := range r.opts.Tree.Schemas {
		if !found.Root.Kind.IsNamed() && found.String() == text && !r.taken(found.File) {
			return found
		}
	}
	return nil
}

// path returns where a new contract's file goes: a folder for each part of its namespace, or by its subject where it has no
// name. No two files differ in case alone, because some disks cannot tell them apart.
func (r *reader) path(e registry.Entry) string {
	var parts []string
	last := e.Subject
	if root := e.Schema.Root; root.Kind.IsNamed() {
		if root.Name.Namespace != "" {
			parts = strings.Split(root.Name.Namespace, ".")
		}
		last = root.Name.Short
	}
	for i := range parts {
		parts[i] = folder(parts[i])
	}
	base := strings.Join(append(parts, fileName(last)), "/")
	for path := base + ".avsc"; ; {
		if !r.taken(path) {
			return path
		}
		base += "_"
		path = base + ".avsc"
	}
}

// taken reports whether a path is another contract's, of those so far and of those that the tree has.
func (r *reader) taken(path string) bool {
	for _, c := range r.order {
		if strings.EqualFold(c.path, path) {
			return true
		}
	}
	return r.opts.Tree != nil && slices.ContainsFunc(r.opts.Tree.Schemas, func(s *avsc.Schema) bool {
		return s.Root.Kind.IsNamed() && strings.EqualFold(s.File, path)
	})
}

// fileName makes a name fit for every disk.
func fileName(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '.':
			return c
		}
		return '_'
	}, name)
	if strings.Trim(name, ".") == "" || strings.HasPrefix(name, ".") {
		name = "_" + name
	}
	return name
}

// folder is fileName for a folder: one that avow looks into for schemas.
func folder(name string) string {
	name = fileName(name)
	if name == "vendor" || name == "node_modules" {
		name += "_"
	}
	return name
}
