package avsc

import (
	"container/heap"
	"slices"
	"strings"
)

// A source is one file.
type source struct {
	doc     *doc
	outline *outline
	needs   map[*source]bool // what it refers to and is not in order yet
	users   []*source        // what refers to it
	done    bool             // it has its place in the order
}

// link finds out who refers to whom.
func (l *loader) link() {
	for _, src := range l.sources {
		if root := src.outline.root; root != "" && l.owners[root] == nil {
			l.owners[root] = src
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
			owner := l.owner(src, u)
			if owner == nil || owner == src {
				continue
			}
			if !src.needs[owner] {
				src.needs[owner] = true
				owner.users = append(owner.users, src)
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

// order returns the documents such that each comes after what it refers to, by path where that leaves a choice. Those that
// refer to each other in a circle come together.
func (l *loader) order() (groups [][]*source) {
	var ready byPath
	for _, src := range l.sources {
		if len(src.needs) == 0 {
			ready = append(ready, src)
		}
	}
	heap.Init(&ready)
	for left := len(l.sources); left > 0; {
		var group []*source
		if len(ready) > 0 {
			group = []*source{heap.Pop(&ready).(*source)}
		} else {
			group = l.circle()
		}
		groups = append(groups, group)
		left -= len(group)
		for _, src := range group {
			src.done = true
		}
		for _, src := range group {
			for _, user := range src.users {
				if delete(user.needs, src); len(user.needs) == 0 && !user.done {
					heap.Push(&ready, user)
				}
			}
		}
	}
	return groups
}

// circle returns documents of which each refers to all others, if not directly, and to nothing else that is left, by path.
func (l *loader) circle() []*source {
	at := l.sources[slices.IndexFunc(l.sources, func(src *source) bool { return !src.done })]
	for {
		group := at.reach()
		next := slices.IndexFunc(group, func(src *source) bool { return !slices.Contains(src.reach(), at) })
		if next < 0 {
			return group
		}
		at = group[next] // from where less is reached
	}
}

// reach returns the documents that src waits for, and those that they wait for, by path.
func (src *source) reach() (all []*source) {
	seen := make(map[*source]bool)
	for todo := []*source{src}; len(todo) > 0; {
		last := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for need := range last.needs {
			if !seen[need] {
				seen[need] = true
				todo, all = append(todo, need), append(all, need)
			}
		}
	}
	slices.SortFunc(all, func(a, b *source) int { return strings.Compare(a.doc.file, b.doc.file) })
	return all
}

// byPath is a heap of documents.
type byPath []*source

func (h byPath) Len() int           { return len(h) }
func (h byPath) Less(i, j int) bool { return h[i].doc.file < h[j].doc.file }
func (h byPath) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *byPath) Push(x any)        { *h = append(*h, x.(*source)) }
func (h *byPath) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
