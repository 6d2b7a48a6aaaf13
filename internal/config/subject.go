package config

import (
	"slices"

	"github.com/avow-events/avow/internal/subject"
)

// Strategy names the subjects of a topic's key and values.
type Strategy = subject.Strategy

// Confluent's strategies.
const (
	TopicName       = subject.TopicName
	RecordName      = subject.RecordName
	TopicRecordName = subject.TopicRecordName
)

// Subject is one place of a contract in a registry.
type Subject struct {
	Name string
	// Topic that the contract is kept there for, empty for a contract that no topic carries.
	Topic string
	// Level in force, and whether avow.yaml gives it or it is the default.
	Level    Level
	LevelSet bool
}

// Subjects returns where a registry keeps a contract, each subject once: for the topics that carry it as key or event,
// in their order, and where the section `subjects` says. named tells a contract with a full name from one without (an
// array, a map, a union), whose full name is Avro's word for its type.
//
// A contract that is in none of these, such as a type that others refer to, is kept under its full name. Without a name
// it has no subject.
func (c *Config) Subjects(fullName, file string, named bool) []Subject {
	var out []Subject
	add := func(name, topic string, level Level) {
		s := Subject{Name: name, Topic: topic, Level: level, LevelSet: true}
		if level == "" {
			s.Level, s.LevelSet = c.Level(fullName, file)
		}
		if !slices.ContainsFunc(out, func(o Subject) bool { return o.Name == name }) {
			out = append(out, s)
		}
	}
	is := func(contract string) bool { return contract == file || named && contract == fullName }
	for _, t := range c.Topics {
		if is(t.KeyContract()) {
			add(t.Strategy.Key(t.Name, fullName), t.Name, t.Level)
		}
		if slices.ContainsFunc(t.Events, func(e Event) bool { return is(e.Name) }) {
			add(t.Strategy.Value(t.Name, fullName), t.Name, t.Level)
		}
	}
	for _, p := range c.Places {
		if is(p.Contract) {
			add(p.Subject, "", p.Level)
		}
	}
	if out == nil && named {
		add(fullName, "", "")
	}
	return out
}

// Topic returns the topic with this name.
func (c *Config) Topic(name string) (Topic, bool) {
	i := slices.IndexFunc(c.Topics, func(t Topic) bool { return t.Name == name })
	if i < 0 {
		return Topic{}, false
	}
	return c.Topics[i], true
}
