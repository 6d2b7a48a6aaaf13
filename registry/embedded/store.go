package embedded

import (
	"cmp"
	"maps"
	"slices"
	"sync/atomic"
)

// store is everything that the registry knows: what its log, read from the start, adds up to. It changes by [store.apply]
// alone. It has no lock of its own.
type store struct {
	contexts map[string]*contextState
	// listed are the contexts that GET /contexts names beside the default one: a context gets on the list when a
	// schema is registered in it.
	listed map[string]bool
	// configs and modes are kept by qualified name; "" is the whole registry.
	configs map[string]*config
	modes   map[string]mode
}

// contextState is what one context holds. Ids count per context.
type contextState struct {
	subjects map[string]*subjectState        // by name without the context
	sorted   atomic.Pointer[[]*subjectState] // by name; nil after a change until somebody asks
	ids      map[int]*holders
	// byContent finds the id that a content got last. It outlives the schema, as on the real server.
	byContent map[guid]int
	maxID     int // the highest id that was ever given; 0 before the first
	// referrers are the ids of the schemas that refer to a version of a subject of this context.
	referrers map[versionKey]map[contextID]bool
}

// subjectState holds the versions of a subject by number, ascending, softly deleted ones too.
type subjectState struct {
	name     string // qualified
	short    string // without the context
	versions []*schema
}

type versionKey struct {
	subject string // qualified
	version int
}

// contextID is an id with the context in which it counts.
type contextID struct {
	context string
	id      int
}

func newStore() *store {
	return &store{
		contexts: map[string]*contextState{}, listed: map[string]bool{},
		configs: map[string]*config{}, modes: map[string]mode{},
	}
}

// context returns the state of a context, an empty one where it holds nothing.
func (s *store) context(name string) *contextState {
	if c := s.contexts[name]; c != nil {
		return c
	}
	return &contextState{}
}

func (s *store) newContext(name string) *contextState {
	c := s.contexts[name]
	if c == nil {
		c = &contextState{
			subjects: map[string]*subjectState{}, ids: map[int]*holders{}, byContent: map[guid]int{},
			referrers: map[versionKey]map[contextID]bool{},
		}
		s.contexts[name] = c
	}
	return c
}

// subject returns the versions of a subject, nil where it has none.
func (s *store) subject(qualifiedName string) *subjectState {
	q := qualify(qualifiedName)
	return s.context(q.context).subjects[q.name]
}

// versions returns the versions of a subject by number, ascending, softly deleted ones too.
func (s *store) versions(subject string) []*schema {
	if sub := s.subject(subject); sub != nil {
		return sub.versions
	}
	return nil
}

// version returns a version of a subject, deleted or not; nil where there is none.
func (s *store) version(subject string, number int) *schema {
	versions := s.versions(subject)
	i, ok := slices.BinarySearchFunc(versions, number, func(v *schema, n int) int { return cmp.Compare(v.Version, n) })
	if !ok {
		return nil
	}
	return versions[i]
}

// get is [store.version] that knows -1 as the latest and leaves deleted versions out unless they are asked for.
func (s *store) get(subject string, number int, deleted bool) *schema {
	if number == -1 {
		return s.latest(subject)
	}
	v := s.version(subject, number)
	if v != nil && v.Deleted && !deleted {
		return nil
	}
	return v
}

// byContent returns the id that a content has in a context and who holds it; nil where nobody does.
func (s *store) byContent(context string, g guid) (int, *holders) {
	c := s.context(context)
	id, ok := c.byContent[g]
	if !ok {
		return 0, nil
	}
	return id, c.ids[id]
}

// holderOf returns a version that has an id. The subject's context counts; its name, where it has one, must hold the id.
func (s *store) holderOf(id int, subject string) *schema {
	q := qualify(subject)
	h := s.context(q.context).ids[id]
	if h == nil {
		return nil
	}
	if q.name == "" {
		first := h.first()
		return s.version(first.subject, first.version)
	}
	if version, ok := h.version(subject); ok {
		return s.version(subject, version)
	}
	return nil
}

// listedContexts returns the contexts that were registered in, sorted, without the default one.
func (s *store) listedContexts() []string { return slices.SortedFunc(maps.Keys(s.listed), compareJava) }

// inOrder returns the context's subjects sorted by name. Several readers may ask at once.
func (c *contextState) inOrder() []*subjectState {
	if subjects := c.sorted.Load(); subjects != nil {
		return *subjects
	}
	subjects := slices.SortedFunc(maps.Values(c.subjects), func(a, b *subjectState) int { return compareJava(a.short, b.short) })
	c.sorted.Store(&subjects)
	return subjects
}
