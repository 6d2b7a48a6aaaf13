package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/registry"
)

func (a *app) applyCommand() *cobra.Command {
	var t target
	var dryRun, prune bool
	cmd := &cobra.Command{
		Use:     "apply [PLAN]",
		GroupID: groupRegistry,
		Short:   "Register every contract, references first",
		Long: `Register every contract, references first, under the subjects that the topics of avow.yaml give
it, and under its full name where no topic carries it. Levels that avow.yaml gives are set
before. What is registered already is left as it is, and nothing is deleted without --prune.

The verdict on every new version stands before the first one is registered: if the registry
would refuse one of them, nothing is done and the exit code is 100.

With a PLAN that avow plan --out wrote, exactly that is done, or nothing if the registry has
moved since. What fails in the middle leaves what is done; run it again to go on from there.`,
		Example: `  avow apply
  avow apply --env prod --dry-run
  avow plan --env prod --out plan.json && avow apply plan.json
  avow apply --registry http://127.0.0.1:8081`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var p *planned
			var err error
			switch {
			case len(args) == 0:
				p, err = a.makePlan(cmd.Context(), &t, prune)
			case prune:
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
	t.addRegistryFlags(cmd)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only say what would be done")
	cmd.Flags().BoolVar(&prune, "prune", false, "delete what the repository does not describe")
	return cmd
}

// savedPlan reads a plan and makes sure that it still holds.
func (a *app) savedPlan(ctx context.Context, t *target, name string) (*planned, error) {
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
	p := &planned{file: f}
	if p.endpoint, err = a.endpoint(c, t); err != nil {
		return nil, err
	}
	if got := p.client.URL(); got != f.Registry {
		p.close()
		return nil, fmt.Errorf("%s was made for %s, and this is %s: make it anew with avow plan", shortPath(name), f.where(), got)
	}
	moved, err := f.Plan.Moved(ctx, p.client)
	if err != nil {
		p.close()
		return nil, err
	}
	if len(moved) == 0 {
		return p, nil
	}
	for _, m := range moved {
		a.out.refusedf("%s", m)
	}
	p.close()
	return nil, fmt.Errorf("the registry moved since %s was made, so nothing was done: make it anew with avow plan", shortPath(name))
}

// apply does what the plan says and tells what it did.
func (a *app) apply(ctx context.Context, p *planned) error {
	if p.file.refused() > 0 {
		p.file.text(a.out, true)
		a.err.linef("Nothing was registered.")
		return errFindings
	}
	err := p.file.Plan.Apply(ctx, p.client, a.reportSteps(p.file.Plan))
	var stopped *registry.ApplyError
	if errors.As(err, &stopped) {
		for _, s := range stopped.Rest {
			if s.Action != registry.Keep {
				a.err.linef("not done: %s of %s", s.Action, s.Subject)
			}
		}
	}
	return err
}

// reportSteps returns what tells of each step that was done. A level is told of together with the schema that follows.
func (a *app) reportSteps(plan *registry.Plan) func(registry.Step) {
	width := 0
	for _, s := range plan.Steps {
		width = max(width, len(s.Subject))
	}
	level := ""
	return func(s registry.Step) {
		switch {
		case a.quiet:
			return
		case s.Action == registry.SetLevel:
			level = ", level " + s.Level.String()
			return
		case s.Action == registry.Delete:
			a.out.donef("%-*s deleted", width, s.Subject)
		case s.Action == registry.Keep:
			a.out.donef("%-*s → version %d → id %d%s, unchanged", width, s.Subject, s.Version, s.ID, level)
		default:
			a.out.donef("%-*s → version %d → id %d%s", width, s.Subject, s.Version, s.ID, level)
		}
		level = ""
	}
}
