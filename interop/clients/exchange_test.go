package clients_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/notifications"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/gen/telemetry"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/shop"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// exchangeTimeout bounds one direction.
const exchangeTimeout = time.Minute

// names holds the ways to name a subject that every client here knows.
var names = map[string]registry.Naming{"TopicName": registry.TopicName, "TopicRecordName": registry.TopicRecordName}

// exchangeAll sends the shop's events both ways through a client. The contracts are registered by avow apply, as their
// references and the topics of avow.yaml have it.
func exchangeAll(t *testing.T, b bridge, framing string) {
	env := dev.Start(t)
	dev.Avow(t, "apply", "--registry", env.Registry, "--quiet")
	t.Run("OrderCreated", func(t *testing.T) {
		exchange[orders.OrderCreated](t, b, env, job{Topic: "orders", Naming: "TopicRecordName", Framing: framing}, shop.Orders())
	})
	t.Run("Notification", func(t *testing.T) {
		exchange[notifications.Notification](t, b, env, job{Topic: "notifications", Naming: "TopicName", Framing: framing}, shop.Notifications())
	})
	t.Run("ApplicationEvent", func(t *testing.T) {
		exchange[telemetry.ApplicationEvent](t, b, env, job{Topic: "telemetry", Naming: "TopicName", Framing: framing}, shop.Telemetry())
	})
	t.Run("registered by the client", func(t *testing.T) {
		j := job{Topic: "telemetry-of-theirs", Naming: "TopicName", Framing: framing, Register: true}
		theirsToOurs[telemetry.ApplicationEvent](t, b, env, j, shop.Telemetry())
	})
}

// exchange sends the events from our producer to their consumer, and then on another broker, whose topics are still empty,
// from their producer to our consumer.
func exchange[T any, P codec.Pointer[T]](t *testing.T, b bridge, env dev.Env, j job, events map[string]*T) {
	t.Run("ours to theirs", func(t *testing.T) { oursToTheirs[T, P](t, b, env, j, events) })
	t.Run("theirs to ours", func(t *testing.T) {
		empty := dev.Start(t)
		dev.Avow(t, "apply", "--registry", empty.Registry, "--quiet")
		theirsToOurs[T, P](t, b, empty, j, events)
	})
}

func oursToTheirs[T any, P codec.Pointer[T]](t *testing.T, b bridge, env dev.Env, j job, events map[string]*T) {
	ctx, cancel := context.WithTimeout(t.Context(), exchangeTimeout)
	defer cancel()
	opts := append([]stream.ProducerOption{stream.Subject(names[j.Naming])}, b.options...)
	if j.Framing == "header" {
		opts = append(opts, stream.HeaderFraming())
	}
	produce[T, P](ctx, t, env, j.Topic, events, opts...)

	j = j.complete("consume", env, P(new(T)), len(events))
	got := map[string]*T{}
	for _, l := range b.run(t, j, nil) {
		event := new(T)
		if err := b.form.read(l.Value, P(event)); err != nil {
			t.Errorf("%s: %v in %s", l.Key, err, l.Value)
		}
		got[l.Key] = event
	}
	if diff := cmp.Diff(events, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("what was produced (-) is not what they consumed (+):\n%s", diff)
	}
}

func theirsToOurs[T any, P codec.Pointer[T]](t *testing.T, b bridge, env dev.Env, j job, events map[string]*T) {
	var lines []line
	for key, event := range events {
		text, err := b.form.write(P(event))
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line{Key: key, Value: text})
	}
	b.run(t, j.complete("produce", env, P(new(T)), len(events)), lines)

	ctx, cancel := context.WithTimeout(t.Context(), exchangeTimeout)
	defer cancel()
	if diff := cmp.Diff(events, consume[T, P](ctx, t, env, j.Topic, len(events)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("what they were to produce (-) is not what was consumed (+):\n%s", diff)
	}
}

// produce sends events through our producer.
func produce[T any, P codec.Pointer[T]](ctx context.Context, t *testing.T, env dev.Env, topic string, events map[string]*T, opts ...stream.ProducerOption) {
	t.Helper()
	opts = append(opts, stream.Brokers(env.Kafka), stream.Registry(client(t, env.Registry)), stream.CreateTopics())
	producer, err := stream.NewProducer[T, P](ctx, topic, opts...)
	if err != nil {
		t.Fatal(err)
	}
	for key, event := range events {
		if err := producer.ProduceSync(ctx, []byte(key), event); err != nil {
			t.Fatal(err)
		}
	}
	if err := producer.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

// consume returns the first events that our consumer reads, by their keys.
func consume[T any, P codec.Pointer[T]](ctx context.Context, t *testing.T, env dev.Env, topic string, count int) map[string]*T {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	consumer, err := stream.NewConsumer("ours", stream.Brokers(env.Kafka), stream.Registry(client(t, env.Registry)))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	got := map[string]*T{}
	stream.Handle[T, P](consumer, topic, func(_ context.Context, m stream.Message[T]) error {
		mu.Lock()
		defer mu.Unlock()
		if got[string(m.Key)] = m.Value; len(got) == count {
			cancel()
		}
		return nil
	})
	if err := consumer.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return got
}

// complete fills in what follows from the type and the environment.
func (j job) complete(do string, env dev.Env, event codec.Message, count int) job {
	j.Do, j.Kafka, j.Registry, j.Count = do, env.Kafka, env.Registry, count
	j.Schema, j.Record = event.AvroSchema().String(), event.AvroSchema().FullName()
	return j
}

func client(t *testing.T, url string) *registry.Client {
	t.Helper()
	c, err := registry.New(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
