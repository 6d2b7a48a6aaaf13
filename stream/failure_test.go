package stream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/stream"
)

// While the registry is down a partition waits; when it is back everything goes on, and it was asked once.
func TestRegistryGoesDownAndComesBack(t *testing.T) {
	w := newWorld(t)
	p := producer[order](w, "orders")
	send(w, p, 0, 100, 10)
	w.down.Store(true)

	var waiting atomic.Int32
	s := newSeen()
	r := run(t, consumer(w, "g", s, stream.Observe(func(e stream.Event) {
		if e.Kind == stream.Waiting {
			waiting.Add(1)
		}
	})))
	eventually(t, "the consumer waits", func() bool { return waiting.Load() > 1 })
	if s.total() != 0 {
		t.Errorf("handled %d without a schema", s.total())
	}
	w.asked.Store(0)
	w.down.Store(false)
	eventually(t, "all orders are handled", func() bool { return s.distinct() == 100 })
	if n := w.asked.Load(); n != 1 {
		t.Errorf("asked %d times for one schema", n)
	}

	w.down.Store(true) // which no longer matters for schemas that are known
	send(w, p, 100, 100, 10)
	eventually(t, "more orders are handled", func() bool { return s.distinct() == 200 })
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

// A consumer that waits for the registry can be stopped at once.
func TestStopWhileTheRegistryIsDown(t *testing.T) {
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 0, 10, 10)
	w.down.Store(true)
	waiting := make(chan struct{}, 1000)
	r := run(t, consumer(w, "g", newSeen(), stream.Observe(func(e stream.Event) {
		if e.Kind == stream.Waiting {
			waiting <- struct{}{}
		}
	})))
	<-waiting
	began := time.Now()
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("took %v to stop", took)
	}
	if got := w.committed("g", "orders"); got != 0 {
		t.Errorf("committed %d, want 0", got)
	}
}

// A handler that fails is called again with the same message, and what follows it waits.
func TestRetriesKeepTheOrder(t *testing.T) {
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 0, 5, 1)
	var mu sync.Mutex
	var calls []string
	c, err := stream.NewConsumer("g", w.consumerOptions(stream.Backoff(time.Millisecond, 4*time.Millisecond))...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, fmt.Sprintf("%s.%d", m.Value.ID, m.Attempt))
		m.Value.ID = "changed" // must not be seen by the next attempt
		switch {
		case m.Value.Amount == 1 && m.Attempt < 4:
			return errors.New("database is down")
		case m.Value.Amount == 3 && m.Attempt == 1:
			panic("nil map")
		}
		return nil
	})
	r := run(t, c)
	want := []string{"0.1", "1.1", "1.2", "1.3", "1.4", "2.1", "3.1", "3.2", "4.1"}
	eventually(t, "all calls are made", func() bool { mu.Lock(); defer mu.Unlock(); return len(calls) >= len(want) })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if !slices.Equal(calls, want) {
		t.Errorf("got %q, want %q", calls, want)
	}
}

func TestHandlersThatFailForGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send(w, producer[order](w, "orders"), 0, 3, 1)
	down := errors.New("database is down")
	for name, tc := range map[string]struct {
		opts     []stream.HandlerOption
		err      error
		attempts int
	}{
		"bounded":   {[]stream.HandlerOption{stream.Retries(2), stream.Backoff(time.Millisecond, time.Millisecond)}, down, 3},
		"none":      {[]stream.HandlerOption{stream.Retries(0)}, down, 1},
		"permanent": {nil, stream.Permanent(down), 1},
	} {
		t.Run(name, func(t *testing.T) {
			handle := func(_ context.Context, m stream.Message[order]) error {
				if m.Value.Amount == 1 {
					return tc.err
				}
				return nil
			}
			c, err := stream.NewConsumer(name, w.consumerOptions()...)
			if err != nil {
				t.Fatal(err)
			}
			stream.Handle(c, "orders", handle, tc.opts...)
			err = run(t, c).wait()
			if e := recordError(t, err); e.Reason != stream.HandlerFailed || e.Attempts != tc.attempts || !errors.Is(err, down) {
				t.Errorf("got %+v", e)
			}
			if got := w.committed(name, "orders"); got != 1 {
				t.Errorf("committed %d, want 1", got)
			}

			c, err = stream.NewConsumer(name, w.consumerOptions(stream.DeadLetter("dlq-"+name))...)
			if err != nil {
				t.Fatal(err)
			}
			stream.Handle(c, "orders", handle, tc.opts...)
			r := run(t, c)
			eventually(t, "all are done with", func() bool { return w.committed(name, "orders") == 3 })
			if err := r.end(); err != nil {
				t.Error(err)
			}
			if letter := w.read("dlq-"+name, 1)[0]; !strings.HasSuffix(string(letter.Value), "\x021\x02") {
				t.Errorf("dead letter %q", letter.Value)
			}
		})
	}
}

// A record that the dead-letter topic does not take is not lost: the consumer stops before it.
func TestADeadLetterTopicThatTakesNothing(t *testing.T) {
	w := newWorld(t)
	p := producer[order](w, "orders")
	if err := p.ProduceSync(t.Context(), []byte("k"), &order{ID: strings.Repeat("x", 5000)}); err != nil {
		t.Fatal(err)
	}
	c, err := stream.NewConsumer("g", w.consumerOptions(stream.KafkaOptions(kgo.ProducerBatchMaxBytes(2000)))...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(context.Context, stream.Message[order]) error { return stream.Permanent(errors.New("no")) }, stream.DeadLetter("dlq"))
	err = run(t, c).wait()
	if recordError(t, err); !strings.Contains(err.Error(), "the dead-letter topic dlq does not take it") {
		t.Errorf("got %v", err)
	}
	if got := w.committed("g", "orders"); got != 0 {
		t.Errorf("committed %d, want 0", got)
	}
}

// While the brokers are away deliveries wait, and fail when their time is over; a timestamp of long ago does not count.
func TestDeliveryTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := producer[order](w, "orders", stream.DeliveryTimeout(500*time.Millisecond))
	w.env.Close()
	settled := make(chan error, 1)
	began := time.Now()
	if err := p.Produce(t.Context(), nil, &order{ID: "x"}, func(err error) { settled <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-settled; !errors.Is(err, stream.ErrDeliveryTimeout) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took < 500*time.Millisecond || took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if err := p.Flush(t.Context()); err != nil { // or what comes behind it fails with it
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.ProduceSync(ctx, nil, &order{ID: "y"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the caller's own time is over: %v", err)
	}
}
