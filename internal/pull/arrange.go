package pull

import (
	"maps"
	"slices"
	"strings"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/registry"
)

// place is a subject and the contract that it holds.
type place struct {
	*contract
	subject string
	level   config.Level
	topic   string // whose subject it is by its name, empty for none
	role    role
}

// role is what a subject is to its topic.
type role uint8

const (
	key    role = iota + 1 // orders-key
	value                  // orders-value
	record                 // orders-shop.OrderCreated
)

// arrange fills in the topics and the subjects of the configuration. A topic takes what its name and one strategy can
// say; every other subject that is not the contract's full name is written down by itself.
func (r *reader) arrange() {
	places := r.places()
	for _, topic := range slices.Sorted(maps.Keys(byTopic(places))) {
		r.arrangeTopic(topic, places)
	}
	described := &r.repository.Config
	for _, p := range places {
		is := func(s config.Subject) bool { return s.Name == p.subject && levelOf(s) == p.level }
		if !slices.ContainsFunc(described.Subjects(p.name, p.path, p.named), is) {
			described.Places = append(described.Places, config.Place{Subject: p.subject, Contract: p.name, Level: p.level})
		}
	}
	// A place takes the place of the full name, which may be one that is in use.
	for _, p := range places {
		if !slices.ContainsFunc(described.Subjects(p.name, p.path, p.named), func(s config.Subject) bool { return s.Name == p.subject }) {
			described.Places = append(described.Places, config.Place{Subject: p.subject, Contract: p.name, Level: p.level})
		}
	}
}

// levelOf returns the level that a subject is held to by the configuration, empty where that is left to the registry.
func levelOf(s config.Subject) config.Level {
	if !s.LevelSet {
		return ""
	}
	return s.Level
}

// places returns all subjects, sorted by name.
func (r *reader) places() []place {
	var out []place
	for _, c := range r.order {
		for _, e := range c.places {
			p := place{contract: c, subject: e.Subject, level: level(e)}
			p.topic, p.role = topicOf(e.Subject, c)
			if r.opts.Topic != nil && !r.opts.Topic(p.topic) {
				p.topic, p.role = "", 0
			}
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b place) int { return compare(a.subject, b.subject) })
	return out
}

func level(e registry.Entry) config.Level {
	if e.Level == nil {
		return ""
	}
	return map[compat.Level]config.Level{
		compat.None: config.None, compat.Backward: config.Backward, compat.BackwardTransitive: config.BackwardTransitive,
		compat.Forward: config.Forward, compat.ForwardTransitive: config.ForwardTransitive,
		compat.Full: config.Full, compat.FullTransitive: config.FullTransitive,
	}[*e.Level]
}

// topicOf returns the topic that a subject is named after by one of Confluent's strategies.
func topicOf(subject string, c *contract) (topic string, as role) {
	if topic, ok := strings.CutSuffix(subject, "-value"); ok && topic != "" {
		return topic, value
	}
	if topic, ok := strings.CutSuffix(subject, "-key"); ok && topic != "" {
		return topic, key
	}
	if topic, ok := strings.CutSuffix(subject, "-"+c.name); ok && topic != "" && c.named {
		return topic, record
	}
	return "", 0
}

func byTopic(places []place) map[string]bool {
	topics := map[string]bool{}
	for _, p := range places {
		if p.topic != "" {
			topics[p.topic] = true
		}
	}
	return topics
}

// arrangeTopic adds a topic with its value and key, or with its records. The level of a topic is that of all its
// subjects: those with another one are left to be written down by themselves.
func (r *reader) arrangeTopic(name string, places []place) {
	of := func(as role) (out []place) {
		for _, p := range places {
			if p.topic == name && p.role == as {
				out = append(out, p)
			}
		}
		return out
	}
	values, keys, records := of(value), of(key), of(record)
	t := config.Topic{Name: name, Strategy: config.TopicName}
	switch {
	case len(values) == 1:
		t.Level = values[0].level
		t.Events = []config.Event{{Name: values[0].name}}
		if len(keys) == 1 && keys[0].level == t.Level {
			t.Key = keys[0].name
		}
	case len(records) > 0:
		t.Strategy, t.Level = config.TopicRecordName, records[0].level
		for _, p := range records {
			if p.level == t.Level {
				t.Events = append(t.Events, config.Event{Name: p.name})
			}
		}
	default:
		return
	}
	r.repository.Config.Topics = append(r.repository.Config.Topics, t)
}
