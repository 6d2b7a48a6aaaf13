package pull_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/contracts"
	"github.com/avow-events/avow/internal/pull"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

// world is a registry that somebody filled without avow.
type world struct {
	*testing.T
	*registry.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	r, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(r)
	t.Cleanup(s.Close)
	c, err := registry.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, c}
}

func (w *world) register(subject, text string, refs ...string) {
	w.Helper()
	var list []registry.Reference
	for _, r := range refs { // name subject version
		var ref registry.Reference
		if _, err := fmt.Sscan(r, &ref.Name, &ref.Subject, &ref.Version); err != nil {
			w.Fatal(err)
		}
		list = append(list, ref)
	}
	if _, err := w.Register(w.Context(), subject, text, list...); err != nil {
		w.Fatal(err)
	}
}

func (w *world) level(subject string, level compat.Level) {
	w.Helper()
	if err := w.SetLevel(w.Context(), subject, level); err != nil {
		w.Fatal(err)
	}
}

func (w *world) read(opts pull.Options) *pull.Repository {
	w.Helper()
	subjects, err := w.Subjects(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	r, err := pull.Read(w.Context(), w.Client, subjects, opts)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// replan plans the repository for the registry it came from, and returns the changes.
func (w *world) replan(r *pull.Repository) []registry.Step {
	w.Helper()
	cfg, err := config.Parse("avow.yaml", "/", append([]byte("version: v1\n"), r.YAML()...))
	if err != nil {
		w.Fatalf("%v\n%s", err, r.YAML())
	}
	files := fstest.MapFS{}
	for _, f := range r.Files {
		files[f.Path] = &fstest.MapFile{Data: f.Content}
	}
	set, err := avsc.Load(files)
	if err != nil {
		w.Fatal(err)
	}
	entries, err := contracts.Entries(cfg, set)
	if err != nil {
		w.Fatalf("%v\n%s", err, r.YAML())
	}
	plan, err := registry.NewPlan(w.Context(), w.Client, entries)
	if err != nil {
		w.Fatal(err)
	}
	for _, n := range plan.Notes {
		if !slices.ContainsFunc(r.Left, func(l registry.Left) bool { return l.Subject == n.Subject }) {
			w.Errorf("note: %+v", n)
		}
	}
	return plan.Changes()
}

const (
	money   = `{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"}]}`
	money2  = `{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"long"},{"name":"unit","type":"string","default":"EUR"}]}`
	order   = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"total","type":"Money"}]}`
	refund  = `{"type":"record","name":"Refund","namespace":"shop","doc":"<b>","fields":[{"name":"total","type":"Money"},{"name":"why","type":["null","string"],"default":null}]}`
	inlined = `{"type":"record","name":"Bill","namespace":"acme","fields":[{"name":"total","type":{"type":"record","name":"Sum","fields":[{"name":"cents","type":"long"}]}}]}`
	ping    = `{"type":"record","name":"Ping","namespace":"net","fields":[{"name":"pong","type":["null",{"type":"record","name":"Pong","fields":[{"name":"ping","type":["null","Ping"]}]}]}]}`
	pong    = `{"type":"record","name":"Pong","namespace":"net","fields":[{"name":"ping","type":["null",{"type":"record","name":"Ping","fields":[{"name":"pong","type":["null","Pong"]}]}]}]}`
	another = `{"type":"record","name":"Debt","namespace":"acme","fields":[{"name":"total","type":{"type":"record","name":"Sum","fields":[{"name":"cents","type":"long"}]}}]}`
)

// Whatever a registry holds, the repository that is made of it is one that a plan finds nothing to do for.
func TestReplanIsEmpty(t *testing.T) {
	for name, tc := range map[string]struct {
		fill  func(*world)
		yaml  string
		files []string
	}{
		"nothing": {func(*world) {}, "", nil},
		"types that need each other": {func(w *world) {
			w.register("net.Ping", ping)
			w.register("net.Pong", pong)
		}, "", []string{"net/Ping.avsc", "net/Pong.avsc"}},
		"topics and names": {func(w *world) {
			w.register("shop.Money", money)
			w.register("orders-value", order, "shop.Money shop.Money 1")
			w.register("orders-key", `"string"`)
			w.register("events-shop.Refund", refund, "shop.Money shop.Money 1")
			w.register("events-acme.Bill", inlined)
			w.register("only-key", `"long"`)
		}, `topics:
  - name: events
    events:
      - acme.Bill
      - shop.Refund
    subject: TopicRecordName
  - name: orders
    events: [shop.Order]
    key: orders-key.avsc
