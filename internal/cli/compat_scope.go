package cli

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/source"
)

// scope is the part of a tree of schemas that a command is about.
type scope struct {
	// root is the folder whose schemas may refer to each other.
	root string
	// only are the files and folders below root that are meant; all of them if there are none.
	only []string
}

// scopeOf returns what paths mean: parts of the schemas of avow.yaml, if they lie there, so that they may refer to all of
// them; else a tree of their own, below the folder that they have in common.
func scopeOf(cfg *config.Config, paths []string) (scope, error) {
	s := scope{root: shortPath(cfg.Path(cfg.Schemas.Path))}
	for _, p := range paths {
		rel, inside := inFolder(s.root, p)
		switch {
		case inside:
			s.only = append(s.only, rel)
		case len(paths) == 1 && cfg.File != "" && holdsPath(p, s.root):
			return s, nil
		case len(paths) == 1:
			return scope{root: shortPath(p)}, nil
		case cfg.File != "":
			return scope{}, fmt.Errorf("%s is not below %s, the schemas of %s; check it alone", p, s.root, shortPath(cfg.File))
		default:
			return commonScope(paths), nil
		}
	}
	return s, nil
}

// commonScope returns the scope of several paths when nothing says where schemas are.
func commonScope(paths []string) scope {
	root := filepath.Dir(paths[0])
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	for slices.ContainsFunc(paths, func(p string) bool { return !holdsPath(root, p) }) && root != filepath.Dir(root) {
		root = filepath.Dir(root)
	}
	s := scope{root: shortPath(root)}
	for _, p := range paths {
		rel, _ := inFolder(root, p)
		s.only = append(s.only, rel)
	}
	return s
}

// inFolder returns a path as one below a folder, slash-separated, and whether it lies there.
func inFolder(dir, p string) (rel string, ok bool) {
	from, errDir := filepath.Abs(dir) // one may be above the working directory, the other below
	to, errPath := filepath.Abs(p)
	rel, err := filepath.Rel(from, to)
	rel = filepath.ToSlash(rel)
	return rel, errDir == nil && errPath == nil && err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}

func holdsPath(dir, p string) bool {
	_, ok := inFolder(dir, p)
	return ok
}

// exists returns an error for a path that leads to no schema in any of the trees, the new one and the old one.
func (s scope) exists(trees ...*source.Tree) error {
	for _, dir := range s.only {
		if !slices.ContainsFunc(trees, func(t *source.Tree) bool {
			return slices.ContainsFunc(t.Paths(), func(file string) bool { return source.Below(file, dir) })
		}) {
			return fmt.Errorf("%s: there is no schema of that name or below it", trees[0].Show(dir))
		}
	}
	return nil
}

// problems returns those of a tree that matter: all of them if a file that is meant could not be read, perhaps because of a
// file that is not, and none otherwise.
func (s scope) problems(t *source.Tree, sound *avsc.Set, all avsc.ErrorList) avsc.ErrorList {
	read := filesOf(sound)
	if len(s.only) == 0 || slices.ContainsFunc(t.Paths(), func(p string) bool { return s.holds(p) && !read[p] }) {
		return all
	}
	return nil
}

// filesOf returns the files of a set.
func filesOf(set *avsc.Set) map[string]bool {
	files := make(map[string]bool, len(set.Schemas))
	for _, s := range set.Schemas {
		files[s.File] = true
	}
	return files
}

// files returns the files of a tree that are meant, as people know them.
func (s scope) files(t *source.Tree) []string {
	var files []string
	for _, p := range t.Paths() {
		if s.holds(p) {
			files = append(files, t.Show(p))
		}
	}
	return files
}

// holds reports whether a file below the root is meant.
func (s scope) holds(file string) bool {
	return len(s.only) == 0 || slices.ContainsFunc(s.only, func(dir string) bool { return source.Below(file, dir) })
}

// concerns reports whether a contract is meant, by the file it is in or was in.
func (s scope) concerns(c *compat.Change) bool {
	if c.New != nil {
		return s.holds(c.New.File)
	}
	return s.holds(c.Old.File)
}

// stillThere reports whether a contract that seems to be gone is only in a file that cannot be read.
func stillThere(c *compat.Change, next *source.Tree, sound *avsc.Set) bool {
	read := filesOf(sound)
	name := []byte(path.Base(c.Old.File))
	if c.Old.Root.Kind.IsNamed() {
		name = []byte(`"` + c.Old.Root.Name.Short + `"`)
	}
	for _, p := range next.Paths() {
		if !read[p] && (p == c.Old.File || bytes.Contains(next.Content(p), name)) {
			return true
		}
	}
	return false
}

// levelOf returns the level that a contract is held to: the given one, else that of avow.yaml, for a contract with several
// subjects what all of them ask for.
func levelOf(cfg *config.Config, c *compat.Change, given *compat.Level) compat.Level {
	if given != nil {
		return *given
	}
	s := c.New
	if s == nil {
		s = c.Old
	}
	name, _ := cfg.Level(s.Root.FullName(), s.File)
	subjects := cfg.Subjects(s.Root.FullName(), s.File, s.Root.Kind.IsNamed())
	if len(subjects) == 0 {
		return levelNamed(name)
	}
	level := compat.None
	for _, subject := range subjects {
		level = level.And(levelNamed(subject.Level))
	}
	return level
}

// levelNamed returns the level that avow.yaml names. It was read strictly: there are no others.
func levelNamed(name config.Level) compat.Level {
	level, err := compat.ParseLevel(string(name))
	if err != nil {
		return compat.Backward
	}
	return level
}

// defaultBranch returns the branch that this one is to be merged into: what the CI system says, else avow.yaml.
func (a *app) defaultBranch(cfg *config.Config) source.DefaultBranch {
	return source.DefaultBranch{
		Name:    cmp.Or(a.env("GITHUB_BASE_REF"), a.env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"), cfg.Compat.DefaultBranch),
		Against: cfg.Compat.OnDefaultBranch,
	}
}

// commonLevel returns the level of all contracts, empty where they differ.
func commonLevel(changes []*compat.Change) string {
	if len(changes) == 0 {
		return ""
	}
	for _, c := range changes {
		if c.Level != changes[0].Level {
			return ""
		}
	}
	return changes[0].Level.String()
}

// rolloutNotes says what changed, how much, and who must be deployed first, by the verdict and by what was found besides.
func rolloutNotes(changes []*compat.Change, findings []finding.Finding) []string {
	var added, changed, removed int
	bump, order := compat.NoBump, compat.AnyOrder
	for _, c := range changes {
		b := c.Bump()
		switch {
		case c.Old == nil:
			added++
		case c.New == nil:
			removed++
		case b != compat.NoBump:
			changed++
		}
		bump, order = max(bump, b), order.And(c.Order())
	}
	if bump == compat.NoBump {
		return nil
	}
	readable, misread := order, ""
	for _, f := range findings {
		if f.Harm > finding.NoHarm {
			bump, order = compat.Major, order.And(compat.OrderFor(f.Harm))
		}
	}
	if order != readable {
		misread = ": values would be misread without an error"
	}
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{changed, "changed"}, {added, "new"}, {removed, "removed"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	note := fmt.Sprintf("Contracts: %s. Semver: %s.", strings.Join(parts, ", "), bump)
	if changed > 0 {
		note += fmt.Sprintf(" Rollout: %s%s.", order, misread)
	}
	return []string{note}
}
