package registry_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

// embed starts a registry that enforces compatibility.
func embed(t *testing.T) *httptest.Server {
	t.Helper()
	r, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	return s
}

// shop is a tree of contracts: an order refers to money and an address, which refers to a country.
var shop = map[string]string{
	"Money.avsc":   `{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}`,
	"Country.avsc": `{"type":"enum","name":"Country","namespace":"shop","symbols":["DE","FR"]}`,
	"Address.avsc": `{"type":"record","name":"Address","namespace":"shop","fields":[{"name":"country","type":"Country"}]}`,
	"Order.avsc": `{"type":"record","name":"Order","namespace":"shop","fields":[
		{"name":"total","type":"Money"},{"name":"to","type":"Address"},{"name":"from","type":["null","Address"],"default":null}]}`,
	"Paid.avsc": `{"type":"record","name":"Paid","namespace":"shop","fields":[{"name":"amount","type":"Money"}]}`,
}

// load returns the shop with some files changed.
func load(t *testing.T, changes map[string]string) *avsc.Set {
	t.Helper()
	tree := fstest.MapFS{}
	for _, files := range []map[string]string{shop, changes} {
		for name, text := range files {
			tree[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	set, err := avsc.Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// targets puts events on topics and shared types under their names.
func targets(s *avsc.Schema) []registry.Target {
	name := s.Root.FullName()
	switch name {
	case "shop.Order":
		return []registry.Target{
			{Subject: "orders-value", Level: compat.FullTransitive, HasLevel: true},
			{Subject: "archive-value", Level: compat.None, HasLevel: true},
		}
	case "shop.Paid":
		return []registry.Target{{Subject: registry.TopicName("payments", name)}}
	}
	return []registry.Target{{Subject: registry.RecordName("", name)}}
}

// newPlan compares a tree with a registry.
func newPlan(ctx context.Context, c *registry.Client, set *avsc.Set, targets func(*avsc.Schema) []registry.Target, opts ...registry.PlanOption) (*registry.Plan, error) {
	entries, err := registry.Contracts{Set: set, Targets: targets}.Entries()
	if err != nil {
		return nil, err
	}
	return registry.NewPlan(ctx, c, entries, opts...)
}

func plan(t *testing.T, c *registry.Client, set *avsc.Set) *registry.Plan {
	t.Helper()
	p, err := newPlan(t.Context(), c, set, targets)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// apply applies the plan and returns what it did, a line a step.
func apply(t *testing.T, c *registry.Client, p *registry.Plan) (lines []string) {
	t.Helper()
	err := p.Apply(t.Context(), c, func(s registry.Step) { lines = append(lines, line(s)) })
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func line(s registry.Step) string {
	if s.Action == registry.SetLevel {
		return fmt.Sprintf("%s %s of %s", s.Action, s.Level, s.Subject)
	}
	text := fmt.Sprintf("%s %s in %s: version %d, id %d", s.Action, s.Name, s.Subject, s.Version, s.ID)
	for _, r := range s.References {
		text += fmt.Sprintf(", %s@%d", r.Subject, r.Version)
	}
	return text
}

func TestApplyRegistersInOrder(t *testing.T) {
	c := connect(t, embed(t).URL)
	got := apply(t, c, plan(t, c, load(t, nil)))
	want := []string{
		"create shop.Country in shop.Country: version 1, id 1",
		"create shop.Address in shop.Address: version 1, id 2, shop.Country@1",
		"create shop.Money in shop.Money: version 1, id 3",
		"set level FULL_TRANSITIVE of orders-value",
		"create shop.Order in orders-value: version 1, id 4, shop.Address@1, shop.Money@1",
		"set level NONE of archive-value",
		"create shop.Order in archive-value: version 1, id 4, shop.Address@1, shop.Money@1",
		"create shop.Paid in payments-value: version 1, id 5, shop.Money@1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	again := plan(t, c, load(t, nil))
	if changes := again.Changes(); len(changes) != 0 {
		t.Errorf("after apply there are %d changes: %v", len(changes), changes)
	}
	want = []string{
		"keep shop.Country in shop.Country: version 1, id 1",
		"keep shop.Address in shop.Address: version 1, id 2, shop.Country@1",
		"keep shop.Money in shop.Money: version 1, id 3",
		"keep shop.Order in orders-value: version 1, id 4, shop.Address@1, shop.Money@1",
		"keep shop.Order in archive-value: version 1, id 4, shop.Address@1, shop.Money@1",
		"keep shop.Paid in payments-value: version 1, id 5, shop.Money@1",
	}
	if diff := cmp.Diff(want, apply(t, c, again)); diff != "" {
		t.Error(diff)
	}
}

// What is written differently and means the same is no change.
func TestLayoutIsNoChange(t *testing.T) {
	c := connect(t, embed(t).URL)
	apply(t, c, plan(t, c, load(t, nil)))
	same := map[string]string{
		"Money.avsc":   "{ \"name\": \"shop.Money\", \"type\": \"record\",\n\n \"fields\": [ {\"type\": {\"type\": \"long\"}, \"name\": \"cents\"} ] }",
		"Address.avsc": `{"type":"record","name":"Address","namespace":"shop","fields":[{"name":"country","type":"shop.Country"}]}`,
	}
	if changes := plan(t, c, load(t, same)).Changes(); len(changes) != 0 {
		t.Errorf("got %v", changes)
	}
}

// A change in a shared type reaches everything that refers to it, directly or not, in one apply.
func TestAChangeOfASharedType(t *testing.T) {
	c := connect(t, embed(t).URL)
	apply(t, c, plan(t, c, load(t, nil)))
	changed := load(t, map[string]string{"Country.avsc": `{"type":"enum","name":"Country","namespace":"shop","symbols":["DE","FR","IT"],"default":"DE"}`})
	p := plan(t, c, changed)
	if refused := p.Refused(); len(refused) != 1 || refused[0].Subject != "orders-value" {
		t.Fatalf("at FULL_TRANSITIVE old orders cannot read IT: refused %v", refused)
	}
	if err := p.Apply(t.Context(), c, nil); !errors.Is(err, registry.ErrIncompatible) || !strings.Contains(err.Error(), "orders-value, shop.Order (Order.avsc): nothing was applied") {
		t.Errorf("got %v", err)
	}
	if got, err := c.Versions(t.Context(), "shop.Country"); err != nil || len(got) != 1 {
		t.Errorf("something was applied: %v, %v", got, err)
	}

	lenient := func(s *avsc.Schema) []registry.Target {
		out := targets(s)
		for i := range out {
			out[i].Level, out[i].HasLevel = compat.Backward, true
		}
		return out
	}
	p, err := newPlan(t.Context(), c, changed, lenient)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"set level BACKWARD of shop.Country",
		"new version shop.Country in shop.Country: version 2, id 6",
		"set level BACKWARD of shop.Address",
		"change references shop.Address in shop.Address: version 2, id 7, shop.Country@2",
		"set level BACKWARD of shop.Money",
		"keep shop.Money in shop.Money: version 1, id 3",
		"set level BACKWARD of orders-value",
		"change references shop.Order in orders-value: version 2, id 8, shop.Address@2, shop.Money@1",
		"set level BACKWARD of archive-value",
		"change references shop.Order in archive-value: version 2, id 8, shop.Address@2, shop.Money@1",
		"set level BACKWARD of payments-value",
		"keep shop.Paid in payments-value: version 1, id 5, shop.Money@1",
	}
	if diff := cmp.Diff(want, apply(t, c, p)); diff != "" {
		t.Error(diff)
	}
	if again, err := newPlan(t.Context(), c, changed, lenient); err != nil || len(again.Changes()) != 0 {
		t.Errorf("after apply: %v, %v", again, err)
	}
}

// The verdict of the plan is the registry's own.
func TestVerdictsOfThePlan(t *testing.T) {
	c := connect(t, embed(t).URL)
	apply(t, c, plan(t, c, load(t, nil)))
	p := plan(t, c, load(t, map[string]string{
		"Paid.avsc": `{"type":"record","name":"Paid","namespace":"shop","fields":[{"name":"amount","type":"Money"},{"name":"by","type":"string"}]}`,
	}))
	refused := p.Refused()
	if len(refused) != 1 || refused[0].Subject != "payments-value" {
		t.Fatalf("refused %v", refused)
	}
	step := refused[0]
	money := registry.Reference{Name: "shop.Money", Subject: "shop.Money", Version: 1}
	verdict, err := c.Check(t.Context(), step.Subject, step.Schema, money)
	if err != nil || verdict.Compatible {
		t.Fatalf("the registry says %+v, %v", verdict, err)
	}
	theirs := verdict.Messages[:len(verdict.Messages)-1] // but for the closing line
	if diff := cmp.Diff(theirs, step.Incompatible); diff != "" {
		t.Error(diff)
	}
}

func TestPlanErrors(t *testing.T) {
	c := connect(t, embed(t).URL)
	for name, tc := range map[string]struct {
		targets func(*avsc.Schema) []registry.Target
		want    []string
	}{
		"a reference without a subject": {func(s *avsc.Schema) []registry.Target {
			if s.Root.FullName() == "shop.Money" {
				return nil
			}
			return targets(s)
		}, []string{
			"Order.avsc:1:1: shop.Order refers to shop.Money (Money.avsc), which has no subject: give it one",
			"Paid.avsc:1:1: shop.Paid refers to shop.Money (Money.avsc), which has no subject: give it one",
		}},
		"two types in one subject": {func(s *avsc.Schema) []registry.Target {
			return []registry.Target{{Subject: "all-value"}}
		}, []string{"subject all-value is meant for shop.Country (Country.avsc) as well"}},
	} {
		_, err := newPlan(t.Context(), c, load(t, nil), tc.targets)
		for _, want := range tc.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want it to say %q", name, err, want)
			}
		}
	}
	if subjects, err := c.Subjects(t.Context()); err != nil || len(subjects) != 0 {
		t.Errorf("planning changed something: %q, %v", subjects, err)
	}
}

// A file that was copied and not changed defines a type twice, which only hurts where both want one subject.
func TestPlanNamesBothFilesOfACopy(t *testing.T) {
	const place = `{"type":"record","name":"shop.Place","fields":[]}`
	set := load(t, map[string]string{"common/Place.avsc": place, "common/Copy.avsc": place})
	_, err := newPlan(t.Context(), connect(t, embed(t).URL), set, targets)
	want := "common/Copy.avsc:1:1: shop.Place is defined in common/Copy.avsc and, just the same, in common/Place.avsc: delete one of the files"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want it to say %q", err, want)
	}
}

// A registry that fails in the middle of apply leaves a clear state, and the next plan goes on from there.
func TestApplyThatIsInterrupted(t *testing.T) {
	s := embed(t)
	whole := connect(t, s.URL)
	p := plan(t, whole, load(t, nil))
	for fails := 1; ; fails++ {
		n := 0
		flaky := connect(t, s.URL, registry.Retries(0, 1), registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/versions") {
				if n++; n > 1 {
					return nil, errors.New("connection reset")
				}
			}
			return http.DefaultTransport.RoundTrip(r)
		})))
		done := 0
		err := p.Apply(t.Context(), flaky, func(registry.Step) { done++ })
		if err == nil {
			break
		}
		if want := fmt.Sprintf("stopped at step %d of %d, ", done+1, len(p.Steps)); !errors.Is(err, registry.ErrUnavailable) || !strings.Contains(err.Error(), want) {
			t.Fatalf("got %v, want it to say %q", err, want)
		}
		before := len(p.Changes())
		p = plan(t, whole, load(t, nil))
		if after := len(p.Changes()); after >= before {
			t.Fatalf("%d changes left after %d", after, before)
		}
		if fails > 20 {
			t.Fatal("does not get done")
		}
	}
	if changes := plan(t, whole, load(t, nil)).Changes(); len(changes) != 0 {
		t.Errorf("left: %v", changes)
	}
	for subject, want := range map[string]int{"shop.Country": 1, "orders-value": 1, "archive-value": 1, "payments-value": 1} {
		if got, err := whole.Versions(t.Context(), subject); err != nil || len(got) != want {
			t.Errorf("%s has versions %v, %v, want %d", subject, got, err, want)
		}
	}
}

func TestPlanningNeedsTheRegistry(t *testing.T) {
	s := embed(t)
	s.Close()
	_, err := newPlan(t.Context(), connect(t, s.URL), load(t, nil), targets)
	if !errors.Is(err, registry.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = newPlan(ctx, connect(t, s.URL), load(t, nil), targets); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPlanAsJSON(t *testing.T) {
	c := connect(t, embed(t).URL)
	p := plan(t, c, load(t, nil))
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var read registry.Plan
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*p, read); diff != "" {
		t.Error(diff)
	}
	if got := apply(t, c, &read); len(got) != len(p.Steps) {
		t.Errorf("applied %q", got)
	}
	if err := json.Unmarshal([]byte(`{"steps":[{"action":"burn"}]}`), &read); err == nil || !strings.Contains(err.Error(), `unknown action "burn"`) {
		t.Errorf("got %v", err)
	}
	broken := registry.Plan{Steps: []registry.Step{{Action: registry.Create, Subject: "s", Name: "a.B", Schema: `"int"`, References: []registry.PlannedReference{{Name: "a.C", Subject: "c"}}}}}
	if err := broken.Apply(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), "a.B refers to a.C, which no step before it puts into subject c") {
		t.Errorf("got %v", err)
	}
}
