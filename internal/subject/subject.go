// Package subject names the subjects under which a registry keeps the contracts of topics. Producer, registry and every
// other client have to agree on them, so the rules stand here once: avow.yaml, package registry and the command line use
// the same.
package subject

import (
	"fmt"
	"slices"
	"strings"
)

// Strategy says under which subject a contract is kept: one of Confluent's strategies, or a template such as
// "{topic}.{record}-{kind}". The zero Strategy is none.
type Strategy string

// Confluent's strategies.
const (
	// TopicName is orders-value, and orders-key for keys: one contract a topic, whose versions follow each other.
	TopicName Strategy = "TopicName"
	// RecordName is shop.orders.OrderCreated: the same subject for every topic that carries the event.
	RecordName Strategy = "RecordName"
	// TopicRecordName is orders-shop.orders.OrderCreated: each topic evolves the event by itself.
	TopicRecordName Strategy = "TopicRecordName"
)

var strategies = []string{string(TopicName), string(RecordName), string(TopicRecordName)}

// Placeholders of a template.
const (
	topicPart     = "{topic}"
	recordPart    = "{record}"    // the full name
	namePart      = "{name}"      // the full name without its namespace
	namespacePart = "{namespace}" // empty for the null namespace
	kindPart      = "{kind}"      // key or value
)

var placeholders = []string{topicPart, recordPart, namePart, namespacePart, kindPart}

// Strategies returns the names of Confluent's strategies.
func Strategies() []string { return slices.Clone(strategies) }

// Parse reads the name of a strategy, or a template.
func Parse(text string) (Strategy, error) {
	if !strings.ContainsAny(text, "{}") {
		if !slices.Contains(strategies, text) {
			return "", fmt.Errorf("%q is not one of %s", text, strings.Join(strategies, ", "))
		}
		return Strategy(text), nil
	}
	rest := text
	for {
		before, after, found := strings.Cut(rest, "{")
		if strings.Contains(before, "}") {
			return "", fmt.Errorf("%q has a } without a {", text)
		}
		if !found {
			return Strategy(text), nil
		}
		name, next, closed := strings.Cut(after, "}")
		if !closed || !slices.Contains(placeholders, "{"+name+"}") {
			return "", fmt.Errorf("%q is no template: it knows %s", text, strings.Join(placeholders, ", "))
		}
		rest = next
	}
}

// Value returns the subject of the values with this full name on a topic.
func (s Strategy) Value(topic, fullName string) string { return s.name(topic, fullName, "value") }

// Key returns the subject of the topic's keys. RecordName and TopicRecordName name them as they do values.
func (s Strategy) Key(topic, fullName string) string { return s.name(topic, fullName, "key") }

func (s Strategy) name(topic, fullName, kind string) string {
	switch s {
	case RecordName:
		return fullName
	case TopicRecordName:
		return topic + "-" + fullName
	case TopicName, "":
		return topic + "-" + kind
	}
	namespace, name := "", fullName
	if dot := strings.LastIndexByte(fullName, '.'); dot >= 0 {
		namespace, name = fullName[:dot], fullName[dot+1:]
	}
	return strings.NewReplacer(topicPart, topic, recordPart, fullName, namePart, name, namespacePart, namespace, kindPart, kind).
		Replace(string(s))
}

// PerEvent reports whether the events of one topic have subjects of their own, so that it may carry several.
func (s Strategy) PerEvent() bool {
	switch s {
	case RecordName, TopicRecordName:
		return true
	}
	return strings.Contains(string(s), recordPart) || strings.Contains(string(s), namePart)
}
