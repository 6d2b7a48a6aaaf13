package registry

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// cache remembers what can be asked for by a key and never changes. One question at a time is open for a key; who
// comes meanwhile waits for its answer. That something does not exist is remembered for a moment only. Other errors
// are not remembered.
type cache[K comparable, V any] struct {
	limit   int
	missing time.Duration

	mu      sync.Mutex
	entries map[K]*list.Element // of *cached[K, V]
	recent  list.List           // most recently used first
	open    map[K]*question[V]
}

type cached[K comparable, V any] struct {
	key   K
	value V
	err   error
	until time.Time // of a missing one
}

// question is a call under way. done is closed once value and err stand.
type question[V any] struct {
	done  chan struct{}
	value V
	err   error
}

func newCache[K comparable, V any](limit int, missing time.Duration) *cache[K, V] {
	return &cache[K, V]{limit: limit, missing: missing, entries: map[K]*list.Element{}, open: map[K]*question[V]{}}
}

// get returns what is remembered for the key, or what ask returns. ask runs in the caller's own goroutine under the
// caller's context; when that ends, one of those who wait asks anew.
func (c *cache[K, V]) get(ctx context.Context, key K, ask func() (V, error)) (V, error) {
	for {
		c.mu.Lock()
		if e := c.lookup(key); e != nil {
			c.mu.Unlock()
			return e.value, e.err
		}
		q, waiting := c.open[key]
		if !waiting {
			q = &question[V]{done: make(chan struct{})}
			c.open[key] = q
			c.mu.Unlock()
			return c.answer(ctx, key, q, ask)
		}
		c.mu.Unlock()

		select {
		case <-ctx.Done():
			var zero V
			return zero, ctx.Err()
		case <-q.done:
			if !errors.Is(q.err, errAskAnew) {
				return q.value, q.err
			}
		}
	}
}

// errAskAnew tells those who wait that the caller who asked gave up, and not the registry.
var errAskAnew = errors.New("the caller who asked gave up")

func (c *cache[K, V]) answer(ctx context.Context, key K, q *question[V], ask func() (V, error)) (V, error) {
	q.err = errAskAnew // holds if ask panics
	defer func() {
		c.mu.Lock()
		delete(c.open, key)
		c.mu.Unlock()
		close(q.done)
	}()
	value, err := ask()
	if err != nil && ctx.Err() != nil {
		return value, err
	}
	q.value, q.err = value, err
	c.remember(key, value, err)
	return value, err
}

// lookup returns what is remembered for the key, nil where that is nothing. The caller holds mu.
func (c *cache[K, V]) lookup(key K) *cached[K, V] {
	el, ok := c.entries[key]
	if !ok {
		return nil
	}
	e := el.Value.(*cached[K, V])
	if e.err != nil && time.Now().After(e.until) {
		c.recent.Remove(el)
		delete(c.entries, key)
		return nil
	}
	c.recent.MoveToFront(el)
	return e
}

func (c *cache[K, V]) remember(key K, value V, err error) {
	if err != nil && (c.missing == 0 || !errors.Is(err, ErrNotFound)) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries[key] = c.recent.PushFront(&cached[K, V]{key, value, err, time.Now().Add(c.missing)})
	if c.recent.Len() > c.limit {
		oldest := c.recent.Remove(c.recent.Back()).(*cached[K, V])
		delete(c.entries, oldest.key)
	}
}
