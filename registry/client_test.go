package registry_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
)

const guid = "89791762-a47d-4b5c-9d9f-0a3d5f3a6b21"

// orderV2 is version 2 of orders-value, whose schema has the id 7 and is version 1 of another subject as well.
const orderV2 = `{"subject":"orders-value","version":2,"id":7,"guid":"` + guid + `","schemaType":"AVRO",` +
	`"references":[{"name":"shop.Money","subject":"shop.Money","version":3}],"schema":"\"string\""}`

var wantV2 = registry.Schema{
	ID: 7, GUID: guid, Subject: "orders-value", Version: 2, Type: "AVRO", Text: `"string"`,
	References: []registry.Reference{{Name: "shop.Money", Subject: "shop.Money", Version: 3}},
}

// byID7 is what the registry says of id 7: the version of the first subject that holds it.
const byID7 = `{"subject":"first-value","version":1,"id":7,"guid":"` + guid + `","schemaType":"AVRO",` +
	`"references":[{"name":"shop.Money","subject":"shop.Money","version":3}],"schema":"\"string\""}`

func TestRegisterReturnsTheVersionOfItsOwnSubject(t *testing.T) {
	for name, answers := range map[string]map[string][]reply{
		"8.x, where the id is version 1 of another subject": {
			"POST /subjects/orders-value/versions": ok(orderV2),
			"GET /schemas/ids/7":                   ok(byID7),
		},
		"7.x, which answers the id alone": {
			"POST /subjects/orders-value/versions": ok(`{"id":7}`),
			"GET /schemas/ids/7":                   ok(`{"schema":"\"string\""}`),
			"POST /subjects/orders-value":          ok(orderV2),
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, answers)
			got, err := connect(t, s.URL).Register(t.Context(), "orders-value", `"string"`, wantV2.References...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wantV2, got); diff != "" {
				t.Error(diff)
			}
			want := `{"schema":"\"string\"","references":[{"name":"shop.Money","subject":"shop.Money","version":3}]}`
			if body := s.requests[0].body; body != want {
				t.Errorf("sent %s, want %s", body, want)
			}
		})
	}
}

func TestReading(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /subjects/orders-value/versions/latest": ok(orderV2),
		"GET /subjects/orders-value/versions/2":      ok(orderV2),
		"GET /subjects/orders-value/versions":        ok(`[1,2]`),
		"POST /subjects/orders-value":                ok(orderV2),
		"GET /subjects":                              ok(`["b","a"]`),
		"GET /subjects/a%2Fb/versions":               ok(`[1]`),
		"GET /schemas/ids/7":                         ok(byID7),
		"GET /schemas/ids/8":                         ok(`{"schema":"\"int\""}`), // Confluent before 8.0
		"GET /schemas/ids/7/versions":                ok(`[{"subject":"first-value","version":1}]`),
		"GET /schemas/guids/" + guid:                 ok(`{"schemaType":"AVRO","schema":"\"string\""}`),
		"GET /schemas/guids/" + guid + "/ids":        ok(`[{"context":".staging","id":9},{"context":".","id":7}]`),
		"GET /contexts":                              ok(`[".",".staging"]`),
	})
	c, ctx := connect(t, s.URL), t.Context()
	check := func(what string, want any, got any, err error) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", what, err, diff)
		}
	}
	latest, err := c.Latest(ctx, "orders-value")
	check("Latest", wantV2, latest, err)
	version, err := c.Version(ctx, "orders-value", 2)
	check("Version", wantV2, version, err)
	found, err := c.Lookup(ctx, "orders-value", `"string"`)
	check("Lookup", wantV2, found, err)
	versions, err := c.Versions(ctx, "orders-value")
	check("Versions", []int{1, 2}, versions, err)
	slashed, err := c.Versions(ctx, "a/b")
	check("Versions of a/b", []int{1}, slashed, err)
	subjects, err := c.Subjects(ctx)
	check("Subjects", []string{"a", "b"}, subjects, err)
	byID, err := c.ByID(ctx, 7)
	first := wantV2
	first.Subject, first.Version = "first-value", 1
	check("ByID", first, byID, err)
	old, err := c.ByID(ctx, 8)
	check("ByID of an old registry", registry.Schema{ID: 8, Type: "AVRO", Text: `"int"`}, old, err)
	byGUID, err := c.ByGUID(ctx, uuid.MustParse(guid))
	check("ByGUID", registry.Schema{ID: 7, GUID: guid, Type: "AVRO", Text: `"string"`}, byGUID, err)
	usages, err := c.Usages(ctx, 7)
	check("Usages", []registry.SubjectVersion{{Subject: "first-value", Version: 1}}, usages, err)
	contexts, err := c.Contexts(ctx)
	check("Contexts", []string{".", ".staging"}, contexts, err)
}

