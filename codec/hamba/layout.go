package hamba

import (
	"fmt"

	avro "github.com/hamba/avro/v2"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// layout compares what we and hamba understand a schema to be, as far as that decides which bytes mean what. hamba
// resolves names through aliases and ignores empty namespaces: were it to read another type than the one that the
// guard has checked, the guard would be none. It holds the records that are being compared.
type layout map[*avsc.Type]bool

var kinds = map[avsc.Kind]avro.Type{
	avsc.Null: avro.Null, avsc.Boolean: avro.Boolean, avsc.Int: avro.Int, avsc.Long: avro.Long, avsc.Float: avro.Float,
	avsc.Double: avro.Double, avsc.Bytes: avro.Bytes, avsc.String: avro.String, avsc.Record: avro.Record,
	avsc.Enum: avro.Enum, avsc.Array: avro.Array, avsc.Map: avro.Map, avsc.Union: avro.Union, avsc.Fixed: avro.Fixed,
}

func (l layout) compare(t *avsc.Type, s avro.Schema) error {
	s = deref(s)
	differs := func(what string, ours, theirs any) error {
		return fmt.Errorf("%s of %s is %v, not %v", what, t.FullName(), theirs, ours)
	}
	if s.Type() != kinds[t.Kind] && !(t.IsError && s.Type() == avro.Error) {
		return differs("kind", t.Kind, s.Type())
	}
	if n, ok := s.(avro.NamedSchema); ok && n.FullName() != t.FullName() {
		return differs("name", t.FullName(), n.FullName())
	}
	switch s := s.(type) {
	case *avro.FixedSchema:
		if s.Size() != t.Size {
			return differs("size", t.Size, s.Size())
		}
	case *avro.EnumSchema:
		if len(s.Symbols()) != len(t.Symbols) {
			return differs("number of symbols", len(t.Symbols), len(s.Symbols()))
		}
		for k, symbol := range s.Symbols() {
			if symbol != t.Symbols[k].Name {
				return differs("a symbol", t.Symbols[k].Name, symbol)
			}
		}
	case *avro.ArraySchema:
		return l.compare(t.Elem, s.Items())
	case *avro.MapSchema:
		return l.compare(t.Elem, s.Values())
	case *avro.UnionSchema:
		if len(s.Types()) != len(t.Branches) {
			return differs("number of branches", len(t.Branches), len(s.Types()))
		}
		for k, branch := range s.Types() {
			if err := l.compare(t.Branches[k], branch); err != nil {
				return err
			}
		}
	case *avro.RecordSchema:
		return l.compareFields(t, s)
	}
	return nil
}

func (l layout) compareFields(t *avsc.Type, s *avro.RecordSchema) error {
	if l[t] {
		return nil
	}
	l[t] = true
	if len(s.Fields()) != len(t.Fields) {
		return fmt.Errorf("%s has %d fields, not %d", t.FullName(), len(s.Fields()), len(t.Fields))
	}
	for k, f := range s.Fields() {
		if f.Name() != t.Fields[k].Name {
			return fmt.Errorf("%s has a field %q, not %q", t.FullName(), f.Name(), t.Fields[k].Name)
		}
		if err := l.compare(t.Fields[k].Type, f.Type()); err != nil {
			return err
		}
	}
	return nil
}

// deref returns the schema that a reference stands for.
func deref(s avro.Schema) avro.Schema {
	if r, ok := s.(*avro.RefSchema); ok {
		return r.Schema()
	}
	return s
}

// What a schema may ask of hamba. It makes memory for a fixed before it reads it, and a power of ten for the scale of
// every decimal; and a dynamic value keeps a place for every field, even for those of which a message needs no byte.
const (
	maxFixed     = 1 << 20
	maxIdle      = 16      // values without bytes in an item of an array or a map
	maxIdleTotal = 1 << 16 // values without bytes outside of all items
)

// checkSchema refuses a schema whose messages could cost far more memory than they have bytes.
func checkSchema(root *avsc.Type) error {
	c := schemaCheck{idle: map[*avsc.Type]int{}, seen: map[*avsc.Type]bool{}}
	if err := c.check(root); err != nil {
		return err
	}
	if n := c.idleIn(root); n > maxIdleTotal {
		return fmt.Errorf("its values hold more than %d values without a byte", maxIdleTotal)
	}
	return nil
}

type schemaCheck struct {
	idle map[*avsc.Type]int
	seen map[*avsc.Type]bool
}

func (c schemaCheck) check(t *avsc.Type) error {
	if c.seen[t] {
		return nil
	}
	c.seen[t] = true
	if t.Kind == avsc.Fixed && t.Size > maxFixed {
		return fmt.Errorf("fixed %s of %d bytes is larger than the %d that are supported", t.Name, t.Size, maxFixed)
	}
	if t.Logical != nil && t.Logical.Scale > codec.MaxDecimalScale {
		return fmt.Errorf("decimal of scale %d has more digits than the %d that are supported", t.Logical.Scale, codec.MaxDecimalScale)
	}
	if t.Elem != nil {
		if n := c.idleIn(t.Elem); n > maxIdle {
			return fmt.Errorf("an item of the %s of %s holds more than %d values without a byte", t.Kind, t.Elem.FullName(), maxIdle)
		}
		return c.check(t.Elem)
	}
	for _, b := range t.Branches {
		if err := c.check(b); err != nil {
			return err
		}
	}
	for _, f := range t.Fields {
		if err := c.check(f.Type); err != nil {
			return err
		}
	}
	return nil
}

// idleIn counts the values in a value of t that take no bytes, up to a little more than is allowed. Items count where
// they are checked themselves.
func (c schemaCheck) idleIn(t *avsc.Type) int {
	if n, known := c.idle[t]; known {
		return n
	}
	c.idle[t] = 0 // a record that holds itself in a plain field has no values
	n := 0
	switch t.Kind {
	case avsc.Null:
		n = 1
	case avsc.Fixed:
		if t.Size == 0 {
			n = 1
		}
	case avsc.Record:
		if len(t.Fields) == 0 {
			n = 1
		}
		for _, f := range t.Fields {
			n = min(n+c.idleIn(f.Type), 2*maxIdleTotal)
		}
	case avsc.Union:
		for _, b := range t.Branches {
			n = max(n, c.idleIn(b))
		}
		n = max(0, n-1) // the branch has its index
	}
	c.idle[t] = n
	return n
}
