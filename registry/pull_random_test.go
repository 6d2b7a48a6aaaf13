package registry_test

import (
	"testing"
	"testing/fstest"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/contracts"
	"github.com/avow-events/avow/internal/pull"
	"github.com/avow-events/avow/registry"
)

// A repository that is made of a registry is one that a plan finds nothing to do for, whatever was registered.
func TestReplanAfterPullIsEmpty(t *testing.T) {
	seeds := 25
	if testing.Short() {
		seeds = 10
	}
	for seed := range seeds {
		w := newRandomWorld(t, uint64(1000+seed), "cp8")
		w.settle()
		for range 2 {
			w.tree.change()
			w.settle()
		}
		subjects, err := w.client.Subjects(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r, err := pull.Read(t.Context(), w.client, subjects, pull.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Left) > 0 {
			t.Errorf("seed %d: left %v", seed, r.Left)
		}
		cfg, err := config.Parse("avow.yaml", "/", append([]byte("version: v1\n"), r.YAML()...))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, r.YAML())
		}
		files := fstest.MapFS{}
		for _, f := range r.Files {
			files[f.Path] = &fstest.MapFile{Data: f.Content}
		}
		set, err := avsc.Load(files)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		entries, err := contracts.Entries(cfg, set)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, r.YAML())
		}
		p, err := registry.NewPlan(t.Context(), w.client, entries)
		if err != nil {
			t.Fatal(err)
		}
		if changes := p.Changes(); len(changes) > 0 || len(p.Notes) > 0 {
			t.Errorf("seed %d: %v, %v\n%s", seed, describe(changes), p.Notes, r.YAML())
		}
	}
}
