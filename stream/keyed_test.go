package stream_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/wire"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// In these tests orders are keys, and cancellations the events.

func keyedProducer[K any, PK codec.Pointer[K]](w *world, topic string, more ...stream.ProducerOption) *stream.KeyedProducer[K, cancelled] {
	w.t.Helper()
	opts := []stream.ProducerOption{stream.AutoRegister(), stream.KafkaOptions(kgo.ProducerLinger(0))}
	for _, o := range w.options {
		opts = append(opts, o)
	}
	p, err := stream.NewKeyedProducer[K, cancelled, PK](w.t.Context(), topic, append(opts, more...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { p.Close(context.Background()) })
	return p
}

// got is what a handler with keys is called with.
type got[K any] struct {
	key *K
	m   stream.Message[cancelled]
}

// consumeKeyed handles records until there are n.
func consumeKeyed[K any, PK codec.Pointer[K]](w *world, group, topic string, n int, opts ...stream.HandlerOption) (all []got[K]) {
	w.t.Helper()
	c, err := stream.NewConsumer(group, w.consumerOptions()...)
	if err != nil {
		w.t.Fatal(err)
	}
	var mu sync.Mutex
	stream.HandleKeyed[K, cancelled, PK](c, topic, func(_ context.Context, key *K, m stream.Message[cancelled]) error {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, got[K]{key, m})
		return nil
	}, opts...)
	r := run(w.t, c)
	eventually(w.t, fmt.Sprint(n, " records are handled"), func() bool { mu.Lock(); defer mu.Unlock(); return len(all) >= n })
	if err := r.end(); err != nil {
		w.t.Error(err)
	}
	return all
}

// Keys arrive as they were sent, by either framing, and equal keys are in one partition in their order.
func TestKeys(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]stream.ProducerOption{"prefix": nil, "header": {stream.HeaderFraming()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			one, two := keyedProducer[order](w, "cancellations", opts...), keyedProducer[order](w, "cancellations", opts...)
			const events, keys = 200, 20
			for i := range events {
				p := one
				if i%3 == 0 {
					p = two
				}
				if err := p.ProduceSync(t.Context(), &order{ID: fmt.Sprint(i % keys), Amount: 7}, &cancelled{ID: fmt.Sprint(i)}); err != nil {
					t.Fatal(err)
				}
			}
			if one.Schema().Subject != "cancellations-value" || one.KeySchema().Subject != "cancellations-key" {
				t.Errorf("subjects %s, %s", one.Schema().Subject, one.KeySchema().Subject)
			}
			partitions, last := map[string]int32{}, map[string]int{}
			for _, g := range consumeKeyed[order](w, "g", "cancellations", events) {
				var i int
				fmt.Sscan(g.m.Value.ID, &i)
				if want := fmt.Sprint(i % keys); g.key.ID != want || g.key.Amount != 7 {
					t.Fatalf("event %d has the key %+v", i, g.key)
				}
				if at, seen := partitions[g.key.ID]; seen && at != g.m.Partition {
					t.Errorf("key %s is in partitions %d and %d", g.key.ID, at, g.m.Partition)
				}
				if i < last[g.key.ID] {
					t.Errorf("key %s: %d comes after %d", g.key.ID, i, last[g.key.ID])
				}
				partitions[g.key.ID], last[g.key.ID] = g.m.Partition, i
			}
			if len(partitions) != keys {
				t.Errorf("%d keys", len(partitions))
			}

			// The bytes are those of Confluent's serializers.
			bare, _ := (&order{ID: "0", Amount: 7}).AppendAvro(nil)
			r := w.read("cancellations", events)
			for _, r := range r {
				id := byte(one.KeySchema().ID)
				framed := append([]byte{0, 0, 0, 0, id}, bare...)
				var schema []byte
				for _, h := range r.Headers {
					if h.Key == "__key_schema_id" {
						schema = h.Value
					}
				}
				switch {
				case name == "header" && (len(schema) != 17 || schema[0] != 1):
					t.Fatalf("header %x", schema)
				case name == "prefix" && schema != nil:
					t.Fatal("there is a header")
				case name == "header" && bytes.Equal(r.Key, bare), name == "prefix" && bytes.Equal(r.Key, framed):
					return
				}
			}
			t.Errorf("no record has the key %x", bare)
		})
	}
}

