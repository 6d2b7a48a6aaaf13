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

	"github.com/avow-events/avow/codec"
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
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := p.ProduceSync(ctx, nil, &order{ID: "y"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the caller's own time is over: %v", err)
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
