package stream

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/avow-events/avow/internal/kafka"
)

// startTimeout bounds how long the question for the topics may take.
const startTimeout = 5 * time.Second

// connect makes a client and makes sure that a broker answers and that the topics exist.
func (s *shared) connect(ctx context.Context, topics []string, opts ...kgo.Opt) (*kgo.Client, error) {
	if s.create {
		opts = append(opts, kgo.AllowAutoTopicCreation())
	}
	client, err := kafka.Connect(ctx, s.to, append(opts, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	if err := s.checkTopics(ctx, client, topics); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

func (s *shared) checkTopics(ctx context.Context, client *kgo.Client, topics []string) error {
	start, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("no answer within %v", startTimeout))
	defer cancel()
	missing, err := missingTopics(start, client, topics, s.create)
	switch {
	case err != nil:
		return fmt.Errorf("stream: ask %v for topics: %w", s.to, err)
	case len(missing) > 0:
		return fmt.Errorf("stream: topic %s does not exist at %v: create it (avow apply creates the topics of avow.yaml), "+
			"or let the brokers do so with stream.CreateTopics", strings.Join(missing, ", "), s.to)
	}
	return nil
}

// missingTopics returns which of the topics do not exist. With create the question makes the broker create them.
func missingTopics(ctx context.Context, client *kgo.Client, topics []string, create bool) ([]string, error) {
	resp, err := kafka.Ask(ctx, client, func() *kmsg.MetadataRequest {
		req := kmsg.NewPtrMetadataRequest()
		req.AllowAutoTopicCreation = create
		for _, topic := range topics {
			t := kmsg.NewMetadataRequestTopic()
			t.Topic = &topic
			req.Topics = append(req.Topics, t)
		}
		return req
	})
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, t := range resp.Topics {
		if t.ErrorCode == kerr.UnknownTopicOrPartition.Code && t.Topic != nil && !create {
			missing = append(missing, *t.Topic)
		} else if err := kerr.ErrorForCode(t.ErrorCode); err != nil && !kerr.IsRetriable(err) && t.Topic != nil {
			return nil, fmt.Errorf("topic %s: %w", *t.Topic, err)
		}
	}
	slices.Sort(missing)
	return missing, nil
}
