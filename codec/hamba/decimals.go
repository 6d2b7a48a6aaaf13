package hamba

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"

	avro "github.com/hamba/avro/v2"
)

// hamba takes any struct at the place of a decimal for a big.Rat, by an unsafe cast, and writes a *big.Rat over a
// big.Rat that stands there by value. So only *big.Rat may stand there. What follows looks for decimals on the ways on
// which hamba finds its fields: structs, pointers, slices and maps are followed by their types, and what stands behind
// an interface by its value.

var ratType = reflect.TypeFor[big.Rat]()

// typeChecker looks for decimals in a Go type.
type typeChecker struct {
	seen    map[typedSchema]bool
	decimal map[avro.Schema]bool
	// dynamic is set where an interface could hide one.
	dynamic bool
}

type typedSchema struct {
	schema avro.Schema
	typ    reflect.Type
}

func newTypeChecker() *typeChecker {
	return &typeChecker{seen: map[typedSchema]bool{}, decimal: map[avro.Schema]bool{}}
}

// isDecimal reports whether hamba treats values of the schema as decimals.
func isDecimal(s avro.Schema) bool {
	l, ok := s.(avro.LogicalTypeSchema)
	return ok && l.Logical() != nil && l.Logical().Type() == avro.Decimal
}

// holdsDecimal reports whether values of the schema hold decimals.
func (c *typeChecker) holdsDecimal(s avro.Schema) bool {
	s = deref(s)
	if isDecimal(s) {
		return true
	}
	if holds, seen := c.decimal[s]; seen {
		return holds
	}
	c.decimal[s] = false
	holds := false
	for _, part := range partsOf(s) {
		holds = c.holdsDecimal(part) || holds
	}
	c.decimal[s] = holds
	return holds
}

func partsOf(s avro.Schema) (parts []avro.Schema) {
	switch s := s.(type) {
	case *avro.RecordSchema:
		for _, f := range s.Fields() {
			parts = append(parts, f.Type())
		}
	case *avro.ArraySchema:
		parts = append(parts, s.Items())
	case *avro.MapSchema:
		parts = append(parts, s.Values())
	case *avro.UnionSchema:
		parts = s.Types()
	}
	return parts
}

func (c *typeChecker) check(s avro.Schema, t reflect.Type, path string) error {
	s = deref(s)
	key := typedSchema{s, t}
	if c.seen[key] {
		return nil
	}
	c.seen[key] = true
	if isDecimal(s) {
		return c.checkDecimal(t, path)
	}
	if t.Kind() == reflect.Interface {
		c.dynamic = c.dynamic || c.holdsDecimal(s)
		return nil
	}
	if u, ok := s.(*avro.UnionSchema); ok {
		return c.checkUnion(u, t, path)
	}
	if t.Kind() == reflect.Pointer {
		return c.check(s, t.Elem(), path)
	}
	switch s := s.(type) {
	case *avro.RecordSchema:
		return c.checkRecord(s, t, path)
	case *avro.ArraySchema:
		if t.Kind() == reflect.Slice {
			return c.check(s.Items(), t.Elem(), path+"[]")
		}
	case *avro.MapSchema:
		if t.Kind() == reflect.Map {
			return c.check(s.Values(), t.Elem(), path+"[]")
		}
	}
	return nil // hamba says itself what does not fit
}

func (c *typeChecker) checkDecimal(t reflect.Type, path string) error {
	switch {
	case t.Kind() == reflect.Interface && t.NumMethod() == 0:
		c.dynamic = true
		return nil
	case t == reflect.PointerTo(ratType):
		return nil
	}
	return notRat(t, path)
}

func notRat(t reflect.Type, path string) error {
	if path == "" {
		path = "the value"
	}
	return fmt.Errorf("hamba: %s is a decimal, want *big.Rat in Go (**big.Rat where it can be null), not %s: hamba/avro would cast it unsafely; "+
		"types that avow generates have a codec of their own, AppendAvro and DecodeAvro", path, t)
}

func (c *typeChecker) checkUnion(u *avro.UnionSchema, t reflect.Type, path string) error {
	if !c.holdsDecimal(u) {
		return nil
	}
	if t.Implements(converterType) || reflect.PointerTo(t).Implements(converterType) {
		return hiddenByConverter(t, path)
	}
	switch {
	case t.Kind() == reflect.Map:
		c.dynamic = true // by the name of the branch
		return nil
	case !u.Nullable():
		return nil // hamba finds the branch by the types that are registered, of which *big.Rat is the only one here
	case t.Kind() == reflect.Pointer:
		t = t.Elem()
	}
	_, other := u.Indices()
	return c.check(u.Types()[other], t, path)
}

func hiddenByConverter(t reflect.Type, path string) error {
	return fmt.Errorf("hamba: %s is a union with a decimal, which a UnionConverter (%s) would hide", path, t)
}

var converterType = reflect.TypeFor[avro.UnionConverter]()

func (c *typeChecker) checkRecord(s *avro.RecordSchema, t reflect.Type, path string) error {
	if t.Kind() == reflect.Map {
		c.dynamic = c.dynamic || c.holdsDecimal(s)
		return nil
	}
	for _, field := range fieldsOf(t) {
		for _, f := range s.Fields() {
			if field.name != f.Name() && !slices.Contains(f.Aliases(), field.name) {
				continue
			}
			if err := c.check(f.Type(), field.typ, inside(path, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func inside(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}

// goField is a field of a struct under the name that hamba knows it by.
type goField struct {
	name  string
	typ   reflect.Type
	index []int
}

// fieldsOf returns the fields of a struct and of those that are embedded in it, none for other types.
func fieldsOf(t reflect.Type) []goField {
	return embeddedFields(t, nil, map[reflect.Type]bool{})
}

func embeddedFields(t reflect.Type, index []int, seen map[reflect.Type]bool) (fields []goField) {
	if t.Kind() != reflect.Struct || seen[t] {
		return nil
	}
	seen[t] = true
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(index), i)
		if f.Anonymous {
			embedded := f.Type
			if embedded.Kind() == reflect.Pointer {
				embedded = embedded.Elem()
			}
			fields = append(fields, embeddedFields(embedded, at, seen)...)
			continue
		}
		name := f.Name
		if tag, ok := f.Tag.Lookup("avro"); ok {
			name, _, _ = strings.Cut(tag, ",")
		}
		if f.IsExported() {
			fields = append(fields, goField{name, f.Type, at})
		}
	}
	return fields
}
