package embedded

import (
	"cmp"
	"slices"
)

// holders are the subjects that hold an id, each with the version that has it. Their order is that of the real
// server's hash map, because answers name the first of them.
type holders struct {
	list []holder // in any order
	// at has the places of subjects in a list of some length, nil for a short one.
	at map[string]int
	// best is the place of the one that comes first in the hash map.
	best int
	// table is how large the hash map's table has grown; it never shrinks. came counts the holders that ever came.
	table, came int
}

type holder struct {
	subject string // qualified
	version int
	hash    int32
	came    int
}

// shortList is as many holders as are looked through one by one.
const shortList = 16

func (h *holders) set(subject string, version int) {
	if i := h.find(subject); i >= 0 {
		h.list[i].version = version
		return
	}
	last, table := len(h.list), h.table
	h.came++
	h.list = append(h.list, holder{subject, version, hashJava(subject), h.came})
	if h.table == 0 {
		h.table = 16
	}
	for len(h.list) >= h.table-h.table/4 {
		h.table *= 2
	}
	switch {
	case h.table != table:
		h.seek()
	case h.compare(h.list[last], h.list[h.best]) < 0:
		h.best = last
	}
	switch {
	case h.at != nil:
		h.at[subject] = last
	case len(h.list) > shortList:
		h.at = make(map[string]int, 2*len(h.list))
		for i, o := range h.list {
			h.at[o.subject] = i
		}
	}
}

// drop removes a subject if it holds the id with this version.
func (h *holders) drop(subject string, version int) {
	i, last := h.find(subject), len(h.list)-1
	if i < 0 || h.list[i].version != version {
		return
	}
	h.list[i] = h.list[last]
	h.list[last] = holder{}
	h.list = h.list[:last]
	if h.at != nil {
		delete(h.at, subject)
		if i < last {
			h.at[h.list[i].subject] = i
		}
	}
	switch h.best {
	case i:
		h.seek()
	case last:
		h.best = i
	}
}

func (h *holders) version(subject string) (int, bool) {
	i := h.find(subject)
	if i < 0 {
		return 0, false
	}
	return h.list[i].version, true
}

// find returns the place of a subject in the list, a negative one where it is not there.
func (h *holders) find(subject string) int {
	if h.at == nil {
		return slices.IndexFunc(h.list, func(o holder) bool { return o.subject == subject })
	}
	if i, ok := h.at[subject]; ok {
		return i
	}
	return -1
}

// seek finds the best.
func (h *holders) seek() {
	h.best = 0
	for i := range h.list {
		if h.compare(h.list[i], h.list[h.best]) < 0 {
			h.best = i
		}
	}
}

// compare orders holders as the hash map does: by bucket, in one bucket as they came.
func (h *holders) compare(a, b holder) int {
	return cmp.Or(bucketJava(a.hash, h.table)-bucketJava(b.hash, h.table), a.came-b.came)
}

// first returns the holder that the real server names where any will do.
func (h *holders) first() holder { return h.list[h.best] }

// all returns the holders in order.
func (h *holders) all() []holder { return slices.SortedFunc(slices.Values(h.list), h.compare) }
