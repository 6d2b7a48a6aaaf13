// Package stream produces and consumes typed events on Kafka. The types are those that avow generates, the framing is
// Schema Registry's, and what was written with one version of a schema is read as the version that the consumer was
// built with.
//
// A producer is bound to one type and one topic:
//
//	orders, err := stream.NewProducer[shop.OrderCreated](ctx, "orders", stream.Brokers("localhost:9092"), stream.Registry(reg))
//	err = orders.ProduceSync(ctx, []byte(order.CustomerID), order)
//
// A consumer is a member of a group, with a handler for each type:
//
//	consumer, err := stream.NewConsumer("billing", stream.Brokers("localhost:9092"), stream.Registry(reg))
//	stream.Handle(consumer, "orders", func(ctx context.Context, m stream.Message[shop.OrderCreated]) error { … })
//	err = consumer.Run(ctx)
//
// Keys are bytes, or of a type of their own where they have a contract: [NewKeyedProducer] and [HandleKeyed].
//
// Brokers that want TLS or a password are reached by options ([TLS], [SASL]), variables ([FromEnv]) or the file of a Java
// client ([FromProperties]).
//
// # What is guaranteed
//
// Produced: a record whose delivery was reported without an error is on all in-sync replicas, once, and behind the
// records of its key that were produced before it. Nothing is registered behind anybody's back: a schema that the
// subject does not hold is an error at start ([AutoRegister] changes that).
//
// Consumed: every record is handled at least once, the records of a partition one after the other in their order. An
// offset is committed only after the handler returned nil for it and for all before it, so a crash, a rebalance or a
// registry that is down repeats records and loses none. A record that cannot be decoded is never retried: it stops the
// consumer, or goes to a dead-letter topic as it came, with the reason ([DeadLetter]).
//
// docs/delivery.md tells the same at length, with what happens in each kind of failure.
//
// The package is for services that work record by record. It does no joins, windows or state, and no transactions.
package stream
