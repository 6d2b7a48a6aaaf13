package avow_test

import (
	"os"
	"testing"

	"github.com/avow-events/avow/avsc"
)

// TestTheShopUsesAllOfAvro holds what the examples rely on: whoever reads the shop's contracts meets every type of
// Avro, and each is documented.
func TestTheShopUsesAllOfAvro(t *testing.T) {
	set, err := avsc.Load(os.DirFS("schemas"))
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	seen := map[*avsc.Type]bool{}
	var visit func(typ *avsc.Type, open map[*avsc.Type]bool)
	visit = func(typ *avsc.Type, open map[*avsc.Type]bool) {
		if open[typ] {
			met["a recursive type"] = true
		}
		if seen[typ] {
			return
		}
		seen[typ] = true
		open[typ] = true
		defer delete(open, typ)
		met[typ.Kind.String()] = true
		if typ.Kind.IsNamed() && typ.Doc == "" {
			t.Errorf("%s: %s has no doc", typ.Pos, typ.FullName())
		}
		if typ.Logical != nil {
			met[typ.Logical.Kind.String()] = true
		}
		met["an alias of a type"] = met["an alias of a type"] || len(typ.Aliases) > 0
		met["an enum with a default"] = met["an enum with a default"] || typ.Kind == avsc.Enum && typ.Default != nil
		if typ.Kind == avsc.Union {
			nullable := len(typ.Branches) == 2 && typ.Branches[0].Kind == avsc.Null
			met["a nullable type"] = met["a nullable type"] || nullable
			met["a union of several"] = met["a union of several"] || !nullable
		}
		for _, f := range typ.Fields {
			if f.Doc == "" {
				t.Errorf("%s: field %s of %s has no doc", f.Pos, f.Name, typ.FullName())
			}
			met["an alias of a field"] = met["an alias of a field"] || len(f.Aliases) > 0
			visit(f.Type, open)
		}
		if typ.Elem != nil {
			visit(typ.Elem, open)
		}
		for _, b := range typ.Branches {
			visit(b, open)
		}
	}
	referred := false
	for _, s := range set.Schemas {
		referred = referred || len(s.References()) > 0
		visit(s.Root, map[*avsc.Type]bool{})
	}
	if !referred {
		t.Error("no contract refers to another")
	}
	for _, want := range []string{
		"null", "boolean", "int", "long", "float", "double", "bytes", "string", "record", "enum", "array", "map", "union", "fixed",
		"decimal", "uuid", "date", "timestamp-millis", "timestamp-micros",
		"a nullable type", "a union of several", "an enum with a default", "a recursive type", "an alias of a type", "an alias of a field",
	} {
		if !met[want] {
			t.Errorf("no contract of the shop has %s", want)
		}
	}
}
