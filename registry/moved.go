package registry

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Moved returns how the registry differs from what the plan saw, a sentence for each subject in order; nothing where the
// plan still holds. What the plan's own steps did does not count: a plan that stopped in the middle can be applied again,
// and these steps are marked as Done. Moved must not be called beside Apply.
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
	for i, step := range p.Steps {
		if p.Steps[i].Done, err = step.wasDone(ctx, c, now[step.Subject], expected, done); err != nil {
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

// wasDone reports whether the step was done already; it changes what is expected of the step's subject then, and fills in
// the version that the step made.
func (s *Step) wasDone(ctx context.Context, c *Client, now *observed, expected map[string]State, done []Step) (was bool, err error) {
	want := expected[s.Subject]
	switch {
	case s.Action == SetLevel && now.Level != nil && *now.Level == *s.Level:
		want.Level, was = now.Level, true
	case s.Action == Delete && now.Version == 0:
		want, was = now.State, true
	case s.Action.Registers() && now.Version != want.Version && now.Version > 0:
		refs, err := resolve(s, done)
		if err != nil {
			return false, nil // the step before it was not done either
		}
		found, err := c.Lookup(ctx, s.Subject, s.Schema, refs...)
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		s.Version, was = found.Version, true
		if found.Version == now.Version {
			want.Version, want.ID, want.Digest = now.Version, now.ID, now.Digest
		}
	}
	expected[s.Subject] = want
	return was, nil
}
