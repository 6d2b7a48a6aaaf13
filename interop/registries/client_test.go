package registries_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/registry"
)

const (
	userV1  = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"}]}`
	userV2  = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"},{"name":"age","type":"int","default":0}]}`
	userBad = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"int"}]}`
	group   = `{"type":"record","name":"Group","namespace":"shop","fields":[{"name":"members","type":{"type":"array","items":"User"}}]}`
	club    = `{"type":"record","name":"Club","namespace":"shop","fields":[{"name":"group","type":"Group"},{"name":"owner","type":"User"}]}`
)

func testVersions(t *testing.T, s server) {
	c, ctx := s.client(t), t.Context()
	if _, err := c.Latest(ctx, "users-value"); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("the latest version of a subject that is not there: %v", err)
	}
	if _, err := c.Lookup(ctx, "users-value", userV1); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("looked up where nothing is: %v", err)
	}
	first, err := c.Register(ctx, "users-value", userV1)
	if err != nil || first.Version != 1 || first.ID == 0 || first.Type != "AVRO" || first.Text != userV1 {
		t.Fatalf("registered %+v, %v", first, err)
	}
	written := strings.ReplaceAll(userV1, `"string"`, ` {"type": "string"} `) + "\n"
	if same, err := c.Register(ctx, "users-value", written); err != nil || same.Version != 1 || same.ID != first.ID {
		t.Errorf("the same, written otherwise, is %+v, %v", same, err)
	}
	second, err := c.Register(ctx, "users-value", userV2)
	if err != nil || second.Version != 2 || second.ID == first.ID {
		t.Fatalf("registered %+v, %v", second, err)
	}
	if again, err := c.Register(ctx, "users-value", userV1); err != nil || again.Version != 1 || again.ID != first.ID {
		t.Errorf("the first one again is %+v, %v", again, err)
	}
	if other, err := c.Register(ctx, "a/b c", userV2); err != nil || other.ID != second.ID || other.Version != 1 {
		t.Errorf("the second one in another subject is %+v, %v", other, err)
	}
	if latest, err := c.Latest(ctx, "users-value"); err != nil || latest.Version != 2 || latest.ID != second.ID || latest.Text != userV2 {
		t.Errorf("the latest is %+v, %v", latest, err)
	}
	if one, err := c.Version(ctx, "users-value", 1); err != nil || one.ID != first.ID || one.Text != userV1 {
		t.Errorf("version 1 is %+v, %v", one, err)
	}
	if _, err := c.Version(ctx, "users-value", 3); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("version 3: %v", err)
	}
	if found, err := c.Lookup(ctx, "users-value", written); err != nil || found.Version != 1 || found.ID != first.ID {
		t.Errorf("looked up %+v, %v", found, err)
	}
	if _, err := c.Lookup(ctx, "users-value", userBad); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("looked up what is not there: %v", err)
	}
	if byID, err := c.ByID(ctx, second.ID); err != nil || byID.Text != userV2 {
		t.Errorf("by id: %+v, %v", byID, err)
	}
	if _, err := c.ByID(ctx, 1<<30); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("an id that nobody has: %v", err)
	}
	if _, err := c.Register(ctx, "users-value", `{"type":"recor"}`); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("what is no schema: %v", err)
	}
	if versions, err := c.Versions(ctx, "users-value"); err != nil || !cmp.Equal(versions, []int{1, 2}) {
		t.Errorf("versions %v, %v", versions, err)
	}
	if subjects, err := c.Subjects(ctx); err != nil || !cmp.Equal(subjects, []string{"a/b c", "users-value"}) {
		t.Errorf("subjects %q, %v", subjects, err)
	}
	usages, err := c.Usages(ctx, second.ID)
	slices.SortFunc(usages, func(a, b registry.SubjectVersion) int { return strings.Compare(a.Subject, b.Subject) })
	want := []registry.SubjectVersion{{Subject: "a/b c", Version: 1}, {Subject: "users-value", Version: 2}}
	if diff := cmp.Diff(want, usages); err != nil || diff != "" {
		t.Errorf("usages: %v\n%s", err, diff)
	}
	if s.confluent {
		byGUID, err := c.ByGUID(ctx, uuid.MustParse(second.GUID))
		if err != nil || byGUID.Text != userV2 || byGUID.ID != second.ID {
			t.Errorf("by GUID: %+v, %v", byGUID, err)
		}
	}
}

func testVerdicts(t *testing.T, s server) {
	c, ctx := s.client(t), t.Context()
	if verdict, err := c.Check(ctx, "users-value", userV1); err != nil || !verdict.Compatible {
		t.Errorf("of a new subject: %+v, %v", verdict, err)
	}
	for _, text := range []string{userV1, userV2} {
		written := strings.ReplaceAll(text, ",", ",\r\n") // which srclient would not take out here
		if verdict, err := c.Check(ctx, "users-value", written); err != nil || !verdict.Compatible {
			t.Errorf("of %s: %+v, %v", text, verdict, err)
		}
		if _, err := c.Register(ctx, "users-value", text); err != nil {
			t.Fatal(err)
		}
	}
	verdict, err := c.Check(ctx, "users-value", userBad)
	if err != nil || verdict.Compatible {
		t.Errorf("of what is incompatible: %+v, %v", verdict, err)
	}
	if s.confluent && !strings.Contains(strings.Join(verdict.Messages, "\n"), "TYPE_MISMATCH") {
		t.Errorf("no reason in %q", verdict.Messages)
	}
	if verdict, err := c.CheckVersion(ctx, "users-value", 1, userBad); err != nil || verdict.Compatible {
		t.Errorf("against version 1: %+v, %v", verdict, err)
	}
	if _, err := c.CheckVersion(ctx, "users-value", 9, userV1); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("against version 9: %v", err)
	}
	if _, err := c.Register(ctx, "users-value", userBad); !errors.Is(err, registry.ErrIncompatible) {
		t.Errorf("registering what is incompatible: %v", err)
	}
	if versions, err := c.Versions(ctx, "users-value"); err != nil || len(versions) != 2 {
		t.Errorf("versions %v, %v", versions, err)
	}
}

// testReferences goes over two steps: club refers to group, and that to user.
func testReferences(t *testing.T, s server) {
	c, ctx := s.client(t), t.Context()
	for _, text := range []string{userV1, userV2} {
		if _, err := c.Register(ctx, "shop.User", text); err != nil {
			t.Fatal(err)
		}
	}
	user := registry.Reference{Name: "shop.User", Subject: "shop.User", Version: 2}
	if _, err := c.Register(ctx, "shop.Group", group, user); err != nil {
		t.Fatal(err)
	}
	refs := []registry.Reference{{Name: "shop.Group", Subject: "shop.Group", Version: 1}, user}
	registered, err := c.Register(ctx, "clubs-value", club, refs...)
	if err != nil {
		t.Fatal(err)
	}
	byID, err := c.ByID(ctx, registered.ID)
	if err != nil || !cmp.Equal(byID.References, refs) {
		t.Fatalf("by id: %+v, %v", byID, err)
	}
	model, err := c.Parse(ctx, byID)
	if err != nil {
		t.Fatal(err)
	}
	if got := model.Root.FullName(); got != "shop.Club" {
		t.Errorf("parsed %s", got)
	}
	if age := model.Root.Fields[1].Type.Fields; len(age) != 2 {
		t.Errorf("the version of User that is referred to has %d fields", len(age))
	}
	if found, err := c.Lookup(ctx, "clubs-value", club, refs...); err != nil || found.ID != registered.ID {
		t.Errorf("looked up %+v, %v", found, err)
	}
	if s.confluent {
		if verdict, err := c.Check(ctx, "clubs-value", club, refs...); err != nil || !verdict.Compatible {
			t.Errorf("the verdict is %+v, %v", verdict, err)
		}
	}
	if _, err := c.Register(ctx, "x-value", club, user); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("without one of the references: %v", err)
	}
	lost := registry.Reference{Name: "shop.Group", Subject: "shop.Group", Version: 7}
	if _, err := c.Register(ctx, "x-value", club, lost, user); !errors.Is(err, registry.ErrInvalid) {
		t.Errorf("with a reference to a version that is not there: %v", err)
	}
	if err := c.Delete(ctx, "shop.User", false); !errors.Is(err, registry.ErrNotPermitted) {
		t.Errorf("deleting what is referred to: %v", err)
	}
}

func testLevels(t *testing.T, s server) {
	c, ctx := s.client(t), t.Context()
	if _, err := c.Register(ctx, "users-value", userV1); err != nil {
		t.Fatal(err)
	}
	for subject, of := range map[string]string{"users-value": "a subject", "nobody": "a subject that is not there", "": "the registry"} {
		if level, err := c.Level(ctx, subject); err != nil || level != compat.Backward {
			t.Errorf("the level of %s is %v, %v", of, level, err)
		}
	}
	if level, set, err := c.SubjectLevel(ctx, "users-value"); err != nil || set && s.confluent {
		t.Errorf("a subject on which none was set has level %v, %v", level, err)
	}
	if err := c.SetLevel(ctx, "", compat.Full); err != nil {
		t.Fatal(err)
	}
	if level, err := c.Level(ctx, "users-value"); err != nil || level != compat.Full {
		t.Errorf("the registry's level for a subject is %v, %v", level, err)
	}
	for _, want := range compat.Levels() {
		if err := c.SetLevel(ctx, "users-value", want); err != nil {
			t.Errorf("%v: %v", want, err)
		}
		if level, err := c.Level(ctx, "users-value"); err != nil || level != want {
			t.Errorf("the level is %v, %v, want %v", level, err, want)
		}
		if level, set, err := c.SubjectLevel(ctx, "users-value"); err != nil || !set || level != want {
			t.Errorf("the subject's own level is %v (%t), %v, want %v", level, set, err, want)
		}
		// A new field with a default goes either way, one of another type neither; NONE takes both.
		if verdict, err := c.Check(ctx, "users-value", userV2); err != nil || !verdict.Compatible {
			t.Errorf("%v: %+v, %v", want, verdict, err)
		}
		if verdict, err := c.Check(ctx, "users-value", userBad); err != nil || verdict.Compatible != (want == compat.None) {
			t.Errorf("%v: %+v, %v", want, verdict, err)
		}
	}
	if err := c.SetLevel(ctx, "new-value", compat.None); err != nil { // as apply does, before it registers
		t.Error(err)
	}
	for _, text := range []string{userV1, userBad} {
		if _, err := c.Register(ctx, "new-value", text); err != nil {
			t.Errorf("at level NONE: %v", err)
		}
	}
}

func testDeletes(t *testing.T, s server) {
	c, ctx := s.client(t), t.Context()
	for _, subject := range []string{"soft", "hard", "live"} {
		for _, text := range []string{userV1, userV2} {
			if _, err := c.Register(ctx, subject, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.Delete(ctx, "soft", false); err != nil {
		t.Error(err)
	}
	if err := c.Delete(ctx, "soft", true); err != nil {
		t.Errorf("for good, of what is deleted softly: %v", err)
	}
	if err := c.Delete(ctx, "hard", true); err != nil {
		t.Errorf("for good, of what is live: %v", err)
	}
	if err := c.Delete(ctx, "nobody", false); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("of a subject that is not there: %v", err)
	}
	if err := c.DeleteVersion(ctx, "live", 1, false); err != nil {
		t.Error(err)
	}
	if err := c.DeleteVersion(ctx, "live", 1, true); err != nil {
		t.Errorf("for good, of a version that is deleted softly: %v", err)
	}
	if versions, err := c.Versions(ctx, "live"); err != nil || !cmp.Equal(versions, []int{2}) {
		t.Errorf("versions %v, %v", versions, err)
	}
	if subjects, err := c.Subjects(ctx); err != nil || !cmp.Equal(subjects, []string{"live"}) {
		t.Errorf("left are %q, %v", subjects, err)
	}
	if err := c.DeleteVersion(ctx, "live", 2, true); err != nil {
		t.Errorf("for good, of a version that is live: %v", err)
	}
	if fresh, err := c.Register(ctx, "hard", userBad); err != nil || fresh.Version != 1 {
		t.Errorf("after a delete for good, registered %+v, %v", fresh, err)
	}
}

func testModes(t *testing.T, s server) {
	c, ctx := s.client(t), t.Context()
	if _, err := c.Register(ctx, "users-value", userV1); err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{"", "users-value"} {
		if mode, err := c.Mode(ctx, subject); err != nil || mode != registry.ReadWrite {
			t.Errorf("the mode of %q is %v, %v", subject, mode, err)
		}
	}
	if err := c.SetMode(ctx, "users-value", registry.ReadOnly, false); err != nil {
		t.Fatal(err)
	}
	if mode, err := c.Mode(ctx, "users-value"); err != nil || mode != registry.ReadOnly {
		t.Errorf("the mode is %v, %v", mode, err)
	}
	if s.confluent {
		if _, err := c.Register(ctx, "users-value", userV2); !errors.Is(err, registry.ErrNotPermitted) {
			t.Errorf("registered although read-only: %v", err)
		}
	}
	if err := c.SetMode(ctx, "users-value", registry.ReadWrite, false); err != nil {
		t.Error(err)
	}
}

func testContexts(t *testing.T, s server) {
	if !s.confluent {
		t.Skip("TestApicurioDiffers says what it does instead")
	}
	c, staging, ctx := s.client(t), s.client(t, registry.Context("staging")), t.Context()
	if _, err := c.Register(ctx, "users-value", userV1); err != nil {
		t.Fatal(err)
	}
	there, err := staging.Register(ctx, "users-value", userV2)
	if err != nil || there.Version != 1 {
		t.Fatalf("registered %+v, %v", there, err)
	}
	if byID, err := staging.ByID(ctx, there.ID); err != nil || byID.Text != userV2 {
		t.Errorf("by id: %+v, %v", byID, err)
	}
	if contexts, err := c.Contexts(ctx); err != nil || !cmp.Equal(contexts, []string{".", ".staging"}) {
		t.Errorf("contexts %q, %v", contexts, err)
	}
	if latest, err := c.Latest(ctx, "users-value"); err != nil || latest.Text != userV1 {
		t.Errorf("the latest of the default context is %+v, %v", latest, err)
	}
}