subjects:
  - {name: only-key, contract: only-key.avsc}
`, []string{"acme/Bill.avsc", "only-key.avsc", "orders-key.avsc", "shop/Money.avsc", "shop/Order.avsc", "shop/Refund.avsc"}},
		"levels": {func(w *world) {
			w.level("shop.Money", compat.Full)
			w.level("orders-key", compat.None)
			w.level("orders-value", compat.ForwardTransitive)
			w.level("a-shop.Refund", compat.Backward)
			w.level("", compat.FullTransitive)
			w.register("shop.Money", money)
			w.register("orders-value", order, "shop.Money shop.Money 1")
			w.register("orders-key", `"string"`)
			w.register("a-shop.Refund", refund, "shop.Money shop.Money 1")
			w.register("a-acme.Bill", inlined)
		}, `topics:
  - name: a
    events: [acme.Bill]
    subject: TopicRecordName
  - name: orders
    events: [shop.Order]
    level: FORWARD_TRANSITIVE
subjects:
  - {name: a-shop.Refund, contract: shop.Refund, level: BACKWARD}
  - {name: orders-key, contract: orders-key.avsc, level: NONE}
  - {name: shop.Money, contract: shop.Money, level: FULL}
`, nil},
		"names of their own": {func(w *world) {
			w.register("money", money)
			w.register("shop.Money", money)
			w.register("odd subject: #1", order, "shop.Money money 1")
			w.register("123", inlined)
			w.register("yes", another)
			w.register("list/of things", `{"type":"array","items":"int"}`)
			w.register("orders-value", `"int"`)
			w.register("orders-shop.Refund", refund, "shop.Money shop.Money 1")
		}, `topics:
  - name: orders
    events: [orders-value.avsc]
subjects:
  - {name: "123", contract: acme.Bill}
  - {name: "list/of things", contract: list_of_things.avsc}
  - {name: money, contract: shop.Money}
  - {name: "odd subject: #1", contract: shop.Order}
  - {name: orders-shop.Refund, contract: shop.Refund}
  - {name: shop.Money, contract: shop.Money}
  - {name: "yes", contract: acme.Debt}
references:
  - {from: shop.Refund, to: shop.Money, subject: shop.Money}
`, nil},
		"references of references, in any order": {func(w *world) {
			w.register("country", `{"type":"enum","name":"Country","namespace":"geo","symbols":["DE"]}`)
			w.register("address", `{"type":"record","name":"Address","namespace":"geo","fields":[{"name":"in","type":"Country"}]}`, "geo.Country country 1")
			w.register("person-value", `{"type":"record","name":"Person","namespace":"hr","fields":[{"name":"at","type":"geo.Address"}]}`,
				"geo.Country country 1", "geo.Address address 1")
		}, "", nil},
		"an older version": {func(w *world) {
			w.register("a-money", money)
			w.register("orders-value", order, "shop.Money a-money 1")
			w.register("a-money", money2)
			w.register("refunds-value", refund, "shop.Money a-money 2")
		}, `topics:
  - name: orders
    events: [shop.Order]
  - name: refunds
    events: [shop.Refund]
subjects:
  - {name: a-money, contract: shop.Money}
references:
  - {from: shop.Order, to: shop.Money, subject: a-money, version: 1}
