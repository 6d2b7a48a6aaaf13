package records

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// createTimeout bounds the wait for a topic that the brokers may be creating.
const createTimeout = 2 * time.Second

// Writer sends records to one topic: idempotent, acknowledged by all in-sync replicas, in their order.
type Writer struct {
	client *kgo.Client
	topic  string
}

// NewWriter connects to brokers that answer. A topic that does not exist is created where the brokers do that by
// themselves, and is an error elsewhere.
func NewWriter(ctx context.Context, brokers []string, topic string) (*Writer, error) {
	client, err := connect(ctx, brokers, kgo.AllowAutoTopicCreation())
	if err != nil {
		return nil, err
	}
	start, cancel := context.WithTimeoutCause(ctx, createTimeout,
		fmt.Errorf("there is no topic %q, and the brokers do not create it: create it first", topic))
	defer cancel()
	if _, err := partitions(start, client, topic, true); err != nil {
		client.Close()
		if start.Err() != nil {
			err = context.Cause(start)
		}
		return nil, err
	}
	return &Writer{client, topic}, nil
}

// Write sends a record and calls done when its delivery is settled, with its partition and offset filled in or with
// the error. done is called from one goroutine for all records, in their order within a partition.
func (w *Writer) Write(ctx context.Context, r *Record, done func(*Record, error)) {
	r.Topic = w.topic
	w.client.Produce(ctx, r, done)
}

// Close waits, as long as ctx allows, until every delivery is settled, and disconnects.
func (w *Writer) Close(ctx context.Context) error {
	defer w.client.Close()
	return w.client.Flush(ctx)
}
