package compat

import (
	"math/big"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// sameValue reports whether two JSON values say the same: numbers by value, objects whatever the order of their members.
func sameValue(a, b *avsc.Value) bool {
	if a == nil || b == nil || a.Kind != b.Kind {
		return a == b
	}
	switch a.Kind {
	case avsc.BoolValue:
		return a.Bool == b.Bool
	case avsc.StringValue:
		return a.Text == b.Text
	case avsc.NumberValue:
		return sameNumber(a.Text, b.Text)
	case avsc.ArrayValue:
		if len(a.Items) != len(b.Items) {
			return false
		}
		for i := range a.Items {
			if !sameValue(a.Items[i], b.Items[i]) {
				return false
			}
		}
	case avsc.ObjectValue:
		for _, names := range [][]avsc.Member{a.Members, b.Members} {
			for _, m := range names {
				if !sameValue(a.Get(m.Name), b.Get(m.Name)) {
					return false
				}
			}
		}
	}
	return true
}

// sameNumber compares literals such as 1 and 1.0. Ones with an exponent are compared as text: 1e999999999 has no place in
// memory.
func sameNumber(a, b string) bool {
	if a == b || strings.ContainsAny(a+b, "eE") {
		return a == b
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}
