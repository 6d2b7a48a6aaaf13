package hamba_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/codec/hamba"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

// schemas is what a program that has a registry client writes to use this package.
type schemas struct{ *registry.Client }

func (r schemas) SchemaByID(ctx context.Context, id int) (*avsc.Schema, error) {
	found, err := r.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	return r.Parse(ctx, found)
}

func (r schemas) SchemaID(ctx context.Context, subject string, schema *avsc.Schema) (int, error) {
	found, err := r.Lookup(ctx, subject, schema.SelfContained())
	return found.ID, err
}

func newRegistry(t *testing.T) *registry.Client {
	t.Helper()
	server, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(func() { web.Close(); server.Close() })
	client, err := registry.New(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func register(t *testing.T, c *registry.Client, subject, schema string) int {
	t.Helper()
	s, err := c.Register(t.Context(), subject, schema)
	if err != nil {
		t.Fatal(err)
	}
	return s.ID
}

func TestSerde(t *testing.T) {
	client := newRegistry(t)
	const newer = `{"type":"record","name":"shop.Line","fields":[{"name":"sku","type":["null","string"]},{"name":"count","type":"long","default":1}]}`
	register(t, client, "lines-value", lineSchema)
	register(t, client, "lines-value", newer)

	old, err := hamba.NewSerde[line](schemas{client}, parsed(t, lineSchema))
	if err != nil {
		t.Fatal(err)
	}
	record, err := old.Encode(t.Context(), "lines-value", &line{"TEA-001", 3})
	if err != nil {
		t.Fatal(err)
	}
	var same line
	if err := old.Decode(t.Context(), record, &same); err != nil || same != (line{"TEA-001", 3}) {
		t.Errorf("read as %+v, %v", same, err)
	}

	type newLine struct {
		SKU   *string `avro:"sku"`
		Count int64   `avro:"count"`
	}
	next, err := hamba.NewSerde[newLine](schemas{client}, parsed(t, newer))
	if err != nil {
		t.Fatal(err)
	}
	var got newLine
	if err := next.Decode(t.Context(), record, &got); err != nil || got.SKU == nil || *got.SKU != "TEA-001" || got.Count != 3 {
		t.Errorf("read by a newer version as %+v, %v", got, err)
	}
	if err := next.Decode(t.Context(), record[:len(record)-1], &got); !errors.Is(err, codec.ErrTruncated) || got != (newLine{}) {
		t.Errorf("cut short it is %+v, %v", got, err)
	}
	if err := next.Decode(t.Context(), []byte("{}"), &got); err == nil {
		t.Error("JSON is read")
	}
	if err := next.DecodePayload(t.Context(), 99, record[5:], &got); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("schema 99: %v", err)
	}
	if _, err := next.Encode(t.Context(), "others-value", &newLine{}); !errors.Is(err, registry.ErrNotFound) {
		t.Errorf("a subject without the schema: %v", err)
	}

	v, schema, err := hamba.NewDynamic(schemas{client}).Decode(t.Context(), record)
	if want := any(map[string]any{"sku": "TEA-001", "count": 3}); err != nil || !cmp.Equal(v, want) || schema.Root.FullName() != "shop.Line" {
		t.Errorf("as a dynamic value: %v of %v, %v", v, schema, err)
	}
}

func TestSerdeChecksTheType(t *testing.T) {
	type wrong struct {
		Amount codec.Decimal `avro:"amount"`
	}
	_, err := hamba.NewSerde[wrong](schemas{}, parsed(t, paymentSchema))
	if err == nil || !strings.Contains(err.Error(), "amount is a decimal, want *big.Rat") {
		t.Errorf("got %v", err)
	}
}
