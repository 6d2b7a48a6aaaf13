package codec

import (
	"bytes"
	"encoding/json"
)

// Null is Avro's null as a value of its own, where a schema has a field or an item that is nothing but null.
type Null struct{}

// MarshalJSON returns null.
func (Null) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// Optional is a value or null without an allocation. Its zero value is null.
type Optional[T any] struct {
	Value T
	// Set tells a value from null, for which Value does not count.
	Set bool
}

// Some returns v as an Optional.
func Some[T any](v T) Optional[T] { return Optional[T]{Value: v, Set: true} }

// Get returns the value, and false for null.
func (o Optional[T]) Get() (T, bool) { return o.Value, o.Set }

// Or returns the value, or the one given for null.
func (o Optional[T]) Or(v T) T {
	if o.Set {
		return o.Value
	}
	return v
}

// MarshalJSON returns the value's JSON or null.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.Set {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// UnmarshalJSON reads a value or null.
func (o *Optional[T]) UnmarshalJSON(text []byte) error {
	*o = Optional[T]{}
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return nil
	}
	if err := json.Unmarshal(text, &o.Value); err != nil {
		return err
	}
	o.Set = true
	return nil
}
