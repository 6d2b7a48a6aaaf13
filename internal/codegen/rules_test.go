package codegen_test

import (
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/codegen"
)

// Only contracts that have rules, or are made of types that have them, know of package rules.
func TestRulesAreImportedWhereThereAreAny(t *testing.T) {
	set, err := avsc.Load(fstest.MapFS{
		"Money.avsc": {Data: []byte(`{"type":"record","name":"Money","namespace":"common","fields":[{"name":"cents","type":"long","avow.rules":"this >= 0"}]}`)},
		"Price.avsc": {Data: []byte(`{"type":"record","name":"Price","namespace":"catalog","fields":[{"name":"amount","type":["null","string",{"type":"map","values":"common.Money"}]}]}`)},
		"List.avsc":  {Data: []byte(`{"type":"record","name":"List","namespace":"catalog","fields":[{"name":"first","type":"catalog.Price"},{"name":"rest","type":["null","List"]}]}`)},
		"Plain.avsc": {Data: []byte(`{"type":"record","name":"Plain","namespace":"catalog","fields":[{"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A"]}},{"name":"rest","type":["null","Plain"]}]}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	ruled := map[string]bool{}
	for _, f := range generate(t, set, codegen.Options{PackagePrefix: "example.com/gen"}) {
		file, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Content, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if path, _ := strconv.Unquote(spec.Path.Value); path == "github.com/avow-events/avow/rules" {
				ruled[f.Path] = true
			}
		}
	}
	want := []string{"catalog/list.go", "catalog/price.go", "common/money.go"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(ruled))); diff != "" {
		t.Errorf("files that import package rules (-want +got):\n%s", diff)
	}
}

// Rules that are wrong are problems of the schema, all of them, at their places.
func TestWrongRules(t *testing.T) {
	set, err := avsc.Load(fstest.MapFS{
		"orders/Order.avsc": {Data: []byte(`{
  "type": "record", "name": "Order", "namespace": "shop", "avow.rules": ["size(itms) > 0", "total"],
  "fields": [
    {"name": "items", "type": {"type": "array", "items": "shop.Item"}},
    {"name": "total", "type": "double"}
  ]
}`)},
		"orders/Item.avsc": {Data: []byte(`{
  "type": "record", "name": "Item", "namespace": "shop",
  "fields": [{"name": "count", "type": "int", "avow.rules": {"expr": "this > '0'"}}]
}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = codegen.Generate(set, codegen.Options{PackagePrefix: "example.com/gen"})
	if err == nil {
		t.Fatal("wrong rules were generated")
	}
	want := `orders/Item.avsc:3:76: > is not defined for (int, string)
orders/Order.avsc:2:80: unknown name itms, did you mean "items"?
orders/Order.avsc:2:92: a rule says true or false, this is double`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
