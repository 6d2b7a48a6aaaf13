package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/suggest"
)

// Rules about what a comparison can know and what was approved of it, beside those of package compat.
const (
	invalidSchema     = "INVALID_SCHEMA" // of findings in formats for machines; people get a failure on stderr
	schemaTypeChanged = "SCHEMA_TYPE_CHANGED"
	historyUnreadable = "HISTORY_UNREADABLE"
	approvalExpired   = "APPROVAL_EXPIRED"
	approvalUnused    = "APPROVAL_UNUSED"
)

// compatRules returns every rule that avow compat knows, sorted by id.
func compatRules() []finding.Rule {
	rules := append(compat.Rules(),
		finding.Rule{
			ID: invalidSchema, Severity: finding.Error, Fixed: true,
			Purpose: "Every schema file can be read.",
			Why: "What cannot be read cannot be compared, and no registry would take it. The files beside it are checked all the " +
				"same, but the command ends with 1: it could not look at everything.",
			Repair: "Mend the file at the place that the message names.",
			Bad:    finding.Case{New: `{"type":"record","name":"Order","fields":[{"name":"id","type":"text"}]}`},
			Good:   finding.Case{New: `{"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}`},
		},
		finding.Rule{
			ID: schemaTypeChanged, Severity: finding.Error, Fixed: true,
			Purpose: "A subject holds schemas of one type.",
			Why: "A registry takes no Avro schema where a version that it compares with is JSON Schema or Protobuf, at any level but NONE: " +
				"who reads the one cannot read the other.",
			Repair: "Give the contract a subject of its own, by another topic or strategy, or by the section subjects of avow.yaml.",
		},
		finding.Rule{
			ID: historyUnreadable, Severity: finding.Note,
			Purpose: "Every former version of a contract that a transitive level asks about can be read.",
			Why: "A transitive level compares with every version in the history. One that does not parse is left out: no registry can " +
				"have taken it, but whoever reads the verdict should know that it was not looked at.",
			Repair: "Nothing, where the version was a slip that nobody used. Where it was registered all the same, compare with the " +
				"registry: avow compat --against registry://ENV.",
		},
		finding.Rule{
			ID: approvalExpired, Severity: finding.Error, Fixed: true,
			Purpose: "An approval is renewed, or what it was for is mended, before its last day is over.",
			Why:     "An approval accepts a break until a day, so that somebody looks at it again. After that day it accepts nothing.",
			Repair:  "Mend the contract, or agree on a new day with the owner of the approval.",
		},
		finding.Rule{
			ID: approvalUnused, Severity: finding.Note,
			Purpose: "There is something that an approval approves.",
			Why: "An approval of something that is not found, or not any more, would accept the same break without a question if it came " +
				"back.",
			Repair: "Remove the entry.",
		},
	)
	slices.SortFunc(rules, func(a, b finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// ruleNamed returns the one of the rules with an id, in any letter case; the error names the one that was probably meant.
func ruleNamed(rules []finding.Rule, id string) (finding.Rule, error) {
	ids := make([]string, len(rules))
	for i, r := range rules {
		if strings.EqualFold(r.ID, id) {
			return r, nil
		}
		ids[i] = r.ID
	}
	return finding.Rule{}, fmt.Errorf("there is no rule %s%s", id, suggest.DidYouMean(id, ids))
}

// severities are those that avow.yaml gives to rules, by id.
type severities map[string]severity

type severity struct {
	finding.Severity
	off bool
}

// severitiesOf returns what the section compat.rules says. It may not touch the verdict: what a registry would refuse stays
// an error, which a level or an approval, with a reason and an owner, can lift, and a switch in a file cannot.
func severitiesOf(cfg *config.Config) (severities, error) {
	out := make(severities, len(cfg.Compat.Rules))
	var errs avsc.ErrorList
	for _, s := range cfg.Compat.Rules {
		rule, err := ruleNamed(compatRules(), s.Rule)
		switch {
		case err != nil:
		case rule.Fixed:
			err = fmt.Errorf("%s is always an error: %s", rule.ID, insteadOfOff(rule))
		case s.Severity == "off":
			out[rule.ID] = severity{off: true}
		default:
			// There are no others: the file was read strictly.
			word := func(v finding.Severity) bool { return v.String() == s.Severity }
			if i := slices.IndexFunc(finding.Severities(), word); i >= 0 {
				out[rule.ID] = severity{Severity: finding.Severities()[i]}
			}
		}
		if err != nil {
			errs = append(errs, &avsc.Error{Pos: s.Pos, Err: err})
		}
	}
	return out, errs.Err()
}

// insteadOfOff says what to do where a rule is in the way.
func insteadOfOff(rule finding.Rule) string {
	switch {
	case strings.HasPrefix(rule.ID, "DRIFT_"):
		return "it is a fact; what is somebody else's belongs into the environment's list ignore"
	case strings.HasPrefix(rule.ID, "GATE_"):
		return "what cannot be proved is not deployed"
	case rule.ID == invalidSchema, rule.ID == approvalExpired:
		return strings.ToLower(rule.Repair[:1]) + strings.TrimSuffix(rule.Repair[1:], ".")
	case rule.ID == compat.ContractRemoved:
		return fmt.Sprintf("approve the one that goes in %s", config.ApprovalsName)
	}
	return fmt.Sprintf("it is what a registry would answer; ask for another level (compat.levels), or approve one finding in %s",
		config.ApprovalsName)
}

// apply gives findings their severities and leaves out those of rules that are off.
func (s severities) apply(findings []finding.Finding) []finding.Finding {
	if len(s) == 0 {
		return findings
	}
	kept := findings[:0:0]
	for _, f := range findings {
		set, ok := s[f.Rule]
		switch {
		case ok && set.off:
			continue
		case ok:
			f.Severity = set.Severity
		}
		kept = append(kept, f)
	}
	return kept
}
