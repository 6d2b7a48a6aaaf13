package registry_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

// After apply the plan is empty, and stays so however the same contracts are written: the promise that plan and apply are
// built on, for random trees, over HTTP.
func TestPlanIsEmptyAfterApply(t *testing.T) {
	seeds := 40
	if testing.Short() {
		seeds = 20
	}
	for _, profile := range []string{"cp8", "cp7"} {
		t.Run(profile, func(t *testing.T) {
			changed, refused := 0, 0
			for seed := range seeds {
				w := newRandomWorld(t, uint64(seed), profile)
				w.settle()
				for range 3 {
					w.tree.change()
					if w.settle() {
						changed++
					} else {
						refused++
					}
					if t.Failed() {
						t.Fatalf("seed %d", seed)
					}
				}
			}
			if changed < seeds || refused < seeds/6 {
				t.Errorf("%d changes were applied and %d refused: the trees are too tame", changed, refused)
			}
		})
	}
}

// randomWorld is a tree, a registry and what a configuration says about them.
type randomWorld struct {
	*testing.T
	tree   *randomTree
	url    string // of the context that the client works in
	client *registry.Client
}

func newRandomWorld(t *testing.T, seed uint64, profile string) *randomWorld {
	t.Helper()
	r, err := embedded.New(embedded.Profile(profile))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	w := &randomWorld{T: t, tree: newRandomTree(seed), url: server.URL}
	var opts []registry.Option
	if w.tree.chance(25) {
		opts = append(opts, registry.Normalize())
	}
	switch w.tree.IntN(6) {
	case 0:
		opts = append(opts, registry.Context("staging"))
		w.url += "/contexts/.staging"
		w.client = connect(t, server.URL, opts...)
	case 1: // as Confluent's clients are told of a context
		w.url += "/contexts/.staging"
		w.client = connect(t, w.url, opts...)
	default:
		w.client = connect(t, w.url, opts...)
	}
	if w.tree.chance(30) { // a registry that is not as new
		level := compat.Levels()[w.tree.IntN(len(compat.Levels()))]
		if err := w.client.SetLevel(t.Context(), "", level); err != nil {
			t.Fatal(err)
		}
	}
	if w.tree.chance(30) {
		put(t, w.url+"/config", `{"normalize":true}`)
	}
	if w.tree.chance(20) {
		put(t, w.url+"/config", `{"defaultMetadata":{"properties":{"owner":"team-a"}}}`)
	}
	if w.tree.chance(10) {
		put(t, w.url+"/config", `{"overrideMetadata":{"properties":{"checked":"yes"}}}`)
	}
	return w
}

// put and post send what no call of the client sends.
func put(t *testing.T, url, body string) {
	t.Helper()
	send(t, http.MethodPut, url, body)
}

func post(t *testing.T, url string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	send(t, http.MethodPost, url, string(text))
}

func send(t *testing.T, method, url, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		answer, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s %s: %s: %s", method, url, resp.Status, answer)
	}
}

// targets gives every contract a place or two, by its name alone, so that it keeps them.
func (w *randomWorld) targets(s *avsc.Schema) []registry.Target {
	id := s.Root.FullName()
	if !s.Root.Kind.IsNamed() {
		id = s.File[strings.LastIndexByte(s.File, '/')+1:]
	}
	var sum uint32
	for _, c := range id {
		sum = 31*sum + uint32(c)
	}
	var out []registry.Target
	switch sum % 5 {
	case 0:
		out = []registry.Target{{Subject: registry.TopicName("topic/"+id, id)}}
	case 4:
		out = []registry.Target{{Subject: "topic of " + id + "-key"}, {Subject: registry.TopicName("topic of "+id, id)}}
	case 1:
		out = []registry.Target{{Subject: registry.TopicRecordName("a", id)}, {Subject: registry.TopicRecordName("b", id)}}
	default:
		out = []registry.Target{{Subject: registry.RecordName("", id)}}
	}
	for i := range out {
		if sum%3 == 0 {
			out[i].HasLevel = true
			out[i].Level = compat.Levels()[int(sum)%len(compat.Levels())]
		}
	}
	return out
}

