package registry_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/registry"
)

// TestReferencesBuildOnEachOther holds that a client which parses references in their order knows every name in time.
func TestReferencesBuildOnEachOther(t *testing.T) {
	set, err := avsc.Load(fstest.MapFS{
		"Order.avsc": {Data: []byte(`{"type":"record","name":"shop.Order","fields":[
			{"name":"customer","type":"shop.Address"},{"name":"line","type":"shop.Line"},{"name":"total","type":"shop.Money"}]}`)},
		"Address.avsc": {Data: []byte(`{"type":"fixed","name":"shop.Address","size":1}`)},
		"Line.avsc":    {Data: []byte(`{"type":"record","name":"shop.Line","fields":[{"name":"tax","type":"shop.Tax"}]}`)},
		"Tax.avsc":     {Data: []byte(`{"type":"record","name":"shop.Tax","fields":[{"name":"amount","type":"shop.Money"}]}`)},
		"Money.avsc":   {Data: []byte(`{"type":"fixed","name":"shop.Money","size":8}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := registry.Contracts{Set: set, Targets: func(s *avsc.Schema) []registry.Target {
		return []registry.Target{{Subject: s.Root.FullName()}}
	}}.Entries()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, ref := range entries[len(entries)-1].References {
		got = append(got, ref.Name)
	}
	if diff := cmp.Diff([]string{"shop.Address", "shop.Money", "shop.Line"}, got); diff != "" {
		t.Errorf("references of %s:\n%s", entries[len(entries)-1].Subject, diff)
	}
}
