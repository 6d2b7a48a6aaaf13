package stream_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/stream"
)

// A broker that stops and starts again in the midst of it loses nothing that was acknowledged, and keeps the order.
func TestBrokerRestarts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := net.SplitHostPort(ln.Addr().String())
	port, _ := strconv.Atoi(text)
	ln.Close()
	dir := t.TempDir()
	start := func() *kfake.Cluster {
		t.Helper()
		for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
			c, err := kfake.NewCluster(kfake.Ports(port), kfake.SeedTopics(3, "orders"), kfake.DataDir(dir))
			if err == nil {
				t.Cleanup(c.Close)
				return c
			}
			if time.Since(began) > 10*time.Second {
				t.Fatal(err)
			}
		}
	}
	broker := start()
	w.options[0] = stream.Brokers(ln.Addr().String())
	p := producer[order](w, "orders", stream.KafkaOptions(kgo.ProducerLinger(5*time.Millisecond)))
	s := newSeen()
	r := run(t, consumer(w, "g", s))
	if err := p.ProduceSync(t.Context(), []byte("key-0"), &order{ID: "0"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the consumer is there", func() bool { return s.distinct() == 1 })

	const n = 3000
	var settled, failed atomic.Int64
	for i := range n {
		err := p.Produce(t.Context(), fmt.Appendf(nil, "key-%d", i%20), &order{ID: fmt.Sprint(i), Amount: int64(i)}, func(err error) {
			settled.Add(1)
			if err != nil {
				failed.Add(1)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		switch i {
		case n / 3, 2 * n / 3:
			broker.Close()
			time.Sleep(100 * time.Millisecond)
			broker = start()
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if settled.Load() != n || failed.Load() != 0 {
		t.Errorf("%d settled, %d of them failed", settled.Load(), failed.Load())
	}
	eventually(t, "all orders are handled", func() bool { return s.distinct() == n })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	for key, ids := range s.byKey {
		newest, first := -1, map[string]bool{}
		for _, id := range ids {
			i, _ := strconv.Atoi(id)
			if !first[id] && i < newest {
				t.Fatalf("%s: %d comes after %d", key, i, newest)
			}
			first[id], newest = true, max(newest, i)
		}
	}
}

// A dead-letter topic that does not take letters stops the consumer before the record, whatever the reason.
func TestDeadLetterTopicsThatAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "orders", "dlq", "forbidden"), kfake.DataDir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	w.options = []stream.Option{stream.Brokers(cluster.ListenAddrs()...), w.options[1]}
	p := producer[order](w, "orders")
	send(w, p, 0, 3, 1)
	fails := func(_ context.Context, m stream.Message[order]) error {
		if m.Offset == 1 {
			return stream.Permanent(errors.New("no"))
		}
		return nil
	}
	consume := func(group, letters string, before func()) error {
		t.Helper()
		c, err := stream.NewConsumer(group, w.consumerOptions(stream.KafkaOptions(kgo.RecordDeliveryTimeout(3*time.Second)))...)
		if err != nil {
			t.Fatal(err)
		}
		stream.Handle(c, "orders", func(ctx context.Context, m stream.Message[order]) error {
			if before != nil && m.Offset == 0 {
				before()
			}
			return fails(ctx, m)
		}, stream.DeadLetter(letters))
		return run(t, c).wait()
	}

	// Missing from the beginning, and deleted later.
	if err := consume("g1", "missing", nil); err == nil || !strings.Contains(err.Error(), "topic missing does not exist") {
		t.Errorf("missing: %v", err)
	}
	err = consume("g2", "dlq", func() {
		if _, err := kadm.NewClient(w.kafkaAt(cluster)).DeleteTopic(context.Background(), "dlq"); err != nil {
			t.Error(err)
		}
	})
	if e := recordError(t, err); e.Offset != 1 || !strings.Contains(err.Error(), "the dead-letter topic dlq does not take it") {
		t.Errorf("deleted: %v", err)
	}

	// Without the right to write to it, which no question at the start tells.
	cluster.ControlKey(int16(kmsg.Produce), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := req.ResponseKind().(*kmsg.ProduceResponse)
		for _, asked := range req.(*kmsg.ProduceRequest).Topics {
			topic := kmsg.NewProduceResponseTopic()
			topic.Topic, topic.TopicID = asked.Topic, asked.TopicID
			for _, partition := range asked.Partitions {
				refused := kmsg.NewProduceResponseTopicPartition()
				refused.Partition, refused.ErrorCode = partition.Partition, kerr.TopicAuthorizationFailed.Code
				topic.Partitions = append(topic.Partitions, refused)
			}
			resp.Topics = append(resp.Topics, topic)
		}
		return resp, nil, true
	})
	err = consume("g3", "forbidden", nil)
	if e := recordError(t, err); e.Offset != 1 || !strings.Contains(err.Error(), "does not take it: TOPIC_AUTHORIZATION_FAILED") {
		t.Errorf("forbidden: %v", err)
	}
	for _, group := range []string{"g2", "g3"} {
		offsets, err := kadm.NewClient(w.kafkaAt(cluster)).FetchOffsets(t.Context(), group)
		if o, _ := offsets.Lookup("orders", 0); err != nil || o.At != 1 {
			t.Errorf("%s committed %d, want 1: %v", group, o.At, err)
		}
	}
}

// kafkaAt returns a plain client of a cluster of the test's own.
func (w *world) kafkaAt(cluster *kfake.Cluster) *kgo.Client {
	w.t.Helper()
	cl, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(cl.Close)
	return cl
}

// A producer that is closed while events are on their way tells of each what became of it, once.
func TestCloseWithEventsOnTheirWay(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		patience time.Duration
		down     bool
	}{"delivered": {10 * time.Second, false}, "given up": {300 * time.Millisecond, true}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			p := producer[order](w, "orders", stream.KafkaOptions(kgo.ProducerLinger(time.Second)))
			if err := p.ProduceSync(t.Context(), nil, &order{ID: "first"}); err != nil {
				t.Fatal(err)
			}
			if tc.down {
				w.env.Close()
			}
			const n = 1000
			var mu sync.Mutex
			told, failed := map[int]int{}, 0
			var producing sync.WaitGroup
			for g := range 4 {
				producing.Go(func() {
					for i := g; i < n; i += 4 {
						err := p.Produce(t.Context(), nil, &order{ID: fmt.Sprint(i)}, func(err error) {
							mu.Lock()
							defer mu.Unlock()
							told[i]++
							if err != nil {
								failed++
							}
						})
						if err != nil {
							t.Error(err)
						}
					}
				})
			}
			producing.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), tc.patience)
			defer cancel()
			began := time.Now()
			err := p.Close(ctx)
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("took %v to close", took)
			}
			if tc.down != errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("close: %v", err)
			}
			eventually(t, "all are told", func() bool { mu.Lock(); defer mu.Unlock(); return len(told) == n })
			mu.Lock()
			defer mu.Unlock()
			for i, times := range told {
				if times != 1 {
					t.Errorf("event %d was told %d times", i, times)
				}
			}
			if want := map[bool]int{true: n}[tc.down]; failed != want {
				t.Errorf("%d failed, want %d", failed, want)
			}
			if err := p.Produce(t.Context(), nil, &order{}, nil); err == nil {
				t.Error("a closed producer takes events")
			}
		})
	}
}

