package registry_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
)

const (
	v1 = `{"type":"record","name":"T","namespace":"t","fields":[{"name":"a","type":"int"}]}`
	v2 = `{"type":"record","name":"T","namespace":"t","fields":[{"name":"a","type":"int"},{"name":"b","type":"int","default":0}]}`
	v3 = `{"type":"record","name":"T","namespace":"t","fields":[{"name":"a","type":"int"},{"name":"c","type":"int"}]}`
)

// The whole client against a registry that behaves as Confluent 8.1.5.
func TestAgainstARegistry(t *testing.T) {
	c, ctx := connect(t, embed(t).URL), t.Context()
	if _, err := c.Lookup(ctx, "s", v1); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("lookup in a missing subject: %v", err)
	}
	first, err := c.Register(ctx, "s", v1)
	if err != nil || first.ID != 1 || first.Version != 1 || first.GUID == "" || first.Type != "AVRO" || first.Text != v1 {
		t.Fatalf("got %+v, %v", first, err)
	}
	if same, err := c.Register(ctx, "s", " "+v1+"\r\n"); err != nil || same.ID != 1 || same.Version != 1 {
		t.Errorf("again: %+v, %v", same, err)
	}
	if _, err := c.Register(ctx, "s", v3); !errors.Is(err, registry.ErrIncompatible) {
		t.Errorf("incompatible: %v", err)
	}
	if verdict, err := c.Check(ctx, "s", v3); err != nil || verdict.Compatible || !strings.Contains(strings.Join(verdict.Messages, ""), "READER_FIELD_MISSING_DEFAULT_VALUE") {
		t.Errorf("check: %+v, %v", verdict, err)
	}
	if verdict, err := c.Check(ctx, "new", v3); err != nil || !verdict.Compatible {
		t.Errorf("check of a new subject: %+v, %v", verdict, err)
	}
	if _, err := c.Register(ctx, "s", `{"type":"strin"}`); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("invalid: %v", err)
	}
	second, err := c.Register(ctx, "s", v2)
	if err != nil || second.ID != 2 || second.Version != 2 {
		t.Errorf("second: %+v, %v", second, err)
	}
	if other, err := c.Register(ctx, "other", v2); err != nil || other.ID != 2 || other.Version != 1 {
		t.Errorf("the same in another subject: %+v, %v", other, err)
	}
	if latest, err := c.Latest(ctx, "s"); err != nil || latest.ID != 2 || latest.Subject != "s" || latest.Version != 2 {
		t.Errorf("latest: %+v, %v", latest, err)
	}
	byGUID, err := c.ByGUID(ctx, uuid.MustParse(second.GUID))
	if err != nil || byGUID.ID != 2 || byGUID.Text != v2 {
		t.Errorf("by GUID: %+v, %v", byGUID, err)
	}
	if usages, err := c.Usages(ctx, 2); err != nil || len(usages) != 2 {
		t.Errorf("usages: %v, %v", usages, err)
	}

	if err := c.SetLevel(ctx, "s", compat.None); err != nil {
		t.Error(err)
	}
	if level, set, err := c.SubjectLevel(ctx, "s"); err != nil || !set || level != compat.None {
		t.Errorf("level of s: %v, %v, %v", level, set, err)
	}
	if _, set, err := c.SubjectLevel(ctx, "other"); err != nil || set {
		t.Errorf("level of other is set: %v, %v", set, err)
	}
	if err := c.SetLevel(ctx, "", compat.Full); err != nil {
		t.Error(err)
	}
	if level, err := c.Level(ctx, "other"); err != nil || level != compat.Full {
		t.Errorf("level in force for other: %v, %v", level, err)
	}
	if _, err := c.Register(ctx, "s", v3); err != nil {
		t.Errorf("at level NONE: %v", err)
	}

	if err := c.SetMode(ctx, "other", registry.ReadOnly, false); err != nil {
		t.Error(err)
	}
	if mode, err := c.Mode(ctx, "other"); err != nil || mode != registry.ReadOnly {
		t.Errorf("mode: %v, %v", mode, err)
	}
	if _, err := c.Register(ctx, "other", v1); !errors.Is(err, registry.ErrNotPermitted) {
		t.Errorf("read-only: %v", err)
	}
	if err := errors.Join(c.SetMode(ctx, "other", registry.ReadWrite, false), c.DeleteVersion(ctx, "s", 1, true), c.Delete(ctx, "s", false), c.Delete(ctx, "s", true), c.Delete(ctx, "other", true)); err != nil {
		t.Error(err)
	}
	if subjects, err := c.Subjects(ctx); err != nil || len(subjects) != 0 {
		t.Errorf("left: %q, %v", subjects, err)
	}
}

func TestInAContext(t *testing.T) {
	s := embed(t)
	plain, staging, ctx := connect(t, s.URL), connect(t, s.URL, registry.Context("staging")), t.Context()
	if _, err := plain.Register(ctx, "s", v1); err != nil {
		t.Fatal(err)
	}
	got, err := staging.Register(ctx, "s", v2)
	if err != nil || got.ID != 1 || got.Version != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if byID, err := staging.ByID(ctx, 1); err != nil || byID.Text != v2 {
		t.Errorf("id 1 of staging: %+v, %v", byID, err)
	}
	if byID, err := plain.ByID(ctx, 1); err != nil || byID.Text != v1 {
		t.Errorf("id 1 of the default context: %+v, %v", byID, err)
	}
	if qualified, err := plain.Register(ctx, ":.staging:s", v2); err != nil || qualified.ID != 1 || qualified.Version != 1 || qualified.Text != v2 {
		t.Errorf("through a qualified subject: %+v, %v", qualified, err)
	}
	if contexts, err := plain.Contexts(ctx); err != nil || !slices.Equal(contexts, []string{".", ".staging"}) {
		t.Errorf("contexts %q, %v", contexts, err)
	}
}

