package cli

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/suggest"
	"github.com/avow-events/avow/registry"
)

// planFlags are the flags of avow plan.
type planFlags struct {
	target
	prune, exitCode bool
	format, out     string
}

// planFormats are the forms in which a plan is shown; the first is the default.
var planFormats = []string{"text", "json", "markdown"}

func (a *app) planCommand() *cobra.Command {
	var flags planFlags
	cmd := &cobra.Command{
		Use:     "plan",
		GroupID: groupRegistry,
		Short:   "Show what apply would change in a registry",
		Long: `Compare the repository with a registry and show what avow apply would do, in the order in which
it would: levels, then what is referred to, then what refers to it. Every new version comes with
the verdict at the level that will be in force. Nothing is changed.

A level is changed only where avow.yaml gives one. Nothing is deleted without --prune, which
deletes the subjects that the repository does not describe, but for those that the environment's
list ignore names.

The exit code is 100 if the registry would refuse a change, and with --exit-code also if there
are changes at all.`,
		Example: `  avow plan --env prod
  avow plan --env prod --out plan.json && avow apply plan.json
  avow plan --env prod --format markdown --exit-code`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkWord(cmd, "format", flags.format, planFormats); err != nil {
				return err
			}
			p, err := a.makePlan(cmd.Context(), &flags.target, flags.prune)
			if err != nil {
				return err
			}
			defer p.close()
			return a.showPlan(p, &flags)
		},
	}
	flags.addRegistryFlags(cmd)
	cmd.Flags().BoolVar(&flags.prune, "prune", false, "delete what the repository does not describe")
	cmd.Flags().BoolVar(&flags.exitCode, "exit-code", false, "exit 100 if there are changes")
	cmd.Flags().StringVar(&flags.format, "format", planFormats[0], "`FORMAT` of the plan: text, json or markdown")
	cmd.Flags().StringVar(&flags.out, "out", "", "write the plan to this `FILE` for avow apply FILE")
	completeWith(cmd, "format", planFormats)
	return cmd
}

// checkWord makes sure that a flag's value is one of the words that it takes.
func checkWord(cmd *cobra.Command, flag, value string, words []string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return hint(cmd, "--%s: %q is not one of %s%s", flag, value, strings.Join(words, ", "), suggest.DidYouMean(value, words))
}

// showPlan writes a plan to stdout, and to the file where one is asked for.
func (a *app) showPlan(p *planned, flags *planFlags) error {
	switch flags.format {
	case "json":
		if err := p.file.write(a.out); err != nil {
			return err
		}
	case "markdown":
		p.file.markdown(a.out)
	default:
		p.file.text(a.out, a.quiet)
	}
	refused := p.file.refused()
	switch {
	case flags.out != "" && refused > 0:
		a.err.linef("%s was not written: the registry would refuse %s", shortPath(flags.out), count(refused, "change"))
	case flags.out != "":
		if err := p.file.save(flags.out); err != nil {
			return err
		}
		if !a.quiet {
			a.err.linef("wrote %s: avow apply %s does exactly this", shortPath(flags.out), shortPath(flags.out))
		}
	}
	if refused > 0 || flags.exitCode && p.file.changes() > 0 {
		return errFindings
	}
	return nil
}

// endpoint is the registry that a plan is for.
type endpoint struct {
	client *registry.Client
	// env is the environment of avow.yaml that --env names, or else the local one; zero where there is none.
	env config.Environment
	// own is true where the registry is that environment's, and none that a flag or a variable names.
	own bool
}

func (a *app) endpoint(c *config.Config, t *target) (*endpoint, error) {
	e := &endpoint{own: t.registry == "" && (t.env != "" || a.env("SCHEMA_REGISTRY_URL") == "")}
	var err error
	if e.own || t.env != "" {
		if e.env, err = a.environment(c, t); err != nil {
			return nil, err
		}
	}
	e.client, err = a.registryClient(c, t)
	return e, err
}

// name returns the environment whose registry it is, empty where it is none's.
func (e *endpoint) name() string {
	if e.own {
		return e.env.Name
	}
	return ""
}

// planned is a plan and what it was made of.
type planned struct {
	*endpoint
	contracts *contracts
	file      *planFile
}

func (p *planned) close() { p.client.Close() }

// makePlan compares the repository with a registry.
func (a *app) makePlan(ctx context.Context, t *target, prune bool) (*planned, error) {
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	p := &planned{}
	if p.contracts, err = a.contracts(c); err != nil {
		return nil, err
	}
	entries, err := p.contracts.entries()
	if err != nil {
		return nil, err
	}
	for _, file := range p.contracts.homeless() {
		a.err.linef("%s is left out: it has no name, and no topic or subject of avow.yaml is for it", file)
	}
	if p.endpoint, err = a.endpoint(c, t); err != nil {
		return nil, err
	}
	opts := []registry.PlanOption{registry.Ignore(p.env.Ignores)}
	if prune {
		opts = append(opts, registry.Prune())
	}
	plan, err := registry.NewPlan(ctx, p.client, entries, opts...)
	if err != nil {
		p.close()
		return nil, err
	}
	showPaths(plan, shortPath(c.Path(c.Schemas.Path)))
	p.file = &planFile{Format: planFormat, Environment: p.name(), Registry: p.client.URL(), Plan: plan}
	return p, nil
}

// showPaths turns the paths of a plan, which start at the folder of the schemas, into those that people know.
func showPaths(plan *registry.Plan, dir string) {
	for i := range plan.Steps {
		s := &plan.Steps[i]
		if s.File != "" {
			s.File = path.Join(dir, s.File)
		}
		for j := range s.Reasons {
			if place := &s.Reasons[j].Place; *place != "" {
				*place = path.Join(dir, *place)
			}
		}
	}
}
