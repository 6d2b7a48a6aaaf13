package compat

import (
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// Ids of the rules about names and aliases.
const (
	FieldRenamed  = "FIELD_RENAMED"
	FieldReplaced = "FIELD_REPLACED"
	TypeRenamed   = "TYPE_RENAMED"
	AliasDropped  = "ALIAS_DROPPED"
)

func nameRules() []rule {
	return []rule{
		{
			Rule: finding.Rule{
				ID: FieldRenamed, Severity: finding.Warning,
				Purpose: "A field keeps its name outside Avro too.",
				Why: "An alias lets Avro readers find a renamed field. Kafka Connect, JSON and SQL know nothing of aliases: a sink adds " +
					"a new column and leaves the old one empty.",
				Repair: "Keep the name. Where it must change, tell everybody who reads the field by name.",
				Bad: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string"}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"remark","type":"string","aliases":["note"]}]}`,
				},
				Good: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string"}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string","aliases":["remark"]}]}`,
				},
			},
			fields: fieldRenamed, harm: finding.Breaking,
		},
		{
			Rule: finding.Rule{
				ID: FieldReplaced, Severity: finding.Warning,
				Purpose: "A field that gets another name names the former one as an alias.",
				Why: "A new field with a default and an old one that is gone look the same as a field that was renamed. Nothing fails, but " +
					"readers find no value under the new name in old records, and take the default instead.",
				Repair: "Add the former name to the aliases of the field, if it is the same one.",
				Bad: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string"}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"remark","type":"string","default":""}]}`,
				},
				Good: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string"}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"remark","type":"string","default":"","aliases":["note"]}]}`,
				},
			},
			types: fieldReplaced, harm: finding.OldDataMisread,
		},
		{
			Rule: finding.Rule{
				ID: TypeRenamed, Severity: finding.Warning,
				Purpose: "A named type keeps its full name.",
				Why: "A registry lets the namespace change, and a name with an alias. Generated code, the record name strategy for " +
					"subjects, Kafka Connect and the tags of unions in JSON go by the full name.",
				Repair: "Keep name and namespace.",
				Bad: finding.Case{
					Old: `{"type":"record","name":"Order","namespace":"shop","fields":[]}`,
					New: `{"type":"record","name":"Order","namespace":"store","fields":[]}`,
				},
				Good: finding.Case{
					Old: `{"type":"record","name":"Order","namespace":"shop","fields":[]}`,
					New: `{"type":"record","name":"Order","namespace":"shop","aliases":["store.Order"],"fields":[]}`,
				},
			},
			types: typeRenamed, harm: finding.Breaking,
		},
		{
			Rule: finding.Rule{
				ID: AliasDropped, Severity: finding.Warning,
				Purpose: "An alias stays as long as there may be data under that name.",
				Why: "Readers need the alias for what was written before the rename. The check against the latest version alone does " +
					"not see that older records become unreadable.",
				Repair: "Put the alias back.",
				Bad: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string","default":"","aliases":["remark"]}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string","default":""}]}`,
				},
				Good: finding.Case{
					Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string","default":"","aliases":["remark"]}]}`,
					New: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string","default":"","aliases":["remark","text"]}]}`,
				},
			},
			types: typeAliasDropped, fields: fieldAliasDropped, harm: finding.Breaking,
		},
	}
}

func fieldRenamed(m *match) []finding.Finding {
	if m.oldField.Name == m.newField.Name {
		return nil
	}
	return m.at(m.newField.NamePos, m.oldField.NamePos,
		fmt.Sprintf("field %q is called %q now: Avro follows the alias, but Kafka Connect, JSON and SQL see a new field", m.oldField.Name, m.newField.Name),
		fmt.Sprintf("keep the name %q, or tell everybody who reads the field by name", m.oldField.Name))
}

// fieldReplaced looks for fields that may have been renamed without an alias. One without a default is part of the verdict.
func fieldReplaced(m *match) []finding.Finding {
	if m.old.Kind != avsc.Record || m.new.Kind != avsc.Record {
		return nil
	}
	var found []finding.Finding
	for _, field := range m.new.Fields {
		if field.Default == nil || formerField(field, m.old.Type) != nil {
			continue
		}
		i := slices.IndexFunc(m.old.Fields, func(f *avsc.Field) bool { return f.Name == renamedFrom(field, m.new.Type, m.old.Type) })
		if i < 0 {
			continue
		}
		former := m.old.Fields[i]
		one := m.at(field.NamePos, former.NamePos,
			fmt.Sprintf("field %q is new where %q of the same type is gone: if it was renamed, readers take its default for what old records say",
				field.Name, former.Name),
			fmt.Sprintf(`add "aliases": [%q] to the field, if it is the same one`, former.Name))
		if text, ok := new(sampler).value(m.old.Type); ok {
			one = m.withExample(one, text)
		}
		found = append(found, one...)
	}
	return found
}

func typeRenamed(m *match) []finding.Finding {
	if !m.old.Kind.IsNamed() || m.old.Kind != m.new.Kind || m.old.Name == m.new.Name || !namesMatch(m.new.Type, m.old.Type) {
		return nil // a name without an alias is part of the verdict
	}
	return m.at(m.new.NamePos, m.old.NamePos,
		fmt.Sprintf("%s %s is called %s now: generated code, subjects by record name and Kafka Connect go by the full name",
			m.old.Kind, m.old.Name, m.new.Name),
		fmt.Sprintf("keep the full name %s", m.old.Name))
}

func typeAliasDropped(m *match) []finding.Finding {
	if m.old.Kind != m.new.Kind {
		return nil
	}
	var found []finding.Finding
	for _, a := range m.old.Aliases {
		if a.Name != m.new.Name && !slices.ContainsFunc(m.new.Aliases, func(b avsc.Alias) bool { return a.Name == b.Name }) {
			found = append(found, mendedBy(m.at(m.new.NamePos, a.Pos,
				fmt.Sprintf("%s %s has lost its alias %s: data written under that name cannot be read any more", m.new.Kind, m.new.Name, a.Name),
				fmt.Sprintf("put %q back into the aliases", a.Name.Full())), addAlias(m.new.Type, a.Name))...)
		}
	}
	return found
}

func fieldAliasDropped(m *match) []finding.Finding {
	var found []finding.Finding
	for _, a := range m.oldField.Aliases {
		if a.Name != m.newField.Name && !slices.ContainsFunc(m.newField.Aliases, func(b avsc.FieldAlias) bool { return a.Name == b.Name }) {
			found = append(found, mendedBy(m.at(m.newField.NamePos, a.Pos,
				fmt.Sprintf("field %q has lost its alias %q: values written under that name are not found any more", m.newField.Name, a.Name),
				fmt.Sprintf("put %q back into the aliases", a.Name)), addFieldAlias(m.newField, a.Name))...)
		}
	}
	return found
}
