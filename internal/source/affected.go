package source

import "github.com/avow-events/avow/avsc"

// Affected is the part of two trees that a comparison has to look at.
type Affected struct {
	// Files of the new tree that are not as they were, or refer to one that is not.
	Files map[string]bool
	// Old is the old tree without the files that none of these needs.
	Old *Tree
}

// Affects finds what differs between an old tree and a new one, of which set is what could be read.
func Affects(old, next *Tree, set *avsc.Set) Affected {
	a := Affected{Files: make(map[string]bool), Old: &Tree{Label: old.Label, root: old.root, files: make(map[string]file)}}
	for p := range next.files {
		if !sameFile(old, next, p) {
			a.Files[p] = true
		}
	}
	for p, f := range old.files {
		if !sameFile(old, next, p) {
			a.Old.files[p] = f
		}
	}
	// Each document comes after those that it refers to.
	for _, s := range set.Schemas {
		for _, ref := range s.References() {
			if a.Files[ref.File] {
				a.Files[s.File] = true
			}
		}
	}
	needed := make(map[string]bool)
	for _, s := range set.Schemas {
		if a.Files[s.File] {
			addFiles(needed, s)
		}
	}
	for p := range needed {
		if f, ok := old.files[p]; ok {
			a.Old.files[p] = f
		}
	}
	return a
}

func sameFile(a, b *Tree, p string) bool {
	f, inA := a.files[p]
	g, inB := b.files[p]
	return inA && inB && string(f.content) == string(g.content)
}
