package hamba

import (
	"fmt"
	"reflect"

	avro "github.com/hamba/avro/v2"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// guard stands between untrusted bytes and hamba's decoder. It is the only place that calls it.
type guard struct {
	own    *avsc.Schema
	schema avro.Schema
	api    avro.API
}

// newGuard lets hamba parse a schema, and makes sure that it has understood it as we do. Parsed schemas and compiled
// codecs are this guard's own: hamba's global caches never forget, and mix up types of one name.
func newGuard(s *avsc.Schema) (*guard, error) {
	if err := checkSchema(s.Root); err != nil {
		return nil, fmt.Errorf("schema %s: %w", s.Root.FullName(), err)
	}
	parsed, err := parse(s)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", s.Root.FullName(), err)
	}
	return &guard{own: s, schema: parsed, api: avro.Config{
		BlockLength:            1 << 30, // one block, as other encoders write
		DisableBlockSizeHeader: true,
		MaxByteSliceSize:       -1, // lengths are checked before
	}.Freeze()}, nil
}

func parse(s *avsc.Schema) (parsed avro.Schema, err error) {
	defer recovered("hamba/avro cannot read it", &err)
	if parsed, err = avro.ParseWithCache(s.SelfContained(), "", &avro.SchemaCache{}); err != nil {
		return nil, fmt.Errorf("hamba/avro cannot read it: %w", err)
	}
	if err := (layout{}).compare(s.Root, parsed); err != nil {
		return nil, fmt.Errorf("hamba/avro misreads it: %w", err)
	}
	return parsed, nil
}

// decode reads one message that fills all of src into v, a pointer to a type that was checked. On an error, what it
// points to is zero.
func (g *guard) decode(src []byte, v any) (err error) {
	if err := codec.Validate(g.own, src); err != nil {
		reflect.ValueOf(v).Elem().SetZero()
		return err
	}
	defer func() {
		if err != nil {
			reflect.ValueOf(v).Elem().SetZero()
		}
	}()
	defer recovered("hamba/avro cannot decode it", &err)
	reflect.ValueOf(v).Elem().SetZero()
	return g.api.Unmarshal(g.schema, src, v)
}

// encode returns the encoding of v, whose type was checked. What hamba writes is held to the schema as well.
func (g *guard) encode(v any) (b []byte, err error) {
	defer recovered("hamba/avro cannot encode it", &err)
	if b, err = g.api.Marshal(g.schema, v); err != nil {
		return nil, err
	}
	if err := codec.Validate(g.own, b); err != nil {
		return nil, fmt.Errorf("hamba/avro wrote what is no %s: %w", g.own.Root.FullName(), err)
	}
	return b, nil
}

// recovered makes an error of a panic: hamba panics on a nil *big.Rat, for one.
func recovered(what string, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s: %v", what, p)
	}
}
