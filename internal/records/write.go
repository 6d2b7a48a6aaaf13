package records

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/internal/kafka"
)

// Writer sends records to one topic: idempotent, acknowledged by all in-sync replicas, in their order.
type Writer struct {
	client *kgo.Client
	topic  string
}

// deliveryTimeout bounds how long a record waits for its acknowledgement. Less than 15 s fails records whenever the
// leader of a partition dies.
const deliveryTimeout = 30 * time.Second

// createTimeout bounds the wait for a topic that the brokers may be creating.
const createTimeout = 2 * time.Second

// NewWriter connects to brokers that answer. A topic that does not exist is created with this number of partitions;
// with 0 it is created if the brokers do that by themselves, and else an error. compression is as in [kafka.Compress].
func NewWriter(ctx context.Context, to kafka.Connection, topic string, partitionsOfNew int, compression string) (*Writer, error) {
	compress, err := kafka.Compress(compression)
	if err != nil {
		return nil, err
	}
	client, err := connect(ctx, to, compress, kgo.AllowAutoTopicCreation(), kgo.RecordDeliveryTimeout(deliveryTimeout))
	if err != nil {
		return nil, err
	}
	start, cancel := context.WithTimeoutCause(ctx, createTimeout,
		fmt.Errorf("there is no topic %q, and the brokers do not create it: create it first", topic))
	defer cancel()
	if partitionsOfNew > 0 {
		err = create(start, client, topic, int32(partitionsOfNew))
	}
	if err == nil {
		_, err = partitions(start, client, topic, true)
	}
	if err != nil {
		client.Close()
		if start.Err() != nil {
			err = context.Cause(start)
		}
		return nil, err
	}
	return &Writer{client, topic}, nil
}

// create creates a topic with as many replicas as the brokers give a new one. One that exists is left as it is.
func create(ctx context.Context, client *kgo.Client, topic string, partitions int32) error {
	req := kmsg.NewPtrCreateTopicsRequest()
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic = topic
	t.NumPartitions = partitions
	t.ReplicationFactor = -1
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(ctx, client)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		return fmt.Errorf("create topic %s: %w", topic, err)
	}
	return nil
}

// Write sends a record and calls done when its delivery is settled, within half a minute, with its partition and offset
// filled in or with the error. done is called from one goroutine for all records, in their order within a partition.
func (w *Writer) Write(ctx context.Context, r *Record, done func(*Record, error)) {
	r.Topic = w.topic
	w.client.Produce(ctx, r, done)
}

// Close waits, as long as ctx allows, until every delivery is settled, and disconnects.
func (w *Writer) Close(ctx context.Context) error {
	defer w.client.Close()
	return w.client.Flush(ctx)
}
