package hamba

import (
	"fmt"
	"reflect"

	avro "github.com/hamba/avro/v2"
)

// checkValue looks for decimals that are no *big.Rat behind the interfaces of a value, whose type was checked.
func (c *Codec) checkValue(s avro.Schema, v reflect.Value, path string) error {
	s = deref(s)
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil // null, or hamba says that it must not be
	}
	if isDecimal(s) {
		return checkRat(v, path)
	}
	if u, ok := s.(*avro.UnionSchema); ok {
		return c.checkBranch(u, v, path)
	}
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	switch s := s.(type) {
	case *avro.RecordSchema:
		return c.checkFields(s, v, path)
	case *avro.ArraySchema:
		if v.Kind() == reflect.Slice {
			for i := range v.Len() {
				if err := c.checkValue(s.Items(), v.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
					return err
				}
			}
		}
	case *avro.MapSchema:
		if v.Kind() == reflect.Map {
			for entries := v.MapRange(); entries.Next(); {
				if err := c.checkValue(s.Values(), entries.Value(), fmt.Sprintf("%s[%q]", path, entries.Key())); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkRat(v reflect.Value, path string) error {
	if v.Type() != reflect.PointerTo(ratType) {
		return notRat(v.Type(), path)
	}
	return nil
}

func (c *Codec) checkFields(s *avro.RecordSchema, v reflect.Value, path string) error {
	for _, f := range s.Fields() {
		var value reflect.Value
		switch v.Kind() {
		case reflect.Map:
			if v.Type().Key().Kind() != reflect.String {
				return nil
			}
			value = v.MapIndex(reflect.ValueOf(f.Name()).Convert(v.Type().Key()))
		case reflect.Struct:
			for _, field := range fieldsOf(v.Type()) {
				if field.name == f.Name() {
					value, _ = v.FieldByIndexErr(field.index) // invalid behind a nil pointer
				}
			}
		}
		if value.IsValid() {
			if err := c.checkValue(f.Type(), value, inside(path, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkBranch finds the branch of a union that hamba will take for a value, as hamba does: by name in a map with one
// entry, by a pointer that can be null, or by the Go type.
func (c *Codec) checkBranch(u *avro.UnionSchema, v reflect.Value, path string) error {
	if v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String && v.Type().Elem().Kind() == reflect.Interface {
		for entries := v.MapRange(); entries.Next(); {
			if branch, _ := u.Types().Get(entries.Key().String()); branch != nil {
				if err := c.checkValue(branch, entries.Value(), path); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if v.Type() == reflect.PointerTo(ratType) {
		return nil
	}
	if v.Type().Implements(converterType) && newTypeChecker().holdsDecimal(u) {
		return hiddenByConverter(v.Type(), path)
	}
	if name, ok := c.names[v.Type()]; ok {
		if branch, _ := u.Types().Get(name); branch != nil {
			return c.checkValue(branch, v, path)
		}
	}
	if u.Nullable() && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice) {
		_, other := u.Indices()
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.IsValid() {
			return c.checkValue(u.Types()[other], v, path)
		}
	}
	return nil
}
