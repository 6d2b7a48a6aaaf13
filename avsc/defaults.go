package avsc

import (
	"slices"
	"strconv"
	"strings"
)

// FitsDefault reports whether v can be the default of a field of type t, as Avro Java sees it (Schema.isValidDefault):
// any string will do for bytes, enum and fixed, and a union takes a default of any branch. open says of which records
// the fields are not known yet; if that is of one whose fields would have to be known, FitsDefault returns it. A nil
// open stands for none.
func FitsDefault(t *Type, v *Value, open func(*Type) bool) (ok bool, unknown *Type) {
	if open == nil {
		open = never
	}
	c := defaultChecker{target: itself, open: open}
	return c.check(t, v)
}

// A defaultChecker tells whether a JSON value can be a default, as [FitsDefault] does.
type defaultChecker struct {
	target func(*Type) *Type // what a type stands for
	open   func(*Type) bool  // whether a record's fields are not known yet

	fits map[typedValue]bool // what records are known to fit; false while one is looked at, as none fits inside itself
}

type typedValue struct {
	typ   *Type
	value *Value
}

// check reports whether v fits t. If that takes the fields of a record that are not known yet it returns the record.
func (c *defaultChecker) check(t *Type, v *Value) (ok bool, open *Type) {
	t = c.target(t)
	if v == nil {
		return false, nil
	}
	switch t.Kind {
	case 0:
		return true, nil
	case String, Bytes, Enum, Fixed:
		return v.Kind == StringValue, nil
	case Int:
		_, ok := integer(v, 32)
		return ok, nil
	case Long:
		_, ok := integer(v, 64)
		return ok, nil
	case Float, Double:
		return v.Kind == NumberValue, nil
	case Boolean:
		return v.Kind == BoolValue, nil
	case Null:
		return v.Kind == NullValue, nil
	case Array:
		if v.Kind != ArrayValue {
			return false, nil
		}
		for _, item := range v.Items {
			if ok, open := c.check(t.Elem, item); !ok {
				return false, open
			}
		}
	case Map:
		if v.Kind != ObjectValue {
			return false, nil
		}
		for i := range v.Members {
			if ok, open := c.check(t.Elem, v.Members[i].Value); !ok {
				return false, open
			}
		}
	case Union:
		for _, b := range t.Branches {
			if ok, open := c.check(b, v); ok || open != nil {
				return ok, open
			}
		}
		return false, nil
	case Record:
		if v.Kind != ObjectValue {
			return false, nil
		}
		if c.open(t) {
			return false, t
		}
		here := typedValue{t, v}
		if fits, known := c.fits[here]; known {
			return fits, nil
		}
		if c.fits == nil {
			c.fits = make(map[typedValue]bool)
		}
		c.fits[here] = false
		for _, f := range t.Fields {
			fv := v.Get(f.Name)
			if fv == nil {
				fv = f.Default
			}
			if ok, open := c.check(f.Type, fv); !ok {
				return false, open
			}
		}
		c.fits[here] = true
	}
	return true, nil
}

// integer returns the value of a number without fraction and exponent that fits in so many bits.
func integer(v *Value, bits int) (int64, bool) {
	if v.Kind != NumberValue || strings.ContainsAny(v.Text, ".eE") {
		return 0, false
	}
	n, err := strconv.ParseInt(v.Text, 10, bits)
	return n, err == nil
}

func int32Of(n *node) (int64, bool) {
	return integer(&Value{Kind: n.kind, Text: n.text}, 32)
}

func itself(t *Type) *Type { return t }

func never(*Type) bool { return false }

// checkDefault holds the default of a field to the field's type as far as that is known.
func (p *parser) checkDefault(f *Field, node int32) {
	c := defaultChecker{target: itself, open: never}
	if ok, _ := c.check(f.Type, f.Default); ok {
		return
	}
	if p.badDefault == nil {
		p.badDefault = make(map[*Field]bool)
	}
	p.badDefault[f] = true
	if p.enough() {
		return
	}
	if fwd := p.forwardIn(f.Type, nil); fwd != nil {
		p.early = append(p.early, earlyDefault{field: f, rank: p.nextRank(), java: p.invalidDefault(f, itself), forward: fwd})
		p.stopped = true
		return
	}
	p.failDefault(f, itself)
}

// An earlyDefault is a default that Avro Java refuses because it holds it against the stand-in of a forward reference.
type earlyDefault struct {
	field   *Field
	rank    int
	java    string
	forward *forwardRef
}

func (p *parser) reportEarly() {
	c := defaultChecker{target: p.target, open: never}
	for _, e := range p.early {
		if e.forward.target.Kind == 0 {
			p.unsaid(e.rank, e.java) // what is wrong with the type is reported
			continue
		}
		switch ok, _ := c.check(e.field.Type, e.field.Default); {
		case ok && len(p.beside) > 0 && !slices.Contains(p.defined, e.forward.target):
			continue // another document holds it, whose types stand before this default in the text for a registry
		case ok:
			p.failAt(e.field.Default.Pos, e.java,
				"default of field %q: type %s is defined further down, and Avro Java and Schema Registry take no default of a type that they have not read; define it first",
				e.field.Name, e.forward.target.Name)
		default:
			p.failDefault(e.field, p.target)
		}
		last := p.errs[len(p.errs)-1]
		last.rank, last.JavaMessage = e.rank, e.java
	}
}

// forwardIn returns a forward reference that t leads to, if any.
func (p *parser) forwardIn(t *Type, seen map[*Type]bool) *forwardRef {
	if len(p.forward) == 0 {
		return nil
	}
	if f := p.isFwd[t]; f != nil {
		return f
	}
	if seen == nil {
		seen = make(map[*Type]bool)
	}
	if seen[t] {
		return nil
	}
	seen[t] = true
	switch t.Kind {
	case Array, Map:
		return p.forwardIn(t.Elem, seen)
	case Union:
		for _, b := range t.Branches {
			if f := p.forwardIn(b, seen); f != nil {
				return f
			}
		}
	case Record:
		for _, f := range t.Fields {
			if f := p.forwardIn(f.Type, seen); f != nil {
				return f
			}
		}
	}
	return nil
}

// invalidDefault is what Avro Java says of a default.
func (p *parser) invalidDefault(f *Field, target func(*Type) *Type) string {
	if p.stopped {
		return ""
	}
	to := printer{known: make(map[string]bool), target: target}
	to.typ(f.Type, "")
	return "Invalid default for field " + f.Name + ": " + string(appendValue(nil, f.Default)) + " not a " + string(to.out)
}
