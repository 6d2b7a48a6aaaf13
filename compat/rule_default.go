package compat

import (
	"fmt"

	"github.com/avow-events/avow/internal/finding"
)

// DefaultChanged is the id of the rule about the defaults of fields.
const DefaultChanged = "DEFAULT_CHANGED"

func defaultRules() []rule {
	return []rule{{
		Rule: finding.Rule{
			ID: DefaultChanged, Severity: finding.Warning,
			Purpose: "A field keeps its default.",
			Why: "Readers fill in the default for records that were written without the field. With another default the same old " +
				"record has another value from one deployment to the next, and without one it cannot be read any more.",
			Repair: "Keep the default. Where the new value is meant for new records, let producers write it.",
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"currency","type":"string","default":"EUR"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"currency","type":"string","default":"USD"}]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"currency","type":"string"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"currency","type":"string","default":"EUR"}]}`,
			},
		},
		fields: defaultChanged, harm: finding.Breaking,
	}}
}

func defaultChanged(m *match) []finding.Finding {
	o, n := m.oldField.Default, m.newField.Default
	switch {
	case o == nil || n != nil && sameValue(o, n):
		return nil
	case n == nil:
		return m.at(m.newField.NamePos, o.Pos,
			fmt.Sprintf("field %q has lost its default %s: records that were written without the field cannot be read any more",
				m.newField.Name, shorten(o.String())),
			fmt.Sprintf(`put "default": %s back`, shorten(o.String())))
	}
	return m.at(n.Pos, o.Pos,
		fmt.Sprintf("the default of field %q changed from %s to %s, and with it the value of records that were written without the field",
			m.newField.Name, shorten(o.String()), shorten(n.String())),
		fmt.Sprintf(`keep "default": %s`, shorten(o.String())))
}
