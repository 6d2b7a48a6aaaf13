package codegen

import (
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/goname"
	"github.com/avow-events/avow/rules"
)

// endless is the least size of a type that has no finite value. No message holds as many bytes.
const endless = 1 << 30

// analyse finds out which records are recursive, how small the values of each type can be and which contracts have rules.
func (g *generator) analyse() {
	cycle, recursive := components(g.units, func(u *unit) []*unit { return g.uses(u.typ) })
	inline, _ := components(g.units, func(u *unit) []*unit { return g.inlines(u.typ) })
	for _, u := range g.units {
		u.cycle, u.recursive, u.inline = cycle[u], recursive[u] && u.typ.Kind == avsc.Record, inline[u]
		u.least = endless
		u.ruled = rules.On(u.typ)
	}
	for changed := true; changed; {
		changed = false
		for _, u := range g.units {
			if least := g.leastOf(u.typ); least < u.least {
				u.least, changed = least, true
			}
			if !u.ruled && slices.ContainsFunc(g.uses(u.typ), func(used *unit) bool { return used.ruled }) {
				u.ruled, changed = true, true
			}
		}
	}
	for _, u := range g.units {
		g.widthOf(u)
	}
}

// inlines returns the records that a struct for t would hold as fields.
func (g *generator) inlines(t *avsc.Type) (units []*unit) {
	for _, part := range parts(t) {
		for part.Kind == avsc.Union {
			form, branch := goname.FormOf(part)
			if form != goname.Single && !(form == goname.Nullable && g.opt.OptionalValues) {
				break
			}
			part = part.Branches[branch]
		}
		if t.Kind == avsc.Record && part.Kind == avsc.Record {
			units = append(units, g.unitOf(part))
		}
	}
	return units
}

// least returns how many bytes the smallest value of t takes.
func (g *generator) least(t *avsc.Type) int {
	if t.Kind.IsNamed() {
		return g.unitOf(t).least
	}
	return g.leastOf(t)
}

func (g *generator) leastOf(t *avsc.Type) int {
	switch t.Kind {
	case avsc.Null:
		return 0
	case avsc.Float:
		return 4
	case avsc.Double:
		return 8
	case avsc.Fixed:
		return t.Size
	case avsc.Record:
		sum := 0
		for _, f := range t.Fields {
			sum = min(sum+g.least(f.Type), endless)
		}
		return sum
	case avsc.Union:
		least := endless
		for i, branch := range t.Branches {
			least = min(least, codec.SizeLong(int64(i))+g.least(branch))
		}
		return least
	}
	return 1
}

// maxWidth is the number of fields from which on reading a record looks first whether something failed before.
const maxWidth = 256

// widthOf returns how many fields a value of u has together with those of the records in it, as far as they are always
// there, up to maxWidth.
func (g *generator) widthOf(u *unit) int {
	if u.width > 0 || u.typ.Kind != avsc.Record {
		return max(u.width, 1)
	}
	u.width = maxWidth // of a record that holds itself
	width := 1
	for _, f := range u.typ.Fields {
		if f.Type.Kind == avsc.Record {
			width += g.widthOf(g.unitOf(f.Type))
		} else {
			width++
		}
	}
	u.width = min(width, maxWidth)
	return u.width
}
