package registry_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
)

// stage fills a registry: an order that refers to an older version of money, a level, and a schema that is no Avro one.
func stage(t *testing.T) *registry.Client {
	t.Helper()
	c := connect(t, embed(t).URL)
	apply(t, c, mustPlan(t, c, load(t, nil), byName))
	mustRegister(t, c, "shop.Money", load(t, moneyWithCurrency).Schemas[2].String())
	mustRegister(t, c, "junk", `{"type":"fixed","name":"Junk","size":3}`)
	mustRegister(t, c, "junk", `{"type":"fixed","name":"Junk","size":3,"doc":"more"}`)
	if err := c.SetLevel(t.Context(), "shop.Order", compat.Full); err != nil {
		t.Fatal(err)
	}
	return c
}

func held(t *testing.T, c *registry.Client, every bool) []registry.Entry {
	t.Helper()
	subjects, err := c.Subjects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, left, err := c.Held(t.Context(), subjects, every)
	if err != nil || len(left) > 0 {
		t.Fatalf("%v, left %v", err, left)
	}
	return entries
}

// What one registry holds goes to another in an order in which it can be registered, older versions that are still
// referred to included; then there is nothing left to do, in the other one as well.
func TestPromote(t *testing.T) {
	from, to := stage(t), connect(t, embed(t).URL)
	mustRegister(t, to, "first", `"int"`) // so that ids differ
	promote := func() *registry.Plan {
		t.Helper()
		p, err := registry.NewPlan(t.Context(), to, held(t, from, false))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	want := []string{
		"create Junk in junk: version 1, id 2",
		"create shop.Country in shop.Country: version 1, id 3",
		"create shop.Address in shop.Address: version 1, id 4, shop.Country@1",
		"create shop.Money in shop.Money: version 1, id 5",
		"new version shop.Money in shop.Money: version 2, id 6",
		"set level FULL of shop.Order",
		"create shop.Order in shop.Order: version 1, id 7, shop.Address@1, shop.Money@1",
		"create shop.Paid in shop.Paid: version 1, id 8, shop.Money@1",
	}
	got := apply(t, to, promote())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if changes := promote().Changes(); len(changes) > 0 {
		t.Errorf("left: %v", describe(changes))
	}
	// And on from there.
	apply(t, from, mustPlan(t, from, load(t, moneyWithCurrency), byName))
	want = []string{
		"change references shop.Order in shop.Order: version 2, id 9, shop.Address@1, shop.Money@2",
		"change references shop.Paid in shop.Paid: version 2, id 10, shop.Money@2",
	}
	var lines []string
	for _, l := range apply(t, to, promote()) {
		if !strings.HasPrefix(l, "keep") {
			lines = append(lines, l)
		}
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

// With the same ids every version goes, with its number, and the modes are as they were.
func TestPromoteWithTheSameIDs(t *testing.T) {
	from, server := stage(t), embed(t)
	to := connect(t, server.URL)
	ctx := t.Context()
	promote := func() *registry.Plan {
		t.Helper()
		p, err := registry.NewPlan(ctx, to, held(t, from, true), registry.SameIDs())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := promote()
	// It is interrupted after each number of steps, and goes on.
	for stop := 0; ; stop++ {
		left := stop
		flaky := connect(t, server.URL, registry.Retries(0, 1), registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/versions") {
				if left--; left < 0 {
					return nil, errors.New("connection reset")
				}
			}
			return http.DefaultTransport.RoundTrip(r)
		})))
		if m := moved(t, to, p); len(m) > 0 {
			t.Fatalf("after %d steps: moved %q", stop, m)
		}
		err := p.Apply(ctx, flaky, nil)
		for _, subject := range []string{"junk", "shop.Order", "shop.Money"} {
			if mode, err := to.Mode(ctx, subject); err != nil || mode != registry.ReadWrite {
				t.Fatalf("after %d steps %s is %s, %v", stop, subject, mode, err)
			}
		}
		if err == nil {
			break
		}
		if stop > 20 {
			t.Fatal("does not get done")
		}
	}
	if changes := promote().Changes(); len(changes) > 0 {
		t.Errorf("left: %v", describe(changes))
	}
	subjects, err := from.Subjects(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range subjects {
		versions, err := from.Versions(ctx, subject)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range versions {
			a, err := from.Version(ctx, subject, n)
			if err != nil {
				t.Fatal(err)
			}
			if b, err := to.Version(ctx, subject, n); err != nil || cmp.Diff(a, b) != "" {
				t.Errorf("%s version %d: %v\n%s", subject, n, err, cmp.Diff(a, b))
			}
		}
	}
	// The next id is above all that came.
	if next := mustRegister(t, to, "next", `"int"`); next.ID <= 8 {
		t.Errorf("the next id is %d", next.ID)
	}
}

// A number or an id that belongs to something else stands in the way, and is told before anything is done; and what is
// imported is held to the level all the same.
func TestPromoteWithTheSameIDsIsRefused(t *testing.T) {
	from, ctx := connect(t, embed(t).URL), t.Context()
	mustRegister(t, from, "a", `"string"`)
	mustRegister(t, from, "b", `{"type":"record","name":"B","fields":[{"name":"x","type":"int"}]}`)
	for name, tc := range map[string]struct {
		prepare func(c *registry.Client)
		want    string
	}{
		"id": {func(c *registry.Client) { mustRegister(t, c, "other", `"long"`) }, "a: id 1 belongs to another schema in prod"},
		"version": {func(c *registry.Client) {
			mustRegister(t, c, "other", `"string"`)
			mustRegister(t, c, "b", `{"type":"record","name":"C","fields":[]}`)
		}, "b: version 1 is another schema in prod"},
		"id of a version": {func(c *registry.Client) {
			mustRegister(t, c, "other", `"long"`)
			mustRegister(t, c, "b", `{"type":"record","name":"B","fields":[{"name":"x","type":"int"}]}`)
			mustRegister(t, c, "a", `"string"`)
		}, "a: version 1 has id 1 in stage, and id 3 in prod"},
	} {
		t.Run(name, func(t *testing.T) {
			to := connect(t, embed(t).URL)
			tc.prepare(to)
			p, err := registry.NewPlan(ctx, to, held(t, from, true), registry.SameIDs(), registry.Between("stage", "prod"))
			if err != nil {
				t.Fatal(err)
			}
			refused := p.Refused()
			if len(refused) == 0 || refused[0].Subject+": "+refused[0].Blocked != tc.want {
				t.Errorf("refused %+v, want %q", refused, tc.want)
			}
			if err := p.Apply(ctx, to, nil); err == nil {
				t.Error("applied")
			}
		})
	}

	to := connect(t, embed(t).URL)
	mustRegister(t, from, "b", `{"type":"record","name":"B","fields":[]}`)
	if err := from.SetLevel(ctx, "b", compat.None); err != nil {
		t.Fatal(err)
	}
	mustRegister(t, from, "b", `{"type":"record","name":"B","fields":[{"name":"y","type":"int"}]}`)
	if err := from.SetLevel(ctx, "b", compat.Backward); err != nil {
		t.Fatal(err)
	}
	p, err := registry.NewPlan(ctx, to, held(t, from, true), registry.SameIDs())
	if err != nil {
		t.Fatal(err)
	}
	if refused := p.Refused(); len(refused) != 1 || refused[0].Import == nil || refused[0].Import.Version != 3 || len(refused[0].Incompatible) == 0 {
		t.Errorf("refused %+v", refused)
	}
}

// What was deleted softly in the registry that is imported to stays: the mode is set by force. Where a number is taken by
// something that was deleted so, it would be lost, and that is refused.
func TestPromoteWithTheSameIDsKeepsWhatWasDeleted(t *testing.T) {
	from, to, ctx := connect(t, embed(t).URL), connect(t, embed(t).URL), t.Context()
	for _, c := range []*registry.Client{from, to} {
		if err := c.SetLevel(ctx, "", compat.None); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{`"int"`, `"string"`, `"long"`} {
		mustRegister(t, from, "s", text)
	}
	mustRegister(t, to, "s", `"int"`)
	mustRegister(t, to, "s", `"string"`)
	if err := to.DeleteVersion(ctx, "s", 2, false); err != nil { // comes back
		t.Fatal(err)
	}
	imported := func() *registry.Plan {
		t.Helper()
		p, err := registry.NewPlan(ctx, to, held(t, from, true), registry.SameIDs())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	apply(t, to, imported())
	if got, err := to.Versions(ctx, "s"); err != nil || !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("versions %v, %v", got, err)
	}

	mustRegister(t, from, "s", `"bytes"`)
	other := mustRegister(t, to, "s", `"double"`)
	if err := to.DeleteVersion(ctx, "s", 4, false); err != nil {
		t.Fatal(err)
	}
	p := imported()
	want := "version 4 is another schema in the target, deleted softly: delete it permanently, if nobody needs its id 4 any more"
	if refused := p.Refused(); len(refused) != 1 || refused[0].Blocked != want {
		t.Fatalf("refused %+v", refused)
	}
	if err := p.Apply(ctx, to, nil); err == nil {
		t.Error("applied")
	}
	if got, err := to.ByID(ctx, other.ID); err != nil || got.Text != `"double"` {
		t.Errorf("id %d is %v, %v", other.ID, got, err)
	}
}

func TestHeldLeavesWhatIsNoAvro(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /subjects/json/versions/latest":       ok(`{"subject":"json","version":1,"id":1,"schemaType":"JSON","schema":"{}"}`),
		"GET /config/json?defaultToGlobal=false":   refuse(404, 40408, "no"),
		"GET /subjects/user/versions/latest":       ok(`{"subject":"user","version":4,"id":2,"schema":"\"x.Y\"","references":[{"name":"x.Y","subject":"json","version":1}]}`),
		"GET /config/user?defaultToGlobal=false":   refuse(404, 40408, "no"),
		"GET /subjects/lost/versions/latest":       ok(`{"subject":"lost","version":1,"id":4,"schema":"\"x.Z\"","references":[{"name":"x.Z","subject":"gone","version":2}]}`),
		"GET /config/lost?defaultToGlobal=false":   refuse(404, 40408, "no"),
		"GET /subjects/gone/versions/2":            refuse(404, 40401, "Subject 'gone' not found."),
		"GET /subjects/broken/versions/latest":     ok(`{"subject":"broken","version":1,"id":3,"schema":"{"}`),
		"GET /config/broken?defaultToGlobal=false": refuse(404, 40408, "no"),
	})
	entries, left, err := connect(t, s.URL).Held(context.Background(), []string{"broken", "json", "lost", "user"}, false)
	if err != nil || len(entries) != 0 || len(left) != 4 {
		t.Fatalf("got %v, %v, %v", entries, left, err)
	}
	if !strings.HasPrefix(left[0].Reason, "version 1 cannot be read: broken version 1:1:") {
		t.Errorf("got %q", left[0].Reason)
	}
	want := []registry.Left{
		{Subject: "json", Reason: "version 1 is a JSON schema"},
		{Subject: "lost", Reason: "version 1 refers to version 2 of gone, which is not there any more"},
		{Subject: "user", Reason: "version 4 refers to version 1 of json, which is a JSON schema"},
	}
	if diff := cmp.Diff(want, left[1:]); diff != "" {
		t.Error(diff)
	}
}
