package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// Target is a place that a schema is meant for.
type Target struct {
	Subject string
	// Level that the subject is to be held to, where HasLevel says that there is one. Without one the level is left
	// as it is.
	Level    compat.Level
	HasLevel bool
}

// Plan is what has to be done to a registry so that it holds a set of schemas, in the order in which it has to be
// done: what is referred to comes first, and a subject's level comes before its schema. Nothing is ever deleted.
type Plan struct {
	Steps []Step `json:"steps"`
}

// Step is one thing to do, or one that needs nothing done.
type Step struct {
	Action  Action `json:"action"`
	Subject string `json:"subject"`

	// Name is the full name of the schema's root, File where it came from and Schema its text. They are empty where
	// the step is about a level.
	Name   string `json:"name,omitempty"`
	File   string `json:"file,omitempty"`
	Schema string `json:"schema,omitempty"`
	// References of the schema. Version 0 stands for the one that the plan itself will make.
	References []Reference `json:"references,omitempty"`

	// Level is what SetLevel sets, and what a schema has to meet. Was is the level that SetLevel replaces, where
	// there is one on the subject itself.
	Level compat.Level  `json:"level"`
	Was   *compat.Level `json:"was,omitempty"`

	// Version and ID say where the schema stands: known beforehand for Keep, after the step for the others.
	Version int `json:"version,omitempty"`
	ID      int `json:"id,omitempty"`

	// Incompatible holds the registry's words where it would refuse the schema.
	Incompatible []string `json:"incompatible,omitempty"`
}

// NewPlan compares the set with the registry. targets says where a schema is meant to be; none leaves it out, which
// is an error for one that another refers to. The verdict on each new version is ours and the registry's at once: it
// is computed here, from the versions that the registry holds, at the level that will be in force.
func NewPlan(ctx context.Context, c *Client, set *avsc.Set, targets func(*avsc.Schema) []Target) (*Plan, error) {
	p := &planner{client: c, takenBy: map[string]*avsc.Schema{}, placed: map[*avsc.Schema]Reference{}}
	var errs []error
	for _, s := range set.Schemas {
		for i, t := range targets(s) {
			if err := p.place(ctx, s, t, i == 0); err != nil {
				errs = append(errs, err)
				if ctx.Err() != nil || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnauthorized) {
					return nil, err
				}
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return &p.plan, nil
}

type planner struct {
	client  *Client
	plan    Plan
	takenBy map[string]*avsc.Schema
	placed  map[*avsc.Schema]Reference // where others find a schema; version 0 until it is registered
}

// place adds the steps that bring s to t. The first place of a schema is the one that others refer to.
func (p *planner) place(ctx context.Context, s *avsc.Schema, t Target, first bool) error {
	if other, taken := p.takenBy[t.Subject]; taken {
		return fmt.Errorf("%s: subject %s is meant for %s (%s) as well, and would hold both as versions of one schema: give them subjects of their own",
			s.Root.Pos, t.Subject, other.Root.FullName(), other.File)
	}
	p.takenBy[t.Subject] = s
	step := Step{Subject: t.Subject, Name: s.Root.FullName(), File: s.File, Schema: s.String()}
	pending, err := p.references(s, &step)
	if err != nil {
		return err
	}
	if step.Level, err = p.level(ctx, t); err != nil {
		return err
	}
	if err := p.compare(ctx, s, &step, pending); err != nil {
		return err
	}
	p.plan.Steps = append(p.plan.Steps, step)
	if first {
		p.placed[s] = Reference{Name: step.Name, Subject: step.Subject, Version: step.Version}
	}
	return nil
}

// references fills in what the schema refers to, and reports whether some of it is still to be registered.
func (p *planner) references(s *avsc.Schema, step *Step) (pending bool, err error) {
	for _, ref := range s.References() {
		at, ok := p.placed[ref]
		if !ok {
			return false, fmt.Errorf("%s: %s refers to %s (%s), which has no subject: give it one", s.Root.Pos, step.Name,
				ref.Root.FullName(), ref.File)
		}
		step.References = append(step.References, at)
		pending = pending || at.Version == 0
	}
	return pending, nil
}

// level plans the change of the subject's level where one is wanted, and returns the one that will be in force.
func (p *planner) level(ctx context.Context, t Target) (compat.Level, error) {
	if !t.HasLevel {
		return p.client.Level(ctx, t.Subject)
	}
	current, set, err := p.client.SubjectLevel(ctx, t.Subject)
	if err != nil || set && current == t.Level {
		return t.Level, err
	}
	step := Step{Action: SetLevel, Subject: t.Subject, Level: t.Level}
	if set {
		step.Was = &current
	}
	p.plan.Steps = append(p.plan.Steps, step)
	return t.Level, nil
}

// compare decides what to do with the schema. One whose references are still to be registered cannot be there yet.
func (p *planner) compare(ctx context.Context, s *avsc.Schema, step *Step, pending bool) error {
	versions, err := p.client.Versions(ctx, step.Subject)
	if errors.Is(err, ErrNotFound) || err == nil && len(versions) == 0 {
		step.Action = Create
		return nil
	}
	if err != nil {
		return err
	}
	if !pending {
		found, err := p.client.Lookup(ctx, step.Subject, step.Schema, step.References...)
		if err == nil {
			step.Action, step.Version, step.ID = Keep, found.Version, found.ID
			return nil
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	step.Action = NewVersion
	history, err := p.history(ctx, step.Subject, versions, step.Level)
	if err != nil {
		return err
	}
	result, err := compat.CheckVersions(step.Level, s, history)
	if err != nil {
		return fmt.Errorf("check %s: %w", step.Subject, err)
	}
	step.Incompatible = result.Messages
	return nil
}

// history returns the versions that the level looks at.
func (p *planner) history(ctx context.Context, subject string, versions []int, level compat.Level) ([]compat.Version, error) {
	switch level {
	case compat.None:
		return nil, nil
	case compat.Backward, compat.Forward, compat.Full:
		versions = versions[len(versions)-1:]
	}
	out := make([]compat.Version, len(versions))
	for i, n := range versions {
		v, err := p.client.Version(ctx, subject, n)
		if err != nil {
			return nil, err
		}
		if v.Type != typeAvro {
			out[i] = compat.Version{Number: n, Foreign: v.Text}
			continue
		}
		parsed, err := p.client.Parse(ctx, v)
		if err != nil {
			return nil, err
		}
		out[i] = compat.Version{Number: n, Schema: parsed}
	}
	return out, nil
}

// Changes returns the steps that change something.
func (p *Plan) Changes() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Action == Keep })
}

// Refused returns the steps that the registry would refuse.
func (p *Plan) Refused() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return len(s.Incompatible) == 0 })
}
