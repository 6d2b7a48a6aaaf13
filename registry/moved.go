package registry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Moved returns how the registry differs from what the plan saw, a sentence for each subject in order; nothing where the
// plan still holds. What the plan's own steps did does not count: a plan that stopped in the middle can be applied again.
func (p *Plan) Moved(ctx context.Context, c *Client) ([]string, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	subjects := slices.Sorted(maps.Keys(p.Seen))
	now, err := c.observe(ctx, subjects)
	if err != nil {
		return nil, err
	}
	expected := maps.Clone(p.Seen)
	var done []Step
	for _, step := range p.Steps {
		if err := step.wasDone(ctx, c, now[step.Subject], expected, done); err != nil {
			return nil, err
		}
		done = append(done, step)
	}
	var moved []string
	for _, name := range subjects {
		switch {
		case now[name].State.equal(expected[name]):
		case name == "":
			moved = append(moved, fmt.Sprintf("the registry had level %v when it was planned, and has %v now", p.Seen[name].Level, now[name].Level))
		default:
			moved = append(moved, fmt.Sprintf("%s had %v when it was planned, and has %v now", name, p.Seen[name], now[name].State))
		}
	}
	return moved, nil
}

// wasDone changes what is expected of the step's subject if the step was done already, and fills in the version that it
// made.
func (s *Step) wasDone(ctx context.Context, c *Client, now *observed, expected map[string]State, done []Step) error {
	want := expected[s.Subject]
	switch {
	case s.Action == SetLevel && now.Level != nil && *now.Level == *s.Level:
		want.Level = now.Level
	case s.Action == Delete && now.Version == 0:
		want = now.State
	case s.Action.Registers() && now.Version != want.Version && now.Version > 0:
		refs, err := resolve(s, done)
		if err != nil {
			return nil // the step before it was not done either
		}
		found, err := c.Lookup(ctx, s.Subject, s.Schema, refs...)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		s.Version = found.Version
		if found.Version == now.Version {
			want.Version, want.ID, want.Digest = now.Version, now.ID, now.Digest
		}
	}
	expected[s.Subject] = want
	return nil
}
