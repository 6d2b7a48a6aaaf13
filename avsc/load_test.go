package avsc_test

import (
	"testing"
	"testing/fstest"

	"github.com/avow-events/avow/avsc"
)

func files(kv ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i]] = &fstest.MapFile{Data: []byte(kv[i+1])}
	}
	return m
}

func TestLoadTree(t *testing.T) {
	set, err := avsc.Load(files(
		"a/order.avsc", `{"type":"record","name":"shop.Order","fields":[
			{"name":"total","type":"Money"},
			{"name":"unit","type":"shop.Unit"}]}`,
		"b/money.avsc", `{"type":"record","name":"Money","namespace":"shop","fields":[
			{"name":"amount","type":"long"},
			{"name":"unit","type":{"type":"enum","name":"Unit","symbols":["EUR"]}}]}`,
		"README.md", "not a schema",
	))
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Schemas) != 2 || set.Schemas[0].File != "b/money.avsc" {
		t.Fatalf("order of schemas: %v", set.Schemas)
	}
	money, order := set.Schemas[0], set.Schemas[1]
	if got := order.References(); len(got) != 1 || got[0] != money {
		t.Errorf("references of the order: %v", got)
	}
	if order.Root.Fields[0].Type != money.Root {
		t.Error("Money is not one type in both files")
	}
	s, unit := set.Lookup("shop.Unit")
	if s != money || order.Root.Fields[1].Type != unit {
		t.Error("Unit is not found inside of Money")
	}
	const text = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"total","type":"Money"},` +
		`{"name":"unit","type":{"type":"enum","name":"Unit","symbols":["EUR"]}}]}`
	if got := order.String(); got != text {
		t.Errorf("String: %s", got)
	}
}

func TestLoadErrors(t *testing.T) {
	_, err := avsc.Load(files(
		"a.avsc", `{"type":"record","name":"A","fields":[{"name":"b","type":"B"}]}`,
		"b.avsc", `{"type":"record","name":"B","fields":[{"name":"a","type":["null","A"]}]}`,
		"c.avsc", `{"type":"record","name":"C","fields":[{"name":"b","type":"B"},{"name":"d","type":"D"}, {"name":"e","type":"strin"}]}`,
		"d.avsc", `{"type":"record","name":"D","fields":[,]}`,
	))
	t.Log("\n", err)
}

// An old revision may hold what a registry accepted once and would refuse today.
func TestLoadRegisteredIsLenient(t *testing.T) {
	files := fstest.MapFS{
		"A.avsc": {Data: []byte(`{"type":"record","name":"A","fields":[{"name":"n","type":"int","default":"none"}]}`)},
		"B.avsc": {Data: []byte(`{"type":"record","name":"B","fields":[{"name":"a","type":"A"}]}`)},
	}
	if set, err := avsc.Load(files); err == nil || len(set.Schemas) != 0 {
		t.Errorf("strict: %d schemas, %v", len(set.Schemas), err)
	}
	if set, err := avsc.LoadRegistered(files); err != nil || len(set.Schemas) != 2 {
		t.Errorf("lenient: %d schemas, %v", len(set.Schemas), err)
	}
}
