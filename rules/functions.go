package rules

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/decls"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/stdlib"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// isNull is the function that stands for a comparison with null. CEL itself compares null with few types; in a contract
// a value of any type can be null.
const isNull = "@isNull"

// arithmetic are the operators that also take decimals, alone or with an integer. Their second operand decides what
// CEL's own do not know: an integer before a decimal.
var arithmetic = map[string]*types.Type{
	operators.Add:           decimalType,
	operators.Subtract:      decimalType,
	operators.Multiply:      decimalType,
	operators.Less:          types.BoolType,
	operators.LessEquals:    types.BoolType,
	operators.Greater:       types.BoolType,
	operators.GreaterEquals: types.BoolType,
}

// functions returns CEL's standard functions with decimals, and the functions of ours.
func functions() ([]cel.EnvOption, error) {
	subset := &env.LibrarySubset{}
	var extended []*decls.FunctionDecl
	for _, std := range stdlib.Functions() {
		if result := arithmetic[std.Name()]; result != nil {
			fn, err := withDecimals(std, result)
			if err != nil {
				return nil, err
			}
			subset.ExcludeFunctions = append(subset.ExcludeFunctions, &env.Function{Name: std.Name()})
			extended = append(extended, fn)
		}
	}
	return []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(subset)),
		cel.FunctionDecls(extended...),
		cel.Function(operators.Negate, cel.Overload("negate_decimal", []*cel.Type{decimalType}, decimalType)),
		cel.Function("decimal",
			cel.Overload("decimal_of_string", []*cel.Type{cel.StringType}, decimalType, cel.UnaryBinding(newDecimal)),
			cel.Overload("decimal_of_int", []*cel.Type{cel.IntType}, decimalType, cel.UnaryBinding(newDecimal))),
		cel.Function("string",
			cel.Overload("string_of_decimal", []*cel.Type{decimalType}, cel.StringType, cel.UnaryBinding(func(v ref.Val) ref.Val {
				return v.ConvertToType(types.StringType)
			}))),
		cel.Function("sum", sums()...),
		cel.Function(isNull, cel.Overload("is_null", []*cel.Type{cel.TypeParamType("T")}, cel.BoolType, cel.UnaryBinding(func(v ref.Val) ref.Val {
			return types.Bool(v == types.NullValue)
		}))),
		cel.CostModel(costs()...),
	}, nil
}

// withDecimals returns an operator of CEL that also takes decimals.
func withDecimals(std *decls.FunctionDecl, result *types.Type) (*decls.FunctionDecl, error) {
	bindings, err := std.Bindings()
	if err != nil {
		return nil, err
	}
	own := bindings[0]
	var opts []decls.FunctionOpt
	for _, o := range std.OverloadDecls() {
		opts = append(opts, decls.Overload(o.ID(), o.ArgTypes(), o.ResultType()))
	}
	for _, o := range decimalOverloads {
		opts = append(opts, decls.Overload(std.Name()+o.id, []*types.Type{o.left, o.right}, result))
	}
	opts = append(opts, decls.SingletonBinaryBinding(func(left, right ref.Val) ref.Val {
		if d, ok := right.(decimal); ok {
			if left, ok := left.(types.Int); ok {
				return own.Binary(decimalOf(left), d)
			}
		}
		if !left.Type().HasTrait(own.OperandTrait) {
			return types.MaybeNoSuchOverloadErr(left)
		}
		return own.Binary(left, right)
	}))
	return decls.NewFunction(std.Name(), opts...)
}

var decimalOverloads = []struct {
	id          string
	left, right *types.Type
}{
	{"decimal_decimal", decimalType, decimalType},
	{"decimal_int", decimalType, types.IntType},
	{"int_decimal", types.IntType, decimalType},
}

// zeros are what empty lists add up to, of each type that sum takes.
var zeros = []ref.Val{decimal{}, types.Int(0), types.Double(0), types.Duration{}}

func sumOf(zero ref.Val) string { return "sum_of_" + zero.Type().TypeName() }

func sums() (overloads []cel.FunctionOpt) {
	for _, zero := range zeros {
		t := zero.Type().(*types.Type)
		overloads = append(overloads, cel.Overload(sumOf(zero), []*cel.Type{cel.ListType(t)}, t, cel.UnaryBinding(func(list ref.Val) ref.Val {
			return sum(list, zero)
		})))
	}
	return overloads
}

func sum(list ref.Val, total ref.Val) ref.Val {
	items, ok := list.(traits.Lister)
	if !ok {
		return types.MaybeNoSuchOverloadErr(list)
	}
	for it := items.Iterator(); it.HasNext() == types.True; {
		total = total.(traits.Adder).Add(it.Next())
		if types.IsError(total) {
			return total
		}
	}
	return total
}

// costs says what functions cost that CEL takes for one step, though they look at all of a list or a string.
func costs() (models []cost.OverloadModel) {
	for _, zero := range zeros {
		models = append(models, cost.Overload(sumOf(zero), cost.EvalCost(cost.Arg(0))))
	}
	text := cost.EvalCost(cost.Scale(cost.Arg(0), cost.StringTraversalCostFactor))
	for _, id := range []string{
		overloads.SizeString, overloads.StringToInt, overloads.StringToUint, overloads.StringToDouble,
		overloads.StringToDuration, overloads.StringToTimestamp,
	} {
		models = append(models, cost.Overload(id, text))
	}
	return append(models,
		cost.MemberOverload(overloads.SizeStringInst, cost.EvalCost(cost.Scale(cost.Target(), cost.StringTraversalCostFactor))),
		cost.Overload(overloads.InMap, text))
}
