package embedded

import "sync"

// recent remembers values, because clients ask about the same few schemas again and again. It holds two generations:
// what nobody asked for during a whole one is forgotten. Several goroutines may use it.
type recent[K comparable, V any] struct {
	mu       sync.Mutex
	now, old map[K]sized[V]
	size     int // of now
}

type sized[V any] struct {
	value V
	size  int
}

const (
	// fullSize ends a generation. A size is the length of the texts that a value comes from, in bytes; what is parsed
	// takes some 20 times that in memory.
	fullSize = 1 << 20
	// leastSize is what the smallest value counts.
	leastSize = 256
)

func (r *recent[K, V]) get(key K) (value V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.now[key]
	if !ok {
		if v, ok = r.old[key]; ok {
			r.keep(key, v)
		}
	}
	return v.value, ok
}

func (r *recent[K, V]) put(key K, value V, size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(key, sized[V]{value, leastSize + size})
}

func (r *recent[K, V]) keep(key K, v sized[V]) {
	if r.now == nil || r.size >= fullSize {
		r.now, r.old, r.size = map[K]sized[V]{}, r.now, 0
	}
	r.now[key] = v
	r.size += v.size
}
