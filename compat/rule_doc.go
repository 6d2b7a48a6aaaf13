package compat

import (
	"fmt"

	"github.com/avow-events/avow/internal/finding"
)

// DocRemoved is the id of the rule about documentation.
const DocRemoved = "DOC_REMOVED"

func docRules() []rule {
	return []rule{{
		Rule: finding.Rule{
			ID: DocRemoved, Severity: finding.Warning,
			Purpose: "What was documented stays documented.",
			Why: "The doc in the schema is what other teams see in the registry and in generated code. It is lost unnoticed when a file " +
				"is written anew by a tool.",
			Repair: "Put the doc back.",
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","doc":"A customer's order.","fields":[]}`,
				New: `{"type":"record","name":"Order","fields":[]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","doc":"A customer's order.","fields":[]}`,
				New: `{"type":"record","name":"Order","doc":"What a customer ordered.","fields":[]}`,
			},
		},
		types: typeDocRemoved, fields: fieldDocRemoved,
	}}
}

func typeDocRemoved(m *match) []finding.Finding {
	if m.old.Kind != m.new.Kind || m.old.Doc == "" || m.new.HasDoc {
		return nil
	}
	return mendedBy(m.at(m.new.NamePos, m.old.NamePos,
		fmt.Sprintf("%s %s has lost its doc: %q", m.new.Kind, m.new.Name, shorten(m.old.Doc)), "put the doc back"),
		addDoc(m.new.Pos, m.old.Doc))
}

func fieldDocRemoved(m *match) []finding.Finding {
	if m.oldField.Doc == "" || m.newField.HasDoc {
		return nil
	}
	return mendedBy(m.at(m.newField.NamePos, m.oldField.NamePos,
		fmt.Sprintf("field %q has lost its doc: %q", m.newField.Name, shorten(m.oldField.Doc)), "put the doc back"),
		addDoc(m.newField.Pos, m.oldField.Doc))
}
