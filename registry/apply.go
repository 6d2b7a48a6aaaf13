package registry

import (
	"context"
	"fmt"
	"slices"
)

// Apply does what the plan says, step by step, and nothing else. report, which may be nil, is called after each step
// with its Version and ID filled in, also for those that needed nothing done.
//
// A plan that the registry would refuse is not begun. Where a step fails, Apply stops and the error names it: the steps
// before it are done and stay done, and a new plan begins where this one stopped. To apply a plan twice does no harm.
func (p *Plan) Apply(ctx context.Context, c *Client, report func(Step)) error {
	if refused := p.Refused(); len(refused) > 0 {
		return fmt.Errorf("%w: %s, %s (%s): nothing was applied", ErrIncompatible, refused[0].Subject, refused[0].Name, refused[0].File)
	}
	made := map[string]int{} // the version that each subject got
	for i, step := range p.Steps {
		if err := step.apply(ctx, c, made); err != nil {
			return fmt.Errorf("apply stopped at step %d of %d, %s of %s: %w", i+1, len(p.Steps), step.Action, step.Subject, err)
		}
		if report != nil {
			report(step)
		}
	}
	return nil
}

func (s *Step) apply(ctx context.Context, c *Client, made map[string]int) error {
	switch s.Action {
	case Keep:
		made[s.Subject] = s.Version
		return nil
	case SetLevel:
		return c.SetLevel(ctx, s.Subject, s.Level)
	case Create, NewVersion:
		s.References = slices.Clone(s.References)
		for i, r := range s.References {
			if r.Version != 0 {
				continue
			}
			version, ok := made[r.Subject]
			if !ok {
				return fmt.Errorf("%s refers to %s, which no step before it puts into subject %s", s.Name, r.Name, r.Subject)
			}
			s.References[i].Version = version
		}
		got, err := c.Register(ctx, s.Subject, s.Schema, s.References...)
		if err != nil {
			return err
		}
		s.Version, s.ID = got.Version, got.ID
		made[s.Subject] = got.Version
		return nil
	}
	return fmt.Errorf("no such action: %v", s.Action)
}
