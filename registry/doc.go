// Package registry is a client for Schema Registry: publish schemas, look them up, read and set compatibility levels,
// and bring a registry to the state that a repository of contracts describes ([NewPlan], [Plan.Apply]).
//
// It speaks to Confluent Schema Registry and to those that answer as it does: registry/embedded, Redpanda, Karapace,
// Apicurio's ccompat. It holds Avro schemas; other types are reported as what they are and left alone.
//
// Start with [New]:
//
//	client, err := registry.New("http://localhost:8081")
//	schema, err := client.Register(ctx, "orders-value", text)
//	fmt.Println(schema.ID, schema.Version)
//
// Services that are told by variables or by a client.properties where their registry is take [FromEnv] or
// [FromProperties].
//
// Every call takes a context first and ends when it does. A call is tried again, with growing pauses, when the
// registry cannot be reached or answers 429 or 5xx; every call may be repeated without harm, because registering a
// schema that is there already returns what is there. Failures are [*Error]; test them with errors.Is and the
// sentinels beside it.
//
// What a schema id stands for never changes, so [Client.ByID] asks once and remembers. Nothing else is cached: a
// version registered by somebody else a moment ago is seen by the next call.
package registry
