package clients_test

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/riferrei/srclient"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/shop"
	"github.com/avow-events/avow/registry"
)

const (
	userV1 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"}]}`
	userV2 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"string"},{"name":"age","type":"int","default":0}]}`
	userV3 = `{"type":"record","name":"User","namespace":"shop","fields":[{"name":"name","type":"int"}]}`
	group  = `{"type":"record","name":"Group","namespace":"shop","fields":[{"name":"members","type":{"type":"array","items":"User"}}]}`
)

// TestFranzGo registers, evolves and looks up through franz-go's client.
func TestFranzGo(t *testing.T) {
	ctx := t.Context()
	c, err := sr.NewClient(sr.URLs(dev.Serve(t)))
	if err != nil {
		t.Fatal(err)
	}
	var versions []int
	for _, text := range []string{userV1, userV2, userV1} {
		s, err := c.CreateSchema(ctx, "users-value", sr.Schema{Schema: text})
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, s.Version)
	}
	if diff := cmp.Diff([]int{1, 2, 1}, versions); diff != "" {
		t.Errorf("versions:\n%s", diff)
	}
	var refused *sr.ResponseError
	if _, err := c.CreateSchema(ctx, "users-value", sr.Schema{Schema: userV3}); !errors.As(err, &refused) || refused.ErrorCode != 40901 {
		t.Errorf("an incompatible schema: %v", err)
	}
	refs := []sr.SchemaReference{{Name: "shop.User", Subject: "users-value", Version: 2}}
	s, err := c.CreateSchema(ctx, "groups-value", sr.Schema{Schema: group, References: refs})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.SchemaByGUID(ctx, s.GUID)
	if err != nil || got.Schema.Schema != group || !cmp.Equal(got.Schema.References, refs) {
		t.Errorf("by GUID: %+v, %v", got, err)
	}
}

// TestFranzGoSerde reads with franz-go's serde what our types wrote, by the id that our registry gave.
func TestFranzGoSerde(t *testing.T) {
	url := dev.Serve(t)
	dev.Avow(t, "apply", "--registry", url, "--quiet")
	c, err := sr.NewClient(sr.URLs(url))
	if err != nil {
		t.Fatal(err)
	}
	latest, err := c.SchemaByVersion(t.Context(), registry.TopicRecordName("orders", "shop.orders.OrderCreated"), -1)
	if err != nil {
		t.Fatal(err)
	}
	var serde sr.Serde
	serde.Register(latest.ID, &orders.OrderCreated{},
		sr.AppendEncodeFn(func(b []byte, v any) ([]byte, error) { return v.(*orders.OrderCreated).AppendAvro(b) }),
		sr.DecodeFn(func(b []byte, v any) error { return v.(*orders.OrderCreated).DecodeAvro(b) }))
	want := shop.Orders()["full"]
	framed, err := serde.Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	if framed[0] != 0 || int(binary.BigEndian.Uint32(framed[1:])) != latest.ID {
		t.Errorf("framed by %x, want id %d", framed[:5], latest.ID)
	}
	var got orders.OrderCreated
	if err := serde.Decode(framed, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, &got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// TestSrclient goes through srclient, to a registry of today and to one as old clients know it.
func TestSrclient(t *testing.T) {
	for _, profile := range []string{"cp8", "cp7"} {
		t.Run(profile, func(t *testing.T) {
			c := srclient.NewSchemaRegistryClient(dev.Serve(t, "--profile", profile))
			user, err := c.CreateSchema("users-value", userV1, srclient.Avro)
			if err != nil {
				t.Fatal(err)
			}
			if ok, err := c.IsSchemaCompatible("users-value", userV2, "latest", srclient.Avro); err != nil || !ok {
				t.Errorf("a compatible schema: %t, %v", ok, err)
			}
			if _, err := c.CreateSchema("users-value", userV3, srclient.Avro); err == nil || !strings.Contains(err.Error(), "incompatible") {
				t.Errorf("an incompatible schema: %v", err)
			}
			ref := srclient.Reference{Name: "shop.User", Subject: "users-value", Version: 1}
			s, err := c.CreateSchema("groups-value", group, srclient.Avro, ref)
			if err != nil {
				t.Fatal(err)
			}
			c.ResetCache()
			again, err := c.GetSchema(s.ID())
			if err != nil || again.Schema() != group || s.ID() == user.ID() || !cmp.Equal(again.References(), []srclient.Reference{ref}) {
				t.Errorf("by id: %+v, %v", again, err)
			}
			if _, err := c.LookupSchema("groups-value", group, srclient.Avro, ref); err != nil {
				t.Error(err)
			}
		})
	}
}
