package source

import (
	"bytes"
	"context"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// Version is what a contract was at some time.
type Version struct {
	// Label says when, such as main@1a2b3c4.
	Label  string
	Schema *avsc.Schema
}

// Gap is a version that cannot be read.
type Gap struct {
	// Label says when, as that of a [Version] does.
	Label string
	// Problem is the first one of the files in question, with a path as people know it.
	Problem *avsc.Error
}

// History is what a contract was, newest first.
type History struct {
	Versions []Version
	Gaps     []Gap
}

// Versions returns what contracts were at a commit and before it, along first parents, for those of the full names that
// are contracts there. A version is another text of the contract or of a type that it refers to, however many commits
// wrote it. Files that are moved are followed by name. What like holds is not read again; it may be nil.
func (r *Repo) Versions(ctx context.Context, from Commit, name string, fullNames []string, like *Tree) (map[string]History, error) {
	if r.shallow {
		return nil, r.shallowError("the history that a transitive level looks at")
	}
	dir, err := r.relative(name)
	if err != nil {
		return nil, err
	}
	newest, err := r.Tree(ctx, from, name, like)
	if err != nil {
		return nil, err
	}
	changes, err := r.changes(ctx, from, dir)
	if err != nil {
		return nil, err
	}
	w := &walk{repo: r, root: newest.root, contents: make(map[string][]byte), ids: make(map[string]string)}
	for p, f := range newest.files {
		w.ids[p], w.contents[f.id] = f.id, f.content
	}
	set, _ := newest.LoadRegistered()
	for _, full := range fullNames {
		if s, _ := set.Lookup(full); s != nil {
			w.tracks = append(w.tracks, newTrack(full, Version{Label: from.Label, Schema: s}))
		}
	}
	for _, c := range changes {
		if err := w.before(ctx, c); err != nil {
			return nil, err
		}
	}
	histories := make(map[string]History, len(w.tracks))
	for _, t := range w.tracks {
		histories[t.fullName] = t.History
	}
	return histories, nil
}

// walk is a way back through history: the files as they were at the commit that it has come to.
type walk struct {
	repo *Repo
	root string // of the paths, as people know it
	// ids is the object at each path, contents what an object holds, as far as it was read.
	ids      map[string]string
	contents map[string][]byte
	tracks   []*track
}

// track is a contract that is followed.
type track struct {
	fullName string
	History
	// files are the paths that the last version consists of, and text is what it says.
	files map[string]bool
	text  string
}

func newTrack(fullName string, newest Version) *track {
	t := &track{fullName: fullName}
	t.add(newest)
	return t
}

// add appends a version unless it says the same as the last one.
func (t *track) add(v Version) {
	t.files = make(map[string]bool)
	addFiles(t.files, v.Schema)
	if text := v.Schema.SelfContained(); len(t.Versions) == 0 || text != t.text {
		t.text = text
		t.Versions = append(t.Versions, v)
	}
}

// miss appends a gap unless it is the last one, at another commit.
func (t *track) miss(g Gap) {
	if n := len(t.Gaps); n == 0 || t.Gaps[n-1].Problem.Error() != g.Problem.Error() {
		t.Gaps = append(t.Gaps, g)
	}
}

func addFiles(to map[string]bool, s *avsc.Schema) {
	if to[s.File] {
		return
	}
	to[s.File] = true
	for _, ref := range s.References() {
		addFiles(to, ref)
	}
}

// before goes back over one commit, and looks at every contract that it touched.
func (w *walk) before(ctx context.Context, c change) error {
	touched := make(map[string]bool, len(c.before))
	for _, e := range c.before {
		touched[e.path] = true
		if e.id == "" {
			delete(w.ids, e.path)
		} else {
			w.ids[e.path] = e.id
		}
	}
	label := "the version before " + c.commit[:7]
	var whole *moment // loaded for the first contract that needs it
	for _, t := range w.tracks {
		if !intersects(t.files, touched) {
			continue
		}
		part, err := w.load(ctx, t.files)
		if err != nil {
			return err
		}
		s, _ := part.set.Lookup(t.fullName)
		if s == nil { // moved, gone, or in need of a file that the later version did without
			if whole == nil {
				if whole, err = w.load(ctx, nil); err != nil {
					return err
				}
			}
			s, _ = whole.set.Lookup(t.fullName)
		}
		if s != nil {
			t.add(Version{Label: label, Schema: s})
		} else if problem := whole.problemOf(t); problem != nil {
			t.miss(Gap{Label: label, Problem: problem})
		}
	}
	return nil
}

// moment is the schemas at some paths at some commit, as far as they can be read.
type moment struct {
	tree     *Tree
	set      *avsc.Set
	problems avsc.ErrorList
}

// problemOf returns why a contract is not in the set: the first problem of a file that it consists of, or that names it; nil
// where there is none, because it had not been made yet.
func (m *moment) problemOf(t *track) *avsc.Error {
	named := []byte(`"` + t.fullName[strings.LastIndexByte(t.fullName, '.')+1:] + `"`)
	concerns := make(map[string]bool)
	for p, f := range m.tree.files {
		concerns[m.tree.Show(p)] = t.files[p] || bytes.Contains(f.content, named)
	}
	for _, problem := range m.problems {
		if concerns[problem.Pos.File] {
			return problem
		}
	}
	return nil
}

func intersects(a, b map[string]bool) bool {
	for p := range a {
		if b[p] {
			return true
		}
	}
	return false
}

// load reads the schemas at the given paths as they were, those at all paths for nil.
func (w *walk) load(ctx context.Context, only map[string]bool) (*moment, error) {
	var ids []string
	for p, id := range w.ids {
		if only == nil || only[p] {
			ids = append(ids, id)
		}
	}
	if err := w.repo.read(ctx, ids, w.contents); err != nil {
		return nil, err
	}
	tree := &Tree{root: w.root, files: make(map[string]file, len(ids))}
	for p, id := range w.ids {
		if only == nil || only[p] {
			tree.files[p] = file{id: id, content: w.contents[id]}
		}
	}
	set, problems := tree.LoadRegistered()
	return &moment{tree, set, problems}, nil
}
