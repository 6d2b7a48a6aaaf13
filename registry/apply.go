package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ApplyError says how far a plan came. The steps in Done are done and stay done; a new plan, or the same one again, goes
// on where this one stopped.
type ApplyError struct {
	// Done are the steps before the one that failed, with version and id, and Rest those after it.
	Done, Rest []Step
	Failed     Step
	// Err is why it failed.
	Err error
}

// Error names the step, and says what is done and what is to do.
func (e *ApplyError) Error() string {
	unsure := ""
	if errors.Is(e.Err, ErrUnavailable) || errors.Is(e.Err, context.Canceled) {
		unsure = ", whether this one happened is not known"
	}
	return fmt.Sprintf("stopped at step %d of %d, %s of %s: %v\nsteps done: %d, not begun: %d%s; run it again to go on from there",
		len(e.Done)+1, len(e.Done)+1+len(e.Rest), e.Failed.Action, e.Failed.Subject, e.Err, len(e.Done), len(e.Rest), unsure)
}

// Unwrap returns Err.
func (e *ApplyError) Unwrap() error { return e.Err }

// Apply does what the plan says, step by step, and nothing else. report, which may be nil, is called after each step
// with its Version and ID filled in, also for those that needed nothing done.
//
// A plan that the registry would refuse is not begun. Where a step fails, Apply stops with an [*ApplyError]. To apply a
// plan twice does no harm.
func (p *Plan) Apply(ctx context.Context, c *Client, report func(Step)) (err error) {
	if refused := p.Refused(); len(refused) > 0 {
		return fmt.Errorf("%w: %s, %s (%s): nothing was applied", ErrIncompatible, refused[0].Subject, refused[0].Name, refused[0].File)
	}
	for i := range p.Steps {
		if err := p.Steps[i].validate(p.Steps[:i]); err != nil {
			return fmt.Errorf("step %d, %s of %q: %w: nothing was applied", i+1, p.Steps[i].Action, p.Steps[i].Subject, err)
		}
	}
	imports := importModes{client: c, before: map[string]Mode{}}
	defer func() {
		if left := imports.restore(ctx); left != nil {
			err = errors.Join(err, left)
		}
	}()
	done := make([]Step, 0, len(p.Steps))
	for i, step := range p.Steps {
		if step.Import != nil {
			err = imports.enter(ctx, step.Subject)
		}
		if err == nil {
			err = step.apply(ctx, c, done)
		}
		if err != nil {
			return &ApplyError{Done: done, Failed: step, Rest: p.Steps[i+1:], Err: err}
		}
		done = append(done, step)
		if report != nil {
			report(step)
		}
	}
	return nil
}

// apply does one step. done are those before it.
func (s *Step) apply(ctx context.Context, c *Client, done []Step) error {
	switch {
	case s.Action == Keep:
		return nil
	case s.Action == SetLevel:
		return c.SetLevel(ctx, s.Subject, *s.Level)
	case s.Action == Delete:
		if err := c.Delete(ctx, s.Subject, false); !errors.Is(err, ErrNotFound) {
			return err
		}
		return nil // somebody was faster
	case s.Action.Registers():
		refs, err := resolve(s, done)
		if err != nil {
			return err
		}
		s.References = slices.Clone(s.References)
		for i, r := range refs {
			s.References[i].Version = r.Version
		}
		register := c.Register
		if s.Import != nil {
			register = s.Import.register(c)
		}
		got, err := register(ctx, s.Subject, s.Schema, refs...)
		s.Version, s.ID, s.GUID = got.Version, got.ID, got.GUID
		return err
	}
	return fmt.Errorf("no such action: %v", s.Action)
}

// resolve returns the references of a step with the versions that the steps before it made.
func resolve(s *Step, done []Step) ([]Reference, error) {
	refs := registered(s.References)
	for i, r := range s.References {
		if r.Version > 0 {
			continue
		}
		if r.Step < 1 || r.Step > len(done) || done[r.Step-1].Version == 0 || done[r.Step-1].Subject != r.Subject {
			return nil, fmt.Errorf("%s refers to %s, which no step before it puts into subject %s", s.Name, r.Name, r.Subject)
		}
		refs[i].Version = done[r.Step-1].Version
	}
	return refs, nil
}
