package registry_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/avow-events/avow/registry"
)

// answering returns a client of something that answers everything with the same.
func answering(tb testing.TB, status int, body []byte) *registry.Client {
	tb.Helper()
	c, err := registry.New("http://registry", registry.Retries(0, time.Millisecond), registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
	})))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// Whatever answers, every call ends with a value or an error.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		`{"subject":"s","version":1,"id":1,"schema":"\"int\""}`,
		`{"id":1,"schema":"\"int\"","schemaType":null,"references":null}`,
		`{"id":1,"schema":null,"schemaType":"PROTOBUF","references":[null]}`,
		`{"id":-1,"version":-1,"schema":"{","schemaType":7}`,
		`{"id":1,"schema":"\"s\"","references":[{"name":"s","subject":"s","version":1}]}`, // refers to itself
		`{"compatibilityLevel":"SIDEWAYS"}`, `{"mode":null}`, `{"is_compatible":"yes"}`, `[1,-2,null]`, `["a",1]`, `[{"subject":null}]`,
		`null`, `true`, `{`, ``, `[]`, `"text"`, `1e999`, `<html>`, `{"error_code":"x","message":7}`, `{"schema":"\"int\"","id":1}{}`,
	} {
		for _, status := range []int{200, 204, 302, 404, 409, 500} {
			f.Add(status, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		c, ctx := answering(t, status, body), t.Context()
		schemas := map[string]func() (registry.Schema, error){
			"register": func() (registry.Schema, error) { return c.Register(ctx, "s", `"int"`) },
			"lookup":   func() (registry.Schema, error) { return c.Lookup(ctx, "s", `"int"`) },
			"by id":    func() (registry.Schema, error) { return c.ByID(ctx, 1) },
			"by GUID":  func() (registry.Schema, error) { return c.ByGUID(ctx, uuid.UUID{1}) },
			"latest":   func() (registry.Schema, error) { return c.Latest(ctx, "s") },
			"version":  func() (registry.Schema, error) { return c.Version(ctx, "s", 1) },
		}
		for name, call := range schemas {
			s, err := call()
			if status/100 != 2 && err == nil {
				t.Errorf("%s: HTTP %d is no error", name, status)
			}
			if err == nil {
				c.Parse(ctx, s)
			}
		}
		c.Subjects(ctx)
		c.Versions(ctx, "s")
		c.Usages(ctx, 1)
		c.Check(ctx, "s", `"int"`)
		c.Level(ctx, "s")
		c.SubjectLevel(ctx, "s")
		c.Mode(ctx, "s")
		c.Contexts(ctx)
		c.SetLevel(ctx, "s", 0)
		c.Delete(ctx, "s", true)
		c.Held(ctx, []string{"s"}, true)
		registry.NewPlan(ctx, c, nil, registry.Prune())
	})
}

// A plan that was kept may come back as anything. One that is whole is applied or refused, step by step.
func FuzzPlan(f *testing.F) {
	for _, text := range []string{
		`{"steps":[{"action":"create","subject":"s","schema":"\"int\""}],"seen":{"s":{}}}`,
		`{"steps":[{"action":"set level","subject":"s","level":"FULL"},{"action":"delete","subject":"s"}],"seen":{"s":{"version":1,"id":1,"level":"NONE"}}}`,
		`{"steps":[{"action":"new version","subject":"s","schema":"\"int\"","references":[{"name":"a","subject":"s","step":1}]}],"seen":{"s":{}}}`,
		`{"steps":[{"action":"create","subject":"a","schema":"1"},{"action":"create","subject":"s","schema":"\"a\"","references":[{"name":"a","subject":"a","step":1}]}],"seen":{"a":{},"s":{}}}`,
		`{"steps":[{"action":"create","subject":"s","schema":"1","import":{"version":-1,"id":-1}}],"seen":{"s":{}}}`,
		`{"steps":[{"subject":"s"}],"seen":{}}`, `{"steps":[{"action":"Action(9)"}]}`, `{}`, `null`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var p registry.Plan
		if json.Unmarshal(text, &p) != nil || p.Validate() != nil {
			return
		}
		c := answering(t, 200, []byte(`{"subject":"s","version":1,"id":1,"schema":"\"int\"","mode":"READWRITE","compatibilityLevel":"NONE"}`))
		if _, err := p.Moved(t.Context(), c); err != nil {
			return
		}
		steps := 0
		err := p.Apply(t.Context(), c, func(registry.Step) { steps++ })
		if err == nil && steps != len(p.Steps) {
			t.Errorf("%d of %d steps were done, and that is no error", steps, len(p.Steps))
		}
	})
}
