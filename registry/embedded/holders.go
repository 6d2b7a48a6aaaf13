package embedded

import "slices"

// holders are the subjects that hold an id, each with the version that has it. Their order is that of the real
// server's hash map, because answers name the first of them.
type holders struct {
	list []holder // in the order in which they came
	// table is how large the hash map's table has grown; it never shrinks.
	table int
}

type holder struct {
	subject string // qualified
	version int
	hash    int32
}

func (h *holders) set(subject string, version int) {
	for i := range h.list {
		if h.list[i].subject == subject {
			h.list[i].version = version
			return
		}
	}
	h.list = append(h.list, holder{subject, version, hashJava(subject)})
	if h.table == 0 {
		h.table = 16
	}
	for len(h.list) >= h.table-h.table/4 {
		h.table *= 2
	}
}

// drop removes a subject if it holds the id with this version.
func (h *holders) drop(subject string, version int) {
	h.list = slices.DeleteFunc(h.list, func(o holder) bool { return o.subject == subject && o.version == version })
}

func (h *holders) version(subject string) (int, bool) {
	for _, o := range h.list {
		if o.subject == subject {
			return o.version, true
		}
	}
	return 0, false
}

// first returns the holder that the real server names where any will do.
func (h *holders) first() holder {
	best, place := h.list[0], bucketJava(h.list[0].hash, h.table)
	for _, o := range h.list[1:] {
		if p := bucketJava(o.hash, h.table); p < place {
			best, place = o, p
		}
	}
	return best
}

// all returns the holders in order.
func (h *holders) all() []holder {
	out := slices.Clone(h.list)
	slices.SortStableFunc(out, func(a, b holder) int { return bucketJava(a.hash, h.table) - bucketJava(b.hash, h.table) })
	return out
}
