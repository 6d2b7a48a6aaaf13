package compat

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/suggest"
)

// DefaultUnusable is the id of the rule about defaults that no reader can fill in.
const DefaultUnusable = "DEFAULT_UNUSABLE"

func unusableRules() []rule {
	return []rule{{
		Rule: finding.Rule{
			ID: DefaultUnusable, Severity: finding.Error,
			Purpose: "A field's default is a value of the field's type.",
			Why: "Avro Java and registries hold a default to its type loosely: any text will do for an enum, and a union may take " +
				"another branch than was meant. So the schema passes, and then no record without the field can be read, because " +
				"there is nothing to fill it with.",
			Repair: "Correct the default. It cannot be mended later by a reader: those who have this schema fail.",
			Bad: finding.Case{
				New: `{"type":"record","name":"Order","fields":[{"name":"size","type":{"type":"enum","name":"Size","symbols":["SMALL","LARGE"]},"default":"HUGE"}]}`,
			},
			Good: finding.Case{
				New: `{"type":"record","name":"Order","fields":[{"name":"size","type":{"type":"enum","name":"Size","symbols":["SMALL","LARGE"]},"default":"SMALL"}]}`,
			},
		},
		flaw: defaultUnusable, harm: finding.OldDataMisread,
	}}
}

func defaultUnusable(s *spot) []finding.Finding {
	if s.field == nil || s.field.Default == nil {
		return nil
	}
	_, err := codec.AppendDefault(nil, s.field)
	if err == nil {
		return nil
	}
	f, why, fix := s.field, err.Error(), "correct the default"
	if f.Type.Kind == avsc.Enum && f.Default.Kind == avsc.StringValue {
		symbols := make([]string, len(f.Type.Symbols))
		for i, symbol := range f.Type.Symbols {
			symbols[i] = symbol.Name
		}
		why = fmt.Sprintf("enum %s has no such symbol%s", f.Type.Name, suggest.DidYouMean(f.Default.Text, symbols))
		fix = fmt.Sprintf("take one of its symbols: %s", shorten(list(symbols)))
	}
	return s.at(f.Default.Pos, fmt.Sprintf("the default %s of field %q in %s cannot be used, so records that were written without the field cannot be read: %s",
		shorten(f.Default.String()), f.Name, s.record.Name, why), fix)
}
