package stream_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// With avow.lock in the binary a service starts, writes, and reads what was written with any version that the lock knows,
// while no registry answers.
func TestStartAndDecodeWithoutARegistry(t *testing.T) {
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 1, 1, 1)
	next := producer[orderV2](w, "orders")
	if err := next.ProduceSync(t.Context(), nil, &orderV2{ID: "2", Note: "new"}); err != nil {
		t.Fatal(err)
	}

	l := &lock.Lock{}
	for version := 1; version <= 2; version++ {
		held, err := w.client.Version(t.Context(), "orders-value", version)
		if err != nil {
			t.Fatal(err)
		}
		l.Add(lock.Place{
			Contract: "test.Order", Environment: "prod", Subject: "orders-value", Version: version, ID: held.ID, GUID: held.GUID,
		}, held.Text)
	}
	offline, err := registry.New("http://127.0.0.1:1", registry.Retries(0, time.Millisecond), registry.WithLock(string(l.Bytes()), "prod"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(offline.Close)

	p, err := stream.NewProducer[orderV2](t.Context(), "orders", stream.Brokers(w.env.Kafka), stream.Registry(offline), stream.KafkaOptions(kgo.ProducerLinger(0)))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close(context.Background())
	if err := p.ProduceSync(t.Context(), nil, &orderV2{ID: "3", Note: "offline"}); err != nil {
		t.Fatal(err)
	}
	c, err := stream.NewConsumer("readers", stream.Brokers(w.env.Kafka), stream.Registry(offline), stream.Logger(quiet))
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int32
	notes := make(chan string, 3)
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[orderV2]) error {
		notes <- m.Value.ID + " " + m.Value.Note
		n.Add(1)
		return nil
	})
	r := run(t, c)
	eventually(t, "three orders", func() bool { return n.Load() == 3 })
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	close(notes)
	have := map[string]bool{}
	for note := range notes {
		have[note] = true
	}
	for _, want := range []string{"1 none", "2 new", "3 offline"} {
		if !have[want] {
			t.Errorf("lacks %q of %v", want, have)
		}
	}
}
