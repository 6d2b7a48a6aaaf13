package compat

import (
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// Ids of the rules about enums.
const (
	EnumSymbolsReordered = "ENUM_SYMBOLS_REORDERED"
	EnumDefaultChanged   = "ENUM_DEFAULT_CHANGED"
	EnumSymbolRemoved    = "ENUM_SYMBOL_REMOVED"
)

func enumRules() []rule {
	return []rule{
		{
			Rule: finding.Rule{
				ID: EnumSymbolsReordered, Severity: finding.Warning,
				Purpose: "The symbols of an enum keep their order.",
				Why: "Enums sort by the order of their symbols and not by name, and code that was generated for them numbers them so. " +
					"Whoever stored or compared such numbers now means other symbols.",
				Repair: "Put the symbols back in their former order, and new ones at the end.",
				Bad: finding.Case{
					Old: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE"]}`,
					New: `{"type":"enum","name":"Size","symbols":["LARGE","SMALL"]}`,
				},
				Good: finding.Case{
					Old: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE"]}`,
					New: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE","HUGE"]}`,
				},
			},
			types: enumSymbolsReordered, harm: finding.Breaking,
		},
		{
			Rule: finding.Rule{
				ID: EnumDefaultChanged, Severity: finding.Warning,
				Purpose: "An enum keeps its default symbol.",
				Why: "Readers take the default for every symbol that they do not know. With another default the same record means " +
					"something else, and without one it cannot be read any more.",
				Repair: "Keep the default symbol.",
				Bad: finding.Case{
					Old: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE"],"default":"SMALL"}`,
					New: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE"],"default":"LARGE"}`,
				},
				Good: finding.Case{
					Old: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE"]}`,
					New: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE"],"default":"SMALL"}`,
				},
			},
			types: enumDefaultChanged, harm: finding.Breaking,
		},
		{
			Rule: finding.Rule{
				ID: EnumSymbolRemoved, Severity: finding.Warning,
				Purpose: "A symbol that was written once can still be told from others.",
				Why: "A reader whose enum has a default takes it for symbols that are gone: old records are read, but with another " +
					"value than they were written with.",
				Repair: "Keep the symbol, and say in the doc that it is not to be written any more.",
				Bad: finding.Case{
					Old: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE","HUGE"],"default":"SMALL"}`,
					New: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE"],"default":"SMALL"}`,
				},
				Good: finding.Case{
					Old: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE"],"default":"SMALL"}`,
					New: `{"type":"enum","name":"Size","symbols":["SMALL","LARGE","HUGE"],"default":"SMALL"}`,
				},
			},
			types: enumSymbolRemoved, harm: finding.OldDataMisread,
		},
	}
}

func bothEnums(m *match) bool { return m.old.Kind == avsc.Enum && m.new.Kind == avsc.Enum }

func enumSymbolsReordered(m *match) []finding.Finding {
	if !bothEnums(m) {
		return nil
	}
	var old, next []avsc.Symbol
	for _, s := range m.old.Symbols {
		if hasSymbol(m.new.Type, s.Name) {
			old = append(old, s)
		}
	}
	for _, s := range m.new.Symbols {
		if hasSymbol(m.old.Type, s.Name) {
			next = append(next, s)
		}
	}
	for i := range next {
		if old[i].Name != next[i].Name {
			return m.at(next[i].Pos, old[i].Pos,
				fmt.Sprintf("enum %s has its symbols in another order: %s stands where %s was", m.new.Name, next[i].Name, old[i].Name),
				"put the symbols back in their former order, and new ones at the end")
		}
	}
	return nil
}

func enumDefaultChanged(m *match) []finding.Finding {
	if !bothEnums(m) || m.old.Default == nil {
		return nil
	}
	old := m.old.Default
	switch next := m.new.Default; {
	case next == nil:
		return m.at(m.new.NamePos, old.Pos,
			fmt.Sprintf("enum %s has lost its default %s: readers cannot read symbols that they do not know any more", m.new.Name, old.Name),
			fmt.Sprintf(`put "default": %q back`, old.Name))
	case next.Name != old.Name:
		return m.at(next.Pos, old.Pos,
			fmt.Sprintf("the default of enum %s changed from %s to %s, and with it what unknown symbols are read as", m.new.Name, old.Name, next.Name),
			fmt.Sprintf(`keep "default": %q`, old.Name))
	}
	return nil
}

func enumSymbolRemoved(m *match) []finding.Finding {
	if !bothEnums(m) || m.new.Default == nil {
		return nil // without a default it is part of the verdict
	}
	missing := missingSymbols(m.new.Type, m.old.Type)
	if len(missing) == 0 {
		return nil
	}
	names := make([]string, len(missing))
	for i, s := range missing {
		names[i] = s.Name
	}
	slices.Sort(names)
	return m.withExample(m.at(m.new.NamePos, missing[0].Pos,
		fmt.Sprintf("enum %s has lost %s: old records that hold it are now read as %s", m.new.Name, list(names), m.new.Default.Name),
		"keep the symbol, and say in the doc that it is not to be written any more"), quote(missing[0].Name))
}
