package hamba

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/wire"
)

// Registry is what this package needs of a schema registry. Both methods should remember their answers: they are
// called for every schema that is met, and never for every message.
type Registry interface {
	// SchemaByID returns the schema that is registered under an id, with what it refers to.
	SchemaByID(ctx context.Context, id int) (*avsc.Schema, error)
	// SchemaID returns the id of a schema that is registered under the subject. It registers nothing.
	SchemaID(ctx context.Context, subject string, schema *avsc.Schema) (int, error)
}

// Serde encodes and decodes values of a Go type T, a struct with hamba's avro tags as a rule, in records that begin with
// a registry's prefix (a zero byte and four bytes of schema id). It may be used by several goroutines at once.
type Serde[T any] struct {
	codec    *Codec
	registry Registry
	ids      sync.Map // subject to id
	plans    sync.Map // writer's id to *codec.Plan
}

// NewSerde returns a serde for values of T, which are written and read by the given schema. T is checked against it at
// once.
func NewSerde[T any](registry Registry, schema *avsc.Schema, opts ...Option) (*Serde[T], error) {
	c, err := New(schema, opts...)
	if err != nil {
		return nil, err
	}
	if _, err := c.checkType(reflect.TypeFor[T]()); err != nil {
		return nil, err
	}
	return &Serde[T]{codec: c, registry: registry}, nil
}

// Encode returns the record for v under a subject, in which the schema must be registered.
func (s *Serde[T]) Encode(ctx context.Context, subject string, v *T) ([]byte, error) {
	id, ok := s.ids.Load(subject)
	if !ok {
		found, err := s.registry.SchemaID(ctx, subject, s.codec.own)
		if err != nil {
			return nil, fmt.Errorf("find schema %s under subject %s: %w", s.codec.own.Root.FullName(), subject, err)
		}
		id, _ = s.ids.LoadOrStore(subject, found)
	}
	b, err := s.codec.Marshal(v)
	if err != nil {
		return nil, err
	}
	return append(wire.AppendPrefix(make([]byte, 0, wire.PrefixLen+len(b)), id.(int)), b...), nil
}

// Decode reads a record into v, whatever version of the schema it was written with. On an error v is zero.
func (s *Serde[T]) Decode(ctx context.Context, record []byte, v *T) error {
	id, payload, err := wire.ParsePrefix(record)
	if err != nil {
		*v = *new(T)
		return err
	}
	return s.DecodePayload(ctx, id, payload, v)
}

// DecodePayload is Decode for a payload whose schema id is known, such as from a record's header.
func (s *Serde[T]) DecodePayload(ctx context.Context, id int, payload []byte, v *T) error {
	*v = *new(T)
	plan, err := s.plan(ctx, id)
	if err != nil {
		return err
	}
	return s.codec.UnmarshalFrom(plan, payload, v)
}

func (s *Serde[T]) plan(ctx context.Context, id int) (*codec.Plan, error) {
	if p, ok := s.plans.Load(id); ok {
		return p.(*codec.Plan), nil
	}
	writer, err := s.registry.SchemaByID(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("find schema %d: %w", id, err)
	}
	p, err := codec.NewPlan(writer, s.codec.own)
	if err != nil {
		return nil, fmt.Errorf("schema %d: %w", id, err)
	}
	kept, _ := s.plans.LoadOrStore(id, p)
	return kept.(*codec.Plan), nil
}

// Dynamic decodes records of any schema as dynamic values (see [Codec]), each by the schema that it was written with. It
// may be used by several goroutines at once.
type Dynamic struct {
	registry Registry
	codecs   sync.Map // id to *Codec
}

// NewDynamic returns a decoder of dynamic values.
func NewDynamic(registry Registry) *Dynamic { return &Dynamic{registry: registry} }

// Decode reads a record that begins with a registry's prefix, and returns its schema beside the value.
func (d *Dynamic) Decode(ctx context.Context, record []byte) (any, *avsc.Schema, error) {
	id, payload, err := wire.ParsePrefix(record)
	if err != nil {
		return nil, nil, err
	}
	return d.DecodePayload(ctx, id, payload)
}

// DecodePayload is Decode for a payload whose schema id is known, such as from a record's header.
func (d *Dynamic) DecodePayload(ctx context.Context, id int, payload []byte) (any, *avsc.Schema, error) {
	c, ok := d.codecs.Load(id)
	if !ok {
		schema, err := d.registry.SchemaByID(ctx, id)
		if err != nil {
			return nil, nil, fmt.Errorf("find schema %d: %w", id, err)
		}
		made, err := New(schema)
		if err != nil {
			return nil, nil, fmt.Errorf("schema %d: %w", id, err)
		}
		c, _ = d.codecs.LoadOrStore(id, made)
	}
	v, err := c.(*Codec).Decode(payload)
	return v, c.(*Codec).own, err
}