// Keys of an earlier version are read as the consumer's. With the id among their bytes equal keys of two versions differ,
// and with header framing they do not where the new version encodes them as the old one did.
func TestKeysEvolve(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, opts := range map[string][]stream.ProducerOption{"prefix": nil, "header": {stream.HeaderFraming()}} {
		send := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		send(keyedProducer[order](w, name, opts...).ProduceSync(t.Context(), &order{ID: "a", Amount: 1}, &cancelled{ID: "1"}))
		send(keyedProducer[orderV2](w, name, opts...).ProduceSync(t.Context(), &orderV2{ID: "b", Amount: 2, Note: "new"}, &cancelled{ID: "2"}))
		notes := map[string]string{}
		for _, g := range consumeKeyed[orderV2](w, "new", name, 2) {
			notes[g.key.ID] = g.key.Note
		}
		if notes["a"] != "none" || notes["b"] != "new" {
			t.Errorf("%s: %v", name, notes)
		}
		for _, g := range consumeKeyed[order](w, "old", name, 2) {
			if want := map[string]int64{"a": 1, "b": 2}[g.key.ID]; g.key.Amount != want {
				t.Errorf("%s: %+v", name, g.key)
			}
		}
	}
}

// A deletion names its key, and is handled by it.
func TestTombstonesOfKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, opts := range map[string][]stream.ProducerOption{"prefix": nil, "header": {stream.HeaderFraming()}} {
		p := keyedProducer[order](w, name, opts...)
		done := make(chan error, 1)
		key := &order{ID: "gone"}
		if err := p.ProduceSync(t.Context(), key, &cancelled{ID: "1"}); err != nil {
			t.Fatal(err)
		}
		if err := p.Tombstone(t.Context(), key, func(err error) { done <- err }); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		all := consumeKeyed[order](w, "g", name, 2, stream.Tombstones())
		if all[1].m.Value != nil || all[1].key.ID != "gone" || all[1].m.SchemaID != 0 || !bytes.Equal(all[0].m.Key, all[1].m.Key) {
			t.Errorf("%s: %+v %+v", name, all[1].key, all[1].m)
		}
	}
}

// A key that is none stops the consumer or makes a dead letter, as a value does.
func TestPoisonKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := keyedProducer[order](w, "cancellations")
	value := append(wire.AppendPrefix(nil, p.Schema().ID), 2, 'x')
	id := binary.BigEndian.AppendUint32([]byte{0}, uint32(p.KeySchema().ID))
	for name, tc := range map[string]struct {
		key  []byte
		want string
	}{
		"none":           {nil, "key: the record has none"},
		"text":           {[]byte("customer-7"), "key: no registry framing: first byte is 0x63"},
		"cut short":      {append(bytes.Clone(id), 8, 'a'), "key: schema id 2: "},
		"unknown schema": {[]byte{0, 0, 0, 3, 231, 2, 'a'}, "key: schema id 999: "},
		"another type":   {append(binary.BigEndian.AppendUint32([]byte{0}, uint32(p.Schema().ID)), 2, 'a'), "key: schema id 1: avro: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topic := "poison-" + strings.ReplaceAll(name, " ", "-")
			w.raw(&kgo.Record{Topic: topic, Key: tc.key, Value: value})
			handle := func(context.Context, *order, stream.Message[cancelled]) error { return errors.New("was called") }
			c, err := stream.NewConsumer("stops", w.consumerOptions()...)
			if err != nil {
				t.Fatal(err)
			}
			stream.HandleKeyed(c, topic, handle)
			err = run(t, c).wait()
			if e := recordError(t, err); e.Reason != stream.Undecodable || e.Attempts != 0 || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			c, err = stream.NewConsumer("goes-on", w.consumerOptions(stream.DeadLetter(topic+"-dlq"))...)
			if err != nil {
				t.Fatal(err)
			}
			stream.HandleKeyed(c, topic, handle)
			r := run(t, c)
			eventually(t, "it is done with", func() bool { return w.committed("goes-on", topic) == 1 })
			if err := r.end(); err != nil {
				t.Error(err)
			}
			if letter := w.read(topic+"-dlq", 1)[0]; !bytes.Equal(letter.Key, tc.key) || !bytes.Equal(letter.Value, value) {
				t.Errorf("dead letter: %x, %x", letter.Key, letter.Value)
			}
		})
	}
}

