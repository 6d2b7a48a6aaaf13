package registry_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/avow-events/avow/internal/pull"
	"github.com/avow-events/avow/registry"
)

// A client sees the subjects of its own context, by the names that its calls take; Confluent's registry lists those of all
// contexts, with their contexts.
func TestSubjectsOfAContext(t *testing.T) {
	s := embed(t)
	for name, c := range map[string]*registry.Client{
		"":          connect(t, s.URL),
		".staging":  connect(t, s.URL, registry.Context("staging")),
		".preview":  connect(t, s.URL+"/contexts/.preview"),
		".preview ": connect(t, s.URL+"/contexts/.preview/"),
	} {
		mustRegister(t, c, "own"+name, `{"type":"record","name":"A","fields":[]}`)
		mustRegister(t, c, "also", `{"type":"record","name":"A","fields":[]}`)
	}
	for context, c := range map[string]*registry.Client{"": connect(t, s.URL), ".staging": connect(t, s.URL, registry.Context(".staging"))} {
		got, err := c.Subjects(t.Context())
		if want := []string{"also", "own" + context}; err != nil || !slices.Equal(got, want) {
			t.Errorf("in %q: %q, %v, want %q", context, got, err, want)
		}
		r, err := pull.Read(t.Context(), c, got, pull.Options{})
		if err != nil || len(r.Left) > 0 || len(r.Files) != 1 {
			t.Errorf("pulled from %q: %+v, %v", context, r, err)
		}
	}
}

// Confluent's registry answers from other contexts for what the default one does not have. That is no answer: it would be
// planned upon, and written under an id of another context.
func TestWhatOnlyAnotherContextHas(t *testing.T) {
	s, ctx := embed(t), t.Context()
	c, staging := connect(t, s.URL), connect(t, s.URL, registry.Context("staging"))
	mustRegister(t, staging, "s", v1)
	calls := map[string]func(c *registry.Client) (registry.Schema, error){
		"latest":  func(c *registry.Client) (registry.Schema, error) { return c.Latest(ctx, "s") },
		"version": func(c *registry.Client) (registry.Schema, error) { return c.Version(ctx, "s", 1) },
		"lookup":  func(c *registry.Client) (registry.Schema, error) { return c.Lookup(ctx, "s", v1) },
	}
	for name, call := range calls {
		if got, err := call(c); !errors.Is(err, registry.ErrNotFound) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if got, err := call(staging); err != nil || got.ID != 1 || got.Text == "" {
			t.Errorf("%s in the context: %+v, %v", name, got, err)
		}
	}
	if got, err := c.Latest(ctx, ":.staging:s"); err != nil || got.ID != 1 {
		t.Errorf("by its qualified name: %+v, %v", got, err)
	}
	_, err := c.Latest(ctx, "s")
	want := "registry " + s.URL + ": GET /subjects/s: HTTP 404, code 40401: Subject 's' not found in this context, but as :.staging:s"
	if err == nil || err.Error() != want {
		t.Errorf("\ngot  %v\nwant %s", err, want)
	}

	// The default context gets what it lacks, with ids of its own or those of another registry.
	apply(t, staging, plan(t, staging, load(t, nil)))
	for name, opts := range map[string][]registry.PlanOption{"": nil, "same ids": {registry.SameIDs()}} {
		from := connect(t, embed(t).URL)
		mustRegister(t, from, "other", `"int"`)
		apply(t, from, plan(t, from, load(t, nil)))
		entries := held(t, from, true)
		to := connect(t, embed(t).URL)
		other := connect(t, to.URL(), registry.Context("staging"))
		apply(t, other, plan(t, other, load(t, nil)))
		p, err := registry.NewPlan(ctx, to, entries, opts...)
		if err != nil || len(p.Refused()) > 0 {
			t.Fatalf("%s: %v, %v", name, describe(p.Refused()), err)
		}
		apply(t, to, p)
		if again, err := registry.NewPlan(ctx, to, entries, opts...); err != nil || len(again.Changes()) > 0 {
			t.Errorf("%s: then %v, %v", name, describe(again.Changes()), err)
		}
	}
}
