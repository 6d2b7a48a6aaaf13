package compat

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// Who suffers from an incompatibility.
const (
	oldDataUnreadable = "what was written with the old schema cannot be read"
	oldReadersFail    = "consumers with the old schema cannot read what is written with this one"
)

func (s side) suffering() string {
	if s.newReads {
		return oldDataUnreadable
	}
	return oldReadersFail
}

func (s side) missingDefault() (message, fix string) {
	name := fmt.Sprintf("field %q", s.Field.Name)
	if s.newReads {
		message = fmt.Sprintf("%s is new and has no default, so %s", name, oldDataUnreadable)
		fix = fmt.Sprintf("add %s to the field", defaultSuggestion(s.Field.Type))
		if former := renamedFrom(s.Field, s.Reader, s.Writer); former != "" {
			fix += fmt.Sprintf(`, or "aliases": [%q] if it was called so before`, former)
		}
		return message, fix
	}
	message = fmt.Sprintf("%s is gone, and the old schema has no default for it, so %s", name, oldReadersFail)
	fix = fmt.Sprintf("keep the field; it can go once no consumer uses a schema in which %s has no default", name)
	if latter := renamedFrom(s.Field, s.Reader, s.Writer); latter != "" {
		fix = fmt.Sprintf("keep the name: an alias of %q helps readers with the new schema alone; %s", latter, fix)
	}
	return message, fix
}

func (s side) typeMismatch() (message, fix string) {
	if s.Field != nil { // an enum that is compared with the record that lacks its field
		message = fmt.Sprintf("field %q is %s and has no default; the default of its enum does not stand in for it, so %s",
			s.Field.Name, map[bool]string{true: "new", false: "gone"}[s.newReads], s.suffering())
		if s.newReads {
			return message, fmt.Sprintf("add %s to the field itself", defaultSuggestion(s.Field.Type))
		}
		return message, "keep the field; it can go once every consumer's schema has a default for it"
	}
	old, next := s.Writer, s.Reader
	if !s.newReads {
		old, next = next, old
	}
	message = fmt.Sprintf("%s changed from %s to %s, so %s", s.what(), describeType(old), describeType(next), s.suffering())
	switch {
	case s.newReads && s.level.OldReadsNew():
		fix = fmt.Sprintf("keep %s, and add a new field with a default for the new type", describeType(old))
	case s.newReads:
		fix = fmt.Sprintf("keep %s, or make it a union of both: [%s, %s]", describeType(old), describeType(old), describeType(next))
	default:
		fix = fmt.Sprintf("keep %s, and add a new field for the new type", describeType(old))
	}
	return message, fix
}

func (s side) nameMismatch() (message, fix string) {
	if s.newReads {
		return fmt.Sprintf("%s %s is called %s now, so %s", s.Writer.Kind, s.Writer.Name, s.Reader.Name, oldDataUnreadable),
			fmt.Sprintf(`add "aliases": [%q] to it`, s.Writer.Name.Full())
	}
	return fmt.Sprintf("%s %s is called %s now, so %s", s.Reader.Kind, s.Reader.Name, s.Writer.Name, oldReadersFail),
		fmt.Sprintf("keep the name %s: an alias helps readers with the new schema alone", s.Reader.Name.Short)
}

func (s side) sizeMismatch() (message, fix string) {
	old, next := s.Writer.Size, s.Reader.Size
	if !s.newReads {
		old, next = next, old
	}
	return fmt.Sprintf("fixed %s is %d bytes long now, not %d, so %s", s.Reader.Name, next, old, s.suffering()),
		fmt.Sprintf(`keep "size": %d, and give the new size to a new type in a new field`, old)
}

func (s side) missingSymbols() (message, fix string) {
	var names []string
	for _, symbol := range missingSymbols(s.Reader, s.Writer) {
		names = append(names, symbol.Name)
	}
	which := list(names)
	if s.newReads {
		return fmt.Sprintf("enum %s has lost %s and has no default, so %s", s.Reader.Name, which, oldDataUnreadable),
			fmt.Sprintf(`put %s back, or add a "default" symbol to the enum`, which)
	}
	return fmt.Sprintf("enum %s has gained %s, which the old one has no default for, so %s", s.Writer.Name, which, oldReadersFail),
		fmt.Sprintf(`first give the enum a "default" symbol and let every consumer have it; then add %s`, which)
}

func (s side) missingBranch() (message, fix string) {
	branch := s.branch()
	if s.newReads {
		if s.Writer.Kind != avsc.Union {
			return fmt.Sprintf("%s changed from %s to a union without it, so %s", s.what(), describeType(branch), oldDataUnreadable),
				fmt.Sprintf("add %s to the union", describeType(branch))
		}
		return fmt.Sprintf("%s: the union has lost its branch %s, so %s", s.what(), describeType(branch), oldDataUnreadable),
			fmt.Sprintf("put %s back into the union", describeType(branch))
	}
	if s.Writer.Kind != avsc.Union {
		return fmt.Sprintf("%s changed from a union to %s, which is none of its branches, so %s", s.what(), describeType(branch), oldReadersFail),
			"keep the union, and add a new field for the new type"
	}
	return fmt.Sprintf("%s: the union has gained the branch %s, so %s", s.what(), describeType(branch), oldReadersFail),
		"let every consumer have the wider union first (level BACKWARD), or use a new field for the new type"
}

// branch returns the writer's type that the reader's union lacks.
func (inc Incompatibility) branch() *avsc.Type {
	if inc.Writer.Kind != avsc.Union {
		return inc.Writer
	}
	for i, pos := range inc.Writer.BranchPos {
		if pos == inc.WriterPos {
			return inc.Writer.Branches[i]
		}
	}
	return inc.Writer
}

// inner returns the branch of the reader's union that should have been the counterpart of the one it lacks, a type of that
// name or a container of that kind, and what keeps it from being that; nil where there is none.
func (inc Incompatibility) inner() ([]Incompatibility, *avsc.Type) {
	branch := inc.branch()
	for _, candidate := range inc.Reader.Branches {
		if candidate.Kind != branch.Kind || candidate.Kind.IsPrimitive() || candidate.Kind.IsNamed() && !namesMatch(candidate, branch) {
			continue
		}
		found, err := CheckReaderWriter(&avsc.Schema{Root: candidate}, &avsc.Schema{Root: branch})
		if err == nil && len(found) > 0 {
			return found, candidate
		}
	}
	return nil, nil
}

// cause returns why the counterpart of a branch cannot read it, through as many unions as it takes, and how many more
// reasons there are; not ok where the union has no counterpart.
func (s side) cause() (cause finding.Finding, more int, ok bool) {
	for s.Type == MissingUnionBranch {
		inner, candidate := s.inner()
		if candidate == nil {
			break
		}
		s.Incompatibility, more, ok = inner[0], len(inner)-1, true
	}
	if !ok {
		return finding.Finding{}, 0, false
	}
	return s.finding(), more, true
}

// what names the thing at a place: a field, the items of one, the schema itself.
func (s side) what() string { return describePlace(s.Place) }
