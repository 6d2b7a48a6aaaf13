package records

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/wire"
	"github.com/avow-events/avow/registry"
)

// Event is what a record's value, or its key, says.
type Event struct {
	// SchemaID is the id of the schema that it was written with, and Name the full name of its type, which is
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
	ref, payload, err := framed(r, wire.ValueHeader, r.Value)
	if err != nil {
		return nil, err
	}
	return d.read(ctx, ref, payload)
}

// DecodeKey reads a record's key by the schema that it names, in a header or before it as values do. nil stands for a key
// that names none, which is just bytes. Bytes can look as if they named one: that the registry does not know it, or that
// it does not fit, is told by an error only where a header names it.
func (d *Decoder) DecodeKey(ctx context.Context, r *Record) (*Event, error) {
	ref, payload, err := framed(r, wire.KeyHeader, r.Key)
	inHeader := slices.ContainsFunc(r.Headers, func(h Header) bool { return h.Key == wire.KeyHeader })
	var key *Event
	if err == nil {
		key, err = d.read(ctx, ref, payload)
	}
	if err != nil && !inHeader && !Fatal(err) {
		return nil, nil
	}
	return key, err
}

// read decodes what follows the framing.
func (d *Decoder) read(ctx context.Context, ref wire.Ref, payload []byte) (*Event, error) {
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

// framed returns which schema a key or a value names, in a header or before it, and the Avro bytes.
func framed(r *Record, header string, b []byte) (wire.Ref, []byte, error) {
	for i := len(r.Headers) - 1; i >= 0; i-- { // the last one counts, as in Java
		if r.Headers[i].Key == header {
			ref, err := wire.ParseHeader(r.Headers[i].Value)
			return ref, b, err
		}
	}
	id, payload, err := wire.ParsePrefix(b)
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
