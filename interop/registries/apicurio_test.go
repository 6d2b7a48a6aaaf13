package registries_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/registry"
)

// differences are what Apicurio answers otherwise, in the words of the table in docs/registry-differences.md. Each test
// shows first what it answers, and then what avow makes of it.
var differences = []struct {
	name string
	test func(*testing.T, server)
}{
	{"the registry's level is NONE unless the server is started otherwise", func(t *testing.T, s server) {
		if level, err := s.client(t).Level(t.Context(), ""); err != nil || level != compat.None {
			t.Errorf("the level is %v, %v", level, err)
		}
		r := newRepository(t, s)
		r.write("avow.yaml", avowYAML+"compat: {level: BACKWARD}\n")
		r.applied()
		bad := strings.Replace(money, `"long"`, `"string"`, 1)
		if _, err := s.client(t).Register(t.Context(), "shop.Money", bad); !errors.Is(err, registry.ErrIncompatible) {
			t.Errorf("the level that apply set is not in force: %v", err)
		}
	}},
	{"a subject without a level of its own answers `GET /config/{subject}` with NONE, or with what the server was started with", func(t *testing.T, s server) {
		c, ctx := s.client(t), t.Context()
		register(t, c, "x-users", userV1)
		if err := c.SetLevel(ctx, "", compat.Full); err != nil {
			t.Fatal(err)
		}
		s.wants(t, http.MethodGet, "/config/x-users", "", 200, `{"compatibilityLevel":"NONE"}`)
		if level, set, err := c.SubjectLevel(ctx, "x-users"); err != nil || set {
			t.Errorf("its own level is %v, %v", level, err)
		}
		if level, err := c.Level(ctx, "x-users"); err != nil || level != compat.Full {
			t.Errorf("the level in force is %v, %v", level, err)
		}
	}},
	{"a subject that is not there has no level, also with `defaultToGlobal`: 40401", func(t *testing.T, s server) {
		s.wants(t, http.MethodGet, "/config/nobody?defaultToGlobal=true", "", 404, `"error_code":40401`)
		if level, err := s.client(t).Level(t.Context(), "nobody"); err != nil || level != compat.None {
			t.Errorf("the level in force is %v, %v", level, err)
		}
	}},
	{"nothing can be checked against all versions of a subject that is not there: 40401", func(t *testing.T, s server) {
		s.wants(t, http.MethodPost, "/compatibility/subjects/nobody/versions", `{"schema":"\"int\""}`, 404, `"error_code":40401`)
		if verdict, err := s.client(t).Check(t.Context(), "nobody", `"int"`); err != nil || !verdict.Compatible {
			t.Errorf("the verdict is %+v, %v", verdict, err)
		}
	}},
	{"a schema with references cannot be checked: 42201", func(t *testing.T, s server) {
		c := s.client(t)
		register(t, c, "x-user", userV1)
		ref := registry.Reference{Name: "shop.User", Subject: "x-user", Version: 1}
		register(t, c, "x-groups", group, ref)
		if _, err := c.Check(t.Context(), "x-groups", group, ref); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("checked: %v", err)
		}
		r := newRepository(t, s)
		r.write("avow.yaml", avowYAML+"compat: {level: BACKWARD}\n")
		r.applied()
		r.write("schemas/Order.avsc", strings.Replace(order, `]}`, `,{"name":"note","type":"string"}]}`, 1))
		if out := r.avow(100, "plan", "--env", "test"); !strings.Contains(out, "INCOMPATIBLE at BACKWARD") {
			t.Errorf("the plan is\n%s", out)
		}
	}},
	{"a verdict comes without reasons, `verbose` or not", func(t *testing.T, s server) {
		c, ctx := s.client(t), t.Context()
		register(t, c, "x-users", userV1)
		if err := c.SetLevel(ctx, "x-users", compat.Backward); err != nil {
			t.Fatal(err)
		}
		if verdict, err := c.Check(ctx, "x-users", userBad); err != nil || verdict.Compatible || len(verdict.Messages) > 0 {
			t.Errorf("the verdict is %+v, %v", verdict, err)
		}
		r := newRepository(t, s)
		r.write("avow.yaml", avowYAML+"compat: {level: BACKWARD}\n")
		r.applied()
		r.write("schemas/Money.avsc", strings.Replace(money, `"long"`, `"string"`, 1))
		if out := r.avow(100, "plan", "--env", "test"); !strings.Contains(out, "TYPE_MISMATCH") {
			t.Errorf("the plan gives no reason:\n%s", out)
		}
	}},
	{"an incompatible schema is code 409 and not 40901, in other words", func(t *testing.T, s server) {
		c, ctx := s.client(t), t.Context()
		register(t, c, "x-users", userV1)
		if err := c.SetLevel(ctx, "x-users", compat.Backward); err != nil {
			t.Fatal(err)
		}
		_, err := c.Register(ctx, "x-users", userBad)
		var refused *registry.Error
		if !errors.As(err, &refused) || refused.Code != 409 || !errors.Is(err, registry.ErrIncompatible) {
			t.Errorf("registered: %v", err)
		}
	}},
	{"a schema that differs in its docs alone is the one that is there", func(t *testing.T, s server) {
		c := s.client(t)
		first := register(t, c, "x-users", userV1)
		documented := strings.Replace(userV1, `"name":"User"`, `"name":"User","doc":"Somebody."`, 1)
		if again := register(t, c, "x-users", documented); again.ID != first.ID || again.Text != userV1 {
			t.Errorf("registered %+v", again)
		}
		r := newRepository(t, s)
		r.applied()
		r.write("schemas/Order.avsc", strings.Replace(order, "An order.", "What somebody ordered.", 1))
		if out := r.avow(0, "plan", "--env", "test", "--exit-code"); !strings.Contains(out, "No changes.") {
			t.Errorf("the plan is\n%s", out)
		}
		r.avow(0, "apply", "--env", "test") // for avow.lock
		r.unchanged()
	}},
	{"who registers is told the id alone, and schemas have no `schemaType`", func(t *testing.T, s server) {
		s.wants(t, http.MethodPost, "/subjects/x-users/versions", `{"schema":"\"int\""}`, 200, `{"id":`)
		if again := register(t, s.client(t), "x-users", `"int"`); again.Version != 1 || again.Type != "AVRO" {
			t.Errorf("registered %+v", again)
		}
	}},
	{"a reference to version -1, the latest, is not resolved: 42201", func(t *testing.T, s server) {
		c := s.client(t)
		register(t, c, "x-user", userV1)
		latest := registry.Reference{Name: "shop.User", Subject: "x-user", Version: -1}
		if _, err := c.Register(t.Context(), "x-groups", group, latest); !errors.Is(err, registry.ErrInvalid) {
			t.Errorf("registered: %v", err)
		}
		newRepository(t, s).applied()
		if got, err := c.Latest(t.Context(), "orders-value"); err != nil || got.References[0].Version != 1 {
			t.Errorf("apply registered %+v, %v", got, err)
		}
	}},
	{"there are no GUIDs", func(t *testing.T, s server) {
		c := s.client(t)
		if got := register(t, c, "x-users", userV1); got.GUID != "" {
			t.Errorf("registered %+v", got)
		}
		if got, err := c.ByGUID(t.Context(), uuid.New()); err == nil || !strings.Contains(err.Error(), "/schemas/guids/") {
			t.Errorf("by GUID: %+v, %v", got, err)
		}
		testHeaderFraming(t, s)
	}},
	{"40405, 40406 and 40407 come with status 409", func(t *testing.T, s server) {
		c := s.client(t)
		register(t, c, "x-users", userV1)
		register(t, c, "x-users", userV2)
		s.wants(t, http.MethodDelete, "/subjects/x-users?permanent=true", "", 409, `"error_code":40405`)
		s.wants(t, http.MethodDelete, "/subjects/x-users/versions/1?permanent=true", "", 409, `"error_code":40407`)
		if err := c.DeleteVersion(t.Context(), "x-users", 1, false); err != nil {
			t.Error(err)
		}
		s.wants(t, http.MethodDelete, "/subjects/x-users/versions/1", "", 409, `"error_code":40406`)
		if err := c.DeleteVersion(t.Context(), "x-users", 1, true); err != nil {
			t.Errorf("for good, of what is deleted softly: %v", err)
		}
		if err := c.Delete(t.Context(), "x-users", true); err != nil {
			t.Errorf("for good, of what is live: %v", err)
		}
	}},
	{"modes are kept, and nothing is refused by them", func(t *testing.T, s server) {
		c := s.client(t)
		register(t, c, "x-users", userV1)
		if err := c.SetMode(t.Context(), "x-users", registry.ReadOnly, false); err != nil {
			t.Fatal(err)
		}
		register(t, c, "x-users", userV2)
		if mode, err := c.Mode(t.Context(), "x-users"); err != nil || mode != registry.ReadOnly {
			t.Errorf("the mode is %v, %v", mode, err)
		}
	}},
	{"an id and a version that a schema is to get are passed over, also in mode IMPORT", func(t *testing.T, s server) {
		other := startEmbedded(t)
		register(t, other.client(t), "other", `"int"`) // so that ids differ
		r := newRepository(t, other)
		r.avow(0, "apply", "--env", "test")
		t.Setenv("OTHER", s.url)
		register(t, s.client(t), "x", userV1)
		register(t, s.client(t), "y", userV2)
		r.avow(1, "promote", "--from", "test", "--to", "other", "--same-ids", "shop.Money")
	}},
	{"there are no contexts: `/contexts/{context}/…` is 404, and a name such as `:.c:s` is a name", func(t *testing.T, s server) {
		c := s.client(t)
		if contexts, err := c.Contexts(t.Context()); err != nil || len(contexts) != 1 || contexts[0] != ":.:" {
			t.Errorf("contexts %q, %v", contexts, err)
		}
		first, second := register(t, c, "s", userV1), register(t, c, ":.c:s", userV1)
		if first.ID != second.ID {
			t.Errorf("ids %d and %d of one schema", first.ID, second.ID)
		}
		_, err := s.client(t, registry.Context("staging")).Register(t.Context(), "s", userV1)
		if err == nil || !strings.Contains(err.Error(), "HTTP 404") {
			t.Errorf("registered in a context: %v", err)
		}
	}},
	{"metadata and rule sets are not kept", func(t *testing.T, s server) {
		s.wants(t, http.MethodPost, "/subjects/s/versions", `{"schema":"\"int\"","metadata":{"properties":{"owner":"sales"}}}`, 200, `{"id":`)
		if answer := s.ask(t, http.MethodGet, "/subjects/s/versions/1", ""); bytes.Contains(answer.body, []byte("owner")) {
			t.Errorf("kept: %s", answer.body)
		}
	}},
	{"`subjectPrefix` changes no list of subjects", func(t *testing.T, s server) {
		c := s.client(t)
		register(t, c, "a", userV1)
		register(t, c, "b", userV1)
		s.wants(t, http.MethodGet, "/subjects?subjectPrefix=b", "", 200, `["a","b"]`)
		if subjects, err := c.Subjects(t.Context()); err != nil || len(subjects) != 2 {
			t.Errorf("subjects %q, %v", subjects, err)
		}
	}},
	{"a version that is no number is 40402 and not 42202", func(t *testing.T, s server) {
		register(t, s.client(t), "s", userV1)
		s.wants(t, http.MethodGet, "/subjects/s/versions/abc", "", 404, `"error_code":40402`)
		if _, err := s.client(t).Version(t.Context(), "s", 0); err == nil {
			t.Error("there is a version 0")
		}
	}},
	{"404 and 405 come without a body", func(t *testing.T, s server) {
		s.wants(t, http.MethodGet, "/nonsense", "", 404, "")
		c, err := registry.New(s.url + "/nonsense")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Subjects(t.Context()); err == nil || !strings.Contains(err.Error(), s.url) || !strings.Contains(err.Error(), "404") {
			t.Errorf("asked: %v", err)
		}
	}},
}

