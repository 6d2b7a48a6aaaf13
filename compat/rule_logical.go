package compat

import (
	"fmt"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// Ids of the rules about logical types.
const (
	LogicalTypeChanged = "LOGICAL_TYPE_CHANGED"
	DecimalChanged     = "DECIMAL_CHANGED"
)

func logicalRules() []rule {
	return []rule{
		{
			Rule: finding.Rule{
				ID: LogicalTypeChanged, Severity: finding.Warning,
				Purpose: "A field keeps its logical type and its unit.",
				Why: "Avro reads the same number or text whatever the logical type says, so a time in milliseconds is silently " +
					"taken for one in microseconds. A registry accepts that.",
				Repair: "Keep the logical type, and add a new field for the new one.",
				Bad: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}}]}`,
				},
				Good: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"atMicros","type":{"type":"long","logicalType":"timestamp-micros"},"default":0}]}`,
				},
			},
			types: logicalTypeChanged, harm: finding.AllDataMisread,
		},
		{
			Rule: finding.Rule{
				ID: DecimalChanged, Severity: finding.Warning,
				Purpose: "A decimal keeps its precision and scale.",
				Why: "The scale is in the schema and not in the data: 1234 is 12.34 with scale 2 and 1.234 with scale 3. A value " +
					"with more digits than the reader's precision cannot be kept. A registry looks at neither.",
				Repair: "Keep precision and scale, and add a new field for the new ones.",
				Bad: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"sum","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"sum","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":3}}]}`,
				},
				Good: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"sum","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"sum","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2},"doc":"in EUR"}]}`,
				},
			},
			types: decimalChanged,
		},
	}
}

func logicalTypeChanged(m *match) []finding.Finding {
	o, n := m.old.Logical, m.new.Logical
	if logicalKind(o) == logicalKind(n) || !interchangeable(m.old.Kind, m.new.Kind) {
		return nil
	}
	return m.withExample(m.at(attributePos(m.new, "logicalType"), attributePos(m.old, "logicalType"),
		fmt.Sprintf("%s: logical type changed from %s to %s, and data written with one is silently taken for the other",
			m.what(), describeLogical(o), describeLogical(n)),
		fmt.Sprintf("keep %s, and add a new field for %s", describeType(m.old.Type), describeType(m.new.Type))),
		sampleOf(m.old.Type))
}

func decimalChanged(m *match) []finding.Finding {
	o, n := m.old.Logical, m.new.Logical
	if logicalKind(o) != avsc.Decimal || logicalKind(n) != avsc.Decimal || *o == *n || !interchangeable(m.old.Kind, m.new.Kind) {
		return nil
	}
	attribute, what, harm := "precision", "a value may have more digits than its reader keeps", finding.Breaking
	if o.Scale != n.Scale {
		attribute, what, harm = "scale", "the same digits are another number", finding.AllDataMisread
	}
	found := m.withExample(m.at(attributePos(m.new, attribute), attributePos(m.old, attribute),
		fmt.Sprintf("%s changed from %s to %s: %s", m.what(), describeLogical(o), describeLogical(n), what),
		fmt.Sprintf("keep %s, and add a new field for the new one", describeLogical(o))), sampleOf(m.old.Type))
	found[0].Harm = harm
	return found
}

func logicalKind(l *avsc.Logical) avsc.LogicalKind {
	if l == nil {
		return 0
	}
	return l.Kind
}

// interchangeable reports whether Avro reads one kind as the other, in some direction.
func interchangeable(a, b avsc.Kind) bool { return a == b || promotes(a, b) || promotes(b, a) }

// attributePos returns where an attribute of a type stands, or the type where it has none.
func attributePos(s site, name string) avsc.Pos {
	for _, p := range s.Props {
		if p.Name == name {
			return p.NamePos
		}
	}
	return s.pos
}

// sampleOf returns a value of a type by which a change of its logical type shows, in Avro's own JSON encoding: noon on the
// first day of 2026 for times, 1234 for the digits of decimals.
func sampleOf(t *avsc.Type) string {
	const noon = 1767268800 // seconds since 1970
	switch logicalKind(t.Logical) {
	case avsc.Date:
		return "20454"
	case avsc.TimeMillis:
		return "43200000"
	case avsc.TimeMicros:
		return "43200000000"
	case avsc.TimestampMicros, avsc.LocalTimestampMicros:
		return fmt.Sprint(noon * 1_000_000)
	case avsc.TimestampNanos, avsc.LocalTimestampNanos:
		return fmt.Sprint(noon * 1_000_000_000)
	}
	switch t.Kind {
	case avsc.Int:
		return fmt.Sprint(noon)
	case avsc.Long:
		return fmt.Sprint(noon * 1000)
	case avsc.Bytes:
		return `"\u0004\u00d2"`
	case avsc.Fixed:
		if t.Size >= 2 && t.Size <= 256 {
			return `"` + strings.Repeat(`\u0000`, t.Size-2) + `\u0004\u00d2"`
		}
	}
	text, _ := new(sampler).value(t)
	return text
}
