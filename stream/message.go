package stream

import (
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Header is one header of a record.
type Header = kgo.RecordHeader

// Message is an event on its way from or to Kafka.
type Message[T any] struct {
	// Key decides the partition: the same key, the same partition, the same order. A message without one goes
	// anywhere.
	Key []byte
	// Value is the event. A handler may keep it. It is nil for a tombstone, which only reaches a handler that
	// asked for it with [Tombstones].
	Value *T
	// Headers in their order, without the one that names the schema when producing.
	Headers []Header
	// Timestamp is when the event was produced, in milliseconds; zero stands for now when producing.
	Timestamp time.Time

	// The rest is known of a message that was consumed, and ignored when producing.

	// Topic, Partition and Offset say where the record stands.
	Topic     string
	Partition int32
	Offset    int64
	// SchemaID is the id of the schema that the value was written with, 0 for a tombstone.
	SchemaID int
	// Attempt counts from 1 how often this process has handed the message to its handler.
	Attempt int
}
