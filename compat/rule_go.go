package compat

import (
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/goname"
)

// GoSourceBreak is the id of the rule about generated Go code.
const GoSourceBreak = "GO_SOURCE_BREAK"

func goRules() []rule {
	return []rule{{
		Rule: finding.Rule{
			ID: GoSourceBreak, Severity: finding.Warning,
			Purpose: "Go code that uses a generated type still compiles.",
			Why: "A field that is gone, or has another Go type, and a constant that is gone are compile errors for every service that " +
				"updates the generated code, however well old data can be read. Worse, if a Go name goes over to another field " +
				"of the same type, as by a new field IBAN in front of iban, code compiles and takes one for the other.",
			Repair: "Keep the field and its type, or raise the major version of the module that holds the generated code.",
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"total","type":"int"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"total","type":"long"}]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"total","type":"int"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"total","type":"int"},{"name":"note","type":"string","default":""}]}`,
			},
		},
		types: goNamesLost, fields: goTypeChanged, harm: finding.Breaking,
	}}
}

// goNamesLost looks for fields of a struct and constants of an enum that are gone, or that stand for something else.
func goNamesLost(m *match) []finding.Finding {
	if m.old.Kind != m.new.Kind {
		return nil
	}
	var found []finding.Finding
	var lost []string
	var first avsc.Pos
	lose := func(name string, at avsc.Pos) {
		if len(lost) == 0 {
			first = at
		}
		lost = append(lost, name)
	}
	switch m.old.Kind {
	case avsc.Record:
		kept := goFields(m.new.Type)
		for i, name := range goFields(m.old.Type) {
			switch k := slices.Index(kept, name); {
			case k < 0:
				lose("field "+name, m.old.Fields[i].NamePos)
			case formerField(m.new.Fields[k], m.old.Type) != m.old.Fields[i] && hasField(m.new.Type, m.old.Fields[i].Name):
				found = append(found, m.goFieldMoved(name, m.new.Fields[k], m.old.Fields[i])...)
			}
		}
	case avsc.Enum:
		for _, s := range missingSymbols(m.new.Type, m.old.Type) {
			lose("the constant for "+s.Name, s.Pos)
		}
	}
	if len(lost) == 0 {
		return found
	}
	return append(found, m.at(m.new.NamePos, first,
		fmt.Sprintf("Go type %s loses %s: code that uses it does not compile any more", goname.Exported(m.new.Name.Short), list(lost)),
		"keep it, or raise the major version of the module that holds the generated code")...)
}

// goFieldMoved tells of a Go field that stands for another Avro field now. If both have one type the code that uses it still
// compiles, and does something else.
func (m *match) goFieldMoved(name string, now, before *avsc.Field) []finding.Finding {
	return m.at(now.NamePos, before.NamePos,
		fmt.Sprintf("Go field %s of %s stands for %q now and not for %q: code that uses it takes one for the other",
			name, goname.Exported(m.new.Name.Short), now.Name, before.Name),
		fmt.Sprintf("put %q behind %q: of names that are alike the first gets the better one in Go", now.Name, before.Name))
}

func hasField(t *avsc.Type, name string) bool {
	return slices.ContainsFunc(t.Fields, func(f *avsc.Field) bool { return f.Name == name })
}

func goFields(t *avsc.Type) []string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	return goname.Fields(names)
}

func goTypeChanged(m *match) []finding.Finding {
	old, next := goType(m.oldField.Type), goType(m.newField.Type)
	if m.oldField.Name != m.newField.Name || old == next {
		return nil
	}
	return m.at(m.newField.TypePos, m.oldField.TypePos,
		fmt.Sprintf("Go field %s changes from %s to %s: code that uses it does not compile any more",
			goname.Exported(m.newField.Name), old, next),
		"keep the type, or raise the major version of the module that holds the generated code")
}

// goType returns the Go type that is generated for a type where a field has it, but for the package that it is in.
func goType(t *avsc.Type) string {
	if leaf := goname.Leaf(t); leaf != "" {
		return leaf
	}
	switch t.Kind {
	case avsc.Array:
		return "[]" + goType(t.Elem)
	case avsc.Map:
		return "map[string]" + goType(t.Elem)
	case avsc.Union:
		switch form, branch := goname.FormOf(t); form {
		case goname.Single, goname.Nilable:
			return goType(t.Branches[branch])
		case goname.Nullable:
			return "*" + goType(t.Branches[branch])
		}
		return "a union" // an interface: which branches it has breaks no code
	}
	return goname.Exported(t.Name.Short)
}
