package cli

import "github.com/avow-events/avow/internal/finding"

// Rules of the deploy gate.
var (
	ruleUnknownContract = finding.Rule{
		ID: "GATE_UNKNOWN_CONTRACT", Severity: finding.Error, Fixed: true,
		Purpose: "Every event that a binary writes has a contract.",
		Why: "The binary has a producer of a type that was not generated from any schema in it, so nothing can be said of what it " +
			"will write.",
		Repair: "Generate the type with the avow.yaml that stands here, run avow apply, and build the binary anew.",
	}
	ruleNotLocked = finding.Rule{
		ID: "GATE_NOT_LOCKED", Severity: finding.Error, Fixed: true,
		Purpose: "The avow.lock in a binary knows every schema that it writes.",
		Why: "A contract was changed after the last apply to that environment, or the binary was built before: at its start it would " +
			"ask the registry for a schema that may not be there.",
		Repair: "Run avow apply --env NAME, commit avow.lock, and build the binary anew.",
	}
	ruleNotRegistered = finding.Rule{
		ID: "GATE_NOT_REGISTERED", Severity: finding.Error, Fixed: true,
		Purpose: "Every schema that a binary writes is registered.",
		Why: "Its avow.lock says that the schema is registered, and the registry does not have it: it was deleted, or the registry is " +
			"another one. Nobody could read what the binary writes.",
		Repair: "Run avow apply --env NAME.",
	}
	ruleOtherID = finding.Rule{
		ID: "GATE_OTHER_ID", Severity: finding.Error, Fixed: true,
		Purpose: "A binary writes the ids that the registry gives its schemas.",
		Why: "The registry was made anew since avow.lock was written, and the id that the binary writes is none of it, or means " +
			"another schema: consumers would read nonsense.",
		Repair: "Run avow apply --env NAME, commit avow.lock, and build the binary anew.",
	}
)

// gateRules returns every rule that avow deploy-gate knows.
func gateRules() []finding.Rule {
	return []finding.Rule{ruleUnknownContract, ruleNotLocked, ruleNotRegistered, ruleOtherID}
}
