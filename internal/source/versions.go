package source

import (
	"context"

	"github.com/avow-events/avow/avsc"
)

// Version is what a contract was at some time.
type Version struct {
	// Label says when, such as main@1a2b3c4.
	Label  string
	Schema *avsc.Schema
}

// Versions returns what contracts were at a commit and before it, along first parents, newest first, for those of the
// full names that are contracts there. A version is another text of the contract or of a type that it refers to, however
// many commits wrote it. Files that are moved are followed by name. What like holds is not read again; it may be nil.
//
// A commit at which a contract could not be read has no version of it.
func (r *Repo) Versions(ctx context.Context, from Commit, name string, fullNames []string, like *Tree) (map[string][]Version, error) {
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
	w := &walk{repo: r, contents: make(map[string][]byte), ids: make(map[string]string)}
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
	versions := make(map[string][]Version, len(w.tracks))
	for _, t := range w.tracks {
		versions[t.fullName] = t.versions
	}
	return versions, nil
}

// walk is a way back through history: the files as they were at the commit that it has come to.
type walk struct {
	repo *Repo
	// ids is the object at each path, contents what an object holds, as far as it was read.
	ids      map[string]string
	contents map[string][]byte
	tracks   []*track
}

// track is a contract that is followed.
type track struct {
	fullName string
	versions []Version
	// files are the paths that the last version consists of; nil once the contract is not found any more.
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
	if text := v.Schema.SelfContained(); len(t.versions) == 0 || text != t.text {
		t.text = text
		t.versions = append(t.versions, v)
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
	var whole *avsc.Set // loaded for the first contract that needs it
	for _, t := range w.tracks {
		if !intersects(t.files, touched) {
			continue
		}
		part, err := w.load(ctx, t.files)
		if err != nil {
			return err
		}
		s, _ := part.Lookup(t.fullName)
		if s == nil { // moved, gone, or in need of a file that the later version did without
			if whole == nil {
				if whole, err = w.load(ctx, nil); err != nil {
					return err
				}
			}
			s, _ = whole.Lookup(t.fullName)
		}
		if s != nil {
			t.add(Version{Label: label, Schema: s})
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
func (w *walk) load(ctx context.Context, only map[string]bool) (*avsc.Set, error) {
	var ids []string
	for p, id := range w.ids {
		if only == nil || only[p] {
			ids = append(ids, id)
		}
	}
	if err := w.repo.read(ctx, ids, w.contents); err != nil {
		return nil, err
	}
	tree := &Tree{files: make(map[string]file, len(ids))}
	for p, id := range w.ids {
		if only == nil || only[p] {
			tree.files[p] = file{id: id, content: w.contents[id]}
		}
	}
	set, _ := tree.LoadRegistered()
	return set, nil
}
