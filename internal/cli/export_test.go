package cli

// For tests: rules as values, with their cases.
var (
	DriftRules = driftRules
	GateRules  = gateRules
)
