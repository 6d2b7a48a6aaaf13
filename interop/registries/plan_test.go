package registries_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/interop/internal/dev"
)

// The repository of the tests: an order refers to lines, and those to money.
const (
	avowYAML = `version: v1
topics:
  - {name: orders, events: [shop.Order]}
environments:
  test: {registry: "${REGISTRY}", ignore: [x-*]}
  other: {registry: "${OTHER}", ephemeral: true}
`
	money = `{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}`
	item  = `{"type":"record","name":"Line","namespace":"shop","fields":[{"name":"sku","type":"string"},{"name":"price","type":"Money"}]}`
	order = `{"type":"record","name":"Order","namespace":"shop","doc":"An order.","fields":[{"name":"lines","type":{"type":"array","items":"Line"}},{"name":"total","type":"Money"}]}`
)

// repository is a folder with avow.yaml and schemas, whose environment "test" is a registry.
type repository struct {
	*testing.T
	dir string
}

func newRepository(t *testing.T, s server) repository {
	t.Helper()
	t.Setenv("REGISTRY", s.url)
	t.Setenv("OTHER", "http://127.0.0.1:1") // nothing, until a test says otherwise
	r := repository{t, t.TempDir()}
	r.write("avow.yaml", avowYAML)
	r.write("schemas/Money.avsc", money)
	r.write("schemas/Line.avsc", item)
	r.write("schemas/Order.avsc", order)
	return r
}

func (r repository) write(name, text string) {
	r.Helper()
	path := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.Fatal(err)
	}
}

func (r repository) read(name string) string {
	r.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		r.Fatal(err)
	}
	return string(text)
}

// avow runs a command that has to end with an exit code.
func (r repository) avow(code int, args ...string) string {
	r.Helper()
	return dev.AvowIn(r, r.dir, code, args...)
}

// applied applies, and plans again: after apply the plan is empty.
func (r repository) applied(flags ...string) {
	r.Helper()
	r.avow(100, append([]string{"plan", "--env", "test", "--exit-code"}, flags...)...)
	r.avow(0, append([]string{"apply", "--env", "test"}, flags...)...)
	r.unchanged(flags...)
}

func (r repository) unchanged(flags ...string) {
	r.Helper()
	if out := r.avow(0, append([]string{"plan", "--env", "test", "--exit-code"}, flags...)...); !strings.Contains(out, "No changes.") {
		r.Errorf("the plan is\n%s", out)
	}
	r.avow(0, "drift", "--env", "test")
}

// testPlanAndApply changes a repository in every way that plan knows.
func testPlanAndApply(t *testing.T, s server) {
	r, c, ctx := newRepository(t, s), s.client(t), t.Context()
	versions := func(want map[string]int) {
		t.Helper()
		got := map[string]int{}
		for subject := range want {
			numbers, err := c.Versions(ctx, subject)
			if err != nil {
				t.Error(err)
			}
			got[subject] = len(numbers)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("versions:\n%s", diff)
		}
	}
	r.applied()
	versions(map[string]int{"shop.Money": 1, "shop.Line": 1, "orders-value": 1})
	registered, err := c.Latest(ctx, "orders-value")
	if err != nil {
		t.Fatal(err)
	}
	if lock, want := r.read("avow.lock"), fmt.Sprintf(" @test orders-value 1 %d", registered.ID); !strings.Contains(lock, want) {
		t.Errorf("avow.lock lacks %q:\n%s", want, lock)
	}

	// Written otherwise it is the same.
	r.write("schemas/Money.avsc", strings.NewReplacer(`"long"`, `{"type": "long"}`, `"name":"Money","namespace":"shop"`, "\n\t"+`"name": "shop.Money"`).Replace(money)+"\n")
	r.unchanged()

	// A property more is another version, of this contract alone.
	r.write("schemas/Order.avsc", strings.Replace(order, "An order.", `An order.","owner":"sales`, 1))
	r.applied()
	versions(map[string]int{"shop.Money": 1, "shop.Line": 1, "orders-value": 2})

	// What others refer to comes first, and they follow in the same apply.
	r.write("schemas/Money.avsc", strings.Replace(money, `]`, `,{"name":"currency","type":"string","default":"EUR"}]`, 1))
	r.applied()
	versions(map[string]int{"shop.Money": 2, "shop.Line": 2, "orders-value": 3})

	// What is incompatible is refused as a whole.
	r.write("schemas/Line.avsc", strings.Replace(item, `"string"`, `"int"`, 1))
	r.avow(100, "plan", "--env", "test")
	r.avow(100, "apply", "--env", "test")
	versions(map[string]int{"shop.Money": 2, "shop.Line": 2, "orders-value": 3})

	// At another level it goes, and the level is set before.
	r.write("avow.yaml", avowYAML+"compat: {level: NONE, levels: [{match: shop.*, level: NONE}]}\n")
	r.applied()
	versions(map[string]int{"shop.Money": 2, "shop.Line": 3, "orders-value": 4})
	if level, set, err := c.SubjectLevel(ctx, "shop.Line"); err != nil || !set || level != compat.None {
		t.Errorf("the level is %v (%t), %v", level, set, err)
	}

	// A plan is carried out as it stands, or not at all.
	plan := filepath.Join(r.dir, "plan.json")
	r.write("schemas/Line.avsc", strings.Replace(item, `"string"`, `"bytes"`, 1))
	r.avow(0, "plan", "--env", "test", "--out", plan)
	if _, err := c.Register(ctx, "shop.Line", userV1); err != nil {
		t.Fatal(err)
	}
	r.avow(1, "apply", plan)
	versions(map[string]int{"shop.Line": 4})
	r.avow(0, "plan", "--env", "test", "--out", plan)
	r.avow(0, "apply", plan)
	versions(map[string]int{"shop.Line": 5})
	r.unchanged()

	// What the repository describes no more is deleted when asked.
	if err := os.Remove(filepath.Join(r.dir, "schemas/Order.avsc")); err != nil {
		t.Fatal(err)
	}
	r.write("avow.yaml", strings.Replace(avowYAML, "topics:\n  - {name: orders, events: [shop.Order]}\n", "", 1))
	r.avow(0, "apply", "--env", "test")
	r.applied("--prune")
	if subjects, err := c.Subjects(ctx); err != nil || !cmp.Equal(subjects, []string{"shop.Line", "shop.Money"}) {
		t.Errorf("left are %q, %v", subjects, err)
	}
}

