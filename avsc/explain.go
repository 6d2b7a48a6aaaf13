package avsc

import (
	"fmt"
	"strings"
)

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
