package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/topics"
	"github.com/avow-events/avow/registry"
)

func (a *app) applyCommand() *cobra.Command {
	var t planTarget
	var dryRun bool
	cmd := &cobra.Command{
		Use:     "apply [PLAN]",
		GroupID: groupRegistry,
		Short:   "Register every contract, references first",
		Long: `Register every contract, references first, under the subjects that the topics of avow.yaml give
it, and under its full name where no topic carries it. Levels that avow.yaml gives are set
before. What is registered already is left as it is, and nothing is deleted without --prune.

The verdict on every new version stands before the first one is registered: if the registry
would refuse one of them, nothing is done and the exit code is 100. Topics follow, where brokers
are given; see avow plan for what is done to them.

With a PLAN that avow plan --out wrote, exactly that is done, or nothing if the registry has
moved since. What fails in the middle leaves what is done; run it again to go on from there. The
exit code is 100 then where the registry refused a schema, and else 1.`,
		Example: `  avow apply
  avow apply --env prod --dry-run
  avow plan --env prod --out plan.json && avow apply plan.json
  avow apply --registry http://127.0.0.1:8081`,
		Args: arguments("[PLAN]"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var p *planned
			var err error
			switch {
			case len(args) == 0:
				p, err = a.makePlan(cmd.Context(), &t)
			case t.prune:
				return hint(cmd, "--prune is for making a plan: make %s anew with avow plan --prune --out", args[0])
			default:
				p, err = a.savedPlan(cmd.Context(), &t, args[0])
			}
			if err != nil {
				return err
			}
			defer p.close()
			if dryRun {
				return a.showPlan(p, &planFlags{})
			}
			return a.apply(cmd.Context(), p)
		},
	}
	t.addFlags(cmd)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only say what would be done")
	return cmd
}

// savedPlan reads a plan and makes sure that it still holds.
func (a *app) savedPlan(ctx context.Context, t *planTarget, name string) (_ *planned, err error) {
	f, err := readPlan(name)
	if err != nil {
		return nil, err
	}
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	if t.env == "" && t.registry == "" {
		t.env = f.Environment
	}
	p := &planned{config: c, file: f}
	if p.endpoint, err = a.endpoint(ctx, c, t, f.Topics != nil); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	switch got := p.client.URL(); {
	case got != f.Registry:
		return nil, fmt.Errorf("%s was made for %s, and this is %s: make it anew with avow plan", shortPath(name), f.where(), got)
	case f.Topics != nil && p.kafka == nil:
		return nil, fmt.Errorf("%s is also about topics, and there are no brokers: give --kafka as for avow plan", shortPath(name))
	}
	moved, err := f.Plan.Moved(ctx, p.client)
	what := "the registry"
	if err == nil && len(moved) == 0 && f.Topics != nil {
		moved, err = f.Topics.Moved(ctx, p.kafka)
		what = "the cluster"
	}
	if err != nil {
		return nil, err
	}
	for _, m := range moved {
		a.out.refusedf("%s", m)
	}
	if len(moved) > 0 {
		return nil, fmt.Errorf("%s moved since %s was made, so nothing was done: make it anew with avow plan", what, shortPath(name))
	}
	return p, nil
}

// apply does what the plan says and tells what it did.
func (a *app) apply(ctx context.Context, p *planned) error {
	if p.file.refused() > 0 {
		p.file.text(a.out, true)
		a.err.linef("Nothing was registered.")
		return errFindings
	}
	var done []registry.Step
	var topicsDone []topics.Step
	tell := a.reportSteps(p.file)
	err := p.file.Plan.Apply(ctx, p.client, func(s registry.Step) {
		done = append(done, s)
		tell(s)
	})
	if err == nil && p.file.Topics != nil {
		err = p.file.Topics.Apply(ctx, p.kafka, func(s topics.Step) {
			topicsDone = append(topicsDone, s)
			if s.Action != topics.Keep && !a.quiet {
				v := viewOfTopic(s)
				if s.Done {
					v.done = "there already, unchanged"
				}
				a.out.donef("%-*s → %s", p.file.width(), v.name, v.done)
			}
		})
	}
	a.notDone(err)
	if errors.Is(err, registry.ErrUnavailable) {
		return err // nor does it say what avow.lock lacks: the next run writes that down
	}
	// What is done is written down, also where the rest is not and whoever waits for it has gone.
	locked := a.writeLock(context.WithoutCancel(ctx), p.endpoint, p.config, done, topicsDone)
	if locked == nil && refuses(err) {
		a.err.failure(err)
		return errFindings
	}
	return errors.Join(err, locked)
}

// refuses reports whether a plan stopped because the registry refused a schema: a verdict, and no failure to get one.
func refuses(err error) bool {
	var stopped *registry.ApplyError
	return errors.As(err, &stopped) && stopped.Failed.Action.Registers() &&
		(errors.Is(stopped.Err, registry.ErrIncompatible) || errors.Is(stopped.Err, registry.ErrInvalid))
}

// notDone tells what a plan that stopped has left undone, no more than a few steps.
func (a *app) notDone(err error) {
	var stopped *registry.ApplyError
	if !errors.As(err, &stopped) {
		return
	}
	left := slices.DeleteFunc(slices.Clone(stopped.Rest), func(s registry.Step) bool { return s.Action == registry.Keep })
	const shown = 5
	for _, s := range left[:min(shown, len(left))] {
		a.err.linef("not done: %s of %s", s.Action, s.Subject)
	}
	if more := len(left) - shown; more > 0 {
		a.err.linef("not done: %s more", count(more, "step"))
	}
}

// width returns how wide the column is in which a plan's subjects and topics stand.
func (f *planFile) width() int {
	width := 0
	for _, s := range f.Plan.Steps {
		width = max(width, len(s.Subject))
	}
	if f.Topics != nil {
		for _, s := range f.Topics.Changes() {
			width = max(width, len("topic "+s.Topic))
		}
	}
	return width
}

// reportSteps returns what tells of each step that was done. A level is told of together with the schema that follows.
func (a *app) reportSteps(f *planFile) func(registry.Step) {
	width, level := f.width(), ""
	return func(s registry.Step) {
		switch {
		case a.quiet:
			return
		case s.Action == registry.SetLevel:
			level = ", level " + s.Level.String()
			return
		case s.Action == registry.Delete:
			a.out.donef("%-*s → deleted", width, s.Subject)
		case s.Action == registry.Keep || s.Done:
			a.out.donef("%-*s → version %d → id %d%s, unchanged", width, s.Subject, s.Version, s.ID, level)
		default:
			a.out.donef("%-*s → version %d → id %d%s", width, s.Subject, s.Version, s.ID, level)
		}
		level = ""
	}
}
