package topics

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// errDone says of a topic that it was there already.
var errDone = errors.New("it is done already")

// Apply does what the plan says, step by step. report, which may be nil, is called after each; a step that was to create
// a topic that is there already is Done then. A plan with a step that
// cannot be done is not begun. Where a step fails, those before it are done and stay done, and a new plan goes on from
// there.
func (p *Plan) Apply(ctx context.Context, c *Client, report func(Step)) error {
	if refused := p.Refused(); len(refused) > 0 {
		return fmt.Errorf("topic %s: %s: nothing was applied", refused[0].Topic, refused[0].Blocked)
	}
	for i, s := range p.Steps {
		switch err := c.do(ctx, s, false); {
		case errors.Is(err, errDone):
			s.Done = true
		case err != nil:
			return fmt.Errorf("stopped at step %d of %d, %s of topic %s: %w", i+1, len(p.Steps), s.Action, s.Topic, err)
		}
		if report != nil {
			report(s)
		}
	}
	return nil
}

// rehearse asks the brokers whether they would do a step, and blocks it where they would not.
func (c *Client) rehearse(ctx context.Context, s *Step) error {
	if s.Action == Delete || s.Blocked != "" {
		return nil
	}
	err := c.do(ctx, *s, true)
	if errors.Is(err, errDone) {
		return nil
	}
	if isRefusal(err) {
		s.Blocked = fmt.Sprintf("the broker would refuse it: %v", err)
		return nil
	}
	return err
}

// do does a step, or lets the brokers only check it. A step that turns out to be done is no failure: an answer may have
// been lost, and somebody else may have been faster. Of a topic to create that is errDone.
func (c *Client) do(ctx context.Context, s Step, dry bool) error {
	switch s.Action {
	case Keep:
		return nil
	case Create:
		err := c.create(ctx, s, dry)
		if errors.Is(err, kerr.TopicAlreadyExists) {
			return errDone
		}
		return err
	case AddPartitions:
		return c.addPartitions(ctx, s, dry)
	case SetConfigs:
		return c.setConfigs(ctx, s, dry)
	case Delete:
		deleted, err := c.admin.DeleteTopics(ctx, s.Topic)
		if err != nil {
			return err
		}
		if d := deleted[s.Topic]; !errors.Is(d.Err, kerr.UnknownTopicOrPartition) {
			return reason(d.Err, d.ErrMessage)
		}
		return nil
	}
	return fmt.Errorf("the plan is damaged: no such action: %v", s.Action)
}

func (c *Client) create(ctx context.Context, s Step, dry bool) error {
	configs := make(map[string]*string, len(s.Configs))
	for name, value := range s.Configs {
		configs[name] = &value
	}
	partitions, replication := int32(-1), int16(-1)
	if s.Partitions > 0 {
		partitions = int32(s.Partitions)
	}
	if s.Replication > 0 {
		replication = int16(s.Replication)
	}
	call := c.admin.CreateTopics
	if dry {
		call = c.admin.ValidateCreateTopics
	}
	created, err := call(ctx, partitions, replication, configs, s.Topic)
	if err != nil {
		return err
	}
	return reason(created[s.Topic].Err, created[s.Topic].ErrMessage)
}

func (c *Client) addPartitions(ctx context.Context, s Step, dry bool) error {
	call := c.admin.UpdatePartitions
	if dry {
		call = c.admin.ValidateUpdatePartitions
	}
	updated, err := call(ctx, s.Partitions, s.Topic)
	if err != nil {
		return err
	}
	failed := reason(updated[s.Topic].Err, updated[s.Topic].ErrMessage)
	if errors.Is(failed, kerr.InvalidPartitions) && !dry {
		if now, err := c.admin.ListTopics(kadm.WithAuthorizedOps(ctx), s.Topic); err == nil && len(now[s.Topic].Partitions) >= s.Partitions {
			return nil
		}
	}
	return failed
}

func (c *Client) setConfigs(ctx context.Context, s Step, dry bool) error {
	var changes []kadm.AlterConfig
	for _, name := range sorted(s.Configs) {
		value := s.Configs[name]
		changes = append(changes, kadm.AlterConfig{Op: kadm.SetConfig, Name: name, Value: &value})
	}
	call := c.admin.AlterTopicConfigs
	if dry {
		call = c.admin.ValidateAlterTopicConfigs
	}
	altered, err := call(ctx, changes, s.Topic)
	if err != nil {
		return err
	}
	r, err := altered.On(s.Topic, nil)
	if err != nil {
		return err
	}
	return reason(r.Err, r.ErrMessage)
}

// Moved returns how the cluster differs from what the plan saw, a sentence for each topic in order. What the plan's own
// steps did does not count.
func (p *Plan) Moved(ctx context.Context, c *Client) ([]string, error) {
	wanted := map[string]Topic{}
	for name, s := range p.Seen {
		wanted[name] = Topic{Name: name, Configs: s.Configs}
	}
	for _, s := range p.Steps {
		t := wanted[s.Topic]
		t.Configs = maps.Clone(t.Configs)
		if t.Configs == nil {
			t.Configs = map[string]string{}
		}
		maps.Copy(t.Configs, s.Configs)
		wanted[s.Topic] = t
	}
	now, err := c.look(ctx, wanted)
	if err != nil {
		return nil, err
	}
	var moved []string
	for _, name := range slices.Sorted(maps.Keys(p.Seen)) {
		if !p.expects(name, now[name]) {
			moved = append(moved, fmt.Sprintf("topic %s was planned with %v, and now is %v", name, p.Seen[name], now[name]))
		}
	}
	return moved, nil
}

// expects reports whether a topic is as the plan saw it, or as its steps leave it, or something between.
func (p *Plan) expects(name string, now State) bool {
	was := p.Seen[name]
	partitions, exists := []int{was.Partitions}, was.Partitions > 0
	replication := was.Replication
	configs := map[string][]string{}
	for key, value := range was.Configs {
		configs[key] = append(configs[key], value)
	}
	for _, s := range p.Steps {
		if s.Topic != name {
			continue
		}
		switch s.Action {
		case Create:
			if now.Partitions == 0 {
				return true
			}
			partitions, exists = append(partitions, now.Partitions), true
			if replication = now.Replication; s.Partitions > 0 {
				partitions = []int{s.Partitions}
			}
		case AddPartitions:
			partitions = append(partitions, s.Partitions)
		case Delete:
			if now.Partitions == 0 {
				return true
			}
		}
		for key, value := range s.Configs {
			configs[key] = append(configs[key], value)
		}
	}
	if !exists {
		return now.Partitions == 0
	}
	if !slices.Contains(partitions, now.Partitions) || now.Replication != replication {
		return false
	}
	for key, values := range configs {
		if !slices.ContainsFunc(values, func(v string) bool { return sameSetting(v, now.Configs[key]) }) {
			return false
		}
	}
	return true
}
