package embedded_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riferrei/srclient"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/avow-events/avow/registry/embedded"
)

// The clients here know nothing of this registry.

const (
	userV1 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"}]}`
	userV2 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"},{"name":"age","type":"int","default":0}]}`
	userV3 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"int"}]}`
	order  = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"by","type":"User"}]}`
)

func franz(t *testing.T, opts ...embedded.Option) *sr.Client {
	t.Helper()
	client, err := sr.NewClient(sr.URLs(serve(t, opts...).URL))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// ok returns a function that stops the test if a call failed.
func ok[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantCode(t *testing.T, err error, code int) {
	t.Helper()
	var refused *sr.ResponseError
	if !errors.As(err, &refused) || refused.ErrorCode != code {
		t.Errorf("got %v, want the code %d", err, code)
	}
}

func TestFranzRegistersAndLooksUp(t *testing.T) {
	client, ctx := franz(t), t.Context()
	first := ok[sr.SubjectSchema](t)(client.CreateSchema(ctx, "users-value", sr.Schema{Schema: userV1}))
	if first.ID != 1 || first.Version != 1 || first.GUID == "" {
		t.Errorf("registered %+v", first)
	}
	second := ok[sr.SubjectSchema](t)(client.CreateSchema(ctx, "users-value", sr.Schema{Schema: userV2}))
	spaced := strings.ReplaceAll(userV1, ",", " , ")
	if found := ok[sr.SubjectSchema](t)(client.LookupSchema(ctx, "users-value", sr.Schema{Schema: spaced})); found.Version != 1 {
		t.Errorf("looked up %+v", found)
	}
	if byID := ok[sr.Schema](t)(client.SchemaByID(ctx, 2)); byID.Schema != userV2 {
		t.Errorf("by id: %+v", byID)
	}
	byGUID := ok[sr.SubjectSchema](t)(client.SchemaByGUID(ctx, second.GUID))
	if byGUID.Schema.Schema != userV2 {
		t.Errorf("by GUID: %+v", byGUID)
	}
	if ids := ok[[]sr.ContextID](t)(client.SchemaIDsByGUID(ctx, second.GUID)); len(ids) != 1 || ids[0].ID != 2 {
		t.Errorf("ids by GUID: %+v", ids)
	}
	if latest := ok[sr.SubjectSchema](t)(client.SchemaByVersion(ctx, "users-value", -1)); latest.ID != 2 {
		t.Errorf("latest: %+v", latest)
	}
	if versions := ok[[]int](t)(client.SubjectVersions(ctx, "users-value")); !cmp.Equal(versions, []int{1, 2}) {
		t.Errorf("versions %v", versions)
	}
	_, err := client.CreateSchema(ctx, "users-value", sr.Schema{Schema: userV3})
	wantCode(t, err, 40901)
	_, err = client.CreateSchema(ctx, "users-value", sr.Schema{Schema: `{"type":"record"}`})
	wantCode(t, err, 42201)
	_, err = client.SchemaByVersion(ctx, "users-value", 3)
	wantCode(t, err, 40402)

	ordered := ok[sr.SubjectSchema](t)(client.CreateSchema(ctx, "orders-value", sr.Schema{
		Schema: order, References: []sr.SchemaReference{{Name: "shop.User", Subject: "users-value", Version: 2}},
	}))
	referrers := ok[[]sr.SubjectSchema](t)(client.SchemaReferences(ctx, "users-value", 2))
	if len(referrers) != 1 || referrers[0].ID != ordered.ID {
		t.Errorf("referred to by %+v", referrers)
	}
	wantCode(t, client.DeleteSchema(ctx, "users-value", 2, sr.SoftDelete), 42206)
	if gone := ok[[]int](t)(client.DeleteSubject(ctx, "orders-value", sr.SoftDelete)); !cmp.Equal(gone, []int{1}) {
		t.Errorf("deleted %v", gone)
	}
	ok[[]int](t)(client.DeleteSubject(ctx, "orders-value", sr.HardDelete))
	if err := client.DeleteSchema(ctx, "users-value", 2, sr.SoftDelete); err != nil {
		t.Error(err)
	}
	if subjects := ok[[]string](t)(client.Subjects(ctx)); !cmp.Equal(subjects, []string{"users-value"}) {
		t.Errorf("subjects %v", subjects)
	}
	if all := ok[[]sr.SubjectSchema](t)(client.AllSchemas(sr.WithParams(ctx, sr.ShowDeleted))); len(all) != 2 {
		t.Errorf("schemas %+v", all)
	}
}

func TestFranzChecksAndConfigures(t *testing.T) {
	client, ctx := franz(t), t.Context()
	ok[sr.SubjectSchema](t)(client.CreateSchema(ctx, "users-value", sr.Schema{Schema: userV1}))
	verbose := sr.WithParams(ctx, sr.Verbose)
	verdict := ok[sr.CheckCompatibilityResult](t)(client.CheckCompatibility(verbose, "users-value", -1, sr.Schema{Schema: userV3}))
	if verdict.Is || len(verdict.Messages) != 4 || !strings.Contains(verdict.Messages[0], "TYPE_MISMATCH") {
		t.Errorf("the verdict is %+v", verdict)
	}
	if set := client.SetCompatibility(ctx, sr.SetCompatibility{Level: sr.CompatNone}, "users-value"); set[0].Err != nil {
		t.Error(set[0].Err)
	}
	if verdict := ok[sr.CheckCompatibilityResult](t)(client.CheckCompatibility(ctx, "users-value", -2, sr.Schema{Schema: userV3})); !verdict.Is {
		t.Errorf("under NONE the verdict is %+v", verdict)
	}
	for _, level := range client.Compatibility(ctx, "", "users-value") {
		want := map[string]sr.CompatibilityLevel{"": sr.CompatBackward, "users-value": sr.CompatNone}[level.Subject]
		if level.Err != nil || level.Level != want {
			t.Errorf("the level of %q is %v, %v", level.Subject, level.Level, level.Err)
		}
	}
	wantCode(t, client.ResetCompatibility(ctx, "nobody")[0].Err, 40401)
}

func TestFranzImportsIntoAContext(t *testing.T) {
	client, ctx := franz(t), t.Context()
	if set := client.SetMode(ctx, sr.ModeImport, ":.staging:"); set[0].Err != nil {
		t.Fatal(set[0].Err)
	}
	staging := sr.InContext(ctx, ".staging")
	imported := ok[sr.SubjectSchema](t)(client.CreateSchemaWithIDAndVersion(staging, "users-value", sr.Schema{
		Schema: userV1, SchemaMetadata: &sr.SchemaMetadata{Properties: map[string]string{"owner": "shop"}},
	}, 42, 7))
	if imported.ID != 42 || imported.Version != 7 || imported.SchemaMetadata.Properties["owner"] != "shop" {
		t.Errorf("imported %+v", imported)
	}
	if contexts := ok[[]string](t)(client.Contexts(ctx)); !cmp.Equal(contexts, []string{".", ".staging"}) {
		t.Errorf("contexts %v", contexts)
	}
	if found := ok[sr.SubjectSchema](t)(client.SchemaByVersion(staging, "users-value", 7)); found.ID != 42 || found.Subject != ":.staging:users-value" {
		t.Errorf("in its context: %+v", found)
	}
	if subjects := ok[[]string](t)(client.Subjects(staging)); !cmp.Equal(subjects, []string{":.staging:users-value"}) {
		t.Errorf("subjects of the context: %v", subjects)
	}
}

func TestSrclient(t *testing.T) {
	server := serve(t, embedded.BasicAuth("me", "secret"))
	client := srclient.NewSchemaRegistryClient(server.URL)
	if _, err := client.GetSubjects(); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("without a password: %v", err)
	}
	client.SetCredentials("me", "secret")
	first := ok[*srclient.Schema](t)(client.CreateSchema("users-value", userV1, srclient.Avro))
	if first.ID() != 1 || first.Version() != 1 {
		t.Errorf("registered id %d, version %d", first.ID(), first.Version())
	}
	if compatible := ok[bool](t)(client.IsSchemaCompatible("users-value", userV3, "latest", srclient.Avro)); compatible {
		t.Error("an incompatible schema is said to be compatible")
	}
	if _, err := client.CreateSchema("users-value", userV3, srclient.Avro); err == nil || !strings.Contains(err.Error(), "incompatible with an earlier schema") {
		t.Errorf("an incompatible schema: %v", err)
	}
	ordered := ok[*srclient.Schema](t)(client.CreateSchema("orders-value", order, srclient.Avro,
		srclient.Reference{Name: "shop.User", Subject: "users-value", Version: 1}))
	client.ResetCache()
	again := ok[*srclient.Schema](t)(client.GetSchema(ordered.ID()))
	if again.Schema() != order || len(again.References()) != 1 {
		t.Errorf("by id: %s %v", again.Schema(), again.References())
	}
	level := ok[*srclient.CompatibilityLevel](t)(client.ChangeSubjectCompatibilityLevel("users-value", srclient.FullTransitive))
	if *level != srclient.FullTransitive {
		t.Errorf("the level is %s", *level)
	}
	if err := client.DeleteSubject("orders-value", true); err != nil {
		t.Error(err)
	}
	if subjects := ok[[]string](t)(client.GetSubjects()); !cmp.Equal(subjects, []string{"users-value"}) {
		t.Errorf("subjects %v", subjects)
	}
}

// TestProfileCP7 answers as an older server where clients notice.
func TestProfileCP7(t *testing.T) {
	r := newRegistry(t, embedded.Profile("cp7"))
	register := func(text string) string {
		return do(r, http.MethodPost, "/subjects/users-value/versions", schemaBody(text)).Body.String()
	}
	for _, c := range []struct{ got, want string }{
		{register(userV1), `{"id":1}`},
		{register(userV1), `{"id":1}`},
		{must(t, r, "GET", "/subjects/users-value/versions/1", ""),
			`{"subject":"users-value","version":1,"id":1,"schema":` + schemaBody(userV1)[len(`{"schema":`):]},
		{must(t, r, "GET", "/schemas/ids/1", ""), schemaBody(userV1)},
		{must(t, r, "POST", "/subjects/defaults/versions", schemaBody(`{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}`)), `{"id":2}`},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
	refused := do(r, http.MethodPost, "/subjects/users-value/versions", schemaBody(userV3))
	if refused.Code != http.StatusConflict || !strings.HasPrefix(refused.Body.String(), `{"error_code":409,`) {
		t.Errorf("%d %s", refused.Code, refused.Body)
	}
	if _, err := embedded.New(embedded.Profile("cp9")); err == nil || !strings.Contains(err.Error(), `no profile "cp9": want cp8 or cp7`) {
		t.Errorf("an unknown profile: %v", err)
	}
}
