package registry_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/registry"
)

// What avow.lock knows is answered without a registry, and nothing else is.
func TestWithLock(t *testing.T) {
	guid := "01897917-62aa-7317-3d93-8ade36c1db32"
	l := &lock.Lock{}
	l.Add(lock.Place{Contract: "t.T", Environment: "prod", Subject: "s", Version: 1, ID: 7}, v1)
	l.Add(lock.Place{Contract: "t.T", Environment: "prod", Subject: "s", Version: 2, ID: 9, GUID: guid}, v2)
	l.Add(lock.Place{Contract: "t.T", Environment: "stage", Subject: "s", Version: 1, ID: 1}, v3)
	s := serve(t, map[string][]reply{
		"GET /schemas/ids/1":  ok(`{"schema":"\"int\""}`),
		"POST /subjects/s":    ok(`{"subject":"s","id":20,"version":3,"schema":"x"}`),
		"POST /subjects/else": refuse(404, 40401, "Subject 'else' not found."),
	})
	c := connect(t, s.URL, registry.WithLock(string(l.Bytes()), "prod"))
	ctx := t.Context()

	want := registry.Schema{ID: 9, GUID: guid, Subject: "s", Version: 2, Type: "AVRO", Text: v2}
	if got, err := c.Lookup(ctx, "s", v2); err != nil || got.ID != want.ID || got.Version != want.Version || got.GUID != guid || got.Text != v2 || got.Type != "AVRO" {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := c.ByID(ctx, 7); err != nil || got.Text != v1 || got.Version != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	held, err := c.ByGUID(ctx, uuid.MustParse(guid))
	if err != nil || held.ID != 9 {
		t.Errorf("got %+v, %v", held, err)
	}
	if parsed, err := c.Parse(ctx, held); err != nil || parsed.String() != v2 {
		t.Errorf("got %v, %v", parsed, err)
	}
	if asked := s.asked(); len(asked) > 0 {
		t.Errorf("asked %q", asked)
	}

	// The id of another environment, another text and another subject are the registry's to know.
	if got, err := c.ByID(ctx, 1); err != nil || got.Text != `"int"` {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := c.Lookup(ctx, "s", v3); err != nil || got.ID != 20 {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := c.Lookup(ctx, "else", v2); err == nil {
		t.Error("found in a subject that the lock does not know")
	}
	if asked := s.asked(); len(asked) != 3 {
		t.Errorf("asked %q", asked)
	}
}

func TestWithLockErrors(t *testing.T) {
	l := &lock.Lock{}
	l.Add(lock.Place{Contract: "t.T", Environment: "prod", Subject: "s", Version: 1, ID: 7}, v1)
	for _, tc := range []struct{ content, environment, want string }{
		{string(l.Bytes()), "stage", `avow.lock holds nothing of environment "stage", but prod: run avow apply --env stage and commit avow.lock`},
		{"", "prod", `avow.lock holds nothing of environment "prod", but nothing`},
		{"<<<<<<< HEAD\n", "prod", "avow.lock:1:1: git could not merge"},
	} {
		_, err := registry.New("http://registry.invalid", registry.WithLock(tc.content, tc.environment))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("got %v, want it to say %q", err, tc.want)
		}
	}
}
