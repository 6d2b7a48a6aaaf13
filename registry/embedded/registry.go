package embedded

import (
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Registry is a Schema Registry. It is an http.Handler: put it behind whatever server, listener and TLS you like. All
// its methods may be called by several goroutines at once.
type Registry struct {
	profile        profile
	dir            string
	user, password string
	log            *slog.Logger

	// mu guards store. Requests that only read hold it for reading.
	mu    sync.RWMutex
	store *store
	// journal is nil for a registry that lives in memory.
	journal   *journal
	documents documents
}

// New returns a registry, which holds what its data directory holds, and nothing if it has none. The caller closes it.
func New(opts ...Option) (*Registry, error) {
	r := &Registry{log: slog.Default(), store: newStore()}
	for _, opt := range opts {
		if err := opt(r); err != nil {
			return nil, err
		}
	}
	if r.dir == "" {
		return r, nil
	}
	journal, err := openJournal(r.dir, r.store, r.log)
	if err != nil {
		return nil, fmt.Errorf("embedded registry: %w", err)
	}
	r.journal = journal
	return r, nil
}

// Close writes what is not written yet and gives the data directory free. Requests that come later fail if the registry
// has one.
func (r *Registry) Close() error {
	if r.journal == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.journal.close(); err != nil {
		return fmt.Errorf("embedded registry: %w", err)
	}
	return nil
}

func (r *Registry) now() int64 { return time.Now().UnixMilli() }

// writer collects what one request changes. A change is made at once, so that later steps see it.
type writer struct {
	store   *store
	changes []change
}

func (w *writer) put(changes ...change) {
	for _, c := range changes {
		c.apply(w.store)
	}
	w.changes = append(w.changes, changes...)
}

// write runs a step that may change the store. What it changed before it failed stays, as on the real server.
func (r *Registry) write(x *exchange, step func(*writer) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := writer{store: r.store}
	err := step(&w)
	if r.journal != nil {
		r.journal.append(w.changes)
		if compactErr := r.journal.compactIfWorthIt(r.store); compactErr != nil {
			r.log.Error("schema registry: cannot compact its log", "error", compactErr)
		}
	}
	x.sees(r)
	return err
}
