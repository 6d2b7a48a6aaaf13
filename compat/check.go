package compat

import (
	"errors"
	"fmt"

	"github.com/avow-events/avow/avsc"
)

// Version is a schema that a subject holds already.
type Version struct {
	// Number is what messages call it: {oldSchemaVersion: Number}. 0 leaves that line out.
	Number int
	Schema *avsc.Schema
	// Foreign is the text of a version that is no Avro schema; Schema is nil then. No Avro schema is compatible with it.
	Foreign string
}

func (v Version) text() string {
	if v.Schema == nil {
		return v.Foreign
	}
	return v.Schema.String()
}

// Result is what a level says of a new schema.
type Result struct {
	Level      Level
	Compatible bool
	// Messages are the registry's, in its order and words, but for its [ClosingLine]; empty where compatible.
	Messages []string
	// Failed is the index of the version that the schema is not compatible with, -1 where there is none. Newer
	// ones are compatible, older ones were not looked at.
	Failed int
	// Directions are the comparisons with that version that found something, in the order of the messages.
	Directions []Direction
}

// Direction is one reader and one writer, one of them the new schema and the other an old version.
type Direction struct {
	// NewReads is true where the new schema is the reader.
	NewReads          bool
	Incompatibilities []Incompatibility
	// Err is what Avro Java throws for the pair, an *[AmbiguousFieldError], or [ErrForeign].
	Err error
}

// ErrForeign says that a version is no Avro schema.
//
//lint:ignore ST1005 the registry's own words
var ErrForeign = errors.New("Incompatible because of different schema type")

// Check asks whether next may follow history, oldest first, at a level, and answers as Schema Registry does; the
// versions are numbered from 1. The new schema should have been parsed strictly and the old ones with
// [avsc.Registered], as a registry does. The error says that the call was wrong, never that schemas do not fit.
func Check(level Level, next *avsc.Schema, history []*avsc.Schema) (*Result, error) {
	versions := make([]Version, len(history))
	for i, s := range history {
		versions[i] = Version{Number: i + 1, Schema: s}
	}
	return CheckVersions(level, next, versions)
}

// CheckVersions is [Check] for versions that bring their own numbers. A level that is not transitive looks at the last
// one alone: to ask about one version whatever the level, pass it alone.
func CheckVersions(level Level, next *avsc.Schema, history []Version) (*Result, error) {
	if !level.valid() {
		return nil, fmt.Errorf("compat: no such level: %d", uint8(level))
	}
	if next == nil || next.Root == nil {
		return nil, errors.New("compat: no schema to check")
	}
	r := &Result{Level: level, Compatible: true, Failed: -1}
	for i := len(history) - 1; i >= 0 && r.Compatible; i-- {
		old := history[i]
		if old.Schema == nil && old.Foreign == "" {
			return nil, fmt.Errorf("compat: version at index %d holds no schema", i)
		}
		if r.Directions = directions(level, next, old.Schema); len(r.Directions) > 0 {
			r.Compatible, r.Failed, r.Messages = false, i, messages(level, r.Directions, old)
		}
		if !level.Transitive() {
			break
		}
	}
	return r, nil
}

// directions compares a schema with one version, nil for a foreign one, in the directions that the level asks for, and
// returns those that found something.
func directions(level Level, next, old *avsc.Schema) []Direction {
	var found []Direction
	look := func(newReads bool) {
		d := Direction{NewReads: newReads}
		switch {
		case old == nil:
			d.Err = ErrForeign
		case newReads:
			d.Incompatibilities, d.Err = CheckReaderWriter(next, old)
		default:
			d.Incompatibilities, d.Err = CheckReaderWriter(old, next)
		}
		if d.Err != nil || len(d.Incompatibilities) > 0 {
			found = append(found, d)
		}
	}
	if level.OldReadsNew() {
		look(false)
	}
	if level.NewReadsOld() {
		look(true)
	}
	return found
}
