package avsc_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

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

func TestLoadOrder(t *testing.T) {
	tree := files(
		"z/base.avsc", `{"type":"fixed","name":"Base","size":1}`,
		"a/user.avsc", `{"type":"record","name":"User","fields":[{"name":"b","type":"Base"}]}`,
		"b/alone.avsc", `"string"`,
		"c/last.avsc", `["null","User","Base"]`,
	)
	var got []string
	set, err := avsc.Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set.Schemas {
		got = append(got, s.File)
	}
	want := []string{"b/alone.avsc", "z/base.avsc", "a/user.avsc", "c/last.avsc"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is referred to comes first, else by path (-want +got):\n%s", diff)
	}

	set, err = avsc.Load(tree, "z", "a/user.avsc", "z/base.avsc")
	if err != nil || len(set.Schemas) != 2 {
		t.Errorf("of two roots: %v, %v", set.Schemas, err)
	}
	if _, err := avsc.Load(tree, "nowhere"); err == nil || avsc.AsErrorList(err)[0].Pos.File != "nowhere" {
		t.Errorf("a root that does not exist: %v", err)
	}
}

// TestLoadRepeatedDefinitions holds that equal definitions in several files are one type, and that a file which defines
// a type itself needs no reference to another that does.
func TestLoadRepeatedDefinitions(t *testing.T) {
	const unit = `{"type":"enum","name":"Unit","namespace":"shop","symbols":["EUR"]}`
	set, err := avsc.Load(files(
		"invoice.avsc", `{"type":"record","name":"Invoice","fields":[{"name":"u","type":`+unit+`}]}`,
		"order.avsc", `{"type":"record","name":"Order","fields":[{"name":"u","type":`+unit+`}]}`,
		"unit.avsc", unit,
		"user.avsc", `{"type":"record","name":"User","fields":[{"name":"u","type":"shop.Unit"}]}`,
	))
	if err != nil {
		t.Fatal(err)
	}
	invoice, order, user := schemaOf(set, "invoice.avsc"), schemaOf(set, "order.avsc"), schemaOf(set, "user.avsc")
	if invoice.Root.Fields[0].Type != order.Root.Fields[0].Type || order.Root.Fields[0].Type != user.Root.Fields[0].Type {
		t.Error("equal definitions are several types")
	}
	if len(invoice.References()) != 0 || len(order.References()) != 0 || len(user.References()) != 1 {
		t.Errorf("references: %v %v %v", invoice.References(), order.References(), user.References())
	}
	if want := `{"type":"record","name":"Order","fields":[{"name":"u","type":` + unit + `}]}`; order.String() != want {
		t.Errorf("text: %s", order)
	}
	if want := `{"type":"record","name":"User","fields":[{"name":"u","type":"shop.Unit"}]}`; user.String() != want {
		t.Errorf("text: %s", user)
	}
}

func TestLoadKeepsWhatIsSound(t *testing.T) {
	tree := files(
		"bad.avsc", `{"type":"record","name":"Bad","fields":[{"name":"x","type":"int","default":"one"}]}`,
		"good.avsc", `{"type":"record","name":"Good","fields":[]}`,
		"leaning.avsc", `{"type":"record","name":"Leaning","fields":[{"name":"b","type":"Bad"}]}`,
	)
	set, err := avsc.Load(tree)
	if len(avsc.AsErrorList(err)) != 1 || len(set.Schemas) != 1 || set.Schemas[0].File != "good.avsc" {
		t.Errorf("%v, %v", set.Schemas, err)
	}
	if s, typ := set.Lookup("Bad"); s != nil || typ != nil {
		t.Error("a type that is not sound is found")
	}
	set, err = avsc.LoadRegistered(tree)
	if err != nil || len(set.Schemas) != 3 {
		t.Errorf("leniently: %v, %v", set.Schemas, err)
	}
}

func schemaOf(set *avsc.Set, file string) *avsc.Schema {
	for _, s := range set.Schemas {
		if s.File == file {
			return s
		}
	}
	return nil
}
