package compat

import (
	"slices"
	"strings"

	"github.com/avow-events/avow/internal/finding"
)

// Ids of the rules that are not Avro Java's own.
const (
	AmbiguousAlias  = "AMBIGUOUS_ALIAS"
	ContractRemoved = "CONTRACT_REMOVED"
)

// rule is a rule and, unless it is part of the verdict, what looks for breaks of it: in a pair of types, or of fields, or in
// the new schema alone.
type rule struct {
	finding.Rule
	types, fields func(*match) []finding.Finding
	flaw          func(*spot) []finding.Finding
	// harm is that of the rule's findings, unless they say one themselves.
	harm finding.Harm
}

// Rules returns every rule of this package, sorted by id: those of the verdict, which are Fixed, and
// those of what Java does not see, in a change or in the new schema alone.
func Rules() []finding.Rule {
	var all []finding.Rule
	for _, r := range verdictRules() {
		r.Fixed = true
		all = append(all, r.Rule)
	}
	for _, r := range slices.Concat(semanticRules(), flawRules()) {
		all = append(all, r.Rule)
	}
	slices.SortFunc(all, func(a, b finding.Rule) int { return strings.Compare(a.ID, b.ID) })
	return all
}
