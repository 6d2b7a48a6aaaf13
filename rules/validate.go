package rules

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"github.com/avow-events/avow/codec"
)

// walk validates one value.
type walk struct {
	path       []step
	violations []Violation
	vars       activation
	// cost is what all evaluations together have cost.
	cost uint64
}

// step is a part of a path: a field, an entry of a map, or an item of an array where both are empty.
type step struct {
	field, key string
	isKey      bool
	item       int
}

// activation holds the one variable of rules.
type activation struct{ this ref.Val }

// ResolveName implements cel.Activation.
func (a *activation) ResolveName(name string) (any, bool) { return a.this, name == self }

// Parent implements cel.Activation.
func (a *activation) Parent() cel.Activation { return nil }

// value validates what is in a value of an active shape. The value itself knows what it is: a union may hold anything.
func (w *walk) value(v ref.Val) {
	switch v := v.(type) {
	case *record:
		w.record(v)
	default:
		w.parts(v.Value())
	}
}

func (w *walk) parts(parts any) {
	switch parts := parts.(type) {
	case []ref.Val:
		for i, item := range parts {
			w.enter(step{item: i}, item)
		}
	case map[ref.Val]ref.Val:
		keys := make([]types.String, 0, len(parts))
		for key := range parts {
			keys = append(keys, key.(types.String))
		}
		slices.SortFunc(keys, cmp.Compare)
		for _, key := range keys {
			w.enter(step{key: string(key), isKey: true}, parts[key])
		}
	}
}

func (w *walk) enter(s step, v ref.Val) {
	w.path = append(w.path, s)
	w.value(v)
	w.path = w.path[:len(w.path)-1]
}

func (w *walk) record(r *record) {
	w.judge(r.rules, r)
	for _, f := range r.fields {
		if len(f.rules) == 0 && !f.active {
			continue
		}
		v := r.values[f.slot]
		w.path = append(w.path, step{field: f.Name})
		w.judge(f.rules, v)
		if f.active {
			w.value(v)
		}
		w.path = w.path[:len(w.path)-1]
	}
}

func (w *walk) judge(rules []*rule, v ref.Val) {
	for _, r := range rules {
		if v == types.NullValue && !r.onNull {
			continue
		}
		if r.priced && w.cost > maxTotalCost {
			w.violations = append(w.violations, Violation{Path: w.place(), Rule: r.Rule, Err: errTotalCost})
			continue
		}
		w.vars.this = v
		result, details, err := r.program.Eval(&w.vars)
		if cost := details.ActualCost(); cost != nil {
			w.cost += *cost
		}
		switch {
		case err != nil:
			w.violations = append(w.violations, Violation{Path: w.place(), Rule: r.Rule, Err: reason(err)})
		case result != types.True:
			w.violations = append(w.violations, Violation{Path: w.place(), Rule: r.Rule})
		}
	}
}

// reason returns why a rule could not be evaluated. Its text is made here, because it may show a part of the value, whose
// memory is not ours any more when the validation has ended.
func reason(err error) error {
	var cancelled interpreter.EvalCancelledError
	switch {
	case errors.As(err, &cancelled) && cancelled.Cause == interpreter.CostLimitExceeded:
		return errCost
	case errors.As(err, &cancelled) && cancelled.Cause == interpreter.MemoryLimitExceeded:
		return errSize
	}
	// CEL has no other sign of what went wrong than its text.
	text := err.Error()
	if strings.HasPrefix(text, "no such overload") || strings.HasSuffix(text, "expected iterable type") {
		return errOperand
	}
	return errors.New(text)
}

// place returns the path at which the walk is, in the form of codec's errors.
func (w *walk) place() string {
	var b strings.Builder
	for _, s := range w.path {
		switch {
		case s.field != "":
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.field)
		case s.isKey:
			b.WriteString("[" + strconv.Quote(s.key) + "]")
		default:
			b.WriteString("[" + strconv.Itoa(s.item) + "]")
		}
	}
	return b.String()
}

// validate judges an encoded value that the codec has passed.
func (r *Rules) validate(text string) error {
	if !r.root.active {
		return nil
	}
	in := reader{text: text}
	v := in.value(r.root)
	if in.i != len(text) {
		return fmt.Errorf("rules: %w", codec.ErrLogical)
	}
	w := walk{}
	w.value(v)
	if len(w.violations) > 0 {
		return &Error{Violations: w.violations}
	}
	return nil
}
