package clients_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/registry"
)

// crowd refers to group, and only so to what that refers to.
const (
	crowd      = `{"type":"record","name":"Crowd","namespace":"shop","fields":[{"name":"group","type":"Group"}]}`
	crowdEvent = `{"group":{"members":[{"name":"Ada"},{"name":"Zoë"}]}}`
)

// moments has the logical types that the events of the shop lack. In between values pass as the client's own.
const (
	moments = `{"type":"record","name":"Moments","namespace":"shop","fields":[
		{"name":"time","type":{"type":"int","logicalType":"time-millis"}},
		{"name":"exact_time","type":{"type":"long","logicalType":"time-micros"}},
		{"name":"local","type":{"type":"long","logicalType":"local-timestamp-millis"}},
		{"name":"exact_local","type":{"type":"long","logicalType":"local-timestamp-micros"}},
		{"name":"price","type":{"type":"fixed","name":"Price","size":9,"logicalType":"decimal","precision":20,"scale":4}}]}`
	momentsEvent = `{"time":"23:59:59.001","exact_time":"00:00:00.000001","local":"1969-12-31T23:59:59.999",
		"exact_local":"2026-11-23T05:00:00.123456","price":"-1234567890123456.7890"}`
	momentsAvroEvent = `{"time":86399001,"exact_time":1,"local":-1,"exact_local":1795410000123456,"price":"\u00ff\u0054\u00ab\u0056\u0073\u0014\u00e0\u00f5\u002e"}`
)

// exchangeTexts sends events of schemas that no type was generated for, both ways. Ours are written and read by the
// commands avow produce and avow consume.
func exchangeTexts(t *testing.T, b bridge, framing string) {
	t.Run("references of references", func(t *testing.T) {
		refs := []registry.Reference{toGroup}
		if b.client == "confluentinc" {
			env := dev.Start(t)
			j := register(t, env, framing, crowd, refs...)
			j.Do = "produce"
			if said := b.fail(t, j, []line{{Key: "theirs", Value: json.RawMessage(crowdEvent)}}); !strings.Contains(said, "undefined type name: shop.User") {
				t.Errorf("it follows references of references by now, and doc.go says that it does not: %s", said)
			}
			refs = []registry.Reference{toUser, toGroup} // listed as well, and first, it is found
		}
		exchangeText(t, b, framing, crowdEvent, crowd, refs...)
	})
	t.Run("logical types", func(t *testing.T) {
		event := momentsEvent
		if b.form.flags != nil {
			event = momentsAvroEvent
		}
		exchangeText(t, b, framing, event, moments)
	})
}

func exchangeText(t *testing.T, b bridge, framing, event, schema string, refs ...registry.Reference) {
	t.Run("ours to theirs", func(t *testing.T) {
		env := dev.Start(t)
		j := register(t, env, framing, schema, refs...)
		file := filepath.Join(t.TempDir(), "events")
		if err := os.WriteFile(file, []byte(event), 0o644); err != nil {
			t.Fatal(err)
		}
		dev.Avow(t, append([]string{"produce", j.Topic, "--file", file, "--key", "ours", "--kafka", env.Kafka, "--registry", env.Registry}, b.form.flags...)...)
		j.Do = "consume"
		sameJSON(t, event, b.run(t, j, nil)[0].Value)
	})
	t.Run("theirs to ours", func(t *testing.T) {
		env := dev.Start(t)
		j := register(t, env, framing, schema, refs...)
		j.Do = "produce"
		b.run(t, j, []line{{Key: "theirs", Value: json.RawMessage(event)}})
		out := dev.Avow(t, append([]string{"consume", j.Topic, "--until", "end", "--kafka", env.Kafka, "--registry", env.Registry}, b.form.flags...)...)
		var got line
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		sameJSON(t, event, got.Value)
		if versions, err := client(t, env.Registry).Versions(t.Context(), "texts-value"); err != nil || len(versions) != 1 {
			t.Errorf("they left versions %v, %v", versions, err)
		}
	})
}

var (
	toUser  = registry.Reference{Name: "shop.User", Subject: "shop.User", Version: 1}
	toGroup = registry.Reference{Name: "shop.Group", Subject: "shop.Group", Version: 1}
)

// register registers the schema of a topic, and what schemas here refer to, and returns the job of a bridge.
func register(t *testing.T, env dev.Env, framing, schema string, refs ...registry.Reference) job {
	t.Helper()
	c, ctx := client(t, env.Registry), t.Context()
	registered := must[registry.Schema](t)
	registered(c.Register(ctx, "shop.User", userV1))
	registered(c.Register(ctx, "shop.Group", group, toUser))
	model, err := c.Parse(ctx, registered(c.Register(ctx, "texts-value", schema, refs...)))
	if err != nil {
		t.Fatal(err)
	}
	return job{
		Kafka: env.Kafka, Registry: env.Registry, Topic: "texts", Framing: framing, Naming: "TopicName",
		Schema: model.SelfContained(), Record: model.Root.FullName(), Count: 1,
	}
}

func sameJSON(t *testing.T, want string, got json.RawMessage) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w, g); diff != "" {
		t.Errorf("produced (-), consumed (+):\n%s", diff)
	}
}
