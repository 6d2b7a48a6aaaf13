// Command tour produces typed order events and reads them back with a schema that is one version newer.
//
// It is the first code to copy from: a producer and a consumer that know the registry, in one file, on public packages
// and generated types only. Start a broker and a registry and register the contracts first:
//
//	avow dev --data .avow/dev
//	avow apply --env local
//	go run ./examples/tour
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"

	next "github.com/avow-events/avow/examples/tour/next/gen/orders"
)

const topic = "orders"

func main() {
	events := flag.Int("events", 1000, "how many orders to place")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *events); err != nil {
		fmt.Fprintln(os.Stderr, "Failure:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, events int) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()

	reg, err := registry.New(env("SCHEMA_REGISTRY_URL", "http://127.0.0.1:8081"))
	if err != nil {
		return err
	}
	brokers := stream.Brokers(strings.Split(env("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"), ",")...)

	// Every run marks its events, so that it tells them from what earlier runs left on the topic.
	runID := uuid.New()

	section("Produce %d OrderCreated events", events)
	sent, err := produce(ctx, reg, brokers, runID, events)
	if err != nil {
		return err
	}
	done("%d events of %d customers acknowledged by all replicas", sent.events, sent.customers)
	done("%d bytes of Avro, %d as JSON: %.1f bytes an event instead of %.1f", sent.avroBytes, sent.jsonBytes,
		float64(sent.avroBytes)/float64(sent.events), float64(sent.jsonBytes)/float64(sent.events))

	section("Consume them with the next version of the contract")
	got, err := consume(ctx, reg, brokers, runID, events)
	if err != nil {
		return err
	}
	done("%d events read: customer_id as buyer_id, quantity as long, sales_channel %s", got.events, got.first.SalesChannel)
	for _, p := range got.partitions() {
		done("partition %d: %4d events of %3d customers, offsets and every customer's orders ascending", p.number, p.events, len(p.lastOrder))
	}

	section("The first event")
	text, err := json.MarshalIndent(got.first, "  ", "  ")
	if err != nil {
		return err
	}
	fmt.Printf("  %s\n", text)
	return nil
}

// produced says what went out.
type produced struct {
	events, customers    int
	avroBytes, jsonBytes int
}

func produce(ctx context.Context, reg *registry.Client, brokers stream.Option, runID uuid.UUID, events int) (produced, error) {
	// The producer asks the registry for the id of OrderCreated's schema. It registers nothing: avow apply did.
	producer, err := stream.NewProducer[orders.OrderCreated](ctx, topic, brokers,
		stream.Registry(reg),
		stream.Subject(registry.TopicRecordName), // the topic carries several event types, as avow.yaml says
	)
	if err != nil {
		return produced{}, err
	}

	sent := produced{events: events, customers: min(events, 100)}
	customers := make([]uuid.UUID, sent.customers)
	for i := range customers {
		customers[i] = uuid.New()
	}
	failed := make(chan error, 1)
	for i := range events {
		customer := customers[i%len(customers)]
		order := newOrder(runID, customer, i)
		text, err := json.Marshal(order)
		if err != nil {
			return sent, err
		}
		sent.jsonBytes += len(text)
		sent.avroBytes += order.SizeAvro()
		// Keyed by customer, as text, which avow.yaml asks for: one customer's events stay in order. The error of
		// Produce is one of encoding; whether the record arrived is told to the function.
		err = producer.Produce(ctx, []byte(customer.String()), order, func(err error) {
			if err != nil {
				select {
				case failed <- err:
				default: // the first one says enough
				}
			}
		})
		if err != nil {
			return sent, err
		}
	}
	if err := producer.Close(ctx); err != nil { // waits for every acknowledgement
		return sent, err
	}
	select {
	case err := <-failed:
		return sent, fmt.Errorf("not delivered: %w", err)
	default:
		return sent, nil
	}
}

// errDone ends the consumer once everything is read.
var errDone = errors.New("done")

func consume(ctx context.Context, reg *registry.Client, brokers stream.Option, runID uuid.UUID, events int) (*reading, error) {
	consumer, err := stream.NewConsumer("tour-"+runID.String(), brokers, stream.Registry(reg))
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	got := newReading()
	// next.OrderCreated is the reader's schema; what the writer's was, each record says by its schema id. The offset
	// is committed after the handler returned nil, and not before.
	stream.Handle(consumer, topic, func(_ context.Context, m stream.Message[next.OrderCreated]) error {
		if m.Value.Metadata.CorrelationID != runID {
			return nil // of an earlier run
		}
		n, err := got.add(m)
		if n == events {
			stop(errDone)
		}
		return err
	})
	err = consumer.Run(ctx)
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errDone) {
		return nil, fmt.Errorf("read %d of %d events: %w", got.events, events, cause)
	}
	return got, err
}

func env(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}
