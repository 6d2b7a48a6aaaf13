package registry_test

import (
	"strings"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
)

// Registries that are not Confluent's answer some questions otherwise; these answers are Apicurio 3.3.3's.

func TestASubjectThatIsNotThereAcceptsEverything(t *testing.T) {
	s := serve(t, map[string][]reply{
		"POST /compatibility/subjects/new/versions?verbose=true":   refuse(404, 40401, "Subject 'new' not found."),
		"POST /compatibility/subjects/new/versions/1?verbose=true": refuse(404, 40401, "Subject 'new' not found."),
	})
	c := connect(t, s.URL)
	if verdict, err := c.Check(t.Context(), "new", `"int"`); err != nil || !verdict.Compatible {
		t.Errorf("got %+v, %v", verdict, err)
	}
	if verdict, err := c.CheckVersion(t.Context(), "new", 1, `"int"`); err == nil {
		t.Errorf("against a version that is not there: %+v", verdict)
	}
}

func TestNoneIsASubjectsLevelOnlyWhereItIsInForce(t *testing.T) {
	for inForce, want := range map[string]bool{"NONE": true, "FULL": false} {
		s := serve(t, map[string][]reply{
			"GET /config/s?defaultToGlobal=false": ok(`{"compatibilityLevel":"NONE"}`),
			"GET /config/s?defaultToGlobal=true":  ok(`{"compatibilityLevel":"%s"}`, inForce),
		})
		level, set, err := connect(t, s.URL).SubjectLevel(t.Context(), "s")
		if err != nil || level != compat.None || set != want {
			t.Errorf("with %s in force, got %v (%t), %v", inForce, level, set, err)
		}
	}
}

func TestAnIDThatIsNotImportedFailsTheApply(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /subjects":                           ok(`[]`),
		"GET /subjects/s/versions/latest":         refuse(404, 40401, "Subject 's' not found."),
		"GET /subjects/s/versions/3":              refuse(404, 40401, "Subject 's' not found."),
		"GET /subjects/s/versions/3?deleted=true": refuse(404, 40401, "Subject 's' not found."),
		"GET /config/s?defaultToGlobal=false":     refuse(404, 40401, "Subject 's' not found."),
		"GET /config/s?defaultToGlobal=true":      refuse(404, 40401, "Subject 's' not found."),
		"GET /config":                             ok(`{"compatibilityLevel":"NONE"}`),
		"GET /schemas/ids/77":                     refuse(404, 40403, "Schema 77 not found."),
		"GET /mode/s":                             refuse(404, 40401, "Subject 's' not found."),
		"GET /mode/s?defaultToGlobal=true":        ok(`{"mode":"READWRITE"}`),
		"PUT /mode/s?force=true":                  ok(`{"mode":"IMPORT"}`),
		"DELETE /mode/s":                          ok(`{"mode":"IMPORT"}`),
		"POST /subjects/s/versions":               ok(`{"id":5}`),
	})
	c, ctx := connect(t, s.URL), t.Context()
	schema, err := avsc.Parse("s.avsc", []byte(`"long"`))
	if err != nil {
		t.Fatal(err)
	}
	entries := []registry.Entry{{
		Subject: "s",
		Schema:  schema,
		Source:  &registry.Schema{ID: 77, Subject: "s", Version: 3, Type: "AVRO", Text: `"long"`},
	}}
	p, err := registry.NewPlan(ctx, c, entries, registry.SameIDs())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Apply(ctx, c, nil); err == nil || !strings.Contains(err.Error(), "id 5 and not 77") {
		t.Errorf("got %v", err)
	}
	if last := s.last(t).line; last != "DELETE /mode/s" {
		t.Errorf("the mode stays: %q", s.asked())
	}
}

// A registry that finds the schema and has it as another text, by normalization or for the docs that came first, is not
// asked to have this one's fingerprint.
func TestASchemaThatIsKeptAsAnotherText(t *testing.T) {
	server := embed(t)
	c, ctx := connect(t, server.URL), t.Context()
	put(t, server.URL+"/config", `{"normalize":true}`)
	schema, err := avsc.Parse("s.avsc", []byte(`{"type":"string","b":1,"a":2}`))
	if err != nil {
		t.Fatal(err)
	}
	entries := []registry.Entry{{Subject: "s", Schema: schema}}
	for _, want := range []registry.Action{registry.Create, registry.Keep} {
		p, err := registry.NewPlan(ctx, c, entries)
		if err != nil {
			t.Fatal(err)
		}
		step := p.Steps[0]
		if step.Action != want || (step.Fingerprint == "") != (want == registry.Keep) {
			t.Errorf("got %+v", step)
		}
		if err := p.Apply(ctx, c, nil); err != nil {
			t.Fatal(err)
		}
	}
}
