package stream

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/wire"
)

// unframe returns which schema a record's value was written with, and the value without its framing: the header where
// there is one, else the prefix. The value is not nil.
func unframe(r *kgo.Record) (wire.Ref, []byte, error) {
	for i := len(r.Headers) - 1; i >= 0; i-- { // the last one counts, as in Java
		if r.Headers[i].Key == wire.ValueHeader {
			ref, err := wire.ParseHeader(r.Headers[i].Value)
			return ref, r.Value, err
		}
	}
	id, payload, err := wire.ParsePrefix(r.Value)
	return wire.Ref{ID: id}, payload, err
}

func isSchemaHeader(h Header) bool { return h.Key == wire.ValueHeader }

func hasSchemaHeader(headers []Header) bool { return slices.ContainsFunc(headers, isSchemaHeader) }

// withoutSchemaHeader returns the headers but the schema's, in memory of its own.
func withoutSchemaHeader(headers []Header) []Header {
	return slices.DeleteFunc(slices.Clone(headers), isSchemaHeader)
}
