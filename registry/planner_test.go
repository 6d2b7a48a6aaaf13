package registry_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
)

// byName gives every contract the subject of its name.
func byName(s *avsc.Schema) []registry.Target {
	return []registry.Target{{Subject: s.Root.FullName()}}
}

func mustPlan(t *testing.T, c *registry.Client, set *avsc.Set, targets func(*avsc.Schema) []registry.Target) *registry.Plan {
	t.Helper()
	p, err := newPlan(t.Context(), c, set, targets)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustRegister(t *testing.T, c *registry.Client, subject, text string, refs ...registry.Reference) registry.Schema {
	t.Helper()
	s, err := c.Register(t.Context(), subject, text, refs...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A repository that went back to an older version finds it: there is nothing to register, and something to tell.
func TestAnOlderVersion(t *testing.T) {
	c := connect(t, embed(t).URL)
	apply(t, c, mustPlan(t, c, load(t, nil), byName))
	mustRegister(t, c, "shop.Country", `{"type":"enum","name":"Country","namespace":"shop","symbols":["DE","FR","IT"]}`)
	p := mustPlan(t, c, load(t, nil), byName)
	if changes := p.Changes(); len(changes) > 0 {
		t.Errorf("got %v", changes)
	}
	want := []registry.Note{{Kind: registry.Newer, Subject: "shop.Country", Text: "version 1 is what it should hold, but versions up to 2 were registered after it"}}
	if diff := cmp.Diff(want, p.Notes); diff != "" {
		t.Error(diff)
	}
}

// Clients list references in any order, and those of references too: neither is a change, and metadata that a registry
// keeps is nobody's business here.
func TestWhatIsNoChange(t *testing.T) {
	s := embed(t)
	c := connect(t, s.URL)
	set := load(t, nil)
	texts := map[string]string{}
	for _, schema := range set.Schemas {
		texts[schema.Root.FullName()] = schema.String()
	}
	ref := func(name string) registry.Reference { return registry.Reference{Name: name, Subject: name, Version: 1} }
	mustRegister(t, c, "shop.Country", texts["shop.Country"])
	mustRegister(t, c, "shop.Address", texts["shop.Address"], ref("shop.Country"))
	mustRegister(t, c, "shop.Order", `{"type":"string"}`) // something else before
	if err := c.Delete(t.Context(), "shop.Order", false); err != nil {
		t.Fatal(err)
	}
	mustRegister(t, c, "shop.Money", texts["shop.Money"])
	mustRegister(t, c, "shop.Order", texts["shop.Order"], ref("shop.Money"), ref("shop.Country"), ref("shop.Address"))
	post(t, s.URL+"/subjects/shop.Paid/versions", map[string]any{
		"schema": texts["shop.Paid"], "references": []registry.Reference{ref("shop.Money")},
		"metadata": map[string]any{"properties": map[string]string{"owner": "payments"}},
	})
	if changes := mustPlan(t, c, set, byName).Changes(); len(changes) > 0 {
		t.Errorf("got %v", describe(changes))
	}
}

// A reference that is tied down stays at its version while the type moves on.
func TestATiedReference(t *testing.T) {
	c := connect(t, embed(t).URL)
	apply(t, c, mustPlan(t, c, load(t, nil), byName))
	tied := func(set *avsc.Set) *registry.Plan {
		t.Helper()
		entries, err := registry.Contracts{Set: set, Targets: byName, Pin: func(from, to *avsc.Schema) (string, int) {
			if from.Root.FullName() == "shop.Order" && to.Root.FullName() == "shop.Money" {
				return "shop.Money", 1
			}
			return "", 0
		}}.Entries()
		if err != nil {
			t.Fatal(err)
		}
		p, err := registry.NewPlan(t.Context(), c, entries)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	incompatible := load(t, map[string]string{
		"Money.avsc": `{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"},{"name":"currency","type":"string"}]}`,
		"Order.avsc": `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"total","type":"Money"}]}`,
	})
	p := tied(incompatible)
	var refused []string
	for _, s := range p.Refused() {
		refused = append(refused, s.Subject)
	}
	if diff := cmp.Diff([]string{"shop.Money", "shop.Paid"}, refused); diff != "" {
		t.Errorf("an order keeps the old money, which can be read:\n%s", diff)
	}
	apply(t, c, tied(load(t, moneyWithCurrency)))
	if changes := tied(load(t, moneyWithCurrency)).Changes(); len(changes) > 0 {
		t.Errorf("got %v", describe(changes))
	}
	order, err := c.Latest(t.Context(), "shop.Order")
	if err != nil || order.Version != 1 {
		t.Errorf("got %+v, %v", order, err)
	}
}

// Nothing can be registered where the mode does not allow it, and the plan knows.
func TestAReadOnlySubject(t *testing.T) {
	c := connect(t, embed(t).URL)
	apply(t, c, mustPlan(t, c, load(t, nil), byName))
	if err := c.SetMode(t.Context(), "shop.Money", registry.ReadOnly, false); err != nil {
		t.Fatal(err)
	}
	if p := mustPlan(t, c, load(t, nil), byName); len(p.Refused()) > 0 {
		t.Errorf("nothing is to be done, but %v", p.Refused())
	}
	p := mustPlan(t, c, load(t, moneyWithCurrency), byName)
	if refused := p.Refused(); len(refused) != 1 || !strings.Contains(refused[0].Blocked, "is READONLY, which does not allow it") {
		t.Errorf("got %v", refused)
	}
	leveled := func(s *avsc.Schema) []registry.Target {
		return []registry.Target{{Subject: s.Root.FullName(), Level: compat.Full, HasLevel: true}}
	}
	if refused := mustPlan(t, c, load(t, nil), leveled).Refused(); len(refused) != 1 || refused[0].Action != registry.SetLevel {
		t.Errorf("got %v", refused)
	}
}

// A registry may look at more than we do: its word counts.
func TestTheRegistryKnowsBetter(t *testing.T) {
	s := embed(t)
	strict := registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err == nil && strings.Contains(r.URL.Path, "/compatibility/") {
			resp.Body.Close()
			resp.Body = io.NopCloser(bytes.NewReader([]byte(`{"is_compatible":false,"messages":["fields need an owner"]}`)))
		}
		return resp, err
	}))
	c := connect(t, s.URL, strict)
	apply(t, c, mustPlan(t, c, load(t, nil), byName))
	p := mustPlan(t, c, load(t, moneyWithCurrency), byName)
	if refused := p.Refused(); len(refused) != 1 || refused[0].Incompatible[0] != "fields need an owner" {
		t.Errorf("got %v", refused)
	}
}

// A plan works in the context of its client, and sees no subject of another one.
func TestAPlanInAContext(t *testing.T) {
	s := embed(t)
	mustRegister(t, connect(t, s.URL), "others", `"int"`)
	for name, c := range map[string]*registry.Client{
		"by option": connect(t, s.URL, registry.Context("staging")),
		"by path":   connect(t, s.URL+"/contexts/.preview"),
	} {
		first := mustPlan(t, c, load(t, nil), targets)
		apply(t, c, first)
		again := mustPlan(t, c, load(t, nil), targets)
		if len(first.Changes()) == 0 || len(again.Changes()) > 0 || len(again.Notes) > 0 {
			t.Errorf("%s: then %v, %v", name, describe(again.Changes()), again.Notes)
		}
		p, err := registry.NewPlan(t.Context(), c, nil, registry.Prune())
		if err != nil {
			t.Fatal(err)
		}
		apply(t, c, p)
		if again := mustPlan(t, c, load(t, nil), targets); len(again.Changes()) != len(first.Changes())-2 { // levels stay
			t.Errorf("%s: after all was deleted %v", name, describe(again.Changes()))
		}
	}
	if left, err := connect(t, s.URL).Subjects(t.Context()); err != nil || strings.Join(left, " ") != "others" {
		t.Errorf("left: %q, %v", left, err)
	}
}

// A subject may be an alias of another one, which is then no stranger: to delete it would delete what is described.
func TestAnAlias(t *testing.T) {
	s := embed(t)
	c := connect(t, s.URL)
	mustRegister(t, c, "paid-v2", `{"type":"record","name":"Paid","namespace":"shop","fields":[{"name":"note","type":"string"}]}`)
	if err := c.SetLevel(t.Context(), "paid-v2", compat.None); err != nil {
		t.Fatal(err)
	}
	put(t, s.URL+"/config/shop.Paid", `{"alias":"paid-v2","compatibility":"NONE"}`)
	apply(t, c, mustPlan(t, c, load(t, nil), byName))
	for _, opts := range [][]registry.PlanOption{nil, {registry.Prune()}} {
		p, err := newPlan(t.Context(), c, load(t, nil), byName, opts...)
		if err != nil || len(p.Changes()) > 0 || len(p.Notes) > 0 {
			t.Errorf("then %v, %v, %v", describe(p.Changes()), p.Notes, err)
		}
	}
}

// A level that avow.yaml does not give is left as it is, whoever set it.
func TestLevelsOfOthers(t *testing.T) {
	c := connect(t, embed(t).URL)
	if err := c.SetLevel(t.Context(), "shop.Money", compat.None); err != nil {
		t.Fatal(err)
	}
	apply(t, c, mustPlan(t, c, load(t, nil), byName))
	p := mustPlan(t, c, load(t, map[string]string{"Money.avsc": `{"type":"record","name":"Money","namespace":"shop","fields":[]}`}), byName)
	for _, s := range p.Changes() {
		if s.Action == registry.SetLevel {
			t.Errorf("sets the level of %s", s.Subject)
		}
		if s.Subject == "shop.Money" && (*s.Level != compat.None || len(s.Incompatible) > 0) {
			t.Errorf("at %v: %v", s.Level, s.Incompatible)
		}
	}
}