// While the registry does not tell a key's schema the partition waits, and nothing is lost.
func TestRegistryIsDownAtAnUnknownKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := keyedProducer[order](w, "cancellations")
	var events atomic.Int32
	var waiting atomic.Int32
	c, err := stream.NewConsumer("g", w.consumerOptions(stream.Observe(func(e stream.Event) {
		if e.Kind == stream.Waiting {
			waiting.Add(1)
		}
	}))...)
	if err != nil {
		t.Fatal(err)
	}
	var seen sync.Map
	stream.HandleKeyed(c, "cancellations", func(_ context.Context, key *orderV2, _ stream.Message[cancelled]) error {
		seen.Store(key.ID, key.Note)
		events.Add(1)
		return nil
	})
	r := run(t, c)
	if err := p.ProduceSync(t.Context(), &order{ID: "a"}, &cancelled{ID: "1"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first is handled", func() bool { return events.Load() == 1 })
	next := keyedProducer[orderV2](w, "cancellations")
	w.down.Store(true)
	if err := next.ProduceSync(t.Context(), &orderV2{ID: "b", Note: "new"}, &cancelled{ID: "2"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the consumer waits", func() bool { return waiting.Load() > 0 })
	w.down.Store(false)
	eventually(t, "the second is handled", func() bool { return events.Load() == 2 })
	if note, _ := seen.Load("b"); note != "new" {
		t.Errorf("got %v", note)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

// What was consumed can be sent on, with another framing.
func TestKeysAreSentOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := keyedProducer[order](w, "from", stream.HeaderFraming()).ProduceSync(t.Context(), &order{ID: "a"}, &cancelled{ID: "1"}); err != nil {
		t.Fatal(err)
	}
	came := consumeKeyed[order](w, "g", "from", 1)[0]
	done := make(chan error, 1)
	if err := keyedProducer[order](w, "to").ProduceMessage(t.Context(), came.key, came.m, func(err error) { done <- err }); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if r := w.read("to", 1)[0]; len(r.Headers) != 0 {
		t.Errorf("headers %v", r.Headers)
	}
	if again := consumeKeyed[order](w, "g", "to", 1)[0]; again.key.ID != "a" || again.m.Value.ID != "1" {
		t.Errorf("got %+v", again)
	}
}

func TestMisuseOfKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opts := []stream.ProducerOption{w.options[0], w.options[1], w.options[2]}
	keyedProducer[order](w, "cancellations") // registers
	_, err := stream.NewKeyedProducer[orderV2, cancelled](t.Context(), "cancellations", opts...)
	if !errors.Is(err, registry.ErrNotFound) || !strings.Contains(err.Error(), `subject "cancellations-key" does not give an id for test.Order: run avow apply`) {
		t.Errorf("a key that is not registered: %v", err)
	}
	_, err = stream.NewKeyedProducer[order, cancelled](t.Context(), "cancellations", append(opts, stream.KeySubject(registry.RecordName))...)
	if !errors.Is(err, registry.ErrNotFound) || !strings.Contains(err.Error(), `subject "test.Order" does not give`) {
		t.Errorf("another subject: %v", err)
	}
	p := keyedProducer[order](w, "cancellations")
	if err := p.ProduceSync(t.Context(), nil, &cancelled{ID: "1"}); err == nil || !strings.Contains(err.Error(), "no key") {
		t.Errorf("no key: %v", err)
	}
	if err := p.Tombstone(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), "no key") {
		t.Errorf("a tombstone of none: %v", err)
	}
	if err := p.ProduceSync(t.Context(), &order{ID: "\xff"}, &cancelled{ID: "1"}); err == nil || !strings.Contains(err.Error(), "encode key for topic cancellations: avro: id") {
		t.Errorf("a key that does not fit: %v", err)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := p.ProduceSync(t.Context(), &order{}, &cancelled{}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("closed: %v", err)
	}
}
