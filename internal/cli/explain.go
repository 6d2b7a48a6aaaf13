package cli

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/suggest"
)

func (a *app) explainCommand() *cobra.Command {
	rules := compat.Rules()
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.ID
	}
	return &cobra.Command{
		Use:     "explain [RULE]",
		GroupID: groupContracts,
		Short:   "Say what a rule is for, what breaks it and what mends it",
		Long: `Say what a rule is for, what breaks it and what mends it, with an example of both. Without a rule
all of them are listed.`,
		Example:   `  avow explain READER_FIELD_MISSING_DEFAULT_VALUE`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: ids,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				a.listRules(rules)
				return nil
			}
			for _, r := range rules {
				if strings.EqualFold(r.ID, args[0]) {
					a.explainRule(r)
					return nil
				}
			}
			return hint(cmd, "there is no rule %s%s", args[0], suggest.DidYouMean(args[0], ids))
		},
	}
}

func (a *app) listRules(rules []finding.Rule) {
	width := 0
	for _, r := range rules {
		width = max(width, len(r.ID))
	}
	for _, r := range rules {
		a.out.linef("%-*s  %-7s  %s", width, r.ID, r.Severity, r.Purpose)
	}
}

func (a *app) explainRule(r finding.Rule) {
	a.out.linef("%s (%s)", a.out.bold(r.ID), r.Severity)
	a.out.linef("%s\n\n%s\n\n%s %s", r.Purpose, r.Why, a.out.bold("Repair:"), r.Repair)
	a.showCase("Breaks it:", r.Bad)
	a.showCase("Keeps it:", r.Good)
}

// showCase prints a schema before and after, indented.
func (a *app) showCase(title string, c finding.Case) {
	a.out.linef("\n%s", a.out.bold(title))
	for _, version := range []struct{ name, text string }{{"old", c.Old}, {"new", c.New}} {
		if version.text == "" {
			continue
		}
		var pretty bytes.Buffer
		// The cases are schemas that tests parse: they are JSON.
		_ = json.Indent(&pretty, []byte(version.text), "    ", "  ")
		a.out.linef("  %s\n    %s", version.name, pretty.String())
	}
}
