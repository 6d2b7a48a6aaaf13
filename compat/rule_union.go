package compat

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// NullMadeFirst is the id of the rule about the first branch of a union.
const NullMadeFirst = "NULL_MADE_FIRST"

func unionRules() []rule {
	return []rule{{
		Rule: finding.Rule{
			ID: NullMadeFirst, Severity: finding.Warning,
			Purpose: "Null stays where it is in a union.",
			Why: "Tools that follow the specification before Avro 1.12, and most libraries in other languages, take a field's default " +
				"for a value of the first branch. With null first a default of the other type is an error for them.",
			Repair: "Put the former first branch back to the front; the order means nothing else.",
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":["string","null"],"default":""}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"note","type":["null","string"],"default":""}]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":["null","string"],"default":null}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"note","type":["null","string","bytes"],"default":null}]}`,
			},
		},
		types: nullMadeFirst,
	}}
}

func nullMadeFirst(m *match) []finding.Finding {
	if m.old.Kind != avsc.Union || m.new.Kind != avsc.Union || len(m.old.Branches) == 0 || len(m.new.Branches) == 0 {
		return nil
	}
	if m.new.Branches[0].Kind != avsc.Null || m.old.Branches[0].Kind == avsc.Null {
		return nil
	}
	return m.at(m.new.BranchPos[0], m.old.BranchPos[0],
		fmt.Sprintf("%s: null is the first branch of the union now, which was %s: many tools take defaults for the first branch",
			m.what(), describeType(m.old.Branches[0])),
		fmt.Sprintf("put %s first again", describeType(m.old.Branches[0])))
}
