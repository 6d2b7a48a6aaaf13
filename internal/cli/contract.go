package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/suggest"
	"github.com/avow-events/avow/internal/wire"
	"github.com/avow-events/avow/registry"
)

// contract is what the events or the keys of a topic are written by.
type contract struct {
	schema *avsc.Schema
	id     int // in the registry
}

// encode writes a value, given as JSON, as records hold it.
func (c *contract) encode(text []byte, opts ...codec.JSONOption) ([]byte, error) {
	payload, err := codec.FromJSON(c.schema, text, opts...)
	if err != nil {
		return nil, err
	}
	return append(wire.AppendPrefix(nil, c.id), payload...), nil
}

// contractsOf returns the contracts of a topic's event and of its keys, nil where these have none. event names the event,
// by full or simple name, where there are several.
func (a *app) contractsOf(ctx context.Context, c *config.Config, client *registry.Client, topic, event string) (value, key *contract, err error) {
	t, ok := c.Topic(topic)
	if !ok {
		if value, err = registeredContract(ctx, c, client, topic, event); err != nil {
			return nil, nil, err
		}
		key, err = newestContract(ctx, client, config.TopicName.Key(topic, ""))
		return value, key, err
	}
	all, err := a.contracts(c)
	if err != nil {
		return nil, nil, err
	}
	s, err := chooseEvent(all.events(t), topic, event)
	if err != nil {
		return nil, nil, err
	}
	if value, err = all.registered(ctx, client, s, t.Strategy.Value(t.Name, s.Root.FullName())); err != nil {
		return nil, nil, err
	}
	if s := all.key(t); s != nil {
		key, err = all.registered(ctx, client, s, t.Strategy.Key(t.Name, s.Root.FullName()))
	}
	return value, key, err
}

// registered returns a contract of the repository with the id that it has under a subject.
func (c *contracts) registered(ctx context.Context, client *registry.Client, s *avsc.Schema, subject string) (*contract, error) {
	found, err := client.Lookup(ctx, subject, s.SelfContained())
	if errors.Is(err, registry.ErrNotFound) {
		return nil, fmt.Errorf("%s as it stands in %s is not registered under %s: run avow apply",
			eventName(s), shortPath(c.Path(c.Schemas.Path)), subject)
	}
	if err != nil {
		return nil, err
	}
	return &contract{s, found.ID}, nil
}

// chooseEvent returns the event of a topic that is meant.
func chooseEvent(events []*avsc.Schema, topic, event string) (*avsc.Schema, error) {
	if event == "" {
		if len(events) == 1 {
			return events[0], nil
		}
		return nil, fmt.Errorf("the topic %s carries %s: say which with --event", topic, eventNames(events))
	}
	i := slices.IndexFunc(events, func(s *avsc.Schema) bool { return eventName(s) == event || s.Root.Name.Short == event })
	if i >= 0 {
		return events[i], nil
	}
	var names []string
	for _, s := range events {
		names = append(names, eventName(s), s.Root.Name.Short)
	}
	return nil, fmt.Errorf("the topic %s carries no %s, but %s%s", topic, event, eventNames(events), suggest.DidYouMean(event, names))
}

// registeredContract returns the newest version that a registry has for a topic of which avow.yaml says nothing, under
// the first of the usual subjects that it knows.
func registeredContract(ctx context.Context, c *config.Config, client *registry.Client, topic, event string) (*contract, error) {
	subjects := []string{config.TopicName.Value(topic, "")}
	if event != "" {
		subjects = []string{config.TopicRecordName.Value(topic, event), config.RecordName.Value(topic, event)}
	}
	for _, subject := range subjects {
		if newest, err := newestContract(ctx, client, subject); newest != nil || err != nil {
			return newest, err
		}
	}
	return nil, fmt.Errorf("no contract for the topic %s: avow.yaml does not describe it, and the registry has no subject %s%s",
		topic, orList(subjects), suggest.DidYouMean(topic, knownTopics(ctx, c, client)))
}

// newestContract returns the newest version that a registry has under a subject, nil where it has none.
func newestContract(ctx context.Context, client *registry.Client, subject string) (*contract, error) {
	latest, err := client.Latest(ctx, subject)
	if errors.Is(err, registry.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	schema, err := client.Parse(ctx, latest)
	if err != nil {
		return nil, err
	}
	return &contract{schema, latest.ID}, nil
}

// knownTopics returns the topics of avow.yaml and those that the registry has a TOPIC-value for; only the former where it
// does not tell.
func knownTopics(ctx context.Context, c *config.Config, client *registry.Client) []string {
	var topics []string
	for _, t := range c.Topics {
		topics = append(topics, t.Name)
	}
	subjects, _ := client.Subjects(ctx)
	for _, s := range subjects {
		if topic, ok := strings.CutSuffix(s, "-value"); ok {
			topics = append(topics, topic)
		}
	}
	return topics
}

func orList(words []string) string {
	out := words[0]
	for _, w := range words[1:] {
		out += " or " + w
	}
	return out
}
