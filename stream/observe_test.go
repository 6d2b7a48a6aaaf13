package stream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/stream"
)

func TestObserve(t *testing.T) {
	w := newWorld(t)
	p := producer[order](w, "orders")
	id := string(rune(p.Schema().ID))
	w.raw(
		&kgo.Record{Topic: "orders", Value: []byte("\x00\x00\x00\x00" + id + "\x02a\x00")},
		&kgo.Record{Topic: "orders", Value: []byte("nonsense")},
		&kgo.Record{Topic: "orders", Key: []byte("k")},
		&kgo.Record{Topic: "orders", Value: []byte("\x00\x00\x00\x00" + id + "\x02b\x02")},
	)
	var mu sync.Mutex
	var got []string
	c, err := stream.NewConsumer("g", w.consumerOptions(stream.Observe(func(e stream.Event) {
		mu.Lock()
		defer mu.Unlock()
		if e.Partition == 0 {
			got = append(got, fmt.Sprintf("%s %s/%d@%d.%d", e.Kind, e.Topic, e.Partition, e.Offset, e.Attempt))
		}
		if failed := e.Kind == stream.Failed || e.Kind == stream.DeadLettered; failed != (e.Err != nil) {
			t.Errorf("%s with error %v", e.Kind, e.Err)
		}
		if e.Kind == stream.Handled && e.Took <= 0 {
			t.Errorf("handled in %v", e.Took)
		}
	}))...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error {
		if m.Value.ID == "b" && m.Attempt == 1 {
			return errors.New("not yet")
		}
		return nil
	}, stream.SkipTombstones(), stream.DeadLetter("dlq"))
	r := run(t, c)
	eventually(t, "all are done with", func() bool { return w.committed("g", "orders") == 4 })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	want := []string{
		"assigned orders/0@0.0",
		"handled orders/0@0.1",
		"failed orders/0@1.1", "dead-lettered orders/0@1.0",
		"skipped orders/0@2.1",
		"failed orders/0@3.1", "handled orders/0@3.2",
		"revoked orders/0@0.0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if s := stream.EventKind(0).String(); s != "invalid" {
		t.Errorf("zero kind: %s", s)
	}
}