func (w *randomWorld) plan() *registry.Plan {
	w.Helper()
	p, err := newPlan(w.Context(), w.client, w.tree.load(w.T), w.targets)
	if err != nil {
		w.Fatal(err)
	}
	return p
}

// settle plans and applies, and reports whether the registry took it. A change that is refused is taken by the levels'
// being put aside, so that the next one starts from a registry that has what the tree has.
func (w *randomWorld) settle() (taken bool) {
	w.Helper()
	p := w.plan()
	taken = len(p.Refused()) == 0
	if !taken {
		if err := p.Apply(w.Context(), w.client, nil); !errors.Is(err, registry.ErrIncompatible) {
			w.Fatalf("a refused plan was applied: %v", err)
		}
		w.mustBeRefused(p)
		w.force()
	} else if err := p.Apply(w.Context(), w.client, nil); err != nil {
		w.Fatal(err)
	}
	if taken && w.tree.chance(30) {
		w.annotate(p)
	}
	for range 2 {
		if again := w.plan(); len(again.Changes()) > 0 || len(again.Refused()) > 0 {
			w.Errorf("the plan is not empty after apply: %v", describe(again.Changes()))
		}
	}
	return taken
}

// annotate has somebody else register one of the plan's schemas once more, with metadata. A transitive level may forbid it:
// a change that was forced is in the history.
func (w *randomWorld) annotate(p *registry.Plan) {
	w.Helper()
	subject := p.Steps[w.tree.IntN(len(p.Steps))].Subject
	latest, err := w.client.Latest(w.Context(), subject)
	if err != nil {
		w.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{
		"schema": latest.Text, "references": latest.References,
		"metadata": map[string]any{"properties": map[string]string{"reviewed": fmt.Sprint(w.tree.IntN(100))}},
	})
	if err != nil {
		w.Fatal(err)
	}
	resp, err := http.Post(w.url+"/subjects/"+url.PathEscape(subject)+"/versions", "application/json", bytes.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusConflict {
		w.Fatalf("register with metadata: %s", resp.Status)
	}
}

// mustBeRefused holds the plan's first verdict against the registry's, as far as that can be asked.
func (w *randomWorld) mustBeRefused(p *registry.Plan) {
	w.Helper()
	for _, s := range p.Refused() {
		var refs []registry.Reference
		for _, r := range s.References {
			if r.Version == 0 {
				return
			}
			refs = append(refs, registry.Reference{Name: r.Name, Subject: r.Subject, Version: r.Version})
		}
		for _, other := range p.Changes() {
			if other.Action == registry.SetLevel && other.Subject == s.Subject {
				return
			}
		}
		verdict, err := w.client.Check(w.Context(), s.Subject, s.Schema, refs...)
		if err != nil || verdict.Compatible {
			w.Errorf("the plan refuses what the registry takes: %s, %v", s.Subject, err)
		}
	}
}

// force brings the registry to the tree without asking whether that is compatible.
func (w *randomWorld) force() {
	w.Helper()
	lenient := func(s *avsc.Schema) []registry.Target {
		out := w.targets(s)
		for i := range out {
			out[i].Level, out[i].HasLevel = compat.None, true
		}
		return out
	}
	p, err := newPlan(w.Context(), w.client, w.tree.load(w.T), lenient)
	if err != nil {
		w.Fatal(err)
	}
	if err := p.Apply(w.Context(), w.client, nil); err != nil {
		w.Fatal(err)
	}
	restore, err := newPlan(w.Context(), w.client, w.tree.load(w.T), w.targets)
	if err != nil {
		w.Fatal(err)
	}
	if err := restore.Apply(w.Context(), w.client, nil); err != nil {
		w.Fatal(err)
	}
}

func describe(steps []registry.Step) (lines []string) {
	for _, s := range steps {
		text := fmt.Sprintf("%s of %s: %s", s.Action, s.Subject, s.Schema)
		if s.Before != nil {
			text += " after " + s.Before.Schema
		}
		lines = append(lines, text)
	}
	return lines
}
