package hamba

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// Codec encodes and decodes Go values of one schema through hamba/avro: structs whose fields carry hamba's avro tags,
// and dynamic values. It may be used by several goroutines at once.
//
// A dynamic value is what hamba makes of an event for which there is no type: map[string]any for a record, []any for an
// array, int, int64, float32, float64, bool, string, []byte, [N]byte, time.Time, time.Duration and *big.Rat for a
// decimal. A union's value stands as it is where its branches are all primitive or null, and otherwise in a
// map[string]any whose key is the branch's name.
type Codec struct {
	*guard
	names map[reflect.Type]string // registered types of record branches
	// types holds what checkType said of each Go type.
	types sync.Map
}

// Option changes how a [Codec] works.
type Option func(*Codec) error

// Branch says which Go type, a struct or a pointer to one, stands for the record of this full name in a union that is
// decoded into an interface.
func Branch(fullName string, example any) Option {
	return func(c *Codec) error {
		t := reflect.TypeOf(example)
		base := t
		for base != nil && base.Kind() == reflect.Pointer {
			base = base.Elem()
		}
		if base == nil || base.Kind() != reflect.Struct || base == ratType {
			return fmt.Errorf("hamba: %T cannot stand for the record %s, want a struct", example, fullName)
		}
		c.names[t] = fullName
		c.api.Register(fullName, example)
		return nil
	}
}

// New returns a codec for a schema. The error says why hamba/avro cannot be trusted with it: it does not understand all
// schemas, and some as other ones than they are.
func New(s *avsc.Schema, opts ...Option) (*Codec, error) {
	g, err := newGuard(s)
	if err != nil {
		return nil, err
	}
	c := &Codec{guard: g, names: map[reflect.Type]string{}}
	for _, opt := range opts {
		if err := opt(c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Schema returns the schema that the codec was made for.
func (c *Codec) Schema() *avsc.Schema { return c.own }

// Marshal returns the encoding of v, a struct, a pointer to one, or a dynamic value. Decimals must be *big.Rat: hamba
// would take any other struct for one and read memory that is none.
func (c *Codec) Marshal(v any) ([]byte, error) {
	dynamic := true
	if v != nil && c.own.Root.Kind != avsc.Union { // a union's own value is as good as one behind an interface
		var err error
		if dynamic, err = c.checkType(reflect.TypeOf(v)); err != nil {
			return nil, err
		}
	}
	if dynamic {
		if err := c.checkValue(c.schema, reflect.ValueOf(v), ""); err != nil {
			return nil, err
		}
	}
	return c.encode(v)
}

// Unmarshal reads one message that fills all of src into what v points to, which it makes zero before, and on an
// error. The error is a [*codec.Error] where the message is not one of the schema.
func (c *Codec) Unmarshal(src []byte, v any) error {
	t := reflect.TypeOf(v)
	if t == nil || t.Kind() != reflect.Pointer || reflect.ValueOf(v).IsNil() {
		return fmt.Errorf("hamba: cannot decode into %T, want a pointer", v)
	}
	if _, err := c.checkType(t.Elem()); err != nil {
		return err
	}
	return c.decode(src, v)
}

// UnmarshalFrom is Unmarshal for a message of another schema, with the plan that resolves that one against this codec's.
func (c *Codec) UnmarshalFrom(plan *codec.Plan, src []byte, v any) error {
	resolved, err := plan.Resolve(nil, src)
	if err != nil {
		return err
	}
	return c.Unmarshal(resolved, v)
}

// Decode reads one message that fills all of src as a dynamic value.
func (c *Codec) Decode(src []byte) (any, error) {
	var v any
	err := c.decode(src, &v)
	return v, err
}

// typeCheck is what checkType said.
type typeCheck struct {
	dynamic bool
	err     error
}

// checkType holds a Go type to what hamba's unsafe casts demand of it, once. It reports whether values must be looked at
// as well, because some of them stand behind interfaces.
func (c *Codec) checkType(t reflect.Type) (dynamic bool, err error) {
	if done, ok := c.types.Load(t); ok {
		return done.(typeCheck).dynamic, done.(typeCheck).err
	}
	check := newTypeChecker()
	err = check.check(c.schema, t, "")
	c.types.Store(t, typeCheck{check.dynamic, err})
	return check.dynamic, err
}
