// Package topics brings the topics of a Kafka cluster to what avow.yaml says of them: partitions, replicas and settings
// are part of a contract. [Client.Plan] compares, [Plan.Apply] does what came of it.
//
// A topic is never shrunk, and its replicas are never moved: a plan that would have to says so and is refused. Topics are
// deleted only when asked, and never those that Kafka keeps for itself.
//
// It is not for records; see internal/records and stream.
package topics

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/kafka"
)

// Topic is what is wanted of a topic.
type Topic struct {
	Name string
	// Partitions and Replication, 0 for as many as the broker gives a new topic.
	Partitions, Replication int
	// Configs are settings by Kafka's names. Those that are not listed are left as they are.
	Configs map[string]string
}

// Client asks and changes a cluster. It may be used by several goroutines at once.
type Client struct {
	kafka *kgo.Client
	admin *kadm.Client
}

// Connect returns a client of brokers, once one of them answers.
func Connect(ctx context.Context, to kafka.Connection) (*Client, error) {
	client, err := kafka.Connect(ctx, to)
	if err != nil {
		return nil, err
	}
	return &Client{kafka: client, admin: kadm.NewClient(client)}, nil
}

// Close disconnects.
func (c *Client) Close() { c.kafka.Close() }

// Names returns the names of all topics but Kafka's own.
func (c *Client) Names(ctx context.Context) ([]string, error) {
	details, err := c.admin.ListTopics(kadm.WithAuthorizedOps(ctx))
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	return details.Names(), nil
}

// State is what a plan saw of a topic; Partitions is 0 for one that does not exist.
type State struct {
	Partitions  int `json:"partitions,omitempty"`
	Replication int `json:"replication,omitempty"`
	// Configs that a plan looks at, with the values in force.
	Configs map[string]string `json:"configs,omitempty"`
}

// String says it in a few words, for messages.
func (s State) String() string {
	if s.Partitions == 0 {
		return "missing"
	}
	text := fmt.Sprintf("partitions %d, replicas %d", s.Partitions, s.Replication)
	for _, name := range sorted(s.Configs) {
		text += fmt.Sprintf(", %s %s", name, s.Configs[name])
	}
	return text
}

// look returns the state of every topic, with the settings that are wanted of it.
func (c *Client) look(ctx context.Context, wanted map[string]Topic) (map[string]State, error) {
	// With a question for operations kadm asks the brokers, and not its memory of the last five seconds.
	details, err := c.admin.ListTopics(kadm.WithAuthorizedOps(ctx))
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	states := map[string]State{}
	var configured []string
	for name, d := range details {
		if d.Err != nil {
			return nil, fmt.Errorf("topic %s: %w", name, d.Err)
		}
		states[name] = State{Partitions: len(d.Partitions), Replication: d.Partitions.NumReplicas()}
		if len(wanted[name].Configs) > 0 {
			configured = append(configured, name)
		}
	}
	configs, err := c.admin.DescribeTopicConfigs(ctx, configured...)
	if err != nil {
		return nil, fmt.Errorf("read the settings of topics: %w", err)
	}
	for _, r := range configs {
		if r.Err != nil {
			return nil, fmt.Errorf("read the settings of topic %s: %w", r.Name, reason(r.Err, r.ErrMessage))
		}
		s := states[r.Name]
		s.Configs = map[string]string{}
		for _, config := range r.Configs {
			if _, ok := wanted[r.Name].Configs[config.Key]; ok {
				s.Configs[config.Key] = config.MaybeValue()
			}
		}
		states[r.Name] = s
	}
	return states, nil
}

// internal reports whether a topic is one that Kafka and what is built on it keep for themselves.
func internal(name string) bool { return strings.HasPrefix(name, "_") }

// reason adds what a broker says to its error.
func reason(err error, message string) error {
	if err == nil || message == "" {
		return err
	}
	return fmt.Errorf("%w (%s)", err, message)
}

// isRefusal reports whether an error is a broker's answer, and no failure to get one.
func isRefusal(err error) bool {
	var refused *kerr.Error
	return errors.As(err, &refused)
}
