package registry

// Naming says under which subject the schema of a topic's values is registered. Producer, registry and every other
// client have to agree on it. The three here are Confluent's strategies.
type Naming func(topic, fullName string) (subject string)

// TopicName gives every topic one subject, so that all its records have versions of one schema: "orders-value". It is
// the default everywhere.
func TopicName(topic, _ string) string { return topic + "-value" }

// RecordName gives every type one subject, whatever topics carry it: "shop.orders.OrderCreated".
func RecordName(_, fullName string) string { return fullName }

// TopicRecordName gives every type on every topic a subject of its own: "orders-shop.orders.OrderCreated". Several
// types may share a topic then, and each evolves by itself.
func TopicRecordName(topic, fullName string) string { return topic + "-" + fullName }
