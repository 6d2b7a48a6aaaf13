package avsc

import (
	"fmt"
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
		if ok, _ := c.check(e.field.Type, e.field.Default); ok {
			p.failAt(e.field.Default.Pos, e.java,
				"default of field %q: type %s is defined further down, and Avro Java and Schema Registry take no default of a type that they have not read; define it first",
				e.field.Name, e.forward.target.Name)
		} else {
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

// failDefault reports a default that does not fit, at the innermost value that is wrong.
func (p *parser) failDefault(f *Field, target func(*Type) *Type) {
	c := defaultChecker{target: target, open: never}
	at, want := c.explain(f.Type, f.Default)
	if at == f.Default {
		p.failAt(at.Pos, p.invalidDefault(f, target), "default of field %q must be %s, not %s", f.Name, want, describeValue(at))
		return
	}
	p.failAt(at.Pos, p.invalidDefault(f, target), "in the default of field %q: %s is wanted here, not %s", f.Name, want, describeValue(at))
}

// explain returns the part of v that does not fit and what is wanted there.
func (c *defaultChecker) explain(t *Type, v *Value) (at *Value, want string) {
	t = c.target(t)
	inner := func(t *Type, v *Value) (*Value, string) {
		if ok, _ := c.check(t, v); ok {
			return nil, ""
		}
		return c.explain(t, v)
	}
	switch {
	case t.Kind == Array && v.Kind == ArrayValue:
		for _, item := range v.Items {
			if at, want := inner(t.Elem, item); at != nil {
				return at, want
			}
		}
	case t.Kind == Map && v.Kind == ObjectValue:
		for _, m := range v.Members {
			if at, want := inner(t.Elem, m.Value); at != nil {
				return at, want
			}
		}
	case t.Kind == Record && v.Kind == ObjectValue:
		for _, f := range t.Fields {
			switch fv := v.Get(f.Name); {
			case fv != nil:
				if at, want := inner(f.Type, fv); at != nil {
					return at, want
				}
			case f.Default == nil:
				return v, fmt.Sprintf("an object that holds %q too", f.Name)
			}
		}
	}
	return v, c.want(t)
}

func (c *defaultChecker) want(t *Type) string {
	switch t = c.target(t); t.Kind {
	case String, Bytes:
		return "a string"
	case Enum, Fixed:
		return fmt.Sprintf("a string for the %s %s", t.Kind, t.Name)
	case Int:
		return "a whole number that fits an int"
	case Long:
		return "a whole number that fits a long"
	case Float, Double:
		return "a number"
	case Boolean:
		return "true or false"
	case Null:
		return "null"
	case Array:
		return "an array"
	case Map:
		return "an object"
	case Record:
		return fmt.Sprintf("an object for the record %s", t.Name)
	}
	if len(t.Branches) == 0 {
		return "left out, as the union is empty"
	}
	wants := make([]string, len(t.Branches))
	for i, b := range t.Branches {
		wants[i] = c.want(b)
	}
	return strings.Join(wants, " or ")
}

func describeValue(v *Value) string {
	switch v.Kind {
	case NumberValue:
		return clip(v.Text)
	case StringValue:
		return fmt.Sprintf("the string %q", clip(v.Text))
	case BoolValue:
		return fmt.Sprint(v.Bool)
	case NullValue:
		return "null"
	}
	return clip(string(appendValue(nil, v)))
}
