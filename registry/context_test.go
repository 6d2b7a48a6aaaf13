package registry_test

import (
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