// A context that ends ends the wait it is for, and nothing else.
func TestCancelledEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	over, cancel := context.WithCancel(t.Context())
	cancel()
	opts := []stream.ProducerOption{w.options[0], w.options[1], w.options[2], stream.AutoRegister()}
	if _, err := stream.NewProducer[order](over, "orders", opts...); !errors.Is(err, context.Canceled) {
		t.Errorf("start: %v", err)
	}
	p := producer[order](w, "orders")
	send(w, p, 0, 10, 1)
	if err := p.ProduceSync(over, nil, &order{ID: "never"}); !errors.Is(err, context.Canceled) {
		t.Errorf("produce: %v", err)
	}
	if err := p.Flush(over); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("flush: %v", err)
	}
	if err := p.ProduceSync(t.Context(), nil, &order{ID: "again"}); err != nil {
		t.Errorf("the producer goes on: %v", err)
	}

	// A consumer that is told to stop before it runs, in a handler, in the pause before a retry, and at a dead letter.
	c := consumer(w, "g0", newSeen())
	if err := c.Run(over); err != nil {
		t.Errorf("run: %v", err)
	}
	for name, handle := range map[string]func(context.Context, context.CancelFunc) error{
		"handler": func(_ context.Context, stop context.CancelFunc) error {
			stop()
			time.Sleep(50 * time.Millisecond)
			return nil
		},
		"retry": func(_ context.Context, stop context.CancelFunc) error { stop(); return errors.New("later") },
		"letter": func(_ context.Context, stop context.CancelFunc) error {
			stop()
			return stream.Permanent(errors.New("no"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			c, err := stream.NewConsumer(name, w.consumerOptions(stream.DeadLetter("letters"), stream.Backoff(time.Hour, time.Hour))...)
			if err != nil {
				t.Fatal(err)
			}
			var calls atomic.Int32
			stream.Handle(c, "orders", func(hands context.Context, m stream.Message[order]) error {
				if m.Partition == 0 && m.Offset == 0 || calls.Add(1) == 1 {
					if hands.Err() != nil {
						t.Error("the handler's context has ended before its time")
					}
					return handle(hands, stop)
				}
				return nil
			})
			began := time.Now()
			if err := c.Run(ctx); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %v to end", took)
			}

			// What was not brought to an end is handled by the next one.
			s := newSeen()
			next := run(t, consumer(w, name, s, stream.DeadLetter("letters")))
			committed := w.committed(name, "orders")
			eventually(t, "the rest is handled", func() bool { return s.distinct() >= 11-int(committed) && w.committed(name, "orders") == 11 })
			if err := next.end(); err != nil {
				t.Error(err)
			}
		})
	}
}
