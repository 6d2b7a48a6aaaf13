package records

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/internal/suggest"
)

// Record is a record as it stands in a topic, and Header one of its headers.
type (
	Record = kgo.Record
	Header = kgo.RecordHeader
)

// startTimeout bounds the first question to the brokers: a wrong address is an error, not a wait.
const startTimeout = 5 * time.Second

// connect returns a client of brokers that answer.
func connect(ctx context.Context, brokers []string, opts ...kgo.Opt) (*kgo.Client, error) {
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(brokers...),
		kgo.SoftwareNameAndVersion("avow", "v1"),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), // the last offset of a partition is often the mark of a transaction
		kgo.RequiredAcks(kgo.AllISRAcks()),
	}, opts...)...)
	if err != nil {
		return nil, err
	}
	start, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("no answer within %v", startTimeout))
	defer cancel()
	if err := client.Ping(start); err != nil {
		client.Close()
		if start.Err() != nil {
			err = context.Cause(start)
		}
		return nil, fmt.Errorf("no broker answers at %s: %w: is Kafka running there? (avow dev starts one on this machine)",
			strings.Join(brokers, ","), err)
	}
	return client, nil
}

// partitions returns the numbers of a topic's partitions. With create the brokers are asked to make the topic if it is
// missing; whether they do is up to them.
func partitions(ctx context.Context, client *kgo.Client, topic string, create bool) ([]int32, error) {
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = create
	t := kmsg.NewMetadataRequestTopic()
	t.Topic = &topic
	req.Topics = append(req.Topics, t)
	for {
		resp, err := req.RequestWith(ctx, client)
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

// suggestTopic returns what an error about an unknown topic adds.
func suggestTopic(ctx context.Context, client *kgo.Client, topic string) string {
	req := kmsg.NewPtrMetadataRequest() // of all topics
	resp, err := req.RequestWith(ctx, client)
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