// TestApicurioDiffers runs the server as it comes, so with the level NONE.
func TestApicurioDiffers(t *testing.T) {
	s := startApicurio(t, compat.None)
	for _, d := range differences {
		t.Run(d.name, func(t *testing.T) {
			defer s.empty(t, compat.None)
			d.test(t, s)
		})
	}
}

// TestApicurioTable holds the table against the tests.
func TestApicurioTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(dev.Root, "docs/registry-differences.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "| Apicurio 3.3.3 | avow |")
	if !found {
		t.Fatal("there is no table")
	}
	rows := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^\| (.*?) \| .* \|$`).FindAllStringSubmatch(table, -1) {
		rows[row[1]] = true
	}
	delete(rows, "---")
	for _, d := range differences {
		if !rows[d.name] {
			t.Errorf("the table lacks %q", d.name)
		}
		delete(rows, d.name)
	}
	for row := range rows {
		t.Errorf("nothing tests %q", row)
	}
}

func register(t *testing.T, c *registry.Client, subject, schema string, refs ...registry.Reference) registry.Schema {
	t.Helper()
	s, err := c.Register(t.Context(), subject, schema, refs...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wants asks, and wants a status and a text in the body.
func (s server) wants(t *testing.T, method, path, body string, status int, text string) {
	t.Helper()
	if got := s.ask(t, method, path, body); got.status != status || !strings.Contains(string(got.body), text) {
		t.Errorf("%s %s: %d %s, want %d %s", method, path, got.status, got.body, status, text)
	}
}
