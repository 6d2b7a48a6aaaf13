package stream

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/wire"
)

// unframe returns which schema a record's value was written with, and the value without its framing. The value is not
// nil.
func unframe(r *kgo.Record) (wire.Ref, []byte, error) { return unframed(r, wire.ValueHeader, r.Value) }

// unframeKey returns the same of a record's key.
func unframeKey(r *kgo.Record) (wire.Ref, []byte, error) {
	if r.Key == nil {
		return wire.Ref{}, nil, errors.New("the record has none")
	}
	return unframed(r, wire.KeyHeader, r.Key)
}

// unframed takes the framing off: the header where there is one, else the prefix.
func unframed(r *kgo.Record, header string, framed []byte) (wire.Ref, []byte, error) {
	for i := len(r.Headers) - 1; i >= 0; i-- { // the last one counts, as in Java
		if r.Headers[i].Key == header {
			ref, err := wire.ParseHeader(r.Headers[i].Value)
			return ref, framed, err
		}
	}
	id, payload, err := wire.ParsePrefix(framed)
	return wire.Ref{ID: id}, payload, err
}
