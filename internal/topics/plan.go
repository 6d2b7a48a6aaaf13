package topics

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// Action is what a step of a [Plan] does. The zero Action is Keep.
type Action uint8

// The actions of a plan.
const (
	// Keep: the topic is as it should be.
	Keep Action = iota
	// Create: the topic does not exist yet.
	Create
	// AddPartitions: the topic gets more partitions. Keys go to other partitions from then on.
	AddPartitions
	// SetConfigs: settings of the topic change.
	SetConfigs
	// Delete: the topic goes, with all its records.
	Delete
)

var actionNames = [...]string{
	Keep: "keep", Create: "create", AddPartitions: "add partitions", SetConfigs: "set configs", Delete: "delete",
}

// String returns keep, create, add partitions, set configs or delete.
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return fmt.Sprintf("Action(%d)", uint8(a))
}

// MarshalText returns what String does.
func (a Action) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Action) UnmarshalText(text []byte) error {
	i := slices.Index(actionNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("topics: unknown action %q: want one of %q", text, actionNames)
	}
	*a = Action(i)
	return nil
}

// Plan is what has to be done to a cluster. It can be kept as JSON and applied later, see [Plan.Moved].
type Plan struct {
	Steps []Step `json:"steps"`
	// Seen is what the plan rests on, by topic.
	Seen map[string]State `json:"seen"`
}

// Step is one thing to do to a topic, or one that needs nothing done.
type Step struct {
	Action Action `json:"action"`
	Topic  string `json:"topic"`
	// Partitions that Create and AddPartitions make, all of them counted; Replication and Configs that Create and
	// SetConfigs set. 0 is left to the broker.
	Partitions  int               `json:"partitions,omitempty"`
	Replication int               `json:"replication,omitempty"`
	Configs     map[string]string `json:"configs,omitempty"`
	// Blocked says why it cannot be done.
	Blocked string `json:"blocked,omitempty"`
	// Done is set by Apply where a topic that was to be created was there already.
	Done bool `json:"-"`
}

// Changes returns the steps that change something.
func (p *Plan) Changes() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Action == Keep && s.Blocked == "" })
}

// Refused returns the steps that cannot be done.
func (p *Plan) Refused() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Blocked == "" })
}

// Plan compares what is wanted with the cluster, and asks the brokers whether they would do what it finds. prune says
// which of the topics that are not wanted are to be deleted; nil deletes none.
func (c *Client) Plan(ctx context.Context, wanted []Topic, prune func(topic string) bool) (*Plan, error) {
	byName := make(map[string]Topic, len(wanted))
	for _, t := range wanted {
		byName[t.Name] = t
	}
	states, err := c.look(ctx, byName)
	if err != nil {
		return nil, err
	}
	p := &Plan{Seen: map[string]State{}}
	for _, t := range wanted {
		p.Seen[t.Name] = states[t.Name]
		for _, step := range compare(t, states[t.Name]) {
			if err := c.rehearse(ctx, &step); err != nil {
				return nil, fmt.Errorf("topic %s: %w", t.Name, err)
			}
			p.Steps = append(p.Steps, step)
		}
	}
	if prune == nil {
		return p, nil
	}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		if _, keep := byName[name]; !keep && !internal(name) && prune(name) {
			p.Seen[name] = states[name]
			p.Steps = append(p.Steps, Step{Action: Delete, Topic: name})
		}
	}
	return p, nil
}

// compare returns the steps that bring a topic from its state to what is wanted, or one that keeps it.
func compare(t Topic, now State) []Step {
	if now.Partitions == 0 {
		return []Step{{Action: Create, Topic: t.Name, Partitions: t.Partitions, Replication: t.Replication, Configs: t.Configs}}
	}
	var steps []Step
	switch {
	case t.Partitions > 0 && t.Partitions < now.Partitions:
		steps = append(steps, Step{Topic: t.Name, Blocked: fmt.Sprintf(
			"it has %d partitions and cannot be shrunk to %d: write `partitions: %d`", now.Partitions, t.Partitions, now.Partitions)})
	case t.Partitions > now.Partitions:
		steps = append(steps, Step{Action: AddPartitions, Topic: t.Name, Partitions: t.Partitions})
	}
	if t.Replication > 0 && t.Replication != now.Replication {
		steps = append(steps, Step{Topic: t.Name, Blocked: fmt.Sprintf(
			"it has %d replicas and not %d: avow moves no replicas, kafka-reassign-partitions does", now.Replication, t.Replication)})
	}
	different := map[string]string{}
	for name, value := range t.Configs {
		if !sameSetting(now.Configs[name], value) {
			different[name] = value
		}
	}
	if len(different) > 0 {
		steps = append(steps, Step{Action: SetConfigs, Topic: t.Name, Configs: different})
	}
	if len(steps) == 0 {
		return []Step{{Topic: t.Name}}
	}
	return steps
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
