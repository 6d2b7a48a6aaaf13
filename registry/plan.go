package registry

import (
	"errors"
	"fmt"
	"slices"

	"github.com/avow-events/avow/compat"
)

// Plan is what has to be done to a registry so that it holds a list of schemas, in the order in which it has to be done:
// what is referred to comes first, a subject's level comes before its schema, and deletions come last. Nothing is deleted
// without [Prune].
//
// A plan can be kept as JSON and applied later: it says what it saw of the registry, and [Plan.Moved] whether that still
// holds.
type Plan struct {
	Steps []Step `json:"steps"`
	// Notes are what no step mends.
	Notes []Note `json:"notes,omitempty"`
	// Seen is what the plan rests on, by subject; under the empty one stands the registry's own level.
	Seen map[string]State `json:"seen"`
}

// Step is one thing to do, or one that needs nothing done.
type Step struct {
	Action  Action `json:"action"`
	Subject string `json:"subject"`

	// Name is the full name of the schema's root, File where it came from and Schema its text. They are empty where
	// the step is about a level or a deletion.
	Name       string             `json:"name,omitempty"`
	File       string             `json:"file,omitempty"`
	Schema     string             `json:"schema,omitempty"`
	References []PlannedReference `json:"references,omitempty"`
	// Fingerprint tells the schema apart together with what it refers to, as avow.lock does; empty where a reference
	// is tied to a version of its own, and where the registry keeps the schema, or one that it refers to, as another text.
	Fingerprint string `json:"fingerprint,omitempty"`

	// Before is the subject's latest version: its number, text and references, empty where there is none.
	Before *Before `json:"before,omitempty"`

	// Import is the version and the id that the schema is to have, nil where the registry chooses them.
	Import *ImportAs `json:"import,omitempty"`

	// Level is what SetLevel sets, and what a new version has to meet; nil for other steps. Was is the level that
	// SetLevel replaces, nil where the subject has none of its own.
	Level *compat.Level `json:"level,omitempty"`
	Was   *compat.Level `json:"was,omitempty"`

	// Version, ID and GUID say where the schema stands: known beforehand for Keep, after the step for the others.
	Version int    `json:"version,omitempty"`
	ID      int    `json:"id,omitempty"`
	GUID    string `json:"guid,omitempty"`

	// Done is set by [Plan.Moved] where the step was done already, by an earlier use of the same plan.
	Done bool `json:"-"`

	// Incompatible holds the registry's words where it would refuse the schema, and Blocked why it would refuse the
	// step for another reason.
	Incompatible []string `json:"incompatible,omitempty"`
	Blocked      string   `json:"blocked,omitempty"`
	// Reasons explain Incompatible, and tell what else a reader of the change should know.
	Reasons []Reason `json:"reasons,omitempty"`
}

// PlannedReference points from a schema of a plan to another one.
type PlannedReference struct {
	Name    string `json:"name"`
	Subject string `json:"subject"`
	// Version is known where the registry holds it already.
	Version int `json:"version,omitempty"`
	// Step is the number, from 1, of the step of the plan that makes the version where it is not known.
	Step int `json:"step,omitempty"`
}

// ImportAs says which version and id a schema is to have.
type ImportAs struct {
	Version int `json:"version"`
	ID      int `json:"id"`
}

// Before is the version that a step puts another one after.
type Before struct {
	Version int `json:"version"`
	// Type is JSON or PROTOBUF, empty for Avro.
	Type       string      `json:"type,omitempty"`
	Schema     string      `json:"schema"`
	References []Reference `json:"references,omitempty"`
}

// Reason says in one line why a schema is not compatible, or what a compatible change means.
type Reason struct {
	// Severity is error or warning.
	Severity string `json:"severity"`
	// Rule is the id by which `avow explain` knows more.
	Rule string `json:"rule"`
	// Place is where it is in the new schema's file, as file:line:col.
	Place   string `json:"place"`
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
}

// Note is something that a plan does not mend.
type Note struct {
	Kind    NoteKind `json:"kind"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
}

// NoteKind says what a [Note] is about.
type NoteKind string

// The kinds of notes.
const (
	// Newer: the registry has versions after the one that it should hold.
	Newer NoteKind = "newer"
	// Undescribed: the registry has a subject that nobody asked for, and it is not deleted.
	Undescribed NoteKind = "undescribed"
	// Foreign: nobody asked for the subject, and it is not deleted because it holds something else than Avro.
	Foreign NoteKind = "foreign"
	// Referenced: the subject cannot be deleted, because something that stays refers to it.
	Referenced NoteKind = "referenced"
)

// Validate reports whether a plan that was kept is whole: a file may have been changed by hand.
func (p *Plan) Validate() error {
	for i, s := range p.Steps {
		if err := s.validate(p.Steps[:i]); err != nil {
			return fmt.Errorf("step %d, %s of %q: %w", i+1, s.Action, s.Subject, err)
		}
		if _, ok := p.Seen[s.Subject]; !ok {
			return fmt.Errorf("step %d, %s of %q: the plan does not say what it saw of the subject", i+1, s.Action, s.Subject)
		}
	}
	return nil
}

func (s *Step) validate(before []Step) error {
	switch {
	case s.Subject == "":
		return errors.New("it names no subject")
	case s.Action == SetLevel && s.Level == nil:
		return errors.New("it has no level")
	case s.Action.Registers() && s.Schema == "":
		return errors.New("it has no schema")
	}
	for _, r := range s.References {
		if r.Version == 0 && (r.Step < 1 || r.Step > len(before) || before[r.Step-1].Subject != r.Subject) {
			return fmt.Errorf("%s refers to %s, which no step before it puts into subject %s", s.Name, r.Name, r.Subject)
		}
	}
	return nil
}

// Changes returns the steps that change something.
func (p *Plan) Changes() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Action == Keep })
}

// Refused returns the steps that the registry would refuse.
func (p *Plan) Refused() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return len(s.Incompatible) == 0 && s.Blocked == "" })
}
