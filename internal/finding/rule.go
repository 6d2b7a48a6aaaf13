package finding

// Rule is what a check looks for. It is a value, so that a list of rules, their explanations, the configuration and a
// report all say the same.
type Rule struct {
	// ID in UPPER_SNAKE; findings carry it.
	ID string
	// Purpose says in one sentence what the rule holds.
	Purpose string
	// Severity of its findings unless the configuration says otherwise, which it cannot of a rule that is Fixed: one
	// whose answer is somebody else's, such as a registry's.
	Severity Severity
	Fixed    bool
	// Why says in a few sentences who suffers, and how, when the rule is broken.
	Why string
	// Repair says how to mend it.
	Repair string
	// Bad breaks the rule and Good keeps it.
	Bad, Good Case
}

// Case is an example of a rule: schemas as text. A rule that looks at one schema leaves Old empty.
type Case struct{ Old, New string }
