package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/suggest"
)

// planTarget is the flags that say what a plan is about.
type planTarget struct {
	target
	prune, skipTopics bool
}

func (t *planTarget) addFlags(cmd *cobra.Command) {
	t.addRegistryFlags(cmd)
	t.addKafkaFlag(cmd)
	cmd.Flags().BoolVar(&t.prune, "prune", false, "delete what the repository does not describe")
	cmd.Flags().BoolVar(&t.skipTopics, "skip-topics", false, "leave topics alone, and ask no broker")
}

// planFlags are the flags of avow plan.
type planFlags struct {
	planTarget
	exitCode    bool
	format, out string
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

Where brokers are given, by the environment, --kafka or a variable, the topics of avow.yaml are
part of the plan: they are created, get more partitions and other settings, and are never shrunk.
--prune deletes topics only in an environment that is ephemeral, or that avow.lock says had them
from here.

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
			p, err := a.makePlan(cmd.Context(), &flags.planTarget)
			if err != nil {
				return err
			}
			defer p.close()
			return a.showPlan(p, &flags)
		},
	}
	flags.addFlags(cmd)
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
