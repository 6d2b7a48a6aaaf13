package codegen

import (
	"maps"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// defaults returns what the constructor of a record sets: fields whose default is not Go's zero value, and records in
// it that have such fields. A default that the field's Go type cannot hold, such as a uuid of no digits, is left out.
func (f *file) defaults(u *unit) (all []fieldDefault) {
	for i, fd := range u.typ.Fields {
		if expr := f.defaultOf(u, fd); expr != "" {
			all = append(all, fieldDefault{Name: u.fields[i], Expr: expr})
		}
	}
	return all
}

// defaultOf returns the expression of a field's default, empty for none and for the zero value.
func (f *file) defaultOf(u *unit, fd *avsc.Field) string {
	if fd.Default == nil {
		if nested := f.g.constructed(u, fd); nested != nil {
			return "*" + f.qualified(nested, nested.newName) + "()"
		}
		return ""
	}
	encoded, err := codec.AppendDefault(nil, fd)
	if err != nil {
		return ""
	}
	w := &exprWriter{file: f, text: string(encoded)}
	imports := maps.Clone(f.imports)
	expr := w.expr(fd.Type, u, true)
	if w.i < 0 || expr.zero {
		f.imports = imports // what it needed may be needed no more
		return ""
	}
	return expr.code
}

// constructed returns the unit of a record that stands in u's struct and whose constructor sets something.
func (g *generator) constructed(u *unit, fd *avsc.Field) *unit {
	if fd.Type.Kind != avsc.Record {
		return nil
	}
	nested := g.unitOf(fd.Type)
	if nested.inline != u.inline && g.hasDefaults(nested) {
		return nested
	}
	return nil
}

// hasDefaults reports whether the constructor of a record sets something, or at least could.
func (g *generator) hasDefaults(u *unit) bool {
	for _, fd := range u.typ.Fields {
		if fd.Default != nil && fd.Default.Kind != avsc.NullValue || g.constructed(u, fd) != nil {
			return true
		}
	}
	return false
}
