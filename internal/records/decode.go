package records

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/wire"
	"github.com/avow-events/avow/registry"
)

// Event is what a record says.
type Event struct {
	// SchemaID is the id of the schema that the record was written with, and Name the full name of its type, which is
	// Avro's word for the type where it has none.
	SchemaID int
	Name     string
	// JSON is the value: plain, or in Avro's own encoding.
	JSON json.RawMessage
}

// Decoder reads records by the schema that each names. It may be used by several goroutines at once.
type Decoder struct {
	client *registry.Client
	opts   []codec.JSONOption
	known  sync.Map // of wire.Ref: writer
}

// writer is a schema that records are written with.
type writer struct {
	id     int
	schema *avsc.Schema
}

// NewDecoder returns a decoder that asks a registry for schemas.
func NewDecoder(client *registry.Client, opts ...codec.JSONOption) *Decoder {
	return &Decoder{client: client, opts: opts}
}

// Decode reads a record's value; nil stands for a tombstone, which has none. The error says why the record cannot be
// read, which is no reason to stop reading others, unless [Fatal] holds for it.
func (d *Decoder) Decode(ctx context.Context, r *Record) (*Event, error) {
	if r.Value == nil {
		return nil, nil
	}
	ref, payload, err := frame(r)
	if err != nil {
		return nil, err
	}
	w, err := d.writer(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", ref, err)
	}
	event := &Event{SchemaID: w.id, Name: w.schema.Root.FullName()}
	if event.JSON, err = codec.ToJSON(w.schema, payload, d.opts...); err != nil {
		return nil, fmt.Errorf("%v, %s: %w", ref, event.Name, err)
	}
	return event, nil
}

// Fatal reports whether an error of Decode is the registry's trouble and not the record's: it does not answer, or not
// to us.
func Fatal(err error) bool {
	return errors.Is(err, registry.ErrUnavailable) || errors.Is(err, registry.ErrUnauthorized) ||
		errors.Is(err, context.Canceled)
}

// frame returns which schema a record names, in a header or before its value, and the Avro bytes.
func frame(r *Record) (wire.Ref, []byte, error) {
	for _, h := range r.Headers {
		if h.Key == wire.ValueHeader {
			ref, err := wire.ParseHeader(h.Value)
			return ref, r.Value, err
		}
	}
	id, payload, err := wire.ParsePrefix(r.Value)
	return wire.Ref{ID: id}, payload, err
}

// writer asks the registry for a schema, once if it has it.
func (d *Decoder) writer(ctx context.Context, ref wire.Ref) (writer, error) {
	if known, ok := d.known.Load(ref); ok {
		return known.(writer), nil
	}
	var written registry.Schema
	var err error
	if ref.IsGUID() {
		written, err = d.client.ByGUID(ctx, ref.GUID)
	} else {
		written, err = d.client.ByID(ctx, ref.ID)
	}
	if err != nil {
		return writer{}, err
	}
	schema, err := d.client.Parse(ctx, written)
	if err != nil {
		return writer{}, err
	}
	w := writer{written.ID, schema}
	d.known.Store(ref, w)
	return w, nil
}
