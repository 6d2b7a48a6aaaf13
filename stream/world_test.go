package stream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/devenv"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// world is a broker and a registry of a test's own.
type world struct {
	t       *testing.T
	env     *devenv.Env
	client  *registry.Client
	down    atomic.Bool  // the registry answers 503
	asked   atomic.Int32 // how often it was asked for an id
	options []stream.Option
}

func newWorld(t *testing.T) *world {
	t.Helper()
	env, err := devenv.Start(t.Context(), devenv.Config{Kafka: "127.0.0.1:0", Registry: "127.0.0.1:0", UI: "127.0.0.1:0", Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { env.Close() })
	w := &world{t: t, env: env}
	front := httptest.NewServer(http.HandlerFunc(w.proxy))
	t.Cleanup(front.Close)
	w.client, err = registry.New(front.URL, registry.Retries(1, time.Millisecond), registry.CacheSize(100, 50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.client.Close)
	w.options = []stream.Option{stream.Brokers(env.Kafka), stream.Registry(w.client), stream.CreateTopics()}
	return w
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// proxy stands before the registry, so that it can be taken down.
func (w *world) proxy(rw http.ResponseWriter, r *http.Request) {
	if w.down.Load() {
		http.Error(rw, "down", http.StatusServiceUnavailable)
		return
	}
	if r.Method == http.MethodGet {
		w.asked.Add(1)
	}
	out, err := http.NewRequestWithContext(r.Context(), r.Method, w.env.Registry+r.URL.RequestURI(), r.Body)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	out.Header = r.Header
	resp, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	rw.Header().Set("Content-Type", resp.Header.Get("Content-Type"))
	rw.WriteHeader(resp.StatusCode)
	io.Copy(rw, resp.Body)
}

func (w *world) consumerOptions(more ...stream.ConsumerOption) []stream.ConsumerOption {
	opts := []stream.ConsumerOption{stream.CommitInterval(50 * time.Millisecond), stream.Logger(quiet)}
	for _, o := range w.options {
		opts = append(opts, o)
	}
	return append(opts, more...)
}

// producer returns a producer of T that registers its schema.
func producer[T any, P codec.Pointer[T]](w *world, topic string, more ...stream.ProducerOption) *stream.Producer[T] {
	w.t.Helper()
	opts := []stream.ProducerOption{stream.AutoRegister(), stream.KafkaOptions(kgo.ProducerLinger(0))}
	for _, o := range w.options {
		opts = append(opts, o)
	}
	p, err := stream.NewProducer[T, P](w.t.Context(), topic, append(opts, more...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { p.Close(context.Background()) })
	return p
}

// send produces n orders with the ids first, first+1, …, on as many keys as there are.
func send(w *world, p *stream.Producer[order], first, n, keys int) {
	w.t.Helper()
	var failed atomic.Pointer[error]
	for i := first; i < first+n; i++ {
		key := fmt.Appendf(nil, "key-%d", i%keys)
		err := p.Produce(w.t.Context(), key, &order{ID: fmt.Sprint(i), Amount: int64(i)}, func(err error) {
			if err != nil {
				failed.Store(&err)
			}
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if err := p.Flush(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := failed.Load(); err != nil {
		w.t.Fatal(*err)
	}
}

// raw writes records as they are.
func (w *world) raw(records ...*kgo.Record) {
	w.t.Helper()
	cl := w.kafka()
	if err := cl.ProduceSync(w.t.Context(), records...).FirstErr(); err != nil {
		w.t.Fatal(err)
	}
}

// kafka returns a plain client.
func (w *world) kafka(opts ...kgo.Opt) *kgo.Client {
	w.t.Helper()
	cl, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(w.env.Kafka), kgo.AllowAutoTopicCreation(), kgo.RecordPartitioner(kgo.ManualPartitioner()),
	}, opts...)...)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(cl.Close)
	return cl
}

// committed returns the sum of a group's committed offsets on a topic: how many records it has done with, where its
// partitions begin at 0.
func (w *world) committed(group, topic string) (sum int64) {
	w.t.Helper()
	offsets, err := kadm.NewClient(w.kafka()).FetchOffsets(w.t.Context(), group)
	if errors.Is(err, kerr.GroupIDNotFound) {
		return 0
	}
	if err != nil {
		w.t.Fatal(err)
	}
	offsets.Each(func(o kadm.OffsetResponse) {
		if o.Topic == topic {
			sum += o.At
		}
	})
	return sum
}

// running is a consumer at work.
type running struct {
	t    *testing.T
	stop context.CancelFunc
	done chan error
}

// run starts the consumer.
func run(t *testing.T, c *stream.Consumer) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{t: t, stop: cancel, done: make(chan error, 1)}
	go func() { r.done <- c.Run(ctx) }()
	t.Cleanup(cancel)
	return r
}

// end stops the consumer and returns what Run does.
func (r *running) end() error {
	r.t.Helper()
	r.stop()
	return r.wait()
}

// wait returns what Run does when it ends by itself.
func (r *running) wait() error {
	r.t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(20 * time.Second):
		r.t.Fatal("Run does not return")
		return nil
	}
}

// seen collects what handlers get.
type seen struct {
	mu    sync.Mutex
	count map[string]int      // by id
	order map[string][]int64  // offsets by partition
	byKey map[string][]string // ids by key
	last  map[int32]stream.Message[order]
}

func newSeen() *seen {
	return &seen{count: map[string]int{}, order: map[string][]int64{}, byKey: map[string][]string{}, last: map[int32]stream.Message[order]{}}
}

func (s *seen) add(m stream.Message[order]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count[m.Value.ID]++
	at := fmt.Sprintf("%s/%d", m.Topic, m.Partition)
	s.order[at] = append(s.order[at], m.Offset)
	s.byKey[string(m.Key)] = append(s.byKey[string(m.Key)], m.Value.ID)
	s.last[m.Partition] = m
}

func (s *seen) distinct() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.count)
}

func (s *seen) total() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.count {
		n += c
	}
	return n
}

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// recordError returns the *stream.RecordError in err.
func recordError(t *testing.T, err error) *stream.RecordError {
	t.Helper()
	var e *stream.RecordError
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a RecordError", err)
	}
	return e
}