// testNormalized applies to a registry that normalizes what is registered.
func testNormalized(t *testing.T, s server) {
	if !s.confluent {
		t.Skip("Apicurio normalizes nothing")
	}
	s.ask(t, http.MethodPut, "/config", `{"normalize":true}`)
	defer s.ask(t, http.MethodPut, "/config", `{"normalize":false}`)
	r := newRepository(t, s)
	r.write("schemas/Money.avsc", strings.Replace(money, `"type":"record"`, `"type":"record","unit":"EUR","owner":"sales"`, 1))
	r.applied()
	r.avow(0, "apply", "--env", "test")
	r.unchanged()
	latest, err := s.client(t).Latest(t.Context(), "shop.Money")
	if err != nil || !strings.Contains(latest.Text, `"owner":"sales","unit":"EUR"`) {
		t.Errorf("registered %+v, %v", latest, err)
	}
}

// testShop applies the contracts of this repository.
func testShop(t *testing.T, s server) {
	dev.Avow(t, "apply", "--registry", s.url, "--quiet")
	if out := dev.Avow(t, "plan", "--registry", s.url, "--exit-code"); !strings.Contains(out, "No changes.") {
		t.Errorf("after apply the plan is\n%s", out)
	}
}

// testPull makes a repository of what another one registered.
func testPull(t *testing.T, s server) {
	r := newRepository(t, s)
	r.write("avow.yaml", avowYAML+"compat: {levels: [{match: shop.Line, level: FULL}]}\n")
	r.applied()
	pulled := repository{t, t.TempDir()}
	environments := avowYAML[strings.Index(avowYAML, "environments:"):]
	pulled.write("avow.yaml", "version: v1\n"+environments)
	said := pulled.avow(0, "pull", "--env", "test")
	pulled.write("avow.yaml", "version: v1\n"+environments+said)
	pulled.unchanged()
	if strings.Contains(said, "NONE") || !strings.Contains(said, "FULL") {
		t.Errorf("the levels are not those that were set:\n%s", said)
	}
}

// testPromote brings what the registry holds to an embedded one, and back once it is empty.
func testPromote(t *testing.T, s server) {
	r := newRepository(t, s)
	r.applied()
	other := startEmbedded(t)
	t.Setenv("OTHER", other.url)
	r.avow(0, "promote", "--from", "test", "--to", "other", "--same-ids")
	there, here := other.client(t), s.client(t)
	for _, subject := range []string{"shop.Money", "shop.Line", "orders-value"} {
		want, err := here.Latest(t.Context(), subject)
		if err != nil {
			t.Fatal(err)
		}
		got, err := there.Latest(t.Context(), subject)
		if err != nil || got.ID != want.ID || got.Text != want.Text {
			t.Errorf("%s: promoted %+v, %v, want %+v", subject, got, err, want)
		}
	}
	s.empty(t, compat.Backward)
	r.avow(0, "promote", "--from", "other", "--to", "test")
	r.unchanged()
}
