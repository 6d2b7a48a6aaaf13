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

// Keys with a contract of their own: prices by the place where they hold.
func ExampleNewKeyedProducer() {
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

	prices, err := stream.NewKeyedProducer[common.Address, common.Money](ctx, "prices",
		stream.Brokers(env.Kafka), stream.Registry(reg), stream.CreateTopics(), stream.AutoRegister())
	if err != nil {
		log.Fatal(err)
	}
	defer prices.Close(ctx)
	key, price := common.NewAddress(), common.NewMoney()
	key.City, price.Amount = "Bremen", codec.NewDecimal(1999, 2)
	if err := prices.ProduceSync(ctx, key, price); err != nil {
		log.Fatal(err)
	}

	consumer, err := stream.NewConsumer("billing",
		stream.Brokers(env.Kafka), stream.Registry(reg), stream.Logger(quiet))
	if err != nil {
		log.Fatal(err)
	}
	stream.HandleKeyed(consumer, "prices", func(_ context.Context, key *common.Address, m stream.Message[common.Money]) error {
		fmt.Printf("%v %s in %s\n", m.Value.Amount, m.Value.Currency, key.City)
		stop()
		return nil
	})
	if err := consumer.Run(ctx); err != nil {
		log.Fatal(err)
	}
	// Output: 19.99 EUR in Bremen
}
