package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// startTimeout bounds how long the first question to the brokers may take, so that a wrong address is an error in a
// few seconds and no hanging program.
const startTimeout = 5 * time.Second

// connect makes a client and makes sure that a broker answers and that the topics exist.
func (s *shared) connect(ctx context.Context, topics []string, opts ...kgo.Opt) (*kgo.Client, error) {
	if s.registry == nil {
		return nil, errors.New("stream: no registry: give one with stream.Registry")
	}
	brokers := s.brokers
	if len(brokers) == 0 {
		brokers = []string{"localhost:9092"}
	}
	all := append([]kgo.Opt{kgo.SeedBrokers(brokers...), kgo.SoftwareNameAndVersion("avow", "v1")}, opts...)
	if s.create {
		all = append(all, kgo.AllowAutoTopicCreation())
	}
	client, err := kgo.NewClient(append(all, s.kafka...)...)
	if err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	if err := s.check(ctx, client, brokers, topics); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

func (s *shared) check(ctx context.Context, client *kgo.Client, brokers, topics []string) error {
	start, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("no answer within %v", startTimeout))
	defer cancel()
	var missing []string
	var err error
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		missing, err = missingTopics(start, client, topics, s.create)
	}()
	select {
	case <-answered:
	case <-start.Done(): // which a broker that accepts and says nothing does not end
		client.Close()
		<-answered
	}
	if err != nil && start.Err() != nil {
		err = context.Cause(start)
	}
	if err != nil {
		return fmt.Errorf("stream: cannot reach broker %s: %w: is Kafka running there? (avow dev starts one on this machine)",
			strings.Join(brokers, ","), err)
	}
	if len(missing) > 0 {
		return fmt.Errorf("stream: topic %s does not exist at %s: create it (avow apply creates the topics of avow.yaml), "+
			"or let the brokers do so with stream.CreateTopics",
			strings.Join(missing, ", "), strings.Join(brokers, ","))
	}
	return nil
}

// missingTopics returns which of the topics do not exist. With create the question makes the broker create them.
func missingTopics(ctx context.Context, client *kgo.Client, topics []string, create bool) ([]string, error) {
	if err := client.Ping(ctx); err != nil {
		return nil, err
	}
	req := kmsg.NewPtrMetadataRequest()
	req.AllowAutoTopicCreation = create
	for _, topic := range topics {
		t := kmsg.NewMetadataRequestTopic()
		t.Topic = &topic
		req.Topics = append(req.Topics, t)
	}
	resp, err := req.RequestWith(ctx, client)
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