func TestLatestIsNeverStale(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /subjects/s/versions/latest": {{200, `{"subject":"s","version":1,"id":1,"schema":"\"int\""}`, nil}, {200, `{"subject":"s","version":2,"id":2,"schema":"\"long\""}`, nil}},
	})
	c := connect(t, s.URL)
	for want := 1; want <= 2; want++ {
		if got, err := c.Latest(t.Context(), "s"); err != nil || got.Version != want {
			t.Errorf("got version %d, %v, want %d", got.Version, err, want)
		}
	}
}

func TestDelete(t *testing.T) {
	s := serve(t, map[string][]reply{
		"DELETE /subjects/live":                           ok(`[1]`),
		"DELETE /subjects/live?permanent=true":            ok(`[1]`),
		"DELETE /subjects/soft":                           refuse(404, 40404, "Subject 'soft' was soft deleted. Set permanent=true to delete permanently"),
		"DELETE /subjects/soft?permanent=true":            ok(`[1]`),
		"DELETE /subjects/soft/versions/1":                refuse(404, 40406, "Subject 'soft' Version 1 was soft deleted. Set permanent=true to delete permanently"),
		"DELETE /subjects/soft/versions/1?permanent=true": ok(`1`),
		"DELETE /subjects/used":                           refuse(422, 42206, "One or more references exist to the schema"),
	})
	c, ctx := connect(t, s.URL), t.Context()
	if err := c.Delete(ctx, "live", false); err != nil || len(s.asked()) != 1 {
		t.Errorf("soft: %v, asked %q", err, s.asked())
	}
	if err := c.Delete(ctx, "live", true); err != nil || s.last(t).line != "DELETE /subjects/live?permanent=true" {
		t.Errorf("permanent: %v, asked %q", err, s.asked())
	}
	if err := c.Delete(ctx, "soft", true); err != nil {
		t.Errorf("permanent of a soft-deleted subject: %v", err)
	}
	if err := c.DeleteVersion(ctx, "soft", 1, true); err != nil {
		t.Errorf("permanent of a soft-deleted version: %v", err)
	}
	if err := c.Delete(ctx, "soft", false); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("soft twice: %v", err)
	}
	err := c.Delete(ctx, "used", false)
	if !errors.Is(err, registry.ErrNotPermitted) || errors.Is(err, registry.ErrInvalid) || !strings.Contains(err.Error(), "delete what refers to it first") {
		t.Errorf("referenced: %v", err)
	}
}

func TestLevelsAndModes(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /config":                             ok(`{"compatibilityLevel":"FULL"}`),
		"PUT /config":                             ok(`{"compatibility":"NONE"}`),
		"GET /config/set?defaultToGlobal=true":    ok(`{"compatibilityLevel":"FORWARD_TRANSITIVE"}`),
		"GET /config/set?defaultToGlobal=false":   ok(`{"compatibilityLevel":"FORWARD_TRANSITIVE"}`),
		"GET /config/unset?defaultToGlobal=true":  refuse(404, 40408, "Subject 'unset' does not have subject-level compatibility configured"),
		"GET /config/unset?defaultToGlobal=false": refuse(404, 40408, "Subject 'unset' does not have subject-level compatibility configured"),
		"GET /config/odd?defaultToGlobal=true":    ok(`{"compatibilityLevel":"SIDEWAYS"}`),
		"PUT /config/new":                         ok(`{"compatibility":"BACKWARD"}`),
		"GET /mode?defaultToGlobal=true":          ok(`{"mode":"READWRITE"}`),
		"GET /mode/set?defaultToGlobal=true":      ok(`{"mode":"READONLY"}`),
		"GET /mode/unset?defaultToGlobal=true":    refuse(404, 40409, "Subject 'unset' does not have subject-level mode configured"),
		"PUT /mode/set?force=true":                ok(`{"mode":"IMPORT"}`),
	})
	c, ctx := connect(t, s.URL), t.Context()
	for subject, want := range map[string]compat.Level{"": compat.Full, "set": compat.ForwardTransitive, "unset": compat.Full} {
		if got, err := c.Level(ctx, subject); err != nil || got != want {
			t.Errorf("Level(%q) = %v, %v, want %v", subject, got, err, want)
		}
	}
	if got, set, err := c.SubjectLevel(ctx, "set"); got != compat.ForwardTransitive || !set || err != nil {
		t.Errorf("SubjectLevel = %v, %v, %v", got, set, err)
	}
	if _, set, err := c.SubjectLevel(ctx, "unset"); set || err != nil {
		t.Errorf("SubjectLevel of a subject without one = %v, %v", set, err)
	}
	if _, err := c.Level(ctx, "odd"); err == nil || !strings.Contains(err.Error(), s.URL) || !strings.Contains(err.Error(), "SIDEWAYS") {
		t.Errorf("unknown level: %v", err)
	}
	if err := c.SetLevel(ctx, "new", compat.Backward); err != nil || s.last(t).body != `{"compatibility":"BACKWARD"}` {
		t.Errorf("SetLevel: %v, sent %s", err, s.last(t).body)
	}
	if err := c.SetLevel(ctx, "", compat.None); err != nil || s.last(t).body != `{"compatibility":"NONE"}` {
		t.Errorf("SetLevel of the registry: %v, sent %s", err, s.last(t).body)
	}
	for subject, want := range map[string]registry.Mode{"": registry.ReadWrite, "set": registry.ReadOnly, "unset": registry.ReadWrite} {
		if got, err := c.Mode(ctx, subject); err != nil || got != want {
			t.Errorf("Mode(%q) = %v, %v, want %v", subject, got, err, want)
		}
	}
	if err := c.SetMode(ctx, "set", registry.Import, true); err != nil || s.last(t).body != `{"mode":"IMPORT"}` {
		t.Errorf("SetMode: %v", err)
	}
}

func TestCheckAsksWhyAndAgainstAllVersions(t *testing.T) {
	s := serve(t, map[string][]reply{
		"POST /compatibility/subjects/s/versions?verbose=true":                   ok(`{"is_compatible":false,"messages":["because"]}`),
		"POST /compatibility/subjects/s/versions/3?verbose=true":                 ok(`{"is_compatible":true,"messages":[]}`),
		"POST /compatibility/subjects/s/versions?normalize=true&verbose=true":    ok(`{"is_compatible":true}`),
		"POST /compatibility/subjects/new/versions/9?verbose=true":               refuse(404, 40402, "Version 9 not found."),
		"POST /compatibility/subjects/%3A.c%3As/versions?verbose=true":           ok(`{"is_compatible":true}`),
		"POST /contexts/.staging/compatibility/subjects/s/versions?verbose=true": ok(`{"is_compatible":true}`),
	})
	c, ctx := connect(t, s.URL), t.Context()
	got, err := c.Check(ctx, "s", `"int"`)
	if diff := cmp.Diff(registry.Verdict{Messages: []string{"because"}}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if got, err := c.CheckVersion(ctx, "s", 3, `"int"`); err != nil || !got.Compatible {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := c.CheckVersion(ctx, "new", 9, `"int"`); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("missing version: %v", err)
	}
	if got, err := connect(t, s.URL, registry.Normalize()).Check(ctx, "s", `"int"`); err != nil || !got.Compatible {
		t.Errorf("normalized: %+v, %v", got, err)
	}
	if got, err := connect(t, s.URL, registry.Context("staging")).Check(ctx, "s", `"int"`); err != nil || !got.Compatible {
		t.Errorf("in a context: %+v, %v", got, err)
	}
}

func TestParametersThatSrclientLacks(t *testing.T) {
	s := serve(t, map[string][]reply{
		"POST /subjects/s/versions?normalize=true":        ok(`{"id":1,"version":1,"schema":"\"int\""}`),
		"GET /schemas/ids/1?normalize=true":               ok(`{"schema":"\"int\""}`),
		"POST /subjects/:.c:s/versions?subject=%3A.c%3As": ok(`{"id":1,"version":1,"schema":"\"int\""}`),
		"GET /schemas/ids/1?subject=%3A.c%3As":            ok(`{"schema":"\"int\""}`),
		"POST /contexts/.staging/subjects/s/versions":     ok(`{"id":1,"version":1,"schema":"\"int\""}`),
		"GET /contexts/.staging/schemas/ids/1":            ok(`{"schema":"\"int\""}`),
	})
	if _, err := connect(t, s.URL, registry.Normalize()).Register(t.Context(), "s", `"int"`); err != nil {
		t.Errorf("normalized: %v", err)
	}
	if _, err := connect(t, s.URL).Register(t.Context(), ":.c:s", `"int"`); err != nil {
		t.Errorf("qualified subject: %v", err)
	}
	if _, err := connect(t, s.URL, registry.Context(".staging")).Register(t.Context(), "s", `"int"`); err != nil {
		t.Errorf("in a context: %v", err)
	}
}

func TestOneRequestForAHundredCallersOfOneID(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, map[string][]reply{"GET /schemas/ids/7": ok(byID7)})
	c := connect(t, s.URL, registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		<-release
		return http.DefaultTransport.RoundTrip(r)
	})))
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if got, err := c.ByID(t.Context(), 7); err != nil || got.ID != 7 {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	time.Sleep(10 * time.Millisecond)
	close(release)
	wg.Wait()
	if _, err := c.ByID(t.Context(), 7); err != nil {
		t.Error(err)
	}
	if got := s.asked(); len(got) != 1 {
		t.Errorf("asked %d times, want once", len(got))
	}
}

// A caller that gives up while others wait for its answer must not take them with it.
func TestAWaiterAsksAnewWhenTheAskerGivesUp(t *testing.T) {
	entered := make(chan struct{}, 100)
	s := serve(t, map[string][]reply{"GET /schemas/ids/7": ok(byID7)})
	var once sync.Once
	c := connect(t, s.URL, registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		entered <- struct{}{}
		hang := false
		once.Do(func() { hang = true })
		if hang {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		return http.DefaultTransport.RoundTrip(r)
	})))
	ctx, giveUp := context.WithCancel(t.Context())
	asker := make(chan error, 1)
	go func() { _, err := c.ByID(ctx, 7); asker <- err }()
	<-entered
	var waiters sync.WaitGroup
	for range 99 {
		waiters.Go(func() {
			if _, err := c.ByID(t.Context(), 7); err != nil {
				t.Errorf("waiter: %v", err)
			}
		})
	}
	time.Sleep(5 * time.Millisecond)
	giveUp()
	if err := <-asker; !errors.Is(err, context.Canceled) || errors.Is(err, registry.ErrUnavailable) {
		t.Errorf("asker: %v", err)
	}
	waiters.Wait()
	if got := s.asked(); len(got) != 1 { // the first request did not get there
		t.Errorf("asked %d times for those who waited, want once", len(got))
	}
}

func TestAMissingIDIsRememberedForAMoment(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /schemas/ids/9": {refuse(404, 40403, "Schema 9 not found")[0], ok(`{"schema":"\"int\""}`)[0]},
	})
	c := connect(t, s.URL, registry.CacheSize(10, 30*time.Millisecond))
	for range 5 {
		if _, err := c.ByID(t.Context(), 9); !errors.Is(err, registry.ErrNotFound) {
			t.Fatalf("got %v", err)
		}
	}
	if n := len(s.asked()); n != 1 {
		t.Errorf("asked %d times, want once", n)
	}
	time.Sleep(40 * time.Millisecond)
	if _, err := c.ByID(t.Context(), 9); err != nil {
		t.Errorf("after a moment: %v", err)
	}
}

// What does not exist is remembered within the same bound.
func TestMissingIDsAreBounded(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /schemas/ids/1": refuse(404, 40403, "no"), "GET /schemas/ids/2": refuse(404, 40403, "no"), "GET /schemas/ids/3": refuse(404, 40403, "no"),
	})
	c := connect(t, s.URL, registry.CacheSize(2, time.Hour))
	for _, id := range []int{1, 2, 1, 2, 3, 3, 1} {
		if _, err := c.ByID(t.Context(), id); !errors.Is(err, registry.ErrNotFound) {
			t.Fatalf("id %d: %v", id, err)
		}
	}
	want := []string{"GET /schemas/ids/1", "GET /schemas/ids/2", "GET /schemas/ids/3", "GET /schemas/ids/1"}
	if diff := cmp.Diff(want, s.asked()); diff != "" {
		t.Error(diff)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /schemas/ids/1": ok(`{"schema":"1"}`), "GET /schemas/ids/2": ok(`{"schema":"2"}`), "GET /schemas/ids/3": ok(`{"schema":"3"}`),
	})
	c := connect(t, s.URL, registry.CacheSize(2, 0))
	for _, id := range []int{1, 2, 1, 3, 1, 2} { // 3 pushes out 2, the one not used for longest
		if got, err := c.ByID(t.Context(), id); err != nil || got.Text != string(rune('0'+id)) {
			t.Fatalf("id %d: %+v, %v", id, got, err)
		}
	}
	want := []string{"GET /schemas/ids/1", "GET /schemas/ids/2", "GET /schemas/ids/3", "GET /schemas/ids/2"}
	if diff := cmp.Diff(want, s.asked()); diff != "" {
		t.Error(diff)
	}
}

func TestNoGoroutineIsLeftBehind(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": ok(`[]`)})
	c := connect(t, s.URL, registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/subjects" {
			return http.DefaultTransport.RoundTrip(r)
		}
		<-r.Context().Done()
		return nil, r.Context().Err()
	})))
	if _, err := c.Subjects(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	for range 50 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, err := c.Versions(ctx, "hangs")
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines more", after-before)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSubjectsAreSorted(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": ok(`["z","y","x"]`)})
	got, err := connect(t, s.URL).Subjects(t.Context())
	if err != nil || !slices.IsSorted(got) || len(got) != 3 {
		t.Errorf("got %q, %v", got, err)
	}
}
