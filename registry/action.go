package registry

import "fmt"

// Action is what a step of a [Plan] does. The zero Action is Keep.
type Action uint8

// The actions of a plan.
const (
	// Keep: the subject holds the schema already.
	Keep Action = iota
	// SetLevel: the subject's compatibility level changes.
	SetLevel
	// Create: the subject does not exist yet and gets its first version.
	Create
	// NewVersion: the subject gets another version.
	NewVersion
	// ChangeReferences: the subject gets another version whose text is that of the latest one, with other references.
	ChangeReferences
	// Delete: the subject is deleted, softly: its ids can still be read, and it can be registered again.
	Delete
)

var actionNames = [...]string{
	Keep: "keep", SetLevel: "set level", Create: "create", NewVersion: "new version",
	ChangeReferences: "change references", Delete: "delete",
}

// String returns keep, set level, create, new version, change references or delete.
func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return fmt.Sprintf("Action(%d)", uint8(a))
}

// Registers reports whether the action registers a schema.
func (a Action) Registers() bool { return a == Create || a == NewVersion || a == ChangeReferences }

// MarshalText returns what String does.
func (a Action) MarshalText() ([]byte, error) {
	if int(a) >= len(actionNames) {
		return nil, fmt.Errorf("registry: no such action: %d", uint8(a))
	}
	return []byte(a.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (a *Action) UnmarshalText(text []byte) error {
	for i, name := range actionNames {
		if name == string(text) {
			*a = Action(i)
			return nil
		}
	}
	return fmt.Errorf("registry: unknown action %q: want one of %q", text, actionNames)
}
