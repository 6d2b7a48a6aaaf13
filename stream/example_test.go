package stream_test

import (
	"context"
	"fmt"
	"log"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/internal/devenv"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

// One event from a producer to a handler. A service leaves out CreateTopics and AutoRegister where avow apply makes the
// topics and registers the contracts.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	env, err := devenv.Start(ctx, devenv.Config{Kafka: "127.0.0.1:0", Registry: "127.0.0.1:0", UI: "127.0.0.1:0", Log: quiet})
	if err != nil {
		log.Fatal(err)
	}
	defer env.Close()
	reg, err := registry.New(env.Registry)
	if err != nil {
		log.Fatal(err)
	}
	defer reg.Close()

	prices, err := stream.NewProducer[common.Money](ctx, "prices",
		stream.Brokers(env.Kafka), stream.Registry(reg), stream.CreateTopics(), stream.AutoRegister())
	if err != nil {
		log.Fatal(err)
	}
	defer prices.Close(ctx)
	price := common.NewMoney()
	price.Amount = codec.NewDecimal(1999, 2)
	if err := prices.ProduceSync(ctx, []byte("book"), price); err != nil {
		log.Fatal(err)
	}

	consumer, err := stream.NewConsumer("billing",
		stream.Brokers(env.Kafka), stream.Registry(reg), stream.Logger(quiet))
	if err != nil {
		log.Fatal(err)
	}
	stream.Handle(consumer, "prices", func(_ context.Context, m stream.Message[common.Money]) error {
		fmt.Printf("%s costs %v %s\n", m.Key, m.Value.Amount, m.Value.Currency)
		stop() // enough; a service goes on until it is told to stop
		return nil
	})
	if err := consumer.Run(ctx); err != nil {
		log.Fatal(err)
	}
	// Output: book costs 19.99 EUR
}
