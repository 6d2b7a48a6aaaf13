package registry

import (
	"fmt"

	"github.com/avow-events/avow/internal/subject"
)

// Naming says under which subject the schema of a topic's values is registered. Producer, registry and every other
// client have to agree on it. The three here are Confluent's strategies; [Template] makes others.
type Naming func(topic, fullName string) (subject string)

// TopicName gives every topic one subject, so that all its records have versions of one schema: "orders-value". It is
// the default everywhere.
func TopicName(topic, fullName string) string { return subject.TopicName.Value(topic, fullName) }

// RecordName gives every type one subject, whatever topics carry it: "shop.orders.OrderCreated".
func RecordName(topic, fullName string) string { return subject.RecordName.Value(topic, fullName) }

// TopicRecordName gives every type on every topic a subject of its own: "orders-shop.orders.OrderCreated". Several
// types may share a topic then, and each evolves by itself.
func TopicRecordName(topic, fullName string) string {
	return subject.TopicRecordName.Value(topic, fullName)
}

// Template returns the naming by a text with the placeholders {topic}, {record} (the full name), {name}, {namespace}
// and {kind}, which is value here: "{topic}.{record}". It is what avow.yaml accepts for the subjects of a topic.
func Template(text string) (Naming, error) {
	s, err := subject.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("registry: subject naming: %w", err)
	}
	return s.Value, nil
}