`, nil},
		"the same under several subjects": {func(w *world) {
			w.register("b-value", inlined)
			w.register("a-value", inlined)
			w.register("c-acme.Debt", another) // with the same type inside
		}, "", []string{"acme/Bill.avsc", "acme/Debt.avsc"}},
		"folders that are not looked into": {func(w *world) {
			w.register("x", `{"type":"record","name":"A","namespace":"vendor.x","fields":[]}`)
			w.register("y", `{"type":"record","name":"a","namespace":"vendor.x","fields":[]}`)
			w.register("..", `"int"`)
		}, "", []string{"_...avsc", "vendor_/x/A.avsc", "vendor_/x/a_.avsc"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.fill(w)
			r := w.read(pull.Options{})
			if len(r.Left) > 0 {
				t.Errorf("left: %v", r.Left)
			}
			if changes := w.replan(r); len(changes) > 0 {
				t.Errorf("the plan is not empty: %+v\n%s", changes, r.YAML())
			}
			if tc.yaml != "" {
				if diff := cmp.Diff(tc.yaml, string(r.YAML())); diff != "" {
					t.Error(diff)
				}
			}
			if tc.files != nil {
				var paths []string
				for _, f := range r.Files {
					paths = append(paths, f.Path)
				}
				if diff := cmp.Diff(tc.files, paths); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// What one tree cannot hold is left, with all that needs it, and the rest is whole.
func TestLeft(t *testing.T) {
	w := newWorld(t)
	w.level("", compat.None)
	w.register("a-value", money)
	w.register("b-value", money2)
	w.register("c-value", order, "shop.Money b-value 1")
	w.register("d-value", inlined)
	w.register("e-value", strings.Replace(another, `"long"`, `"int"`, 1))
	w.register("f-value", refund, "shop.Money a-value 1")
	r := w.read(pull.Options{})
	want := []registry.Left{
		{Subject: "b-value", Reason: "its shop.Money is another one than that of a-value: a repository has one type of each name"},
		{Subject: "c-value", Reason: "it refers to b-value, which is left out"},
		{Subject: "e-value", Reason: "its acme.Sum is another one than that of d-value: a repository has one type of each name"},
	}
	if diff := cmp.Diff(want, r.Left); diff != "" {
		t.Error(diff)
	}
	if changes := w.replan(r); len(changes) > 0 {
		t.Errorf("the plan is not empty: %+v\n%s", changes, r.YAML())
	}
}

// A subject that is named like a topic's is one only if there is such a topic.
// What is referred to in an older version may come after what refers to it, by name.
func TestAnOlderVersionOfWhatComesLater(t *testing.T) {
	w := newWorld(t)
	w.register("z.Money", `{"type":"record","name":"z.Money","fields":[]}`)
	w.register("a-value", `{"type":"record","name":"a.Order","fields":[{"name":"m","type":"z.Money"}]}`, "z.Money z.Money 1")
	w.register("z.Money", `{"type":"record","name":"z.Money","fields":[{"name":"cents","type":"long","default":0}]}`)
	r := w.read(pull.Options{})
	want := []config.Reference{{From: "a.Order", To: "z.Money", Subject: "z.Money", Version: 1}}
	if len(r.Left) > 0 || !cmp.Equal(r.Config.References, want) {
		t.Errorf("left %v, references %v", r.Left, r.Config.References)
	}
	if changes := w.replan(r); len(changes) > 0 {
		t.Errorf("the plan has %v", changes)
	}
}

func TestTopicsThatExist(t *testing.T) {
	w := newWorld(t)
	w.register("orders-value", inlined)
	w.register("default-value", another)
	r := w.read(pull.Options{Topic: func(name string) bool { return name == "orders" }})
	want := "topics:\n  - name: orders\n    events: [acme.Bill]\nsubjects:\n  - {name: default-value, contract: acme.Debt}\n"
	if diff := cmp.Diff(want, string(r.YAML())); diff != "" {
		t.Error(diff)
	}
	if changes := w.replan(r); len(changes) > 0 {
		t.Errorf("the plan is not empty: %+v", changes)
	}
}

// The files are the registry's text, laid out for people.
func TestContent(t *testing.T) {
	w := newWorld(t)
	w.register("shop.Money", money)
	w.register("r", refund, "shop.Money shop.Money 1")
	want := `{
  "type": "record",
  "name": "Refund",
  "namespace": "shop",
  "doc": "<b>",
  "fields": [
    {
      "name": "total",
      "type": "Money"
    },
    {
      "name": "why",
      "type": [
        "null",
        "string"
      ],
      "default": null
    }
  ]
}
`
	files := w.read(pull.Options{}).Files
	if diff := cmp.Diff(want, string(files[1].Content)); diff != "" {
		t.Error(diff)
	}
}

// What the repository has stays in the file that it is in, laid out as it is where it says the same.
func TestIntoATree(t *testing.T) {
	w := newWorld(t)
	w.register("shop.Money", money2)
	w.register("orders-value", order, "shop.Money shop.Money 1")
	w.register("acme.Bill", inlined)
	w.register("prices", `{"type":"array","items":"long"}`)
	tree, err := avsc.Load(fstest.MapFS{
		"common/cash.avsc":  {Data: []byte(money)},
		"order.avsc":        {Data: []byte(`{"name":"shop.Order", "type":"record", "fields":[{"name":"total", "type":"shop.Money"}]}`)},
		"lists/prices.avsc": {Data: []byte(`{"type": "array", "items": "long"}`)},
		"acme/Bill.avsc":    {Data: []byte(`{"type": "enum", "name": "Elsewhere", "symbols": []}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range w.read(pull.Options{Tree: tree}).Files {
		got[f.Path] = strings.Join(strings.Fields(string(f.Content)), "")
	}
	want := map[string]string{"common/cash.avsc": money2, "order.avsc": "", "lists/prices.avsc": "", "acme/Bill_.avsc": inlined}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
