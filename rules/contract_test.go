package rules_test

import (
	"go/build"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

// A change of rules changes the text of a contract and nothing on the wire: the canonical form stays, nothing is found
// at any level, and the registry keeps the text with them.
func TestRulesAreNoMatterOfTheWire(t *testing.T) {
	before := parse(t, event(t))
	after := parse(t, withRules(t, withRules(t, event(t), "quantity", `"this > 0"`), "record", `["price > 0"]`))
	if string(before.Canonical()) != string(after.Canonical()) || before.Fingerprint() != after.Fingerprint() {
		t.Error("rules change the canonical form")
	}
	if before.String() == after.String() {
		t.Error("rules do not change the text")
	}
	for _, c := range []*compat.Change{
		{Name: "shop.Event", Old: before, New: after, Level: compat.FullTransitive},
		{Name: "shop.Event", Old: after, New: before, Level: compat.FullTransitive},
	} {
		if found := c.Findings(); len(found) > 0 {
			t.Errorf("a change of rules is found: %v", found)
		}
	}

	server, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	web := httptest.NewServer(server)
	defer web.Close()
	client, err := registry.New(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	registered, err := client.Register(t.Context(), "events-value", after.String())
	if err != nil {
		t.Fatal(err)
	}
	stored, err := client.ByID(t.Context(), registered.ID)
	if err != nil || stored.Text != after.String() {
		t.Errorf("the registry keeps %s, %v\nof %s", stored.Text, err, after)
	}
}

// A program that imports a generated package without rules, such as the shop's telemetry, links neither this package
// nor CEL. The closure is taken in-process, so that Go's test cache sees the files.
func TestContractsWithoutRulesPullInNothing(t *testing.T) {
	imports := closure(t, "github.com/avow-events/avow/gen/telemetry")
	if !slices.Contains(imports, "github.com/avow-events/avow/codec") {
		t.Fatalf("the closure is too small: %q", imports)
	}
	for _, path := range imports {
		if strings.HasPrefix(path, "cel.dev/") || strings.HasSuffix(path, "/rules") {
			t.Errorf("gen/telemetry imports %s", path)
		}
	}
	if !slices.Contains(closure(t, "github.com/avow-events/avow/gen/orders"), "cel.dev/cel-go/cel") {
		t.Error("gen/orders has rules and does not import CEL: the test sees nothing")
	}
}

// closure returns the packages that a package of this module imports, and those that packages of this module among them
// import.
func closure(t *testing.T, path string) (all []string) {
	t.Helper()
	todo := []string{path}
	for len(todo) > 0 {
		path, todo = todo[0], todo[1:]
		dir, own := strings.CutPrefix(path, "github.com/avow-events/avow/")
		if !own {
			continue
		}
		p, err := build.ImportDir("../"+dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range p.Imports {
			if !slices.Contains(all, imported) {
				all = append(all, imported)
				todo = append(todo, imported)
			}
		}
	}
	return all
}
