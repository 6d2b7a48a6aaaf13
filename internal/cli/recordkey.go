package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/avow-events/avow/internal/records"
)

// keyFunc returns the key of the record that an event becomes.
type keyFunc func(event json.RawMessage) ([]byte, error)

// keyOf returns how keys are found; nil where records have none. given tells an empty --key from none.
func (f *produceFlags) keyOf(given bool) (keyFunc, error) {
	switch {
	case given:
		return func(json.RawMessage) ([]byte, error) { return []byte(f.key), nil }, nil
	case f.keyFrom == "":
		return nil, nil
	}
	path := strings.Split(f.keyFrom, ".")
	for _, name := range path {
		if name == "" {
			return nil, fmt.Errorf("--key-from: %q names no field", f.keyFrom)
		}
	}
	return func(event json.RawMessage) ([]byte, error) {
		for i, name := range path {
			var fields map[string]json.RawMessage
			if err := json.Unmarshal(event, &fields); err != nil {
				return nil, fmt.Errorf("--key-from %s: %s is no record", f.keyFrom, orEvent(path[:i]))
			}
			var ok bool
			if event, ok = fields[name]; !ok {
				return nil, fmt.Errorf("--key-from %s: %s has no field %q", f.keyFrom, orEvent(path[:i]), name)
			}
		}
		var key string
		if err := json.Unmarshal(event, &key); err == nil && !bytes.Equal(event, []byte("null")) {
			return []byte(key), nil
		}
		var number json.Number
		if err := json.Unmarshal(event, &number); err == nil && number != "" {
			return []byte(number), nil
		}
		return nil, fmt.Errorf("--key-from %s: %s is no text and no number", f.keyFrom, event)
	}, nil
}

func orEvent(path []string) string {
	if len(path) == 0 {
		return "the event"
	}
	return strings.Join(path, ".")
}

// recordHeaders returns the headers that --header gives.
func (f *produceFlags) recordHeaders() ([]records.Header, error) {
	var out []records.Header
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--header: %q is not NAME=VALUE", h)
		}
		out = append(out, records.Header{Key: name, Value: []byte(value)})
	}
	return out, nil
}
