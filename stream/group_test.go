package stream_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/stream"
)

// A consumer that dies between handler and commit repeats records and loses none. Death is a client that is cut off
// from the broker, so that it can neither commit nor leave.
func TestKilledBetweenHandlerAndCommit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := producer[order](w, "orders")
	const n = 500
	send(w, p, 0, n, 20)

	s := newSeen()
	var handled atomic.Int32
	dead := make(chan struct{})
	doomed, err := stream.NewConsumer("g", w.consumerOptions(
		stream.CommitInterval(time.Hour), stream.DrainTimeout(time.Millisecond),
		stream.KafkaOptions(kgo.SessionTimeout(6*time.Second), kgo.HeartbeatInterval(time.Second), kgo.Dialer(mortal(dead))),
	)...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(doomed, "orders", func(_ context.Context, m stream.Message[order]) error {
		s.add(m)
		handled.Add(1)
		return nil
	})
	r := run(t, doomed)
	eventually(t, "some orders are handled", func() bool { return handled.Load() > 100 })
	close(dead)
	began := time.Now()
	if err := r.end(); err != nil {
		t.Errorf("without a broker: %v", err)
	}
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("took %v to end without a broker", took)
	}

	next := run(t, consumer(w, "g", s, stream.KafkaOptions(kgo.SessionTimeout(6*time.Second))))
	eventually(t, "all orders are handled", func() bool { return s.distinct() == n && s.total() >= n+int(handled.Load()) })
	if err := next.end(); err != nil {
		t.Error(err)
	}
	if got := w.committed("g", "orders"); got != n {
		t.Errorf("committed %d, want %d", got, n)
	}
}

// Members come and go while orders are produced: all are handled, those of a partition in order while one member has
// it, and nothing twice as long as everybody leaves properly.
func TestRebalance(t *testing.T) {
	w := newWorld(t)
	p := producer[order](w, "orders")
	const n = 6000
	s := newSeen()
	fast := stream.KafkaOptions(kgo.HeartbeatInterval(50 * time.Millisecond))
	first := run(t, consumer(w, "g", s, fast))
	producing := make(chan struct{})
	go func() {
		defer close(producing)
		for i := 0; i < n; i += 100 {
			send(w, p, i, 100, 30)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	eventually(t, "the first member works", func() bool { return s.distinct() > 100 })
	second := run(t, consumer(w, "g", s, fast))
	time.Sleep(150 * time.Millisecond)
	third := run(t, consumer(w, "g", s, fast))
	time.Sleep(150 * time.Millisecond)
	if err := first.end(); err != nil {
		t.Error(err)
	}
	<-producing
	eventually(t, "all orders are handled", func() bool { return s.distinct() == n })
	if err := errors.Join(second.end(), third.end()); err != nil {
		t.Error(err)
	}
	if s.total() != n {
		t.Errorf("handled %d times, want %d", s.total(), n)
	}
	checkOrder(t, s)
	if got := w.committed("g", "orders"); got != n {
		t.Errorf("committed %d, want %d", got, n)
	}
}

// The record in hand is brought to an end, what follows is left to the next member, and what was handled is committed.
func TestDrain(t *testing.T) {
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 0, 100, 1)
	s := newSeen()
	entered, leave := make(chan struct{}), make(chan struct{})
	c, err := stream.NewConsumer("g", w.consumerOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(ctx context.Context, m stream.Message[order]) error {
		if m.Value.Amount == 3 {
			close(entered)
			<-leave
		}
		s.add(m)
		return ctx.Err()
	})
	r := run(t, c)
	<-entered
	r.stop()
	time.Sleep(100 * time.Millisecond)
	close(leave)
	if err := r.wait(); err != nil {
		t.Error(err)
	}
	if s.total() != 4 || w.committed("g", "orders") != 4 {
		t.Errorf("handled %d, committed %d, want 4 and 4", s.total(), w.committed("g", "orders"))
	}
}

// A handler that takes too long is told by its context, and its record is left to the next member.
func TestDrainTimeout(t *testing.T) {
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 0, 3, 1)
	entered := make(chan struct{})
	c, err := stream.NewConsumer("g", w.consumerOptions(stream.DrainTimeout(50*time.Millisecond))...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(ctx context.Context, m stream.Message[order]) error {
		if m.Value.Amount == 1 {
			close(entered)
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}, stream.Retries(0), stream.DeadLetter("dlq"))
	r := run(t, c)
	<-entered
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if got := w.committed("g", "orders"); got != 1 {
		t.Errorf("committed %d, want 1", got)
	}
}

// A partition whose handler hangs holds nobody up, however much of it there is to fetch, and comes back when it is done.
func TestOneStuckPartition(t *testing.T) {
	w := newWorld(t)
	p := producer[order](w, "orders")
	const n = 5000
	send(w, p, 0, n, 40)
	s := newSeen()
	stuck := make(chan struct{})
	c, err := stream.NewConsumer("g", w.consumerOptions(stream.BufferBytes(20_000), stream.KafkaOptions(kgo.FetchMaxPartitionBytes(4000)))...)
	if err != nil {
		t.Fatal(err)
	}
	var others atomic.Int32
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error {
		if m.Partition == 0 {
			<-stuck
		} else {
			others.Add(1)
		}
		s.add(m)
		return nil
	})
	r := run(t, c)
	of := map[int32]int64{}
	for _, record := range w.read("orders", n) {
		of[record.Partition]++
	}
	eventually(t, "all other partitions are handled", func() bool { return int64(others.Load()) == n-of[0] })
	close(stuck)
	eventually(t, "the stuck one is handled too", func() bool { return s.distinct() == n })
	send(w, p, n, 100, 40)
	eventually(t, "and what came later", func() bool { return s.distinct() == n+100 })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if s.total() != n+100 || w.committed("g", "orders") != n+100 {
		t.Errorf("handled %d, committed %d, want %d", s.total(), w.committed("g", "orders"), n+100)
	}
	checkOrder(t, s)
}

// A handler that does not return at all keeps nobody from ending: Run says so, and its record is handled again.
func TestAHandlerThatIgnoresItsContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 0, 2, 1)
	entered, leave := make(chan struct{}), make(chan struct{})
	c, err := stream.NewConsumer("g", w.consumerOptions(stream.DrainTimeout(50*time.Millisecond))...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error {
		if m.Value.Amount == 1 {
			close(entered)
			<-leave
		}
		return nil
	})
	r := run(t, c)
	<-entered
	if err := r.end(); err == nil || !strings.Contains(err.Error(), "ignores the end of its context: its record will be handled again") {
		t.Errorf("got %v", err)
	}
	close(leave)
	if got := w.committed("g", "orders"); got != 1 {
		t.Errorf("committed %d, want 1", got)
	}
}
