package records

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/suggest"
)

// Record is a record as it stands in a topic, and Header one of its headers.
type (
	Record = kgo.Record
	Header = kgo.RecordHeader
)

// connect returns a client of brokers that answer.
func connect(ctx context.Context, to kafka.Connection, opts ...kgo.Opt) (*kgo.Client, error) {
	return kafka.Connect(ctx, to, append([]kgo.Opt{
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), // the last offset of a partition is often the mark of a transaction
		kgo.RequiredAcks(kgo.AllISRAcks()),
	}, opts...)...)
}

// partitions returns the numbers of a topic's partitions. With create the brokers are asked to make the topic if it is
// missing; whether they do is up to them.
func partitions(ctx context.Context, client *kgo.Client, topic string, create bool) ([]int32, error) {
	for {
		resp, err := askFor(ctx, client, topic, create)
		if err != nil {
			return nil, fmt.Errorf("ask for topic %s: %w", topic, err)
		}
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
		switch {
		case err == nil:
			var out []int32
			for _, p := range resp.Topics[0].Partitions {
				out = append(out, p.Partition)
			}
			return out, nil
		case create && kerr.IsRetriable(err): // it is being made
			if err := sleep(ctx, 20*time.Millisecond); err != nil {
				return nil, err
			}
		case err == kerr.UnknownTopicOrPartition:
			return nil, fmt.Errorf("there is no topic %q%s", topic, suggestTopic(ctx, client, topic))
		default:
			return nil, fmt.Errorf("topic %q: %w", topic, err)
		}
	}
}

// askFor asks the brokers for a topic.
func askFor(ctx context.Context, client *kgo.Client, topic string, create bool) (*kmsg.MetadataResponse, error) {
	return kafka.Ask(ctx, client, func() *kmsg.MetadataRequest {
		req := kmsg.NewPtrMetadataRequest()
		req.AllowAutoTopicCreation = create
		t := kmsg.NewMetadataRequestTopic()
		t.Topic = &topic
		req.Topics = append(req.Topics, t)
		return req
	})
}

// suggestTopic returns what an error about an unknown topic adds.
func suggestTopic(ctx context.Context, client *kgo.Client, topic string) string {
	resp, err := kafka.Ask(ctx, client, kmsg.NewPtrMetadataRequest) // for all topics
	if err != nil {
		return ""
	}
	var known []string
	for _, t := range resp.Topics {
		if t.Topic != nil && !t.IsInternal {
			known = append(known, *t.Topic)
		}
	}
	return suggest.DidYouMean(topic, known)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
