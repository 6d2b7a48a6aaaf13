package registry_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
)

// kept returns the plan as it comes out of a file.
func kept(t *testing.T, p *registry.Plan) *registry.Plan {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	read := &registry.Plan{}
	if err := json.Unmarshal(text, read); err != nil {
		t.Fatal(err)
	}
	return read
}

func moved(t *testing.T, c *registry.Client, p *registry.Plan) []string {
	t.Helper()
	found, err := p.Moved(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A kept plan holds until somebody else changes what it rests on.
func TestMoved(t *testing.T) {
	ctx := t.Context()
	for name, tc := range map[string]struct {
		meanwhile func(c *registry.Client) error
		want      []string
	}{
		"nothing": {func(*registry.Client) error { return nil }, nil},
		"a subject that the plan does not know": {func(c *registry.Client) error {
			_, err := c.Register(ctx, "others", `"int"`)
			return err
		}, nil},
		"a new version of what changes": {func(c *registry.Client) error {
			_, err := c.Register(ctx, "shop.Money", `{"type":"record","name":"Money","namespace":"shop","fields":[]}`)
			return err
		}, []string{"shop.Money had version 1 with id 3 and no level when it was planned, and has version 2 with id 6 and no level now"}},
		"a new version of what stays": {func(c *registry.Client) error {
			_, err := c.Register(ctx, "shop.Country", `{"type":"enum","name":"Country","namespace":"shop","symbols":["DE","FR","IT"]}`)
			return err
		}, []string{"shop.Country had version 1 with id 1 and no level when it was planned, and has version 2 with id 6 and no level now"}},
		"a level": {func(c *registry.Client) error { return c.SetLevel(ctx, "orders-value", compat.Full) },
			[]string{"orders-value had version 1 with id 4 and level FULL_TRANSITIVE when it was planned, and has version 1 with id 4 and level FULL now"}},
		"the registry's level": {func(c *registry.Client) error { return c.SetLevel(ctx, "", compat.None) },
			[]string{"the registry had level BACKWARD when it was planned, and has NONE now"}},
		"a deletion": {func(c *registry.Client) error { return c.Delete(ctx, "archive-value", false) },
			[]string{"archive-value had version 1 with id 4 and level NONE when it was planned, and has no version and level NONE now"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, embed(t).URL)
			apply(t, c, plan(t, c, load(t, nil)))
			p := kept(t, plan(t, c, load(t, moneyWithCurrency)))
			if err := tc.meanwhile(c); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, moved(t, c, p)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A kept plan that was changed by hand is told from one that is whole, before anything is done.
func TestADamagedPlan(t *testing.T) {
	c := connect(t, embed(t).URL)
	for text, want := range map[string]string{
		`{"steps":[{"action":"set level","subject":"s"}],"seen":{"s":{}}}`:                                                                             `step 1, set level of "s": it has no level`,
		`{"steps":[{"action":"create","subject":"s"}],"seen":{"s":{}}}`:                                                                                `step 1, create of "s": it has no schema`,
		`{"steps":[{"action":"delete"}],"seen":{"":{}}}`:                                                                                               `step 1, delete of "": it names no subject`,
		`{"steps":[{"action":"delete","subject":"s"}],"seen":{}}`:                                                                                      `step 1, delete of "s": the plan does not say what it saw of the subject`,
		`{"steps":[{"action":"create","subject":"s","name":"a.B","schema":"1","references":[{"name":"a.C","subject":"c","step":1}]}],"seen":{"s":{}}}`: `a.B refers to a.C, which no step before it puts into subject c`,
	} {
		p := &registry.Plan{}
		if err := json.Unmarshal([]byte(text), p); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Moved(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
	if _, err := (&registry.Plan{Seen: map[string]registry.State{"": {}}}).Moved(t.Context(), c); err != nil {
		t.Error(err)
	}
}

var moneyWithCurrency = map[string]string{
	"Money.avsc": `{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"},{"name":"currency","type":"string","default":"EUR"}]}`,
}

// What a kept plan did itself does not stand in its way: it goes on wherever it stopped, and does nothing twice.
func TestAKeptPlanGoesOn(t *testing.T) {
	s := embed(t)
	c := connect(t, s.URL)
	apply(t, c, plan(t, c, load(t, nil)))
	p := kept(t, plan(t, c, load(t, moneyWithCurrency)))
	changes := len(p.Changes())
	for stop := 1; ; stop++ {
		if stop > changes+1 {
			t.Fatal("does not get done")
		}
		left := stop
		flaky := connect(t, s.URL, registry.Retries(0, 1), registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/versions") {
				if left--; left < 0 {
					return nil, errors.New("connection reset")
				}
			}
			return http.DefaultTransport.RoundTrip(r)
		})))
		if m := moved(t, c, p); len(m) > 0 {
			t.Fatalf("after %d steps of its own the plan calls the registry moved: %q", stop-1, m)
		}
		err := p.Apply(t.Context(), flaky, nil)
		if err == nil {
			break
		}
		var stopped *registry.ApplyError
		if !errors.As(err, &stopped) || len(stopped.Done)+1+len(stopped.Rest) != len(p.Steps) {
			t.Fatalf("got %v", err)
		}
	}
	for subject, want := range map[string]int{"shop.Money": 2, "orders-value": 2, "archive-value": 2, "payments-value": 2, "shop.Country": 1} {
		if got, err := c.Versions(t.Context(), subject); err != nil || len(got) != want {
			t.Errorf("%s has versions %v, %v, want %d", subject, got, err, want)
		}
	}
	if m := moved(t, c, p); len(m) > 0 {
		t.Errorf("after it is done: %q", m)
	}
	// A version of somebody else after ours is a move, though ours is there.
	if _, err := c.Register(t.Context(), "payments-value", `{"type":"record","name":"Paid","fields":[]}`); err != nil {
		t.Fatal(err)
	}
	if m := moved(t, c, p); len(m) != 1 {
		t.Errorf("got %q", m)
	}
}

// Subjects that nobody asks for are deleted only when asked, users first; what is still needed stays.
func TestPrune(t *testing.T) {
	c := connect(t, embed(t).URL)
	apply(t, c, plan(t, c, load(t, nil)))
	// An order as it is now needs no address any more, but its first version does.
	lean := map[string]string{
		"Order.avsc": `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"total","type":"Money"}]}`,
	}
	some := func(s *avsc.Schema) []registry.Target {
		switch s.Root.FullName() {
		case "shop.Order":
			return []registry.Target{{Subject: "archive-value", Level: compat.None, HasLevel: true}}
		case "shop.Money":
			return targets(s)
		}
		return nil
	}
	set := load(t, lean)
	p, err := newPlan(t.Context(), c, set, some)
	if err != nil {
		t.Fatal(err)
	}
	var undescribed []string
	for _, n := range p.Notes {
		if n.Kind == registry.Undescribed {
			undescribed = append(undescribed, n.Subject)
		}
	}
	want := []string{"orders-value", "payments-value", "shop.Address", "shop.Country"}
	if diff := cmp.Diff(want, undescribed); diff != "" || len(p.Changes()) != 1 {
		t.Errorf("without Prune: %v\n%s", p.Changes(), diff)
	}

	p, err = newPlan(t.Context(), c, set, some, registry.Prune(), registry.Ignore(func(s string) bool { return s == "payments-value" }))
	if err != nil {
		t.Fatal(err)
	}
	got := apply(t, c, p)
	wantLines := []string{
		"keep shop.Money in shop.Money: version 1, id 3",
		"new version shop.Order in archive-value: version 2, id 6, shop.Money@1",
		"delete  in orders-value: version 0, id 0",
	}
	if diff := cmp.Diff(wantLines, got); diff != "" {
		t.Error(diff)
	}
	wantNotes := []registry.Note{
		{Kind: registry.Referenced, Subject: "shop.Address", Text: "it cannot be deleted: version 1 of archive-value refers to it"},
		{Kind: registry.Referenced, Subject: "shop.Country", Text: "it cannot be deleted: version 1 of shop.Address refers to it"},
	}
	if diff := cmp.Diff(wantNotes, p.Notes); diff != "" {
		t.Error(diff)
	}

	// Once nothing needs them, they go one after the other.
	if err := c.Delete(t.Context(), "archive-value", false); err != nil {
		t.Fatal(err)
	}
	p, err = registry.NewPlan(t.Context(), c, nil, registry.Prune(), registry.Ignore(func(s string) bool { return s == "payments-value" || s == "shop.Money" }))
	if err != nil {
		t.Fatal(err)
	}
	wantLines = []string{"delete  in shop.Address: version 0, id 0", "delete  in shop.Country: version 0, id 0"}
	if diff := cmp.Diff(wantLines, apply(t, c, p)); diff != "" {
		t.Error(diff)
	}
	if left, err := c.Subjects(t.Context()); err != nil || strings.Join(left, " ") != "payments-value shop.Money" {
		t.Errorf("left: %q, %v", left, err)
	}
	// A kept plan that was applied can be applied again.
	if m := moved(t, c, kept(t, p)); len(m) > 0 {
		t.Errorf("moved: %q", m)
	}
	apply(t, c, p)
}
