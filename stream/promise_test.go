package stream_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/stream"
)

// A new group begins with the oldest record or with what comes from now on; so does one whose offsets are gone, and one
// that stands where Kafka has removed the records since.
func TestWhereAGroupBegins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.raw(&kgo.Record{Topic: "orders"}) // makes it, with a tombstone
	p := producer[order](w, "orders")
	send(w, p, 0, 6, 1)
	handled := func(group string, n int, opts ...stream.ConsumerOption) *seen {
		t.Helper()
		s := newSeen()
		c, err := stream.NewConsumer(group, w.consumerOptions(opts...)...)
		if err != nil {
			t.Fatal(err)
		}
		assigned := make(chan struct{})
		stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error { s.add(m); return nil }, stream.SkipTombstones())
		r := run(t, c)
		go func() { time.Sleep(700 * time.Millisecond); close(assigned) }()
		eventually(t, fmt.Sprintf("%s handles %d", group, n), func() bool { return s.distinct() >= n })
		<-assigned // so that more would have come
		if err := r.end(); err != nil {
			t.Error(err)
		}
		if s.distinct() != n {
			t.Errorf("%s handled %d, want %d", group, s.distinct(), n)
		}
		return s
	}
	handled("oldest", 6)
	handled("oldest", 0)

	admin := kadm.NewClient(w.kafka())
	if _, err := admin.DeleteGroups(t.Context(), "oldest"); err != nil {
		t.Fatal(err)
	}
	handled("oldest", 6)

	s := newSeen()
	c, err := stream.NewConsumer("newest", w.consumerOptions(stream.StartAtEnd())...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error { s.add(m); return nil }, stream.SkipTombstones())
	r := run(t, c)
	for i := 100; s.distinct() == 0; i++ { // until it is there
		send(w, p, i, 1, 1)
		time.Sleep(20 * time.Millisecond)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
	for id := range s.count {
		if len(id) < 3 {
			t.Errorf("newest handled %s", id)
		}
	}

	// Kafka has removed all but the newest record that the group has not handled yet.
	send(w, p, 1000, 3, 1)
	ends, err := admin.ListEndOffsets(t.Context(), "orders")
	if err != nil {
		t.Fatal(err)
	}
	removed := kadm.Offsets{}
	ends.Each(func(o kadm.ListedOffset) {
		if o.Offset > 3 {
			removed.Add(kadm.Offset{Topic: o.Topic, Partition: o.Partition, At: o.Offset - 1})
		}
	})
	if _, err := admin.DeleteRecords(t.Context(), removed); err != nil {
		t.Fatal(err)
	}
	if s := handled("oldest", 1); s.count["1002"] != 1 {
		t.Errorf("handled %v, want 1002", s.count)
	}
}

// When more is produced than brokers take, Produce waits, for as long as its context allows.
func TestProduceWaitsForRoom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := producer[order](w, "orders", stream.KafkaOptions(kgo.MaxBufferedRecords(10)), stream.DeliveryTimeout(2*time.Second))
	send(w, p, 0, 1, 1)
	w.env.Close()
	var settled atomic.Int32
	for i := range 10 {
		if err := p.Produce(t.Context(), nil, &order{ID: fmt.Sprint(i)}, func(error) { settled.Add(1) }); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	told := make(chan error, 1)
	began := time.Now()
	if err := p.Produce(ctx, nil, &order{ID: "one too many"}, func(err error) { told <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-told; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took < 200*time.Millisecond || took > 5*time.Second {
		t.Errorf("waited %v", took)
	}
	if settled.Load() != 0 {
		t.Errorf("%d of the others were given up", settled.Load())
	}
	eventually(t, "the others are given up", func() bool { return settled.Load() == 10 })
	over, end := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer end()
	if err := p.Close(over); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if settled.Load() != 10 {
		t.Errorf("told %d times of 10", settled.Load())
	}
}

// A record that a broker may have is given up in time too, and told of once, whether or not the broker comes back.
func TestDeliveryTimeoutOnTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "orders"), kfake.DataDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	w.options[0] = stream.Brokers(cluster.ListenAddrs()...)
	p := producer[order](w, "orders", stream.DeliveryTimeout(500*time.Millisecond))
	var held atomic.Bool
	held.Store(true)
	cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if held.Load() { // it has come, and there is no answer
			return nil, errors.New("hang up"), true
		}
		return nil, nil, false
	})
	var told atomic.Int32
	settled := make(chan error, 2)
	began := time.Now()
	if err := p.Produce(t.Context(), nil, &order{ID: "x"}, func(err error) { told.Add(1); settled <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-settled; !errors.Is(err, stream.ErrDeliveryTimeout) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	held.Store(false)
	eventually(t, "the producer goes on", func() bool { return p.ProduceSync(t.Context(), nil, &order{ID: "y"}) == nil })
	if err := p.Flush(t.Context()); err != nil {
		t.Error(err)
	}
	if told.Load() != 1 {
		t.Errorf("told %d times", told.Load())
	}
}

// A crash between a dead letter and the commit makes two letters, and loses none.
func TestKilledAfterADeadLetter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 0, 1, 1)
	dead := make(chan struct{})
	var once atomic.Bool
	start := func(opts ...stream.ConsumerOption) *running {
		t.Helper()
		c, err := stream.NewConsumer("g", w.consumerOptions(append(opts, stream.DeadLetter("letters"), stream.CommitInterval(time.Hour),
			stream.KafkaOptions(kgo.SessionTimeout(6*time.Second)))...)...)
		if err != nil {
			t.Fatal(err)
		}
		stream.Handle(c, "orders", func(context.Context, stream.Message[order]) error { return stream.Permanent(errors.New("no")) })
		return run(t, c)
	}
	buried := make(chan struct{})
	doomed := start(stream.DrainTimeout(time.Millisecond), stream.KafkaOptions(kgo.Dialer(mortal(dead)), kgo.HeartbeatInterval(time.Second)),
		stream.Observe(func(e stream.Event) {
			if e.Kind == stream.DeadLettered && once.CompareAndSwap(false, true) {
				close(buried)
			}
		}))
	<-buried
	close(dead)
	doomed.end()
	next := start()
	if letters := w.read("letters", 2); string(letters[0].Value) != string(letters[1].Value) {
		t.Errorf("letters %x, %x", letters[0].Value, letters[1].Value)
	}
	if err := next.end(); err != nil {
		t.Error(err)
	}
	if got := w.committed("g", "orders"); got != 1 {
		t.Errorf("committed %d", got)
	}
}
