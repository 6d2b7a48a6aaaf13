package compat

import (
	"slices"
	"strconv"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// spot is a type of one schema where it is used, for rules that need no former version.
type spot struct {
	site
	// field holds the type; nil where the type is no field's own.
	field *avsc.Field
	// record is the one that field belongs to.
	record *avsc.Type
	path   string
	place  string
}

// at makes a finding of a rule about this spot.
func (s *spot) at(pos avsc.Pos, message, fix string) []finding.Finding {
	return []finding.Finding{{Path: s.path, Pos: pos, Message: message, Fix: fix}}
}

// flawRules are the rules for what is wrong with a schema whatever it was before.
func flawRules() []rule { return slices.Concat(unusableRules(), ignoredRules()) }

// flaws returns what is wrong with the new schema by itself. What the old one suffers from too is left out, and so is what
// other documents define that a new contract refers to: they have a change of their own.
func (c *Change) flaws() []finding.Finding {
	known := make(map[[2]string]bool)
	if c.Old != nil {
		for _, f := range flawsOf(c.Old) {
			known[[2]string{f.Rule, f.Message}] = true
		}
	}
	var out []finding.Finding
	for _, f := range flawsOf(c.New) {
		if !known[[2]string{f.Rule, f.Message}] && (c.Old != nil || f.Pos.File == c.New.File) {
			if c.Old == nil {
				f.Harm = finding.NoHarm // there is no data yet, and no code
			}
			out = append(out, c.about(f))
		}
	}
	return out
}

// flawsOf applies every rule that needs no former version to each type of a schema.
func flawsOf(s *avsc.Schema) []finding.Finding {
	var out []finding.Finding
	walk := spotWalk{seen: make(map[*avsc.Type]bool), visit: func(s *spot) {
		for _, r := range flawRules() {
			for _, f := range r.flaw(s) {
				f.Rule, f.Severity, f.Harm = r.ID, r.Severity, r.harm
				out = append(out, f)
			}
		}
	}}
	walk.walk(&spot{site: site{s.Root, s.Root.Pos}}, cursor{})
	return out
}

// spotWalk calls visit for every use of a type, and goes into each type once.
type spotWalk struct {
	seen  map[*avsc.Type]bool
	visit func(*spot)
}

func (w *spotWalk) walk(s *spot, at cursor) {
	s.path, s.place = at.location(), at.place()
	w.visit(s)
	if w.seen[s.Type] {
		return
	}
	w.seen[s.Type] = true
	switch s.Kind {
	case avsc.Array:
		w.walk(&spot{site: elemOf(s.Type)}, at.down("items", "[]"))
	case avsc.Map:
		w.walk(&spot{site: elemOf(s.Type)}, at.down("values", "{}"))
	case avsc.Union:
		for i := range s.Branches {
			w.walk(&spot{site: branchOf(s.Type, i)}, at.down(strconv.Itoa(i), ""))
		}
	case avsc.Record:
		at := at.down("fields", "")
		for i, f := range s.Fields {
			w.walk(&spot{site: typeOf(f), field: f, record: s.Type}, at.down(strconv.Itoa(i), f.Name).down("type", ""))
		}
	}
}
