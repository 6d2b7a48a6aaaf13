package rules

import (
	"errors"
	"fmt"
	"reflect"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/avow-events/avow/codec"
)

// decimalType is the type of Avro's decimals in expressions.
var decimalType = types.NewObjectType("decimal",
	traits.AdderType, traits.SubtractorType, traits.MultiplierType, traits.NegatorType, traits.ComparerType)

// decimal is a decimal number in an expression. Its arithmetic is exact, also with integers.
type decimal struct{ codec.Decimal }

// maxDigits is the largest number of digits that arithmetic takes and makes. A product has the digits of both factors:
// without a limit, a number that is multiplied by itself a few times over fills the memory.
const maxDigits = 400

var (
	errDigits    = fmt.Errorf("decimal of more than %d digits", maxDigits)
	errNoDecimal = errors.New("a decimal is not converted to that type")
)

// asDecimal returns a decimal, or an integer as one.
func asDecimal(v ref.Val) (decimal, bool) {
	switch v := v.(type) {
	case decimal:
		return v, true
	case types.Int:
		return decimalOf(v), true
	}
	return decimal{}, false
}

func decimalOf(v types.Int) decimal { return decimal{codec.NewDecimal(int64(v), 0)} }

// with calculates with another number.
func (d decimal) with(other ref.Val, calculate func(codec.Decimal, codec.Decimal) codec.Decimal) ref.Val {
	e, ok := asDecimal(other)
	switch {
	case !ok:
		return types.MaybeNoSuchOverloadErr(other)
	case d.digits()+e.digits() > maxDigits:
		return types.WrapErr(errDigits)
	}
	return decimal{calculate(d.Decimal, e.Decimal)}
}

// aligned returns two numbers at the larger of their scales. Numbers of few digits, as they mostly are, take no memory
// for that, and none later.
func aligned(d, e codec.Decimal) (codec.Decimal, codec.Decimal) {
	switch {
	case d.Scale() < e.Scale():
		d, _ = d.Rescale(e.Scale()) // fails only where digits would be lost
	case e.Scale() < d.Scale():
		e, _ = e.Rescale(d.Scale())
	}
	return d, e
}

func add(d, e codec.Decimal) codec.Decimal {
	d, e = aligned(d, e)
	return d.Add(e)
}

func subtract(d, e codec.Decimal) codec.Decimal {
	d, e = aligned(d, e)
	return d.Sub(e)
}

// compare compares numbers; the error is errDigits where they would have to be brought to one scale of too many digits.
func (d decimal) compare(e decimal) (int, error) {
	if d.Scale() != e.Scale() && d.digits()+e.digits() > maxDigits {
		return 0, errDigits
	}
	left, right := aligned(d.Decimal, e.Decimal)
	return left.Cmp(right), nil
}

// digits returns about how many digits the number has, at least as many as stand behind the point.
func (d decimal) digits() int {
	return max(d.Scale(), codec.SizeDecimal(d.Decimal, d.Scale())*12/5) // 256 is 10^2.4
}

// Add implements traits.Adder.
func (d decimal) Add(other ref.Val) ref.Val { return d.with(other, add) }

// Subtract implements traits.Subtractor.
func (d decimal) Subtract(other ref.Val) ref.Val { return d.with(other, subtract) }

// Multiply implements traits.Multiplier.
func (d decimal) Multiply(other ref.Val) ref.Val { return d.with(other, codec.Decimal.Mul) }

// Negate implements traits.Negater.
func (d decimal) Negate() ref.Val { return decimal{d.Neg()} }

// Compare implements traits.Comparer.
func (d decimal) Compare(other ref.Val) ref.Val {
	e, ok := asDecimal(other)
	if !ok {
		return types.MaybeNoSuchOverloadErr(other)
	}
	order, err := d.compare(e)
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Int(order)
}

// Equal compares numbers, whatever their scales.
func (d decimal) Equal(other ref.Val) ref.Val {
	e, ok := asDecimal(other)
	if !ok {
		return types.False
	}
	order, err := d.compare(e)
	if err != nil {
		return types.WrapErr(err)
	}
	return types.Bool(order == 0)
}

// ConvertToNative implements ref.Val.
func (d decimal) ConvertToNative(to reflect.Type) (any, error) {
	if to == reflect.TypeFor[codec.Decimal]() {
		return d.Decimal, nil
	}
	return nil, errNoDecimal
}

// ConvertToType implements ref.Val.
func (d decimal) ConvertToType(to ref.Type) ref.Val {
	switch to {
	case decimalType:
		return d
	case types.StringType:
		if d.digits() > maxDigits {
			return types.WrapErr(errDigits)
		}
		return types.String(d.String())
	case types.TypeType:
		return decimalType
	}
	return types.WrapErr(errNoDecimal)
}

// Type implements ref.Val.
func (d decimal) Type() ref.Type { return decimalType }

// Value implements ref.Val.
func (d decimal) Value() any { return d.Decimal }

// AggregateSize is what the number counts as where the cost of an expression is counted.
func (d decimal) AggregateSize(types.AggregateSizer) uint32 { return uint32(1 + d.digits()/10) }

// newDecimal is decimal() of a string or an integer.
func newDecimal(v ref.Val) ref.Val {
	if text, ok := v.(types.String); ok {
		d, err := parseDecimal(string(text))
		if err != nil {
			return types.WrapErr(err)
		}
		return d
	}
	if d, ok := asDecimal(v); ok {
		return d
	}
	return types.MaybeNoSuchOverloadErr(v)
}

func parseDecimal(text string) (decimal, error) {
	if len(text) > maxDigits {
		return decimal{}, errDigits
	}
	d, err := codec.ParseDecimal(text)
	if err != nil {
		return decimal{}, fmt.Errorf("%q is no decimal", text)
	}
	if v := (decimal{d}); v.digits() > maxDigits {
		return decimal{}, errDigits
	}
	return decimal{d}, nil
}
