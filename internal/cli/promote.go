package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/registry"
)

// promoteFlags are the flags of avow promote.
type promoteFlags struct {
	from, to        string
	sameIDs, dryRun bool
	timeout         time.Duration
}

func (a *app) promoteCommand() *cobra.Command {
	var flags promoteFlags
	cmd := &cobra.Command{
		Use:     "promote --from ENV --to ENV [SUBJECT…]",
		GroupID: groupRegistry,
		Short:   "Bring what one registry has to another",
		Long: `Bring the latest version of every subject of one environment to another, together with the
levels that are set on subjects and the older versions that something refers to. What would be
done is shown first; if the other registry would refuse some of it, nothing is done and the exit
code is 100. Nothing is deleted.

SUBJECTs, in which a * stands for any text, name which ones; what they refer to comes along. What
one of the environments ignores is left alone.

With --same-ids all versions are brought, with their numbers and ids, so that records can be copied
between the clusters as they are. Numbers and ids that belong to something else there are refused,
also where that was deleted softly. What was deleted softly in the one registry does not go to the
other.

Registries take numbers and ids only in the mode IMPORT. It is meant for empty subjects: for one
with versions a registry refuses it, and of one without it drops for good what was deleted softly.
avow sets it by force, which leaves both as they are, on the subjects concerned and until it is
done; nobody else can register under them meanwhile. Where that fails, because the registry is gone,
the next promotion with --same-ids ends the mode, also if nothing else is left to do.`,
		Example: `  avow promote --from stage --to prod --dry-run
  avow promote --from stage --to prod 'orders-*'
  avow promote --from old --to new --same-ids`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.from == "" || flags.to == "" {
				return hint(cmd, "--from and --to name the environments, both of them")
			}
			if flags.from == flags.to {
				return hint(cmd, "--from and --to are the same environment")
			}
			return a.promote(cmd.Context(), &flags, args)
		},
	}
	cmd.Flags().StringVar(&flags.from, "from", "", "environment `NAME` of avow.yaml to take from")
	cmd.Flags().StringVar(&flags.to, "to", "", "environment `NAME` of avow.yaml to bring to")
	cmd.Flags().BoolVar(&flags.sameIDs, "same-ids", false, "bring all versions, with their numbers and ids")
	cmd.Flags().BoolVar(&flags.dryRun, "dry-run", false, "only show what would be done")
	addTimeoutFlag(cmd, &flags.timeout)
	return cmd
}

func (a *app) promote(ctx context.Context, flags *promoteFlags, patterns []string) error {
	c, err := a.config()
	if err != nil {
		return err
	}
	connect := func(name string) (*endpoint, error) {
		return a.endpoint(ctx, c, &planTarget{target: target{env: name, timeout: flags.timeout}}, false)
	}
	from, err := connect(flags.from)
	if err != nil {
		return err
	}
	defer from.close()
	to, err := connect(flags.to)
	if err != nil {
		return err
	}
	defer to.close()
	if from.client.URL() == to.client.URL() {
		return fmt.Errorf("%s and %s are one registry, %s", flags.from, flags.to, to.client.URL())
	}
	entries, left, err := a.held(ctx, from, to, patterns, flags.sameIDs)
	if err != nil {
		return err
	}
	var opts []registry.PlanOption
	opts = append(opts, registry.Ignore(func(string) bool { return true })) // of what the other one has besides
	if flags.sameIDs {
		opts = append(opts, registry.SameIDs(), registry.Between(flags.from, flags.to))
	}
	plan, err := registry.NewPlan(ctx, to.client, entries, opts...)
	if err != nil {
		return err
	}
	p := &planned{
		endpoint: to, config: c,
		file: &planFile{Format: planFormat, Environment: to.name(), Registry: to.client.URL(), Plan: plan, source: from.where()},
	}
	p.file.text(a.out, a.quiet)
	for _, l := range left {
		a.err.linef("%s is left out: %s", l.Subject, l.Reason)
	}
	switch {
	case p.file.refused() > 0:
		return errFindings
	case flags.dryRun:
		return nil
	case p.file.changes() > 0:
		if !a.quiet {
			a.out.linef("")
		}
		if err := a.apply(ctx, p); err != nil {
			return err
		}
	}
	if !flags.sameIDs {
		return nil
	}
	return a.endImport(ctx, p)
}

// endImport puts back the modes that an earlier promotion set, and lost the registry before it could put them back.
func (a *app) endImport(ctx context.Context, p *planned) error {
	var subjects []string
	for _, s := range p.file.Plan.Steps {
		subjects = append(subjects, s.Subject)
	}
	slices.Sort(subjects)
	ended, err := p.client.EndImport(ctx, slices.Compact(subjects))
	if len(ended) > 0 {
		a.doneAside("an earlier promotion had left these in mode IMPORT, and they no longer are: %s", someOf(ended, 10))
	}
	return err
}

// held reads the subjects of an environment that neither side ignores.
func (a *app) held(ctx context.Context, from, to *endpoint, patterns []string, everyVersion bool) ([]registry.Entry, []registry.Left, error) {
	subjects, err := from.client.Subjects(ctx)
	if err != nil {
		return nil, nil, err
	}
	subjects = slices.DeleteFunc(subjects, func(s string) bool {
		return from.env.Ignores(s) || to.env.Ignores(s) || !means(patterns, s)
	})
	if len(subjects) == 0 && len(patterns) > 0 {
		return nil, nil, fmt.Errorf("%s has no subject%s", from.where(), ofThese(patterns))
	}
	return from.client.Held(ctx, subjects, everyVersion)
}

// where names the environment and its registry.
func (e *endpoint) where() string {
	return (&planFile{Environment: e.name(), Registry: e.client.URL()}).where()
}