func TestReferences(t *testing.T) {
	c, ctx := connect(t, embed(t).URL), t.Context()
	register := func(subject, text string, refs ...registry.Reference) {
		t.Helper()
		if _, err := c.Register(ctx, subject, text, refs...); err != nil {
			t.Fatal(err)
		}
	}
	register("Leaf", `{"type":"enum","name":"Leaf","namespace":"t","symbols":["A"]}`)
	register("Left", `{"type":"record","name":"Left","namespace":"t","fields":[{"name":"l","type":"Leaf"}]}`, registry.Reference{Name: "t.Leaf", Subject: "Leaf", Version: 1})
	register("Right", `{"type":"record","name":"Right","namespace":"t","fields":[{"name":"l","type":"Leaf"}]}`, registry.Reference{Name: "t.Leaf", Subject: "Leaf", Version: 1})
	register("Root", `{"type":"record","name":"Root","namespace":"t","fields":[{"name":"l","type":"Left"},{"name":"r","type":"Right"}]}`,
		registry.Reference{Name: "t.Left", Subject: "Left", Version: 1}, registry.Reference{Name: "t.Right", Subject: "Right", Version: 1})

	root, err := c.ByID(ctx, 4)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := c.Parse(ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	inlined := `{"type":"record","name":"Root","namespace":"t","fields":[` +
		`{"name":"l","type":{"type":"record","name":"Left","fields":[{"name":"l","type":{"type":"enum","name":"Leaf","symbols":["A"]}}]}},` +
		`{"name":"r","type":{"type":"record","name":"Right","fields":[{"name":"l","type":"Leaf"}]}}]}`
	if diff := cmp.Diff(inlined, parsed.SelfContained()); diff != "" {
		t.Error(diff)
	}
	if found, err := c.Lookup(ctx, "Root", inlined); err != nil || found.ID != 4 {
		t.Errorf("lookup with the references written out: %+v, %v", found, err)
	}
	if _, err := c.Parse(ctx, registry.Schema{ID: 9, Type: "PROTOBUF"}); err == nil || !strings.Contains(err.Error(), "schema 9 is a PROTOBUF schema, want AVRO") {
		t.Errorf("protobuf: %v", err)
	}
	_, err = c.Parse(ctx, registry.Schema{Subject: "x", Version: 1, Type: "AVRO", Text: `"t.Gone"`, References: []registry.Reference{{Name: "t.Gone", Subject: "Gone", Version: 1}}})
	if !errors.Is(err, registry.ErrNotFound) || !strings.Contains(err.Error(), "t.Gone, which x version 1 refers to") {
		t.Errorf("a reference to nothing: %v", err)
	}
}

// A reference that leads back to itself must not hang whoever reads it.
func TestACycleOfReferences(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /subjects/a/versions/1": ok(`{"subject":"a","version":1,"id":1,"schema":"\"b\"","references":[{"name":"b","subject":"b","version":1}]}`),
		"GET /subjects/b/versions/1": ok(`{"subject":"b","version":1,"id":2,"schema":"\"a\"","references":[{"name":"a","subject":"a","version":1}]}`),
	})
	c := connect(t, s.URL)
	a, err := c.Version(t.Context(), "a", 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Parse(t.Context(), a); err == nil || !strings.Contains(err.Error(), "b version 1 refers to itself") {
		t.Errorf("got %v", err)
	}
}

// franz-go's client and ours find what the other registered.
func TestFranzGoAgreesWithUs(t *testing.T) {
	s, ctx := embed(t), t.Context()
	ours := connect(t, s.URL)
	theirs, err := sr.NewClient(sr.URLs(s.URL))
	if err != nil {
		t.Fatal(err)
	}
	money, err := theirs.CreateSchema(ctx, "Money", sr.Schema{Schema: `{"type":"record","name":"Money","namespace":"t","fields":[{"name":"cents","type":"long"}]}`})
	if err != nil {
		t.Fatal(err)
	}
	order := `{"type":"record","name":"Order","namespace":"t","fields":[{"name":"total","type":"Money"}]}`
	registered, err := ours.Register(ctx, "orders-value", order, registry.Reference{Name: "t.Money", Subject: "Money", Version: money.Version})
	if err != nil {
		t.Fatal(err)
	}
	found, err := theirs.LookupSchema(ctx, "orders-value", sr.Schema{Schema: order, References: []sr.SchemaReference{{Name: "t.Money", Subject: "Money", Version: 1}}})
	if err != nil || found.ID != registered.ID || found.Version != 1 {
		t.Errorf("they find %+v, %v", found, err)
	}
	byID, err := theirs.SchemaByID(ctx, registered.ID)
	if err != nil || byID.Schema != order || len(byID.References) != 1 {
		t.Errorf("by id: %+v, %v", byID, err)
	}
	if again, err := ours.Lookup(ctx, "Money", money.Schema.Schema); err != nil || again.ID != money.ID {
		t.Errorf("we find %+v, %v", again, err)
	}
}
