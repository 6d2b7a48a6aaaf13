package compat

import (
	"slices"
	"strconv"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// match is a type of the old schema and its counterpart in the new one, and the fields that hold them.
type match struct {
	old, new site
	// oldField and newField are nil where the types are no field's own.
	oldField, newField *avsc.Field
	// path is where the new one stands, and place the same as a path in a value.
	path, place string
}

// at makes a finding of a rule about this match; pos and oldPos may be more exact than where the types stand.
func (m *match) at(pos, oldPos avsc.Pos, message, fix string) []finding.Finding {
	return []finding.Finding{{Path: m.path, Pos: pos, OldPos: oldPos, Message: message, Fix: fix}}
}

// withExample adds to findings what the new type makes of a value of the old one, given in Avro's own JSON encoding.
func (m *match) withExample(found []finding.Finding, text string) []finding.Finding {
	for i := range found {
		found[i].Example = readAs(m.old.Type, m.new.Type, text)
	}
	return found
}

// what names the thing that is matched.
func (m *match) what() string { return describePlace(m.place) }

// semantic applies every rule that is no part of the verdict to every pair of types of the old and the new schema.
func (c *Change) semantic() []finding.Finding {
	rules := semanticRules()
	var out []finding.Finding
	add := func(r rule, found []finding.Finding) {
		for _, f := range found {
			f.Rule, f.Severity, f.Harm = r.ID, r.Severity, max(f.Harm, r.harm)
			out = append(out, c.about(f))
		}
	}
	walk := matchWalk{
		seen: make(map[pair]bool),
		types: func(m *match) {
			for _, r := range rules {
				if r.types != nil {
					add(r, r.types(m))
				}
			}
		},
		fields: func(m *match) {
			for _, r := range rules {
				if r.fields != nil {
					add(r, r.fields(m))
				}
			}
		},
	}
	walk.from(c.Old.Root, c.New.Root)
	return out
}

// semanticRules are the rules for changes that keep data readable and still change what it means, or who can use it.
func semanticRules() []rule {
	return slices.Concat(logicalRules(), defaultRules(), enumRules(), nameRules(), unionRules(), docRules(), goRules())
}

// matchWalk calls types for each pair of types that are counterparts, once for a pair of named types, and fields for each
// pair of fields, whose types are then in the match: fields of records match by name or alias, branches of unions by name
// or kind.
type matchWalk struct {
	types, fields func(*match)
	seen          map[pair]bool
}

func (w *matchWalk) from(old, next *avsc.Type) {
	w.walk(&match{old: site{old, old.Pos}, new: site{next, next.Pos}}, cursor{})
}

func (w *matchWalk) walk(m *match, at cursor) {
	m.path, m.place = at.location(), at.place()
	if m.newField != nil {
		w.fields(m)
	}
	if key := (pair{m.new.Type, m.old.Type}); !w.seen[key] {
		w.seen[key] = true
		w.types(m)
		w.children(m, at)
	}
}

func (w *matchWalk) children(m *match, at cursor) {
	o, n := m.old, m.new
	switch {
	case o.Kind == avsc.Union || n.Kind == avsc.Union:
		w.branches(o, n, at)
	case o.Kind != n.Kind:
	case o.Kind == avsc.Array:
		w.walk(&match{old: elemOf(o.Type), new: elemOf(n.Type)}, at.down("items", "[]"))
	case o.Kind == avsc.Map:
		w.walk(&match{old: elemOf(o.Type), new: elemOf(n.Type)}, at.down("values", "{}"))
	case o.Kind == avsc.Record:
		at := at.down("fields", "")
		for i, field := range n.Fields {
			if former := formerField(field, o.Type); former != nil {
				w.walk(&match{old: typeOf(former), new: typeOf(field), oldField: former, newField: field},
					at.down(strconv.Itoa(i), field.Name).down("type", ""))
			}
		}
	}
}

// formerField returns the field of the old record that the new field was, by name or alias, nil if it is new.
func formerField(field *avsc.Field, old *avsc.Type) *avsc.Field {
	for _, f := range old.Fields {
		if f.Name == field.Name {
			return f
		}
	}
	for _, a := range field.Aliases {
		for _, f := range old.Fields {
			if f.Name == a.Name {
				return f
			}
		}
	}
	return nil
}

// branches pairs the branches of unions; a type that is no union counts as a union of itself.
func (w *matchWalk) branches(o, n site, at cursor) {
	for i, branch := range branchesOf(n) {
		if former, ok := formerBranch(branch, branchesOf(o)); ok {
			below := at
			if n.Kind == avsc.Union {
				below = at.down(strconv.Itoa(i), "")
			}
			w.walk(&match{old: former, new: branch}, below)
		}
	}
}

func branchesOf(s site) []site {
	if s.Kind != avsc.Union {
		return []site{s}
	}
	branches := make([]site, len(s.Branches))
	for i := range s.Branches {
		branches[i] = branchOf(s.Type, i)
	}
	return branches
}

// formerBranch returns the branch of the same kind, of named types the one of the same name.
func formerBranch(branch site, old []site) (site, bool) {
	for _, o := range old {
		if o.Kind == branch.Kind && (!o.Kind.IsNamed() || o.Name == branch.Name) {
			return o, true
		}
	}
	for _, o := range old {
		if o.Kind == branch.Kind && o.Kind.IsNamed() && namesMatch(branch.Type, o.Type) {
			return o, true
		}
	}
	return site{}, false
}
