package clients_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/riferrei/srclient"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/shop"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// must ends the test at the first step that fails.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestFranzGo takes the steps of every client, and those by GUID.
func TestFranzGo(t *testing.T) {
	ctx := t.Context()
	c, err := sr.NewClient(sr.URLs(dev.Serve(t)))
	if err != nil {
		t.Fatal(err)
	}
	schema, compatible, ids := must[sr.SubjectSchema](t), must[sr.CheckCompatibilityResult](t), must[[]int](t)
	names := must[[]string](t)
	const users = "users-value"
	var got answers
	register := func(subject, text string, refs ...sr.SchemaReference) sr.SubjectSchema {
		t.Helper()
		return schema(c.CreateSchema(ctx, subject, sr.Schema{Schema: text, References: refs}))
	}
	status := func(err error) int {
		var refused *sr.ResponseError
		if errors.As(err, &refused) {
			return refused.StatusCode
		}
		return 0
	}
	got.Registered = []int{register(users, userV1).ID}
	for _, text := range []string{userV2, userBad} {
		got.Compatible = append(got.Compatible, compatible(c.CheckCompatibility(ctx, users, -1, sr.Schema{Schema: text})).Is)
	}
	got.Registered = append(got.Registered, register(users, callSchemas["userWritten"]).ID, register(users, userV2).ID)
	_, err = c.CreateSchema(ctx, users, sr.Schema{Schema: userBad})
	got.Refused = status(err)
	latest := schema(c.SchemaByVersion(ctx, users, -1))
	got.Latest = []int{latest.Version, latest.ID}
	got.Versions = ids(c.SubjectVersions(ctx, users))
	got.LookedUp = schema(c.LookupSchema(ctx, users, sr.Schema{Schema: userV1})).ID
	got.ByID = must[sr.Schema](t)(c.SchemaByID(ctx, latest.ID)).Schema
	user := sr.SchemaReference{Name: "shop.User", Subject: users, Version: 2}
	theGroup := register("groups", group, user)
	theClub := register("clubs", club, sr.SchemaReference{Name: "shop.Group", Subject: "groups", Version: 1}, user)
	got.Referring = []int{theGroup.ID, theClub.ID}
	byGUID := schema(c.SchemaByGUID(ctx, theClub.GUID))
	for _, r := range byGUID.Schema.References {
		got.References = append(got.References, fmt.Sprintf("%s@%s:%d", r.Name, r.Subject, r.Version))
	}
	c.SetCompatibility(ctx, sr.SetCompatibility{Level: sr.CompatFull}, users)
	got.Level = c.Compatibility(ctx, users)[0].Level.String()
	got.Subjects = names(c.Subjects(ctx))
	for _, how := range []sr.DeleteHow{sr.SoftDelete, sr.HardDelete} {
		if err := c.DeleteSchema(ctx, users, 1, how); err != nil {
			t.Fatal(err)
		}
		got.Deleted = append(got.Deleted, 1)
	}
	_, err = c.DeleteSubject(ctx, users, sr.SoftDelete)
	got.Undeleted = status(err)
	for _, subject := range []string{"clubs", "groups", users} {
		ids(c.DeleteSubject(ctx, subject, sr.SoftDelete))
		ids(c.DeleteSubject(ctx, subject, sr.HardDelete))
	}
	got.Left = names(c.Subjects(ctx))
	if diff := cmp.Diff(wantAnswers, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

// TestSrclient takes the steps of every client, to a registry of today and to one as old clients know it.
func TestSrclient(t *testing.T) {
	for _, profile := range []string{"cp8", "cp7"} {
		t.Run(profile, func(t *testing.T) {
			c := srclient.NewSchemaRegistryClient(dev.Serve(t, "--profile", profile))
			schema, numbers, names := must[*srclient.Schema](t), must[[]int](t), must[[]string](t)
			const users = "users-value"
			var got answers
			register := func(subject, text string, refs ...srclient.Reference) int {
				t.Helper()
				return schema(c.CreateSchema(subject, text, srclient.Avro, refs...)).ID()
			}
			got.Registered = []int{register(users, userV1)}
			for _, text := range []string{userV2, userBad} {
				got.Compatible = append(got.Compatible, must[bool](t)(c.IsSchemaCompatible(users, text, "latest", srclient.Avro)))
			}
			got.Registered = append(got.Registered, register(users, callSchemas["userWritten"]), register(users, userV2))
			_, err := c.CreateSchema(users, userBad, srclient.Avro)
			got.Refused = srclientStatus(err)
			c.ResetCache()
			latest := schema(c.GetLatestSchema(users))
			got.Latest = []int{latest.Version(), latest.ID()}
			got.Versions = numbers(c.GetSchemaVersions(users))
			got.LookedUp = schema(c.LookupSchema(users, userV1, srclient.Avro)).ID()
			got.ByID = schema(c.GetSchema(latest.ID())).Schema()
			user := srclient.Reference{Name: "shop.User", Subject: users, Version: 2}
			theGroup := register("groups", group, user)
			theClub := register("clubs", club, srclient.Reference{Name: "shop.Group", Subject: "groups", Version: 1}, user)
			got.Referring = []int{theGroup, theClub}
			c.ResetCache()
			for _, r := range schema(c.GetSchema(theClub)).References() {
				got.References = append(got.References, fmt.Sprintf("%s@%s:%d", r.Name, r.Subject, r.Version))
			}
			must[*srclient.CompatibilityLevel](t)(c.ChangeSubjectCompatibilityLevel(users, srclient.Full))
			got.Level = must[*srclient.CompatibilityLevel](t)(c.GetCompatibilityLevel(users, false)).String()
			got.Subjects = names(c.GetSubjects())
			if err := c.DeleteSubjectByVersion(users, 1, true); err != nil { // softly before, by itself
				t.Fatal(err)
			}
			got.Deleted = []int{1, 1}
			got.Undeleted = srclientStatus(c.DeleteSubject(users, false))
			for _, subject := range []string{"clubs", "groups", users} {
				if err := c.DeleteSubject(subject, true); err != nil {
					t.Fatal(err)
				}
			}
			got.Left = names(c.GetSubjects())
			if diff := cmp.Diff(wantAnswers, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
		})
	}
}

// srclientStatus is the HTTP status with which the registry refused: what its codes begin with.
func srclientStatus(err error) int {
	var refused srclient.Error
	if !errors.As(err, &refused) {
		return 0
	}
	for code := refused.Code; code > 0; code /= 10 {
		if code < 1000 {
			return code
		}
	}
	return 0
}

// TestFranzGoSerde has franz-go's serde read what our producer wrote, and our consumer what its serde wrote.
func TestFranzGoSerde(t *testing.T) {
	env := dev.Start(t)
	dev.Avow(t, "apply", "--registry", env.Registry, "--quiet")
	c, err := sr.NewClient(sr.URLs(env.Registry))
	if err != nil {
		t.Fatal(err)
	}
	latest, err := c.SchemaByVersion(t.Context(), registry.TopicRecordName("orders", "shop.orders.OrderCreated"), -1)
	if err != nil {
		t.Fatal(err)
	}
	var serde sr.Serde
	serde.Register(latest.ID, &orders.OrderCreated{},
		sr.AppendEncodeFn(func(b []byte, v any) ([]byte, error) { return v.(codec.Message).AppendAvro(b) }),
		sr.DecodeFn(func(b []byte, v any) error { return v.(codec.Message).DecodeAvro(b) }))

	t.Run("ours to theirs", func(t *testing.T) { serdeReads(t, env, &serde, latest.ID) })
	t.Run("theirs to ours", func(t *testing.T) { serdeWrites(t, &serde) })
	t.Run("srclient to ours", func(t *testing.T) { srclientWrites(t) })
}

func serdeReads(t *testing.T, env dev.Env, serde *sr.Serde, id int) {
	ctx, cancel := context.WithTimeout(t.Context(), exchangeTimeout)
	defer cancel()
	events := shop.Orders()
	produce[orders.OrderCreated](ctx, t, env, "orders", events, stream.Subject(registry.TopicRecordName))
	kafka, err := kgo.NewClient(kgo.SeedBrokers(env.Kafka), kgo.ConsumeTopics("orders"))
	if err != nil {
		t.Fatal(err)
	}
	defer kafka.Close()
	got := map[string]*orders.OrderCreated{}
	for len(got) < len(events) {
		fetches := kafka.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		for r := range fetches.RecordsAll() {
			if framed := int(binary.BigEndian.Uint32(r.Value[1:5])); r.Value[0] != 0 || framed != id {
				t.Errorf("framed by %x, want id %d", r.Value[:5], id)
			}
			event := new(orders.OrderCreated)
			if err := serde.Decode(r.Value, event); err != nil {
				t.Fatal(err)
			}
			got[string(r.Key)] = event
		}
	}
	if diff := cmp.Diff(events, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("produced (-), consumed (+):\n%s", diff)
	}
}

// serdeWrites sends through a broker whose topic is still empty. The registry gives the same ids in every run.
func serdeWrites(t *testing.T, serde *sr.Serde) {
	ours(t, func(ctx context.Context, env dev.Env, events map[string]*orders.OrderCreated) {
		kafka, err := kgo.NewClient(kgo.SeedBrokers(env.Kafka), kgo.AllowAutoTopicCreation())
		if err != nil {
			t.Fatal(err)
		}
		defer kafka.Close()
		for key, event := range events {
			record := &kgo.Record{Topic: "orders", Key: []byte(key), Value: serde.MustEncode(event)}
			if err := kafka.ProduceSync(ctx, record).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// srclientWrites frames by hand, as srclient's users do, with the id that srclient looked up.
func srclientWrites(t *testing.T) {
	ours(t, func(ctx context.Context, env dev.Env, events map[string]*orders.OrderCreated) {
		latest, err := srclient.NewSchemaRegistryClient(env.Registry).GetLatestSchema("orders-shop.orders.OrderCreated")
		if err != nil {
			t.Fatal(err)
		}
		kafka, err := kgo.NewClient(kgo.SeedBrokers(env.Kafka), kgo.AllowAutoTopicCreation())
		if err != nil {
			t.Fatal(err)
		}
		defer kafka.Close()
		for key, event := range events {
			value, err := event.AppendAvro(binary.BigEndian.AppendUint32([]byte{0}, uint32(latest.ID())))
			if err != nil {
				t.Fatal(err)
			}
			if err := kafka.ProduceSync(ctx, &kgo.Record{Topic: "orders", Key: []byte(key), Value: value}).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// ours has somebody produce orders, and wants our consumer to read them.
func ours(t *testing.T, produce func(context.Context, dev.Env, map[string]*orders.OrderCreated)) {
	t.Helper()
	env := dev.Start(t)
	dev.Avow(t, "apply", "--registry", env.Registry, "--quiet")
	ctx, cancel := context.WithTimeout(t.Context(), exchangeTimeout)
	defer cancel()
	events := shop.Orders()
	produce(ctx, env, events)
	if diff := cmp.Diff(events, consume[orders.OrderCreated](ctx, t, env, "orders", len(events)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("produced (-), consumed (+):\n%s", diff)
	}
}
