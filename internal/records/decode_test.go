package records_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/records"
	"github.com/avow-events/avow/internal/wire"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

const price = `{"type":"record","name":"Price","namespace":"shop","fields":[{"name":"cents","type":"int"},{"name":"note","type":["null","string"]}]}`

// world is a registry that holds the schema price, and a client of it.
func world(t *testing.T) (*httptest.Server, *registry.Client, registry.Schema) {
	t.Helper()
	r, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	client, err := registry.New(server.URL, registry.Retries(0, time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	s, err := client.Register(t.Context(), "prices-value", price)
	if err != nil {
		t.Fatal(err)
	}
	return server, client, s
}

// payload is {"cents": 7, "note": "x"} in Avro.
var payload = []byte{14, 2, 2, 'x'}

func TestDecode(t *testing.T) {
	_, client, s := world(t)
	framed := append(wire.AppendPrefix(nil, s.ID), payload...)
	byID := wire.AppendHeader(nil, wire.Ref{ID: s.ID})
	byGUID := wire.AppendHeader(nil, wire.Ref{GUID: uuid.MustParse(s.GUID)})
	header := func(content []byte) []records.Header {
		return []records.Header{{Key: "other"}, {Key: wire.ValueHeader, Value: content}}
	}
	for name, tt := range map[string]struct {
		record records.Record
		opts   []codec.JSONOption
		want   string // the JSON
		err    string
	}{
		"prefix":       {record: records.Record{Value: framed}, want: `{"cents":7,"note":"x"}`},
		"header, id":   {record: records.Record{Value: payload, Headers: header(byID)}, want: `{"cents":7,"note":"x"}`},
		"header, guid": {record: records.Record{Value: payload, Headers: header(byGUID)}, want: `{"cents":7,"note":"x"}`},
		"Avro's JSON": {
			record: records.Record{Value: framed}, opts: []codec.JSONOption{codec.AvroJSON()},
			want: `{"cents":7,"note":{"string":"x"}}`,
		},
		"text":       {record: records.Record{Value: []byte("hello")}, err: "no registry framing: first byte is 0x68, not 0x00: looks like plain text"},
		"empty":      {record: records.Record{Value: []byte{}}, err: "no registry framing: record is empty"},
		"unknown id": {record: records.Record{Value: wire.AppendPrefix(nil, 99)}, err: "schema id 99: registry http://"},
		"truncated":  {record: records.Record{Value: framed[:len(framed)-1]}, err: "schema id 1, shop.Price: avro: note at byte "},
		"trailing":   {record: records.Record{Value: append(framed[:len(framed):len(framed)], 0)}, err: "schema id 1, shop.Price: avro: "},
		"bad header": {record: records.Record{Value: payload, Headers: header([]byte("x"))}, err: "no registry framing: schema header holds"},
	} {
		t.Run(name, func(t *testing.T) {
			event, err := records.NewDecoder(client, tt.opts...).Decode(t.Context(), &tt.record)
			if tt.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tt.err) {
					t.Fatalf("got %v, %v\nwant %s", event, err, tt.err)
				}
				if records.Fatal(err) {
					t.Errorf("%v is no reason to stop", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(event.JSON) != tt.want || !json.Valid(event.JSON) || event.Name != "shop.Price" || event.SchemaID != s.ID {
				t.Errorf("got %d %s %s, want %s", event.SchemaID, event.Name, event.JSON, tt.want)
			}
		})
	}
	if event, err := records.NewDecoder(client).Decode(t.Context(), &records.Record{Key: []byte("k")}); event != nil || err != nil {
		t.Errorf("a tombstone is %v, %v", event, err)
	}
}

// TestDecodeAlone holds that the registry is asked once for each schema, and that its silence is told from a bad record.
func TestDecodeAlone(t *testing.T) {
	server, client, s := world(t)
	decoder := records.NewDecoder(client)
	record := &records.Record{Value: append(wire.AppendPrefix(nil, s.ID), payload...)}
	if _, err := decoder.Decode(t.Context(), record); err != nil {
		t.Fatal(err)
	}
	server.Close()
	if _, err := decoder.Decode(t.Context(), record); err != nil {
		t.Errorf("a schema that is known: %v", err)
	}
	_, err := decoder.Decode(t.Context(), &records.Record{Value: wire.AppendPrefix(nil, 99)})
	if !records.Fatal(err) {
		t.Errorf("a schema that is not: %v", err)
	}
}
