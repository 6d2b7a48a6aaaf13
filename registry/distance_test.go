package registry_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

// distant is a registry whose every answer takes a while, as one in another place does. It counts requests, and how many
// of them were under way at once.
type distant struct {
	*httptest.Server
	mu               sync.Mutex
	asked, now, most int
}

func newDistant(tb testing.TB, away time.Duration) *distant {
	tb.Helper()
	r, err := embedded.New()
	if err != nil {
		tb.Fatal(err)
	}
	d := &distant{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		d.mu.Lock()
		d.asked++
		d.now++
		d.most = max(d.most, d.now)
		d.mu.Unlock()
		time.Sleep(away)
		r.ServeHTTP(w, req)
		d.mu.Lock()
		d.now--
		d.mu.Unlock()
	}))
	tb.Cleanup(d.Close)
	return d
}

// forget starts counting anew.
func (d *distant) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked, d.most = 0, 0
}

// many returns a tree of n contracts, every one of which refers to a shared type, with a field more in each generation.
func many(tb testing.TB, n, generation int) *avsc.Set {
	tb.Helper()
	tree := fstest.MapFS{"Money.avsc": {Data: []byte(`{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}`)}}
	for i := range n {
		fields := `{"name":"amount","type":"Money"}`
		for g := range generation {
			fields += fmt.Sprintf(`,{"name":"f%d","type":"int","default":0}`, g)
		}
		tree[fmt.Sprintf("e%04d.avsc", i)] = &fstest.MapFile{
			Data: fmt.Appendf(nil, `{"type":"record","name":"E%04d","namespace":"shop","fields":[%s]}`, i, fields),
		}
	}
	set, err := avsc.Load(tree)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

// leveled puts every contract under its name.
func leveled(s *avsc.Schema) []registry.Target {
	return []registry.Target{{Subject: s.Root.FullName(), Level: compat.FullTransitive, HasLevel: true}}
}

// What 500 subjects cost with a registry that is 5 ms away.
func BenchmarkDistance(b *testing.B) {
	d := newDistant(b, 5*time.Millisecond)
	c, err := registry.New(d.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	planFor := func(b *testing.B, generation int) *registry.Plan {
		p, err := newPlan(b.Context(), c, many(b, 500, generation), leveled)
		if err != nil {
			b.Fatal(err)
		}
		return p
	}
	report := func(b *testing.B, run func(*testing.B)) {
		d.forget()
		for b.Loop() {
			run(b)
		}
		b.ReportMetric(float64(d.asked)/float64(b.N), "requests/op")
		b.ReportMetric(float64(d.most), "at-once")
	}
	b.Run("all new", func(b *testing.B) { report(b, func(b *testing.B) { planFor(b, 1) }) })
	for generation := range 3 {
		if err := planFor(b, generation).Apply(b.Context(), c, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("none new", func(b *testing.B) { report(b, func(b *testing.B) { planFor(b, 2) }) })
	b.Run("all changed", func(b *testing.B) { report(b, func(b *testing.B) { planFor(b, 3) }) })
	b.Run("prune all", func(b *testing.B) {
		report(b, func(b *testing.B) {
			if _, err := newPlan(b.Context(), c, many(b, 0, 0), leveled, registry.Prune()); err != nil {
				b.Fatal(err)
			}
		})
	})
	subjects, err := c.Subjects(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read every version", func(b *testing.B) {
		report(b, func(b *testing.B) {
			if _, _, err := c.Held(b.Context(), subjects, true); err != nil {
				b.Fatal(err)
			}
		})
	})
	entries, _, err := c.Held(b.Context(), subjects, true)
	if err != nil {
		b.Fatal(err)
	}
	other := newDistant(b, 5*time.Millisecond)
	to, err := registry.New(other.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer to.Close()
	b.Run("promote with ids", func(b *testing.B) {
		for b.Loop() {
			if _, err := registry.NewPlan(b.Context(), to, entries, registry.SameIDs()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// However the answers come in, a plan is the same plan, and a failure the same failure.
func TestPlansAreTheSameEveryTime(t *testing.T) {
	d := newDistant(t, 0)
	c := connect(t, d.URL)
	apply(t, c, mustPlan(t, c, many(t, 40, 0), leveled))
	var first string
	for range 5 {
		content, err := json.Marshal(mustPlan(t, c, many(t, 60, 1), leveled))
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(content)
		}
		if string(content) != first {
			t.Fatalf("a plan is\n%s\nand the same one\n%s", first, content)
		}
	}
	if d.most < 2 || d.most > 16 {
		t.Errorf("%d requests were under way at once", d.most)
	}

	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		subject, isSubject := strings.CutPrefix(r.URL.Path, "/subjects/shop.E")
		if number := strings.Split(subject, "/")[0]; isSubject && number >= "0007" {
			time.Sleep(time.Duration(rand.N(3)) * time.Millisecond)
			http.Error(w, `{"error_code":403,"message":"not you"}`, http.StatusForbidden)
			return
		}
		d.Config.Handler.ServeHTTP(w, r)
	}))
	defer refusing.Close()
	c = connect(t, refusing.URL)
	for range 20 {
		_, err := newPlan(t.Context(), c, many(t, 60, 1), leveled)
		if err == nil || !strings.Contains(err.Error(), "GET /subjects/shop.E0007/versions/latest: HTTP 403") {
			t.Fatalf("got %v", err)
		}
	}
}

// Entries come in an order; one that does not is an error and no wait for ever.
func TestEntriesOutOfOrder(t *testing.T) {
	c := connect(t, embed(t).URL)
	entries, err := registry.Contracts{Set: many(t, 2, 0), Targets: leveled}.Entries()
	if err != nil {
		t.Fatal(err)
	}
	entries[1].References[0].Entry = 2
	if _, err := registry.NewPlan(t.Context(), c, entries); err == nil || !strings.Contains(err.Error(), "entry 1 refers to entry 2, which does not come before it") {
		t.Errorf("got %v", err)
	}
}
