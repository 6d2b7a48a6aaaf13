package registry_test

import (
	"errors"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec/hamba"
	"github.com/avow-events/avow/registry"
)

var _ hamba.Registry = (*registry.Client)(nil)

// A schema with references is found by its id, and its id by what it comes to with all of them written out.
func TestSchemasAsModels(t *testing.T) {
	c := connect(t, embed(t).URL)
	apply(t, c, plan(t, c, load(t, nil)))
	latest, err := c.Latest(t.Context(), "orders-value")
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.SchemaByID(t.Context(), latest.ID)
	if err != nil || s.Root.FullName() != "shop.Order" || len(s.References()) != 2 {
		t.Fatalf("got %v, %v", s, err)
	}
	whole, err := avsc.Parse("order.avsc", []byte(s.SelfContained()))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*avsc.Schema{s, whole} {
		if id, err := c.SchemaID(t.Context(), "orders-value", s); err != nil || id != latest.ID {
			t.Errorf("got %d, %v, want %d", id, err, latest.ID)
		}
	}
	if _, err := c.SchemaByID(t.Context(), 99); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if id, err := c.SchemaID(t.Context(), "payments-value", whole); !errors.Is(err, registry.ErrNotFound) || id != 0 {
		t.Errorf("got %d, %v", id, err)
	}
}
