package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/registry"
)

func (a *app) applyCommand() *cobra.Command {
	var t target
	var dryRun bool
	cmd := &cobra.Command{
		Use:     "apply",
		GroupID: groupRegistry,
		Short:   "Register every contract, references first",
		Long: `Register every contract, references first, under the subjects that the topics of avow.yaml give
it, and under its full name where no topic carries it. Levels that avow.yaml gives are set
before. What is registered already is left as it is, and nothing is ever deleted.

The verdict on every new version stands before the first one is registered: if the registry
would refuse one of them, nothing is done and the exit code is 100.`,
		Example: `  avow apply
  avow apply --env prod --dry-run
  avow apply --registry http://127.0.0.1:8081`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			contracts, err := a.contracts(c)
			if err != nil {
				return err
			}
			client, err := a.registryClient(c, &t)
			if err != nil {
				return err
			}
			defer client.Close()
			return a.apply(cmd.Context(), contracts, client, dryRun)
		},
	}
	t.addRegistryFlags(cmd)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only say what would be done")
	return cmd
}

func (a *app) apply(ctx context.Context, c *contracts, client *registry.Client, dryRun bool) error {
	plan, err := registry.NewPlan(ctx, client, c.set, c.targets)
	if err != nil {
		return err
	}
	for _, file := range c.homeless() {
		a.err.linef("%s is left out: it has no name, and no topic of avow.yaml carries it", file)
	}
	if refused := plan.Refused(); len(refused) > 0 {
		for _, s := range refused {
			a.out.refusedf("%s: the registry would refuse %s at %s (%s)", s.Subject, s.Name, s.Level, s.File)
			for _, message := range s.Incompatible {
				a.out.linef("    %s", message)
			}
		}
		a.err.linef("Nothing was registered.")
		return errFindings
	}
	width := 0
	for _, s := range plan.Steps {
		width = max(width, len(s.Subject))
	}
	if dryRun {
		for _, s := range plan.Changes() {
			a.out.linef("%-*s  %s", width, s.Subject, intention(s))
		}
		if !a.quiet {
			a.out.linef("%s, %d unchanged. Nothing was done.", count(len(plan.Changes()), "change"),
				len(plan.Steps)-len(plan.Changes()))
		}
		return nil
	}
	level := "" // of the subject whose schema comes next
	return plan.Apply(ctx, client, func(s registry.Step) {
		switch {
		case a.quiet:
			return
		case s.Action == registry.SetLevel:
			level = ", level " + s.Level.String()
			return
		case s.Action == registry.Keep:
			a.out.donef("%-*s → version %d → id %d%s, unchanged", width, s.Subject, s.Version, s.ID, level)
		default:
			a.out.donef("%-*s → version %d → id %d%s", width, s.Subject, s.Version, s.ID, level)
		}
		level = ""
	})
}

// intention says what a step would do.
func intention(s registry.Step) string {
	switch {
	case s.Action == registry.SetLevel && s.Was != nil:
		return "set the level to " + s.Level.String() + ", it is " + s.Was.String()
	case s.Action == registry.SetLevel:
		return "set the level to " + s.Level.String()
	case s.Action == registry.Create:
		return "register " + s.Name + " (" + s.File + ") as its first version"
	}
	return "register " + s.Name + " (" + s.File + ") as a new version, compatible at " + s.Level.String()
}
