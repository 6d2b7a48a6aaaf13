package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/records"
)

// keyFunc returns the key of the record that an event becomes.
type keyFunc func(event json.RawMessage) ([]byte, error)

// keyOf returns how keys are found, nil where records have none. With a contract they are written by it, else they are
// text.
func (f *produceFlags) keyOf(c *contract, opts ...codec.JSONOption) (keyFunc, error) {
	encode := textKey
	if c != nil {
		if err := kafka.CheckKey(c.schema); err != nil {
			return nil, err
		}
		encode = func(value json.RawMessage) ([]byte, error) { return c.encode(value, opts...) }
	}
	switch {
	case f.keyGiven:
		key, err := f.givenKey(c, encode)
		return func(json.RawMessage) ([]byte, error) { return key, nil }, err
	case f.keyFrom == "":
		return nil, nil
	}
	return func(event json.RawMessage) ([]byte, error) {
		value, err := fieldOf(event, f.keyFrom)
		var key []byte
		if err == nil {
			key, err = encode(value)
		}
		if err != nil {
			return nil, fmt.Errorf("--key-from %s: %w", f.keyFrom, err)
		}
		return key, nil
	}, nil
}

// givenKey returns the key that --key gives: TEXT itself where keys are text, or strings by their contract; else it is
// JSON.
func (f *produceFlags) givenKey(c *contract, encode func(json.RawMessage) ([]byte, error)) ([]byte, error) {
	if c == nil {
		return []byte(f.key), nil
	}
	text := json.RawMessage(f.key)
	if c.schema.Root.Kind == avsc.String {
		text, _ = json.Marshal(f.key) // a string always can be
	}
	key, err := encode(text)
	if err != nil {
		return nil, fmt.Errorf("--key: %s is the key's contract: %w", eventName(c.schema), err)
	}
	return key, nil
}

// textKey returns the text of a JSON string or number.
func textKey(value json.RawMessage) ([]byte, error) {
	var key string
	if err := json.Unmarshal(value, &key); err == nil && !bytes.Equal(value, []byte("null")) {
		return []byte(key), nil
	}
	var number json.Number
	if err := json.Unmarshal(value, &number); err == nil && number != "" {
		return []byte(number), nil
	}
	return nil, fmt.Errorf("%s is no text and no number", value)
}

// fieldOf returns a field of an event, which may be one of a record in it: metadata.event_id.
func fieldOf(event json.RawMessage, path string) (json.RawMessage, error) {
	names := strings.Split(path, ".")
	for i, name := range names {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(event, &fields); err != nil {
			return nil, fmt.Errorf("%s is no record", orEvent(names[:i]))
		}
		var ok bool
		if event, ok = fields[name]; !ok {
			return nil, fmt.Errorf("%s has no field %q", orEvent(names[:i]), name)
		}
	}
	return event, nil
}

func orEvent(path []string) string {
	if len(path) == 0 {
		return "the event"
	}
	return strings.Join(path, ".")
}

// checkKey reports what is wrong with the flags for keys by themselves.
func (f *produceFlags) checkKey() error {
	if f.keyGiven && f.keyFrom != "" {
		return fmt.Errorf("--key and --key-from exclude each other")
	}
	if f.keyFrom != "" && strings.Contains("."+f.keyFrom+".", "..") {
		return fmt.Errorf("--key-from: %q names no field", f.keyFrom)
	}
	return nil
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
