package cli

import "github.com/avow-events/avow/internal/finding"

// Rules of drift. In their cases the old schema is the registry's and the new one the repository's.
var (
	ruleDriftMissing = finding.Rule{
		ID: "DRIFT_MISSING", Severity: finding.Error, Fixed: true,
		Purpose: "Every contract is registered under its subjects.",
		Why: "A producer of a contract that is not registered does not start, and whoever looks the contract up in the registry does " +
			"not find it.",
		Repair: "Run avow apply, which registers it. If the contract is on its way out, delete its file.",
		Bad:    finding.Case{New: `{"type":"record","name":"Order","fields":[]}`},
		Good:   finding.Case{Old: `{"type":"record","name":"Order","fields":[]}`, New: `{"type":"record","name":"Order","fields":[]}`},
	}
	ruleDriftSchema = finding.Rule{
		ID: "DRIFT_SCHEMA", Severity: finding.Error, Fixed: true,
		Purpose: "A subject holds the contract as the repository has it.",
		Why: "Code is generated from the repository and records are read by what the registry says: where the two differ, somebody " +
			"writes what nobody reviewed, or reviews what nobody writes. Layout is no difference, text that a registry keeps is, such as doc.",
		Repair: "Run avow apply, which registers the repository's schema as another version. If the registry's was registered by hand and " +
			"is the right one, bring it into the repository: avow pull.",
		Bad: finding.Case{
			Old: `{"type":"record","name":"Order","fields":[]}`,
			New: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string","default":""}]}`,
		},
		Good: finding.Case{
			Old: `{"type":"record","name":"Order","fields":[{"name":"note","type":"string","default":""}]}`,
			New: `{"name":"Order","type":"record","fields":[{"default":"","name":"note","type":{"type":"string"}}]}`,
		},
	}
	ruleDriftReferences = finding.Rule{
		ID: "DRIFT_REFERENCES", Severity: finding.Error, Fixed: true,
		Purpose: "Registered contracts refer to the versions that the repository has.",
		Why: "A contract that refers to an older version of a shared type is read with that version, whatever the repository says of " +
			"the type since.",
		Repair: "Run avow apply, which registers it with the references that it should have. To stay with an older version, say so under " +
			"references in avow.yaml.",
	}
	ruleDriftLevel = finding.Rule{
		ID: "DRIFT_LEVEL", Severity: finding.Error, Fixed: true,
		Purpose: "A subject has the level that avow.yaml gives it.",
		Why: "The level decides which changes the registry takes. One that was set by hand lets through what was not agreed on, or " +
			"refuses what was.",
		Repair: "Run avow apply, which sets it, or change the level in avow.yaml. A level that avow.yaml does not mention is not compared.",
	}
	ruleDriftNewer = finding.Rule{
		ID: "DRIFT_NEWER", Severity: finding.Error, Fixed: true,
		Purpose: "A subject has no version after the repository's.",
		Why: "The repository's schema is registered, but something else was after it: by hand, by a service that registers at its " +
			"start, or because a change was taken back in the repository alone. Consumers that ask for the latest version get the other one.",
		Repair: "Bring the newer version into the repository (avow pull), delete it in the registry, or change the contract so that it is " +
			"a version of its own.",
	}
	ruleDriftUndescribed = finding.Rule{
		ID: "DRIFT_UNDESCRIBED", Severity: finding.Error, Fixed: true,
		Purpose: "The repository describes every subject.",
		Why: "Nobody reviews what the repository does not have. Such a subject is somebody else's, left over from a contract that is " +
			"gone, or registered by accident, such as under a misspelt name. One of another type than Avro is a note: no repository can " +
			"describe it.",
		Repair: "Run avow apply --prune, which deletes it softly, bring it into the repository with avow pull SUBJECT, or name it in the " +
			"environment's list ignore.",
		Bad:  finding.Case{Old: `{"type":"record","name":"Forgotten","fields":[]}`},
		Good: finding.Case{Old: `{"type":"record","name":"Known","fields":[]}`, New: `{"type":"record","name":"Known","fields":[]}`},
	}
	ruleDriftTopic = finding.Rule{
		ID: "DRIFT_TOPIC", Severity: finding.Error, Fixed: true,
		Purpose: "Topics are as avow.yaml says.",
		Why:     "Partitions, replicas and settings are part of what consumers rely on: order, retention, compaction.",
		Repair: "Run avow apply, which creates topics, adds partitions and changes settings. What it cannot do, such as taking partitions " +
			"away, has to be changed in avow.yaml.",
	}
	ruleDriftLock = finding.Rule{
		ID: "DRIFT_LOCK", Severity: finding.Error, Fixed: true,
		Purpose: "avow.lock has the ids that the registry gives.",
		Why: "Services that carry the file write and read by its ids without asking the registry. Ids of a registry that was made anew " +
			"mean other schemas there.",
		Repair: "Run avow apply, commit avow.lock, and build the services anew.",
	}
)

// driftRules returns every rule that avow drift knows.
func driftRules() []finding.Rule {
	return []finding.Rule{
		ruleDriftMissing, ruleDriftSchema, ruleDriftReferences, ruleDriftLevel, ruleDriftNewer, ruleDriftUndescribed,
		ruleDriftTopic, ruleDriftLock,
	}
}
