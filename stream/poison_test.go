package stream_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/stream"
)

// Each of these records stops a consumer by default, and nothing past it is committed; with a dead-letter topic it
// goes there as it came.
func TestPoisonRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := producer[order](w, "orders")
	id := byte(p.Schema().ID)
	for name, tc := range map[string]struct {
		value   string
		headers []kgo.RecordHeader
		schema  string
		want    string
		is      error
	}{
		"JSON":              {`{"id":"a"}`, nil, "", "undecodable: no registry framing: first byte is 0x7b, not 0x00: looks like JSON", nil},
		"empty":             {"", nil, "", "record is empty", nil},
		"cut short":         {"\x00\x00\x00\x00" + string(id) + "\x08or", nil, fmt.Sprint("schema id ", id), "id at byte 0: message ends too early", codec.ErrTruncated},
		"trailing bytes":    {"\x00\x00\x00\x00" + string(id) + "\x02a\x02zzz", nil, fmt.Sprint("schema id ", id), "bytes left over", codec.ErrTrailing},
		"unknown id":        {"\x00\x00\x00\x03\xe7\x02a\x02", nil, "schema id 999", "Schema 999 not found", nil},
		"damaged header":    {"\x02a\x02", []kgo.RecordHeader{{Key: "__value_schema_id", Value: []byte{7}}}, "", "schema header holds 1 bytes (07)", nil},
		"unknown in header": {"\x02a\x02", []kgo.RecordHeader{{Key: "__value_schema_id", Value: []byte("\x010123456789abcdef")}}, "schema guid 30313233-3435-3637-3839-616263646566", "HTTP 404", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topic := "poison-" + strings.ReplaceAll(name, " ", "-")
			good := &kgo.Record{Topic: topic, Key: []byte("k"), Value: []byte("\x00\x00\x00\x00" + string(id) + "\x02a\x02")}
			bad := &kgo.Record{Topic: topic, Key: []byte("k"), Value: []byte(tc.value), Headers: tc.headers}
			w.raw(good, bad, &kgo.Record{Topic: topic, Key: []byte("k"), Value: []byte("\x00\x00\x00\x00" + string(id) + "\x02b\x02")})

			var handled atomic.Int32
			handle := func(context.Context, stream.Message[order]) error { handled.Add(1); return nil }
			stops, err := stream.NewConsumer("stops", w.consumerOptions()...)
			if err != nil {
				t.Fatal(err)
			}
			stream.Handle(stops, topic, handle)
			err = run(t, stops).wait()
			e := recordError(t, err)
			if e.Reason != stream.Undecodable || e.Topic != topic || e.Partition != 0 || e.Offset != 1 || e.Schema != tc.schema || e.Attempts != 0 {
				t.Errorf("got %+v", e)
			}
			if !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), topic+"/0@1") || !strings.Contains(err.Error(), "stream.DeadLetter") {
				t.Errorf("got %v, want it to say %q", err, tc.want)
			}
			if tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("%v is not %v", err, tc.is)
			}
			if got := w.committed("stops", topic); got != 1 || handled.Load() != 1 {
				t.Errorf("committed %d, handled %d, want 1 and 1", got, handled.Load())
			}

			handled.Store(0)
			goesOn, err := stream.NewConsumer("goes-on", w.consumerOptions()...)
			if err != nil {
				t.Fatal(err)
			}
			stream.Handle(goesOn, topic, handle, stream.DeadLetter(topic+"-dlq"))
			r := run(t, goesOn)
			eventually(t, "all three are done with", func() bool { return w.committed("goes-on", topic) == 3 })
			if err := r.end(); err != nil {
				t.Error(err)
			}
			if handled.Load() != 2 {
				t.Errorf("handled %d, want 2", handled.Load())
			}
			letter := w.read(topic+"-dlq", 1)[0]
			if string(letter.Value) != tc.value || string(letter.Key) != "k" {
				t.Errorf("dead letter: key %q, value %q", letter.Key, letter.Value)
			}
			headers := map[string]string{}
			for _, h := range letter.Headers {
				headers[h.Key] = string(h.Value)
			}
			for key, want := range map[string]string{
				stream.HeaderTopic: topic, stream.HeaderPartition: "0", stream.HeaderOffset: "1", stream.HeaderGroup: "goes-on",
				stream.HeaderReason: "undecodable", stream.HeaderAttempts: "0", stream.HeaderSchema: tc.schema,
				stream.HeaderTimestamp: bad.Timestamp.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano),
			} {
				if headers[key] != want {
					t.Errorf("header %s = %q, want %q", key, headers[key], want)
				}
			}
			if !strings.Contains(e.Err.Error(), headers[stream.HeaderError]) || headers[stream.HeaderError] == "" {
				t.Errorf("header with the error: %q, want %q", headers[stream.HeaderError], e.Err)
			}
			for _, h := range tc.headers {
				if headers[h.Key] != string(h.Value) {
					t.Errorf("lost header %s", h.Key)
				}
			}
		})
	}
}

// read returns the first n records of a topic.
func (w *world) read(topic string, n int) (records []*kgo.Record) {
	w.t.Helper()
	cl := w.kafka(kgo.ConsumeTopics(topic))
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	for len(records) < n {
		records = append(records, cl.PollFetches(ctx).Records()...)
		if ctx.Err() != nil {
			w.t.Fatalf("topic %s has %d records, want %d", topic, len(records), n)
		}
	}
	return records
}
