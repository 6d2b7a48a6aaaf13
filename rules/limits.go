package rules

import (
	"errors"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"
)

// No expression runs on and on, whatever its author wrote and whatever the event holds.
//
// Without a loop (all, exists, map and the like) it takes as many steps as it has, each at most as long as the values it
// looks at: nothing needs to be counted, and most rules are of this kind. With a loop its cost is counted. What CEL
// counts is each step after it is done, so one step must not be able to take for ever. It could on a value that is
// larger than what was paid for it, because it holds the same parts over and over: a list of lists, which share their
// items, or the sum of two lists, which shares both. Where an expression makes such values their size is limited too,
// before the next step looks at them; that takes half as long again.
const (
	// maxExpression is the largest expression, in characters.
	maxExpression = 10_000
	// maxRegex is the largest regular expression, in instructions of its program: .{0,100} has about 200.
	maxRegex = 1_000
	// maxCost is what one evaluation may cost in CEL's unit: about one for each step, for each item and for each ten bytes
	// of strings that are looked at. That is some tenths of a second.
	maxCost = 2_000_000
	// maxTotalCost is what all rules with loops may cost on one event.
	maxTotalCost = 10 * maxCost
	// maxSize is the size of the largest value: what is in it, and one more for each ten bytes of strings.
	maxSize = 10_000_000
)

// Why a rule could not be evaluated.
var (
	errCost      = errors.New("it goes through more than a rule may")
	errTotalCost = errors.New("the rules go through too much of this event, all together")
	errSize      = errors.New("it makes a value larger than a rule may")
	errOperand   = errors.New("it uses null, or a value of another type, where it cannot be used")
)

// sizing lets values be measured that are as large as events can be. CEL takes larger ones for endless.
var sizing = []types.SizeCalculatorOption{
	types.SizeCalculatorMaxDepth(1 << 12), types.SizeCalculatorMaxTraversal(maxSize),
}

// limits returns the limits that the expression needs.
func (x *expression) limits() []cel.ProgramOption {
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if x.loops {
		options = append(options, cel.CostLimit(maxCost))
	}
	if x.loops && x.nests {
		options = append(options, cel.MemoryLimit(maxSize),
			cel.MemoryTracking(types.MemoryTrackerSizeCalculator(types.NewSizeCalculator(sizing...))))
	}
	return options
}

// nesting reports whether an expression of type t makes a value that holds others more than once.
func nesting(e ast.Expr, t *types.Type) bool {
	if t != nil {
		for _, p := range t.Parameters() {
			switch p.Kind() {
			case types.ListKind, types.MapKind, types.DynKind, types.TypeParamKind:
				return true
			}
		}
	}
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != operators.Add {
		return false
	}
	return t == nil || t.Kind() == types.DynKind || t.Kind() == types.ListKind && !collects(e.AsCall())
}

// collects reports whether lists are added by a macro such as map, which adds one item to its own result.
func collects(call ast.CallExpr) bool {
	left := call.Args()[0]
	return left.Kind() == ast.IdentKind && left.AsIdent() == parser.HiddenAccumulatorName
}
