package stream

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/wire"
	"github.com/avow-events/avow/registry"
)

// dispatcher finds, for the records of one topic, the handler and the way to decode. Both depend on nothing but the
// schema that a record was written with, so they are worked out once for each and kept. Another one does the same for
// the keys of a topic.
type dispatcher struct {
	topic    string
	routes   []*route
	registry *registry.Client

	known atomic.Pointer[map[wire.Ref]*slot] // replaced, never changed
	mu    sync.Mutex                         // held while it is replaced
}

func newDispatcher(topic string, r *registry.Client) *dispatcher {
	d := &dispatcher{topic: topic, registry: r}
	d.known.Store(&map[wire.Ref]*slot{})
	return d
}

// slot is the place of one schema. Whoever holds turn works its target out; the others wait for it, or for their own
// context to end.
type slot struct {
	turn   chan struct{}
	target atomic.Pointer[target]
}

// target is where records of one schema go.
type target struct {
	route  *route // nil where err or skip is set and no handler in particular is concerned
	runner runner
	id     int
	skip   bool
	err    *failure // nothing can be done with these records
}

// policy returns what goes for records that go to t.
func (d *dispatcher) policy(t *target) *policy {
	if t != nil && t.route != nil {
		return &t.route.policy
	}
	return &d.routes[0].policy
}

// find returns the target for records of the schema. While the registry does not answer it waits, and says so by
// waiting; the error is ctx's, and means that nothing is known.
func (d *dispatcher) find(ctx context.Context, ref wire.Ref, waiting func(error)) (*target, error) {
	s := (*d.known.Load())[ref]
	if s == nil {
		s = d.slot(ref)
	}
	if t := s.target.Load(); t != nil {
		return t, nil
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	}
	if t := s.target.Load(); t != nil {
		return t, nil
	}
	id, writer, err := d.fetch(ctx, ref, waiting)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		t := &target{err: &failure{Undecodable, err}}
		if errors.Is(err, registry.ErrNotFound) {
			d.forget(ref) // what is unknown may be known next time, and there is no end of it
		} else {
			s.target.Store(t)
		}
		return t, nil
	}
	t := d.aim(id, writer)
	s.target.Store(t)
	return t, nil
}

func (d *dispatcher) slot(ref wire.Ref) *slot {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := (*d.known.Load())[ref]; s != nil {
		return s
	}
	known := maps.Clone(*d.known.Load())
	s := &slot{turn: make(chan struct{}, 1)}
	known[ref] = s
	d.known.Store(&known)
	return s
}

func (d *dispatcher) forget(ref wire.Ref) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := maps.Clone(*d.known.Load())
	delete(known, ref)
	d.known.Store(&known)
}

// replicaLag is how long an id may be unknown to the registry before that is believed: the node that answers may not
// have heard yet of what another one registered.
const replicaLag = 2 * time.Second

// fetch returns a schema by its id or GUID, with what it refers to. It asks again until it has an answer. An error
// other than ctx's says that the registry has no such schema, or that it is none that can be read.
func (d *dispatcher) fetch(ctx context.Context, ref wire.Ref, waiting func(error)) (int, *avsc.Schema, error) {
	began := time.Now()
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 30*time.Second) {
		id, writer, err := d.ask(ctx, ref)
		var answer *registry.Error
		switch {
		case err == nil || ctx.Err() != nil || !errors.As(err, &answer):
			return id, writer, err
		case errors.Is(err, registry.ErrNotFound) && time.Since(began) > replicaLag:
			return 0, nil, err
		case errors.Is(err, registry.ErrNotFound):
			pause = min(pause, replicaLag/4)
		default:
			waiting(err)
		}
		sleep(ctx, pause)
	}
}

func (d *dispatcher) ask(ctx context.Context, ref wire.Ref) (int, *avsc.Schema, error) {
	var s registry.Schema
	var err error
	if ref.IsGUID() {
		s, err = d.registry.ByGUID(ctx, ref.GUID)
	} else {
		s, err = d.registry.ByID(ctx, ref.ID)
	}
	if err != nil {
		return 0, nil, err
	}
	writer, err := d.registry.Parse(ctx, s)
	return s.ID, writer, err
}

// aim works out where records of the schema go.
func (d *dispatcher) aim(id int, writer *avsc.Schema) *target {
	t := &target{id: id, route: d.match(writer)}
	if t.route == nil {
		t.skip = slices.ContainsFunc(d.routes, func(r *route) bool { return r.policy.skipOthers })
		t.err = &failure{Unhandled, fmt.Errorf("no handler for %s, only for %s: add one with stream.Handle, or stream.SkipOthers to pass over them",
			writer.Root.FullName(), d.names())}
		return t
	}
	var err error
	if t.runner, err = t.route.compile(writer.SelfContained()); err != nil {
		t.err = &failure{Undecodable, fmt.Errorf("%s cannot be read as %s: %w", writer.Root.FullName(), t.route.schema.FullName(), err)}
	}
	return t
}

// match returns the route for records of the schema, nil where none is.
func (d *dispatcher) match(writer *avsc.Schema) *route {
	name := writer.Root.FullName()
	for _, r := range d.routes {
		if r.schema.FullName() == name {
			return r
		}
	}
	for _, r := range d.routes {
		if slices.ContainsFunc(r.schema.Parsed().Root.Aliases, func(a avsc.Alias) bool { return a.Name.Full() == name }) {
			return r
		}
	}
	if only := d.routes[0]; len(d.routes) == 1 && !only.policy.skipOthers {
		return only
	}
	return nil
}

// tombstone returns the target for records without a value.
func (d *dispatcher) tombstone() *target {
	for _, r := range d.routes {
		if r.policy.tombstones {
			return &target{route: r, runner: r.tombstone}
		}
	}
	return &target{
		skip: slices.ContainsFunc(d.routes, func(r *route) bool { return r.policy.skipTombstones }),
		err: &failure{Unhandled, errors.New(
			"a tombstone, which no handler takes: add stream.Tombstones to one, or stream.SkipTombstones to pass over them")},
	}
}

// names lists the types that there are handlers for.
func (d *dispatcher) names() string {
	names := make([]string, len(d.routes))
	for i, r := range d.routes {
		names[i] = r.schema.FullName()
	}
	return strings.Join(names, ", ")
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
