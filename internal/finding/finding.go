// Package finding holds the one type of a result: what a check, a lint or a comparison has to say, where, and how to
// mend it. A finding is not an error: a check that finds a break has succeeded.
package finding

import "github.com/avow-events/avow/avsc"

// Severity says what a finding does to the exit code.
type Severity uint8

// Severities, from harmless to fatal. Only Error makes a command exit with 100.
const (
	Note Severity = iota
	Warning
	Error
)

// String returns note, warning or error.
func (s Severity) String() string { return [...]string{"note", "warning", "error"}[s] }

// Severities returns all of them, from harmless to fatal.
func Severities() []Severity { return []Severity{Note, Warning, Error} }

// Finding is one result.
type Finding struct {
	// Rule is the id of the rule, in UPPER_SNAKE.
	Rule     string
	Severity Severity
	// Pos is where it was found: in a comparison, in the new schema. OldPos is its counterpart in the old
	// one; invalid where there is none.
	Pos, OldPos avsc.Pos
	// Path is the place in the schema as a JSON pointer, empty where there is none.
	Path string
	// Subject is what the finding is about, by full name or subject; empty where Pos says enough.
	Subject string
	// Message says what is wrong, what was there and what was wanted, in one line.
	Message string
	// Fix says what would mend it, in one line; empty where nothing is known.
	Fix string
	// Edits do what Fix says to the file at Pos, where that is mechanical; empty where somebody must decide.
	Edits []Edit
	// Harm is what it does to those who read or write, beyond the verdict.
	Harm Harm
	// Example is a value that shows it and what happens to it, in one line; empty where there is none.
	Example string
	// Via leads from Subject to the type at Pos where that is another file's: the full names of the types on the
	// way, the last one's included. Findings that differ in Subject and Via alone have one cause.
	Via []string
}
