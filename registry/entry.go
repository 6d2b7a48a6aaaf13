package registry

import (
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// Entry is a schema that a registry is to hold under a subject. A list of them is in an order in which each comes after
// what it refers to; a subject may be in it more than once, and gets its versions in that order.
type Entry struct {
	Subject string
	Schema  *avsc.Schema
	// References of the schema, one for each document that it names.
	References []EntryReference
	// Level that the subject itself is to be held to; nil leaves it as it is.
	Level *compat.Level
	// Source is what the entry was read from where that is another registry, nil where it is a repository.
	Source *Schema
}

// EntryReference is what an [Entry] refers to: another entry, or a version that the registry holds.
type EntryReference struct {
	// Name is the full name of the type.
	Name string
	// Entry is the index of an earlier entry in the list. It counts where Version is 0.
	Entry int
	// Subject and Version are one that the registry holds already.
	Subject string
	Version int
}

// Contracts is what a repository wants of a registry.
type Contracts struct {
	Set *avsc.Set
	// Targets says where a schema is meant to be. None leaves it out, which is an error for one that another refers
	// to; others refer to the first.
	Targets func(*avsc.Schema) []Target
	// Pin says which subject and version of a schema another one refers to where that is not the first target in the
	// version of the repository; zero values where it is. It may be nil.
	Pin func(from, to *avsc.Schema) (subject string, version int)
}

// Target is a place that a schema is meant for.
type Target struct {
	Subject string
	// Level that the subject is to be held to, where HasLevel says that there is one. Without one the level is left
	// as it is.
	Level    compat.Level
	HasLevel bool
}

// Entries returns a list of what the contracts want. The error is an [avsc.ErrorList] with everything that stands in the
// way.
func (c Contracts) Entries() ([]Entry, error) {
	b := entryBuilder{Contracts: c, taken: map[string]*avsc.Schema{}, places: map[*avsc.Schema][]int{}}
	var errs avsc.ErrorList
	for _, s := range c.Set.Schemas {
		for _, t := range c.Targets(s) {
			if err := b.add(s, t); err != nil {
				errs = append(errs, &avsc.Error{Pos: s.Root.Pos, Err: err})
			}
		}
	}
	return b.entries, errs.Err()
}

type entryBuilder struct {
	Contracts
	entries []Entry
	taken   map[string]*avsc.Schema
	places  map[*avsc.Schema][]int // of a schema, by index
}

func (b *entryBuilder) add(s *avsc.Schema, t Target) error {
	if other, taken := b.taken[t.Subject]; taken {
		if name := s.Root.FullName(); s.Root.Kind.IsNamed() && name == other.Root.FullName() {
			return fmt.Errorf("%s is defined in %s and, just the same, in %s: delete one of the files, or rename one of the types",
				name, other.File, s.File)
		}
		return fmt.Errorf("subject %s is meant for %s (%s) as well, and would hold both as versions of one schema: give them subjects of their own",
			t.Subject, other.Root.FullName(), other.File)
	}
	b.taken[t.Subject] = s
	e := Entry{Subject: t.Subject, Schema: s}
	if t.HasLevel {
		e.Level = &t.Level
	}
	for _, to := range dependenciesFirst(s.References()) {
		ref, err := b.reference(s, to)
		if err != nil {
			return err
		}
		e.References = append(e.References, ref)
	}
	b.places[s] = append(b.places[s], len(b.entries))
	b.entries = append(b.entries, e)
	return nil
}

// dependenciesFirst returns the references of a schema in an order in which each comes after those that it refers to
// itself, and otherwise by name. Clients parse them one after the other: @confluentinc/schemaregistry knows no name that
// comes later. The order depends on nothing but what is referred to, so that other contracts do not change it.
func dependenciesFirst(refs []*avsc.Schema) []*avsc.Schema {
	seen := map[*avsc.Schema]bool{}
	var sorted []*avsc.Schema
	var visit func(*avsc.Schema)
	visit = func(s *avsc.Schema) {
		if seen[s] {
			return
		}
		seen[s] = true
		for _, to := range s.References() {
			visit(to)
		}
		if slices.Contains(refs, s) {
			sorted = append(sorted, s)
		}
	}
	for _, s := range refs {
		visit(s)
	}
	return sorted
}

func (b *entryBuilder) reference(from, to *avsc.Schema) (EntryReference, error) {
	ref := EntryReference{Name: to.Root.FullName()}
	if b.Pin != nil {
		ref.Subject, ref.Version = b.Pin(from, to)
	}
	places := b.places[to]
	switch {
	case len(places) == 0 && (ref.Version == 0 || ref.Subject == ""):
		return ref, fmt.Errorf("%s refers to %s (%s), which has no subject: give it one",
			from.Root.FullName(), to.Root.FullName(), to.File)
	case ref.Subject == "":
		ref.Entry = places[0]
		ref.Subject = b.entries[places[0]].Subject
		return ref, nil
	case ref.Version > 0:
		return ref, nil
	}
	for _, i := range places {
		if b.entries[i].Subject == ref.Subject {
			ref.Entry = i
			return ref, nil
		}
	}
	return ref, fmt.Errorf("%s is to refer to %s in subject %s, which is none of its subjects",
		from.Root.FullName(), to.Root.FullName(), ref.Subject)
}
