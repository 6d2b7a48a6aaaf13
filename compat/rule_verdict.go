package compat

import "github.com/avow-events/avow/internal/finding"

// verdictRules are the rules that a registry holds contracts to, and the one for contracts that are gone.
func verdictRules() []rule {
	return []rule{
		{Rule: finding.Rule{
			ID: ReaderFieldMissingDefaultValue, Severity: finding.Error,
			Purpose: "A field that the writer does not know has a default in the reader's schema.",
			Why: "A reader that expects a field, and reads a record that was written without it, fills in the field's default. " +
				"Without one it cannot read the record at all. A type that allows null is no default.",
			Repair: `Add a "default" to the new field. A field that was renamed gets its former name as an alias instead.`,
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"note","type":["null","string"]}]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"note","type":["null","string"],"default":null}]}`,
			},
		}},
		{Rule: finding.Rule{
			ID: TypeMismatch, Severity: finding.Error,
			Purpose: "The reader's type can hold what the writer's type holds.",
			Why: "Avro reads an int as long, float or double, a long as float or double, a float as double, and strings as bytes " +
				"and back. Nothing else changes its type on the way.",
			Repair: "Keep the type and add a new field with a default, or make the type a union of the old and the new one.",
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"amount","type":"long"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"amount","type":"int"}]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"amount","type":"int"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"amount","type":"long"}]}`,
			},
		}},
		{Rule: finding.Rule{
			ID: NameMismatch, Severity: finding.Error,
			Purpose: "A named type keeps its name, or the reader knows the former one as an alias.",
			Why: "Records, enums and fixed types are matched by name. The namespace does not count here, the short name does: a " +
				"reader takes a record of another name for another type.",
			Repair: `Add the former full name to the "aliases" of the type.`,
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","namespace":"shop","fields":[]}`,
				New: `{"type":"record","name":"Purchase","namespace":"shop","fields":[]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","namespace":"shop","fields":[]}`,
				New: `{"type":"record","name":"Purchase","namespace":"shop","aliases":["shop.Order"],"fields":[]}`,
			},
		}},
		{Rule: finding.Rule{
			ID: FixedSizeMismatch, Severity: finding.Error,
			Purpose: "A fixed type keeps its size.",
			Why:     "The size is in the schema and not in the data: a reader with another size reads from the wrong place.",
			Repair:  "Keep the size, and give the new size to a new type in a new field.",
			Bad: finding.Case{
				Old: `{"type":"fixed","name":"Hash","size":16}`,
				New: `{"type":"fixed","name":"Hash","size":32}`,
			},
			Good: finding.Case{
				Old: `{"type":"fixed","name":"Hash","size":16}`,
				New: `{"type":"fixed","name":"Hash","size":16,"doc":"MD5"}`,
			},
		}},
		{Rule: finding.Rule{
			ID: MissingEnumSymbols, Severity: finding.Error,
			Purpose: "The reader's enum has every symbol of the writer's, or a default of its own.",
			Why: "A reader that meets a symbol it does not know takes the enum's default. Without one it cannot read the record. " +
				"The default of a field does not help: it is for records that lack the field.",
			Repair: `Put the symbols back, or give the enum a "default" symbol before the first unknown one is written.`,
			Bad: finding.Case{
				Old: `{"type":"enum","name":"Status","symbols":["NEW","PAID","SENT"]}`,
				New: `{"type":"enum","name":"Status","symbols":["NEW","SENT"]}`,
			},
			Good: finding.Case{
				Old: `{"type":"enum","name":"Status","symbols":["NEW","PAID"]}`,
				New: `{"type":"enum","name":"Status","symbols":["NEW","PAID","SENT"]}`,
			},
		}},
		{Rule: finding.Rule{
			ID: MissingUnionBranch, Severity: finding.Error,
			Purpose: "The reader's union has a branch for everything that the writer may write.",
			Why:     "A union's value says which branch it is. A reader without a branch that fits cannot read it.",
			Repair:  "Put the branch back, or mend the branch of that name where it is there but does not fit.",
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":["null","string","int"]}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"note","type":["null","string"]}]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":["null","string"]}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"note","type":["null","string","int"]}]}`,
			},
		}},
		{Rule: finding.Rule{
			ID: AmbiguousAlias, Severity: finding.Error,
			Purpose: "A reader's field matches one field of the writer at most, by its name and its aliases.",
			Why: "With two to choose from Avro Java's check fails with an exception, and a registry counts the schema as " +
				"incompatible.",
			Repair: "Remove the alias of the field that is still there under its own name.",
			Bad: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"id","type":"int"},{"name":"number","type":"int"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"number","type":"int","aliases":["id"]}]}`,
			},
			Good: finding.Case{
				Old: `{"type":"record","name":"Order","fields":[{"name":"id","type":"int"}]}`,
				New: `{"type":"record","name":"Order","fields":[{"name":"number","type":"int","aliases":["id"]}]}`,
			},
		}},
		{Rule: finding.Rule{
			ID: ContractRemoved, Severity: finding.Error,
			Purpose: "A contract stays until nobody uses it.",
			Why: "Producers and consumers that still use it lose their schema, and the topic keeps data that nobody can look up " +
				"in the repository any more.",
			Repair: "Bring the file back. A contract that was renamed names the former one in its aliases; one that really goes " +
				"needs an approval.",
			Bad:  finding.Case{Old: `{"type":"record","name":"Order","fields":[]}`},
			Good: finding.Case{Old: `{"type":"record","name":"Order","fields":[]}`, New: `{"type":"record","name":"Purchase","aliases":["Order"],"fields":[]}`},
		}},
	}
}
