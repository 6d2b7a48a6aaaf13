package rules

import (
	"fmt"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// record is a record as a value in expressions.
type record struct {
	*shape
	// values of the fields that are read, by slot.
	values []ref.Val
	// size in bytes of its encoding, by which comparing it is priced.
	size int
}

// get returns the value of a field.
func (r *record) get(f *field) (ref.Val, error) {
	if f.slot < 0 {
		return nil, fmt.Errorf("field %s was not read", f.Name)
	}
	return r.values[f.slot], nil
}

// Get is the access to a field of a value whose type is not known before.
func (r *record) Get(name ref.Val) ref.Val {
	s, _ := name.(types.String)
	f := r.byName[string(s)]
	if f == nil {
		return types.NewErr("%s has no field %s", r.cel.TypeName(), s)
	}
	v, err := r.get(f)
	if err != nil {
		return types.WrapErr(err)
	}
	return v
}

// IsSet reports whether a field is there and not null.
func (r *record) IsSet(name ref.Val) ref.Val {
	s, _ := name.(types.String)
	f := r.byName[string(s)]
	if f == nil {
		return types.False
	}
	v, err := r.get(f)
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Bool(v != types.NullValue)
}

// Equal implements ref.Val.
func (r *record) Equal(other ref.Val) ref.Val {
	o, ok := other.(*record)
	if !ok || o.shape != r.shape {
		return types.False
	}
	for i, v := range r.values {
		if types.Equal(v, o.values[i]) != types.True {
			return types.False
		}
	}
	return types.True
}

// ConvertToNative implements ref.Val. Records stay in expressions.
func (r *record) ConvertToNative(to reflect.Type) (any, error) {
	return nil, fmt.Errorf("record %s is not converted to %s", r.cel.TypeName(), to)
}

// ConvertToType implements ref.Val.
func (r *record) ConvertToType(to ref.Type) ref.Val {
	switch {
	case to == types.TypeType:
		return r.cel
	case to.TypeName() == r.cel.TypeName():
		return r
	}
	return types.NewErr("record %s is not converted to %s", r.cel.TypeName(), to.TypeName())
}

// Type implements ref.Val.
func (r *record) Type() ref.Type { return r.cel }

// Value implements ref.Val.
func (r *record) Value() any { return r }

// AggregateSize is what the record counts as where the cost of an expression is counted.
func (r *record) AggregateSize(types.AggregateSizer) uint32 { return uint32(1 + r.size) }
