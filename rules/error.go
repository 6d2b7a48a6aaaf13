package rules

import (
	"fmt"
	"strings"
)

// Error says which rules of its contract an event breaks.
type Error struct {
	// Violations holds all of them in the order of the event: those of a record, then those of its fields and what is in
	// them; the entries of a map by their keys.
	Violations []Violation
}

// Violation is a rule that a value breaks.
type Violation struct {
	// Path is the place of the value in the event, such as items[2].quantity or labels["a"]; empty is the event itself.
	// Union branches are left out.
	Path string
	Rule
	// Err says why the rule could not be evaluated, such as a division by zero; nil where it was, and said no.
	Err error
}

// String returns the path, what the rule wants and the rule:
//
//	items[2].quantity: must be positive (quantity-positive: this > 0)
func (v Violation) String() string {
	path := v.Path
	if path == "" {
		path = "(root)"
	}
	rule := v.Expr
	if v.ID != "" {
		rule = v.ID + ": " + v.Expr
	}
	message := v.Message
	switch {
	case v.Err != nil:
		message = fmt.Sprintf("cannot be judged, %v", v.Err)
	case message == "":
		message = "breaks a rule"
	}
	return fmt.Sprintf("%s: %s (%s)", path, message, rule)
}

// maxLines is how many violations an error message lists.
const maxLines = 20

// Error returns one violation a line, the first twenty of them.
func (e *Error) Error() string {
	var lines []string
	for _, v := range e.Violations[:min(len(e.Violations), maxLines)] {
		lines = append(lines, v.String())
	}
	if more := len(e.Violations) - maxLines; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}
