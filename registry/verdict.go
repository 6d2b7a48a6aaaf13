package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/parallel"
)

// judge fills in the verdicts of all changes, many at a time.
func (p *planner) judge(ctx context.Context) error {
	byStep := make(map[int]change, len(p.changes))
	for _, c := range p.changes {
		byStep[c.step] = c
	}
	return parallel.Each(ctx, len(p.plan.Steps), atOnce, func(i int) (err error) {
		step := &p.plan.Steps[i]
		switch c, registers := byStep[i]; {
		case registers:
			if err := p.judgeOne(ctx, c, step); err != nil {
				return fmt.Errorf("check %s: %w", step.Subject, err)
			}
		case step.Action == SetLevel || step.Action == Delete:
			step.Blocked, err = p.client.closed(ctx, step.Subject, ReadOnly, ReadOnlyOverride)
		}
		return err
	})
}

func (p *planner) judgeOne(ctx context.Context, c change, step *Step) error {
	if step.Import == nil { // which sets the mode itself
		var err error
		if step.Blocked, err = p.client.closed(ctx, step.Subject, ReadOnly, ReadOnlyOverride, Import, Forward); err != nil {
			return err
		}
	}
	if step.Level == nil {
		level, err := p.client.Level(ctx, step.Subject)
		if err != nil {
			return err
		}
		step.Level = &level
	}
	if step.Action == Create {
		return nil
	}
	next, err := p.client.asRegistered(ctx, c)
	if err != nil {
		return err
	}
	history, err := p.client.history(ctx, c, *step.Level)
	if err != nil {
		return err
	}
	result, err := compat.CheckVersions(*step.Level, next, history)
	if err != nil {
		return err
	}
	step.Incompatible = result.Messages
	step.Reasons = reasons(step, next, history)
	if !result.Compatible || !c.known {
		return nil
	}
	return p.client.askVerdict(ctx, step)
}

// askVerdict adds the registry's own verdict where it finds what we do not: it may be set up to look at more. A registry
// that cannot say is one that does not know the question.
func (c *Client) askVerdict(ctx context.Context, step *Step) error {
	verdict, err := c.Check(ctx, step.Subject, step.Schema, registered(step.References)...)
	switch {
	case errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnauthorized) || ctx.Err() != nil:
		return err
	case err == nil && !verdict.Compatible:
		if step.Incompatible = verdict.Messages; len(verdict.Messages) == 0 {
			step.Incompatible = []string{"the registry refuses it and does not say why"}
		}
	}
	return nil
}

// closed returns why a subject does not take what is to be done where its mode is one of these, empty where it does. A
// registry without modes has no say in it.
func (c *Client) closed(ctx context.Context, subject string, modes ...Mode) (string, error) {
	mode, err := c.Mode(ctx, subject)
	switch {
	case errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnauthorized) || ctx.Err() != nil:
		return "", err
	case err != nil || !slices.Contains(modes, mode):
		return "", nil
	}
	return fmt.Sprintf("the mode of the subject, or of the whole registry, is %s, which does not allow it", mode), nil
}

// asRegistered returns the schema as the registry will read it: types that are tied to an older version are that
// version's and not the repository's.
func (c *Client) asRegistered(ctx context.Context, ch change) (*avsc.Schema, error) {
	tied := func(r EntryReference) bool { return r.Version > 0 }
	if ch.entry.Source != nil || !slices.ContainsFunc(ch.entry.References, tied) {
		return ch.entry.Schema, nil
	}
	byName := map[string]*avsc.Schema{}
	for _, s := range ch.entry.Schema.References() {
		byName[s.Root.FullName()] = s
	}
	var refs []*avsc.Schema
	for _, r := range ch.entry.References {
		if r.Version == 0 {
			refs = append(refs, byName[r.Name])
			continue
		}
		held, err := c.Version(ctx, r.Subject, r.Version)
		if err != nil {
			return nil, fmt.Errorf("%s is to refer to version %d of %s: %w", ch.entry.Schema.Root.FullName(), r.Version, r.Subject, err)
		}
		parsed, err := c.Parse(ctx, held)
		if err != nil {
			return nil, err
		}
		refs = append(refs, parsed)
	}
	return avsc.Parse(ch.entry.Schema.File, []byte(ch.entry.Schema.String()), avsc.Registered(), avsc.Refs(refs...))
}

// history returns the versions that the level looks at, those last that steps before add.
func (c *Client) history(ctx context.Context, ch change, level compat.Level) ([]compat.Version, error) {
	if level == compat.None {
		return nil, nil
	}
	var out []compat.Version
	if ch.before.Version > 0 && (level.Transitive() || len(ch.added) == 0) {
		numbers := []int{ch.before.Version}
		if level.Transitive() {
			var err error
			if numbers, err = c.Versions(ctx, ch.entry.Subject); err != nil {
				return nil, err
			}
		}
		for _, n := range numbers {
			v, err := c.historic(ctx, ch, n)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
	}
	for i, s := range ch.added {
		out = append(out, compat.Version{Number: ch.before.Version + i + 1, Schema: s})
	}
	return out, nil
}

func (c *Client) historic(ctx context.Context, ch change, number int) (compat.Version, error) {
	held := ch.before.latest
	if number != held.Version {
		var err error
		if held, err = c.Version(ctx, ch.entry.Subject, number); err != nil {
			return compat.Version{}, err
		}
	}
	if held.Type != typeAvro {
		return compat.Version{Number: number, Foreign: held.Text}, nil
	}
	parsed, err := c.Parse(ctx, held)
	return compat.Version{Number: number, Schema: parsed}, err
}

// reasons explains the verdict in our own words, with places in the new schema's file.
func reasons(step *Step, next *avsc.Schema, history []compat.Version) []Reason {
	if len(history) == 0 || history[len(history)-1].Schema == nil {
		return nil
	}
	change := compat.Change{Name: step.Name, New: next, Old: history[len(history)-1].Schema, Level: *step.Level}
	for i := len(history) - 2; i >= 0 && history[i].Schema != nil; i-- {
		change.Earlier = append(change.Earlier, compat.Earlier{
			Label: fmt.Sprintf("%d of %s", history[i].Number, step.Subject), Schema: history[i].Schema,
		})
	}
	var out []Reason
	for _, f := range change.Findings() {
		out = append(out, Reason{
			Severity: f.Severity.String(), Rule: f.Rule, Place: f.Pos.String(), Message: f.Message, Fix: f.Fix,
		})
	}
	return out
}
