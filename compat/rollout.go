package compat

import (
	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// Order says who must be deployed first for nobody to meet data that they cannot read.
type Order uint8

// The orders, found by comparing both ways, whatever the level asks for.
const (
	// AnyOrder: each side reads what the other writes.
	AnyOrder Order = iota
	// ConsumersFirst: the new schema reads old data, the old one does not read new data.
	ConsumersFirst
	// ProducersFirst: the old schema reads new data, the new one does not read old data.
	ProducersFirst
	// NoOrder: neither reads the other's data.
	NoOrder
)

// String returns what to do, as a phrase.
func (o Order) String() string {
	return [...]string{
		"deploy producers and consumers in any order", "deploy consumers first",
		"deploy producers first, and consumers once the data written before is gone", "no order of deployment is safe",
	}[o]
}

// OrderFor returns the order that is safe for what a finding does beyond the verdict.
func OrderFor(harm finding.Harm) Order {
	switch harm {
	case finding.AllDataMisread:
		return NoOrder
	case finding.OldDataMisread:
		return ProducersFirst
	}
	return AnyOrder
}

// And returns the order that is safe for two changes that are deployed together.
func (o Order) And(p Order) Order { return o | p }

// Order compares both ways with the former version, and at a transitive level with those that the level asks about; of a
// contract that is new or gone, or the same, the order does not matter.
func (c *Change) Order() Order {
	order := AnyOrder
	if c.Old == nil || c.New == nil {
		return order
	}
	if found, err := CheckReaderWriter(c.Old, c.New); err != nil || len(found) > 0 {
		order |= ConsumersFirst
	}
	if found, err := CheckReaderWriter(c.New, c.Old); err != nil || len(found) > 0 {
		order |= ProducersFirst
	}
	if !c.Level.Transitive() {
		return order
	}
	found, _ := c.incompatible()
	for _, d := range found {
		if d.NewReads {
			order |= ProducersFirst
		} else {
			order |= ConsumersFirst
		}
	}
	return order
}

// Bump says which part of a semantic version a change raises.
type Bump uint8

// The bumps, from nothing to a break.
const (
	// NoBump: the contract is the same.
	NoBump Bump = iota
	// Patch: documentation or attributes changed that Avro does not know.
	Patch
	// Minor: the contract is new, or changed in a way that its level allows.
	Minor
	// Major: the contract is gone, or changed in a way that its level does not allow; at [None], in a way that one
	// side cannot read.
	Major
)

// String returns the word of semantic versioning, and none for no change.
func (b Bump) String() string { return [...]string{"none", "patch", "minor", "major"}[b] }

// Bump compares what the contract was and is, by the verdict alone. A finding that does any harm makes it [Major], whatever
// the verdict is; that is the caller's to add, who knows which findings count.
func (c *Change) Bump() Bump {
	switch {
	case c.Old == nil:
		return Minor
	case c.New == nil:
		return Major
	case c.Old.Root.String() == c.New.Root.String():
		return NoBump
	case c.isBreak():
		return Major
	case sameShape(c.Old.Root, c.New.Root, make(map[pair]bool)):
		return Patch
	}
	return Minor
}

func (c *Change) isBreak() bool {
	if c.Level == None {
		return c.Order() != AnyOrder
	}
	found, _ := c.incompatible()
	return len(found) > 0
}

// sameShape reports whether two types differ in nothing that Avro gives a meaning to: documentation, the order of fields
// in sorting and attributes of others aside.
func sameShape(old, next *avsc.Type, seen map[pair]bool) bool {
	if old.Kind != next.Kind || old.Name != next.Name || old.Size != next.Size ||
		len(old.Fields) != len(next.Fields) || len(old.Symbols) != len(next.Symbols) || len(old.Aliases) != len(next.Aliases) ||
		len(old.Branches) != len(next.Branches) || (old.Logical == nil) != (next.Logical == nil) ||
		(old.Default == nil) != (next.Default == nil) {
		return false
	}
	key := pair{next, old}
	if seen[key] {
		return true
	}
	seen[key] = true
	if old.Logical != nil && *old.Logical != *next.Logical || old.Default != nil && old.Default.Name != next.Default.Name {
		return false
	}
	for i := range old.Symbols {
		if old.Symbols[i].Name != next.Symbols[i].Name {
			return false
		}
	}
	for i := range old.Aliases {
		if old.Aliases[i].Name != next.Aliases[i].Name {
			return false
		}
	}
	for i := range old.Branches {
		if !sameShape(old.Branches[i], next.Branches[i], seen) {
			return false
		}
	}
	for i := range old.Fields {
		if !sameField(old.Fields[i], next.Fields[i], seen) {
			return false
		}
	}
	return old.Elem == nil || sameShape(old.Elem, next.Elem, seen)
}

func sameField(old, next *avsc.Field, seen map[pair]bool) bool {
	if old.Name != next.Name || len(old.Aliases) != len(next.Aliases) || !sameValue(old.Default, next.Default) {
		return false
	}
	for i := range old.Aliases {
		if old.Aliases[i].Name != next.Aliases[i].Name {
			return false
		}
	}
	return sameShape(old.Type, next.Type, seen)
}
