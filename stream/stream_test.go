package stream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// consumer returns a consumer of orders that puts what it gets into the seen.
func consumer(w *world, group string, s *seen, more ...stream.ConsumerOption) *stream.Consumer {
	w.t.Helper()
	c, err := stream.NewConsumer(group, w.consumerOptions(more...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error { s.add(m); return nil })
	return c
}

func TestRoundTrip(t *testing.T) {
	for _, framing := range []struct {
		name string
		opts []stream.ProducerOption
	}{{"prefix", nil}, {"header", []stream.ProducerOption{stream.HeaderFraming()}}} {
		t.Run(framing.name, func(t *testing.T) {
			w := newWorld(t)
			p := producer[order](w, "orders", framing.opts...)
			const n = 2000
			send(w, p, 0, n, 7)
			at := time.UnixMilli(1700000000123)
			err := p.ProduceMessage(t.Context(), stream.Message[order]{
				Key: []byte("last"), Value: &order{ID: "last"}, Timestamp: at, Headers: []stream.Header{{Key: "trace", Value: []byte("t1")}},
			}, func(err error) {
				if err != nil {
					t.Error(err)
				}
			})
			if err := errors.Join(err, p.Flush(t.Context())); err != nil {
				t.Fatal(err)
			}

			s := newSeen()
			r := run(t, consumer(w, "billing", s))
			eventually(t, "all orders are handled", func() bool { return s.distinct() == n+1 })
			if err := r.end(); err != nil {
				t.Error(err)
			}
			if got := w.committed("billing", "orders"); got != n+1 {
				t.Errorf("committed %d, want %d", got, n+1)
			}
			if s.total() != n+1 {
				t.Errorf("handled %d times, want %d", s.total(), n+1)
			}
			checkOrder(t, s)
			var m stream.Message[order]
			for _, last := range s.last {
				if string(last.Key) == "last" {
					m = last
				}
			}
			if !m.Timestamp.Equal(at) || m.SchemaID != p.Schema().ID || m.Attempt != 1 || m.Topic != "orders" {
				t.Errorf("got %+v", m)
			}
			if j := slices.IndexFunc(m.Headers, func(h stream.Header) bool { return h.Key == "trace" }); j < 0 || string(m.Headers[j].Value) != "t1" {
				t.Errorf("headers %v", m.Headers)
			}
		})
	}
}

// checkOrder checks that each partition was handled by ascending offset, and each key in the order of production.
func checkOrder(t *testing.T, s *seen) {
	t.Helper()
	for at, offsets := range s.order {
		if !slices.IsSorted(offsets) {
			t.Errorf("%s was not handled in order", at)
		}
	}
	for key, ids := range s.byKey {
		last := -1
		for _, id := range ids {
			n, err := strconv.Atoi(id)
			if err != nil {
				continue
			}
			if n <= last {
				t.Errorf("%s: %d came after %d", key, n, last)
			}
			last = n
		}
	}
}

func TestFramingOnTheWire(t *testing.T) {
	w := newWorld(t)
	prefix := producer[order](w, "prefix")
	header := producer[order](w, "header", stream.HeaderFraming(), stream.Subject(registry.RecordName))
	if err := errors.Join(prefix.ProduceSync(t.Context(), nil, &order{"a", 1}), header.ProduceSync(t.Context(), []byte{}, &order{"a", 1})); err != nil {
		t.Fatal(err)
	}
	cl := w.kafka(kgo.ConsumeTopics("prefix", "header"))
	for got := 0; got < 2; {
		for _, r := range cl.PollFetches(t.Context()).Records() {
			got++
			switch r.Topic {
			case "prefix":
				want := fmt.Sprintf("\x00\x00\x00\x00%c\x02a\x02", prefix.Schema().ID)
				if string(r.Value) != want || r.Key != nil || len(r.Headers) != 0 {
					t.Errorf("prefix: %q, key %q, headers %v, want %q", r.Value, r.Key, r.Headers, want)
				}
			case "header":
				want := "\x01" + guidBytes(t, header.Schema().GUID)
				if string(r.Value) != "\x02a\x02" || r.Key == nil || len(r.Headers) != 1 || r.Headers[0].Key != "__value_schema_id" || string(r.Headers[0].Value) != want {
					t.Errorf("header: %q, key %v, headers %q", r.Value, r.Key, r.Headers)
				}
			}
		}
	}
}

func guidBytes(t *testing.T, guid string) string {
	t.Helper()
	var out strings.Builder
	hex := strings.ReplaceAll(guid, "-", "")
	for i := 0; i < len(hex); i += 2 {
		b, err := strconv.ParseUint(hex[i:i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		out.WriteByte(byte(b))
	}
	return out.String()
}

// Events of all sizes, produced by many goroutines at once, arrive as they were when Produce was called.
func TestConcurrentProducers(t *testing.T) {
	w := newWorld(t)
	p := producer[order](w, "orders")
	const goroutines, each = 8, 400
	text := func(n int) string { return strings.Repeat(fmt.Sprint(n), 1+n*n%3000) }
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			event, key := new(order), make([]byte, 8)
			for i := range each { // both are used again at once
				n := g*each + i
				*event = order{ID: text(n), Amount: int64(n)}
				copy(key, fmt.Sprintf("%08d", n))
				if err := p.Produce(t.Context(), key, event, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var handled atomic.Int32
	c, err := stream.NewConsumer("g", w.consumerOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error {
		if n := int(m.Value.Amount); m.Value.ID != text(n) || string(m.Key) != fmt.Sprintf("%08d", n) {
			t.Errorf("order %d arrived with key %s and %d bytes", n, m.Key, len(m.Value.ID))
		}
		handled.Add(1)
		return nil
	})
	r := run(t, c)
	eventually(t, "all are handled", func() bool { return handled.Load() == goroutines*each })
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

// A consumer built with version 2 reads what version 1 wrote, and one built with version 1 what version 2 wrote.
func TestResolution(t *testing.T) {
	w := newWorld(t)
	v1 := producer[order](w, "orders")
	v2 := producer[orderV2](w, "orders")
	if err := v1.ProduceSync(t.Context(), []byte("k"), &order{"old", 1}); err != nil {
		t.Fatal(err)
	}
	if err := v2.ProduceSync(t.Context(), []byte("k"), &orderV2{"new", 2, "hello"}); err != nil {
		t.Fatal(err)
	}

	notes := make(chan orderV2, 10)
	newer, err := stream.NewConsumer("newer", w.consumerOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(newer, "orders", func(_ context.Context, m stream.Message[orderV2]) error { notes <- *m.Value; return nil })
	r := run(t, newer)
	if got := <-notes; got != (orderV2{"old", 1, "none"}) {
		t.Errorf("version 1 read as 2: %+v", got)
	}
	if got := <-notes; got != (orderV2{"new", 2, "hello"}) {
		t.Errorf("version 2 read as 2: %+v", got)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}

	s := newSeen()
	r = run(t, consumer(w, "older", s))
	eventually(t, "both are handled", func() bool { return s.distinct() == 2 })
	if s.count["new"] != 1 {
		t.Errorf("version 2 read as 1: %v", s.count)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestSeveralTypesOnOneTopic(t *testing.T) {
	w := newWorld(t)
	naming := stream.Subject(registry.TopicRecordName)
	orders := producer[order](w, "orders", naming)
	cancels := producer[cancelled](w, "orders", naming, stream.SharedWith(orders))
	aborts := producer[aborted](w, "orders", naming, stream.SharedWith(orders))
	const n = 300
	for i := range n { // one connection, so one order
		key, id := []byte("customer"), fmt.Sprint(i)
		err := errors.Join(
			orders.Produce(t.Context(), key, &order{ID: id}, nil),
			cancels.Produce(t.Context(), key, &cancelled{ID: id}, nil),
			aborts.Produce(t.Context(), key, &aborted{cancelled{ID: id}}, nil),
		)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := orders.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := cancels.ProduceSync(t.Context(), []byte("customer"), &cancelled{ID: "after"}); err != nil {
		t.Errorf("after the first of those who share is closed: %v", err)
	}

	var mu sync.Mutex
	var got []string
	note := func(what string) error { mu.Lock(); defer mu.Unlock(); got = append(got, what); return nil }
	c, err := stream.NewConsumer("g", w.consumerOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error { return note("order " + m.Value.ID) })
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[cancelled]) error { return note("cancelled " + m.Value.ID) })
	r := run(t, c)
	eventually(t, "all are handled", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == 3*n+1 })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	for i := range n { // aborted is an alias of cancelled
		want := []string{fmt.Sprint("order ", i), fmt.Sprint("cancelled ", i), fmt.Sprint("cancelled ", i)}
		if !slices.Equal(got[3*i:3*i+3], want) {
			t.Fatalf("got %q, want %q", got[3*i:3*i+3], want)
		}
	}
}

// What a producer elsewhere took back by aborting its transaction is not handled.
func TestAbortedTransactions(t *testing.T) {
	w := newWorld(t)
	id := string(rune(producer[order](w, "orders").Schema().ID))
	cl := w.kafka(kgo.TransactionalID("tx"))
	for i, end := range []kgo.TransactionEndTry{kgo.TryAbort, kgo.TryCommit} {
		if err := cl.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		r := &kgo.Record{Topic: "orders", Value: fmt.Appendf(nil, "\x00\x00\x00\x00%s\x02%d\x00", id, i)}
		if err := cl.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
		if err := cl.EndTransaction(t.Context(), end); err != nil {
			t.Fatal(err)
		}
	}
	s := newSeen()
	r := run(t, consumer(w, "g", s))
	eventually(t, "the committed order is handled", func() bool { return s.distinct() > 0 })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if s.total() != 1 {
		t.Errorf("handled %v", s.count)
	}
}

func TestTypesWithoutAHandler(t *testing.T) {
	w := newWorld(t)
	naming := stream.Subject(registry.TopicRecordName)
	orders := producer[order](w, "orders", naming)
	cancels := producer[cancelled](w, "orders", naming)
	if err := errors.Join(cancels.ProduceSync(t.Context(), []byte("k"), &cancelled{"x"}), orders.ProduceSync(t.Context(), []byte("k"), &order{ID: "y"})); err != nil {
		t.Fatal(err)
	}

	err := run(t, consumer(w, "strict", newSeen())).wait()
	if e := recordError(t, err); e.Reason != stream.Undecodable || e.Offset != 0 || !strings.Contains(err.Error(), "writer's record test.Cancelled has no field") {
		t.Errorf("got %v", err)
	}

	s := newSeen()
	c, err := stream.NewConsumer("lenient", w.consumerOptions()...)
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error { s.add(m); return nil }, stream.SkipOthers())
	r := run(t, c)
	eventually(t, "the order is handled", func() bool { return s.distinct() == 1 })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if got := w.committed("lenient", "orders"); got != 2 {
		t.Errorf("committed %d, want 2", got)
	}
}

func TestTombstones(t *testing.T) {
	w := newWorld(t)
	p := producer[order](w, "orders")
	if err := p.Produce(t.Context(), []byte("k"), nil, nil); err == nil || !strings.Contains(err.Error(), "Tombstone") {
		t.Errorf("nil event: %v", err)
	}
	if err := p.Tombstone(t.Context(), nil, nil); err == nil {
		t.Error("tombstone without a key: no error")
	}
	settled := make(chan error, 1)
	if err := p.Tombstone(t.Context(), []byte("k"), func(err error) { settled <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-settled; err != nil {
		t.Fatal(err)
	}
	if err := p.ProduceSync(t.Context(), []byte("k"), &order{ID: "back"}); err != nil {
		t.Fatal(err)
	}

	err := run(t, consumer(w, "strict", newSeen())).wait()
	if e := recordError(t, err); e.Reason != stream.Unhandled || !strings.Contains(err.Error(), "stream.Tombstones") {
		t.Errorf("nobody takes it: %v", err)
	}

	for name, opt := range map[string]stream.HandlerOption{"takes": stream.Tombstones(), "skips": stream.SkipTombstones()} {
		var mu sync.Mutex
		var got []string
		c, err := stream.NewConsumer(name, w.consumerOptions()...)
		if err != nil {
			t.Fatal(err)
		}
		stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error {
			mu.Lock()
			defer mu.Unlock()
			if m.Value == nil {
				got = append(got, "deleted "+string(m.Key))
			} else {
				got = append(got, m.Value.ID)
			}
			return nil
		}, opt)
		r := run(t, c)
		eventually(t, "both records are done with", func() bool { return w.committed(name, "orders") == 2 })
		if err := r.end(); err != nil {
			t.Error(err)
		}
		want := []string{"deleted k", "back"}
		if name == "skips" {
			want = want[1:]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
