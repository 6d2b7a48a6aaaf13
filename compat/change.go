package compat

import (
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// Change is one contract, the document that producers and consumers share, before and after.
type Change struct {
	// Name is the contract's: the full name of its root, the file of a root without a name.
	Name string
	// Old is nil for a new contract, New for one that was removed.
	Old, New *avsc.Schema
	// Earlier are the versions before Old, newest first; only transitive levels look at them.
	Earlier []Earlier
	// Level that the contract is held to.
	Level Level
}

// Earlier is a version from before the one that a contract is compared with.
type Earlier struct {
	// Label says which, such as v1.2.0 or the version before 1a2b3c4.
	Label  string
	Schema *avsc.Schema
}

// Match pairs the contracts of two trees, by full name wherever their files are. A contract that the old tree does not
// have is the one that an alias of its root names, else the one that was in its file and is gone. A contract whose type is
// defined inside another document on the other side is compared with that. The changes come in the order of the new
// tree, those removed last, all at level [Backward]; contracts that are the same in both are among them.
func Match(old, next *avsc.Set) []*Change {
	byName, byFile := make(map[string]*avsc.Schema), make(map[string]*avsc.Schema)
	for _, s := range old.Schemas {
		byName[contractName(s)], byFile[s.File] = s, s
	}
	changes := make([]*Change, len(next.Schemas))
	for i, s := range next.Schemas {
		changes[i] = &Change{Name: contractName(s), New: s}
	}
	taken := make(map[*avsc.Schema]bool)
	// Each way of looking goes over all contracts first, so that none takes what is more surely another's.
	for _, former := range []func(*Change) *avsc.Schema{
		func(c *Change) *avsc.Schema { return byName[c.Name] },
		func(c *Change) *avsc.Schema {
			for _, alias := range c.New.Root.Aliases {
				if s := byName[alias.Name.Full()]; s != nil && !taken[s] {
					return s
				}
			}
			return nil
		},
		func(c *Change) *avsc.Schema {
			s := byFile[c.New.File]
			if s != nil && defined(next, s) == nil && defined(old, c.New) == nil {
				return s
			}
			return nil
		},
	} {
		for _, c := range changes {
			if c.Old != nil {
				continue
			}
			if s := former(c); s != nil && !taken[s] {
				c.Old, taken[s] = s, true
			}
		}
	}
	for _, c := range changes {
		if c.Old == nil {
			c.Old = defined(old, c.New)
		}
	}
	for _, s := range old.Schemas {
		if !taken[s] {
			changes = append(changes, &Change{Name: contractName(s), Old: s, New: defined(next, s)})
		}
	}
	return changes
}

// defined returns the type that a contract's root is called, if a tree has it: as a document of its own or inside another.
func defined(in *avsc.Set, s *avsc.Schema) *avsc.Schema {
	if !s.Root.Kind.IsNamed() {
		return nil
	}
	home, t := in.Lookup(contractName(s))
	switch {
	case t == nil:
		return nil
	case home.Root == t:
		return home
	}
	return &avsc.Schema{File: home.File, Root: t}
}

// contractName returns what a document is known by.
func contractName(s *avsc.Schema) string {
	if s.Root.Kind.IsNamed() {
		return s.Root.Name.Full()
	}
	return s.File
}

// Findings returns everything that is to say of the change: what the level forbids as errors, then what Java does not
// see, in the change and in the new schema alone. At [None] there is nothing.
func (c *Change) Findings() []finding.Finding {
	switch {
	case c.Level == None:
		return nil
	case c.New == nil:
		return []finding.Finding{c.removed()}
	case c.Old == nil:
		return c.flaws()
	}
	return slices.Concat(c.breaks(), c.semantic(), c.flaws())
}

// breaks explains what the change is not compatible with.
func (c *Change) breaks() []finding.Finding {
	found, old := c.incompatible()
	return c.explain(found, old)
}

// incompatible returns what is found against the first version, newest first, that the change is not compatible with, and
// that version, whose label is empty if it is Old.
func (c *Change) incompatible() ([]Direction, Earlier) {
	versions := []Earlier{{Schema: c.Old}}
	if c.Level.Transitive() {
		versions = append(versions, c.Earlier...)
	}
	for _, old := range versions {
		if found := directions(c.Level, c.New, old.Schema); len(found) > 0 {
			return found, old
		}
	}
	return nil, Earlier{}
}
