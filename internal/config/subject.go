package config

import "slices"

// Strategy says under which subject a registry keeps the contract of a topic's values. The zero Strategy is none.
type Strategy string

// Confluent's strategies.
const (
	// TopicName is orders-value: one contract a topic, whose versions follow each other.
	TopicName Strategy = "TopicName"
	// RecordName is shop.orders.OrderCreated: the same subject for every topic that carries the event.
	RecordName Strategy = "RecordName"
	// TopicRecordName is orders-shop.orders.OrderCreated: each topic evolves the event by itself.
	TopicRecordName Strategy = "TopicRecordName"
)

var strategies = []string{string(TopicName), string(RecordName), string(TopicRecordName)}

// Subject returns the subject of a value with this full name on a topic.
func (s Strategy) Subject(topic, fullName string) string {
	switch s {
	case RecordName:
		return fullName
	case TopicRecordName:
		return topic + "-" + fullName
	}
	return topic + "-value"
}

// Subject is one place of a contract in a registry.
type Subject struct {
	Name string
	// Topic that the contract is kept there for, empty for a contract that no topic carries.
	Topic string
	// Level in force, and whether avow.yaml gives it or it is the default.
	Level    Level
	LevelSet bool
}

// Subjects returns where a registry keeps a contract, in the order of the topics, each subject once. named tells a
// contract with a full name from one without (an array, a map, a union), whose full name is Avro's word for its type.
//
// A contract that no topic carries, such as a type that others refer to, is kept under its full name. Without a name
// it has no subject.
func (c *Config) Subjects(fullName, file string, named bool) []Subject {
	var out []Subject
	for _, t := range c.Topics {
		if !t.carries(fullName, file, named) {
			continue
		}
		s := Subject{Name: t.Strategy.Subject(t.Name, fullName), Topic: t.Name, Level: t.Level, LevelSet: true}
		if t.Level == "" {
			s.Level, s.LevelSet = c.Level(fullName, file)
		}
		if !slices.ContainsFunc(out, func(o Subject) bool { return o.Name == s.Name }) {
			out = append(out, s)
		}
	}
	if out == nil && named {
		level, set := c.Level(fullName, file)
		out = []Subject{{Name: fullName, Level: level, LevelSet: set}}
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

// carries reports whether the contract is one of the topic's events.
func (t Topic) carries(fullName, file string, named bool) bool {
	return slices.ContainsFunc(t.Events, func(e Event) bool {
		return e.Name == file || named && e.Name == fullName
	})
}
