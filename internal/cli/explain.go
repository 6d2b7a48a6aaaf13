package cli

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
)

func (a *app) explainCommand() *cobra.Command {
	rules := allRules()
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
		Args:      arguments("[RULE]"),
		ValidArgs: ids,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				a.listRules(rules)
				return nil
			}
			r, err := ruleNamed(rules, args[0])
			if err != nil {
				return hint(cmd, "%v", err)
			}
			a.explainRule(r)
			return nil
		},
	}
}

// allRules returns every rule that a command knows, sorted by id.
func allRules() []finding.Rule {
	rules := slices.Concat(compatRules(), driftRules(), gateRules())
	slices.SortFunc(rules, func(a, b finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
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
	if r.Fixed {
		a.out.linef("\n%s always error: %s.", a.out.bold("Severity:"), insteadOfOff(r))
	} else {
		a.out.linef("\n%s %s unless compat.rules in %s says off, note, warning or error.", a.out.bold("Severity:"), r.Severity, config.FileName)
	}
	before, after := "old", "new"
	if strings.HasPrefix(r.ID, "DRIFT_") {
		before, after = "registry", "repository"
	}
	a.showCase("Breaks it:", r.Bad, before, after)
	a.showCase("Keeps it:", r.Good, before, after)
}

// showCase prints a schema before and after, indented.
func (a *app) showCase(title string, c finding.Case, before, after string) {
	if c == (finding.Case{}) {
		return
	}
	a.out.linef("\n%s", a.out.bold(title))
	for _, version := range []struct{ name, text string }{{before, c.Old}, {after, c.New}} {
		if version.text == "" {
			continue
		}
		var pretty bytes.Buffer
		// The cases are schemas that tests parse: they are JSON.
		_ = json.Indent(&pretty, []byte(version.text), "    ", "  ")
		a.out.linef("  %s\n    %s", version.name, pretty.String())
	}
}
