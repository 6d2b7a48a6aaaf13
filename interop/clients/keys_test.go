package clients_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/telemetry"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/shop"
	"github.com/avow-events/avow/stream"
)

const keyedTopic = "keyed"

// exchangeKeys sends events under keys that have a contract, money, both ways through one topic: what each wrote is read
// by the other, and one key has the same bytes whoever wrote it.
func exchangeKeys(t *testing.T, b bridge, framing string) {
	env := dev.Start(t)
	ctx, cancel := context.WithTimeout(t.Context(), exchangeTimeout)
	defer cancel()
	keys := map[string]*common.Money{}
	events := shop.Telemetry()
	for name := range events {
		keys[name] = &common.Money{Amount: codec.MustParseDecimal("-12.34"), Currency: name}
	}
	opts := []stream.ProducerOption{stream.Brokers(env.Kafka), stream.Registry(client(t, env.Registry)), stream.CreateTopics(), stream.AutoRegister()}
	opts = append(opts, b.options...)
	if framing == "header" {
		opts = append(opts, stream.HeaderFraming())
	}
	producer, err := stream.NewKeyedProducer[common.Money, telemetry.ApplicationEvent](ctx, keyedTopic, opts...)
	if err != nil {
		t.Fatal(err)
	}
	for name, event := range events {
		if err := producer.ProduceSync(ctx, keys[name], event); err != nil {
			t.Fatal(err)
		}
	}
	if err := producer.Close(ctx); err != nil {
		t.Fatal(err)
	}
	j := job{Topic: keyedTopic, Naming: "TopicName", Framing: framing, KeySchema: keys["least"].AvroSchema().String()}

	theirs := map[string]*telemetry.ApplicationEvent{}
	var lines []line
	for _, l := range b.run(t, j.complete("consume", env, events["least"], len(events)), nil) {
		key, event := new(common.Money), new(telemetry.ApplicationEvent)
		if err := b.form.read(l.KeyValue, key); err != nil {
			t.Fatalf("%v in %s", err, l.KeyValue)
		}
		if err := b.form.read(l.Value, event); err != nil {
			t.Fatalf("%v in %s", err, l.Value)
		}
		if diff := cmp.Diff(keys[key.Currency], key); diff != "" {
			t.Errorf("the key that was produced (-) is not what they consumed (+):\n%s", diff)
		}
		theirs[key.Currency] = event
		lines = append(lines, l)
	}
	if diff := cmp.Diff(events, theirs, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("what was produced (-) is not what they consumed (+):\n%s", diff)
	}

	b.run(t, j.complete("produce", env, events["least"], len(lines)), lines) // what they read
	ours := consumeKeyed(ctx, t, env, 2*len(events))
	for i, got := range ours {
		if diff := cmp.Diff(keys[got.key.Currency], got.key); diff != "" {
			t.Errorf("the key of record %d (+) is not what was produced (-):\n%s", i, diff)
		}
		if diff := cmp.Diff(events[got.key.Currency], got.event, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("record %d (+) is not what was produced (-):\n%s", i, diff)
		}
	}
	if distinct := keyBytes(ctx, t, env, 2*len(events)); len(distinct) != len(events) {
		t.Errorf("%d keys were written as %d: %x", len(events), len(distinct), distinct)
	}
}

type keyed struct {
	key   *common.Money
	event *telemetry.ApplicationEvent
}

// consumeKeyed returns the first records that our consumer reads.
func consumeKeyed(ctx context.Context, t *testing.T, env dev.Env, count int) (all []keyed) {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	consumer, err := stream.NewConsumer("ours", stream.Brokers(env.Kafka), stream.Registry(client(t, env.Registry)))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	stream.HandleKeyed(consumer, keyedTopic, func(_ context.Context, key *common.Money, m stream.Message[telemetry.ApplicationEvent]) error {
		mu.Lock()
		defer mu.Unlock()
		if all = append(all, keyed{key, m.Value}); len(all) == count {
			cancel()
		}
		return nil
	})
	if err := consumer.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return all
}

// keyBytes returns how often each key stands in the topic, as it stands there.
func keyBytes(ctx context.Context, t *testing.T, env dev.Env, count int) map[string]int {
	t.Helper()
	kafka, err := kgo.NewClient(kgo.SeedBrokers(env.Kafka), kgo.ConsumeTopics(keyedTopic))
	if err != nil {
		t.Fatal(err)
	}
	defer kafka.Close()
	distinct := map[string]int{}
	for n := 0; n < count; {
		fetches := kafka.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		for r := range fetches.RecordsAll() {
			distinct[string(r.Key)]++
			n++
		}
	}
	return distinct
}
