package registries_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-events/avow/codec"
	next "github.com/avow-events/avow/examples/tour/next/gen/orders"
	"github.com/avow-events/avow/gen/notifications"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/gen/telemetry"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/shop"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// exchangeTimeout bounds one exchange.
const exchangeTimeout = time.Minute

// testEvents exchanges events whose schemas have references, decimals, unions and maps.
func testEvents(t *testing.T, s server) {
	dev.Avow(t, "apply", "--registry", s.url, "--quiet")
	broker := dev.Start(t).Kafka
	t.Run("with references", func(t *testing.T) {
		exchange[orders.OrderCreated](t, s, broker, "orders", shop.Orders(), stream.Subject(registry.TopicRecordName))
	})
	t.Run("of every channel", func(t *testing.T) {
		exchange[notifications.Notification](t, s, broker, "notifications", shop.Notifications())
	})
	t.Run("registered by the producer", func(t *testing.T) {
		exchange[telemetry.ApplicationEvent](t, s, broker, "telemetry-of-mine", shop.Telemetry(), stream.AutoRegister())
	})
}

// testHeaderFraming wants GUIDs, and to be told where there are none.
func testHeaderFraming(t *testing.T, s server) {
	dev.Avow(t, "apply", "--registry", s.url, "--quiet")
	broker := dev.Start(t).Kafka
	opts := []stream.ProducerOption{stream.Subject(registry.TopicRecordName), stream.HeaderFraming()}
	if s.confluent {
		exchange[orders.OrderCreated](t, s, broker, "orders", shop.Orders(), opts...)
		return
	}
	opts = append(opts, stream.Brokers(broker), stream.Registry(s.client(t)), stream.CreateTopics())
	_, err := stream.NewProducer[orders.OrderCreated](t.Context(), "orders", opts...)
	if err == nil || !strings.Contains(err.Error(), "GUID") {
		t.Errorf("without GUIDs: %v", err)
	}
}

// testEvolution reads with the next version of a contract what was written with this one.
func testEvolution(t *testing.T, s server) {
	dev.Avow(t, "apply", "--registry", s.url, "--quiet")
	broker := dev.Start(t).Kafka
	sent := shop.Orders()
	produce[orders.OrderCreated](t, s, broker, "orders", sent, stream.Subject(registry.TopicRecordName))
	for key, got := range consume[next.OrderCreated](t, s, broker, "orders", len(sent)) {
		if want := sent[key]; got.OrderID != want.OrderID || got.BuyerID != want.CustomerID || got.Total.Amount.String() != want.Total.Amount.String() {
			t.Errorf("%s: got %+v, want %+v", key, got, want)
		}
	}
}

// exchange sends events through the broker and wants them back.
func exchange[T any, P codec.Pointer[T]](t *testing.T, s server, broker, topic string, events map[string]*T, opts ...stream.ProducerOption) {
	t.Helper()
	produce[T, P](t, s, broker, topic, events, opts...)
	if diff := cmp.Diff(events, consume[T, P](t, s, broker, topic, len(events)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("produced (-), consumed (+):\n%s", diff)
	}
}

func produce[T any, P codec.Pointer[T]](t *testing.T, s server, broker, topic string, events map[string]*T, opts ...stream.ProducerOption) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), exchangeTimeout)
	defer cancel()
	opts = append(opts, stream.Brokers(broker), stream.Registry(s.client(t)), stream.CreateTopics())
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

// consume returns the first events of a topic by their keys.
func consume[T any, P codec.Pointer[T]](t *testing.T, s server, broker, topic string, count int) map[string]*T {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), exchangeTimeout)
	defer cancel()
	consumer, err := stream.NewConsumer("readers", stream.Brokers(broker), stream.Registry(s.client(t)))
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
