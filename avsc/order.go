package avsc

import (
	"container/heap"
	"fmt"
	"slices"
	"strings"
)

// A source is one file.
type source struct {
	doc     *doc
	outline *outline
	needs   map[*source]int32 // what it refers to and is not in order yet, and the node that does so first
	users   []*source         // what refers to it
	done    bool              // it has its place in the order
	cyclic  map[string]bool   // names whose use closes a cycle
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
			if _, known := src.needs[owner]; !known {
				src.needs[owner] = u.node
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

// order returns the documents such that each comes after what it refers to, by path where that leaves a choice. A cycle
// is reported and taken apart.
func (l *loader) order() (out []*source) {
	var ready byPath
	for _, src := range l.sources {
		if len(src.needs) == 0 {
			ready = append(ready, src)
		}
	}
	heap.Init(&ready)
	for len(out) < len(l.sources) {
		for len(ready) == 0 {
			for _, src := range l.breakCycle() {
				heap.Push(&ready, src)
			}
		}
		src := heap.Pop(&ready).(*source)
		src.done = true
		out = append(out, src)
		for _, user := range src.users {
			if delete(user.needs, src); len(user.needs) == 0 {
				heap.Push(&ready, user)
			}
		}
	}
	return out
}

// breakCycle reports a cycle among the documents that are left and removes all references between its members. It
// returns those that wait for nothing else.
func (l *loader) breakCycle() (ready []*source) {
	cycle := l.findCycle()
	l.reportCycle(cycle)
	for _, src := range cycle {
		src.cyclic = make(map[string]bool)
		for _, need := range cycle {
			if _, ok := src.needs[need]; !ok {
				continue
			}
			delete(src.needs, need)
			need.users = slices.DeleteFunc(need.users, func(user *source) bool { return user == src })
			for name := range need.outline.defines {
				src.cyclic[name] = true
			}
		}
		if len(src.needs) == 0 {
			ready = append(ready, src)
		}
	}
	return ready
}

// findCycle returns documents each of which needs the next and the last the first, beginning with the first by path.
func (l *loader) findCycle() []*source {
	at := l.sources[slices.IndexFunc(l.sources, func(src *source) bool { return !src.done })]
	place := make(map[*source]int)
	var walk []*source
	for {
		if start, again := place[at]; again {
			walk = walk[start:]
			break
		}
		place[at] = len(walk)
		walk = append(walk, at)
		at = at.firstNeed()
	}
	first := 0
	for i, src := range walk {
		if src.doc.file < walk[first].doc.file {
			first = i
		}
	}
	return slices.Concat(walk[first:], walk[:first])
}

// firstNeed returns the document that src waits for and names first.
func (src *source) firstNeed() (first *source) {
	for need, node := range src.needs {
		if first == nil || node < src.needs[first] {
			first = need
		}
	}
	return first
}

func (l *loader) reportCycle(cycle []*source) {
	steps := make([]string, len(cycle))
	for i, src := range cycle {
		use := src.doc.nodes[src.needs[cycle[(i+1)%len(cycle)]]]
		steps[i] = fmt.Sprintf("%s names %s", src.doc.pos(use.off), use.text)
	}
	src := cycle[0]
	node := src.needs[cycle[1]]
	l.errs = append(l.errs, &Error{
		Pos:  src.doc.posOf(node),
		Path: src.doc.path(node),
		Err: fmt.Errorf("files refer to each other in a circle, which a registry cannot hold: %s; define these types in one file",
			strings.Join(steps, ", ")),
	})
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
