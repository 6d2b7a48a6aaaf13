package rules

import (
	"maps"
	"strconv"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/suggest"
)

// inspector looks through an expression whose types are right for what CEL's types do not tell: symbols that an enum does
// not have, comparisons with null of what never is, decimals that are none. On its way it notes which fields of which
// records the expression looks at.
type inspector struct {
	*expression
	checked *ast.AST
	// vars are the shapes of the variables of loops, nil where that is not known.
	vars map[string]*shape
	// looks says that the expression looks at the value at all.
	looks bool
}

func (x *expression) inspect(checked *ast.AST) {
	in := &inspector{expression: x, checked: checked, vars: map[string]*shape{}}
	in.visit(checked.Expr(), false)
	if !in.looks {
		x.fail(x.Pos, "the rule does not look at the value, it says the same of all")
	}
}

func (in *inspector) complain(e ast.Expr, format string, args ...any) {
	in.fail(in.node(e, in.checked.SourceInfo()), format, args...)
}

// visit looks at e and what is in it. inner says that the expression around e takes something out of its value, so that
// the value itself is not looked at as a whole.
func (in *inspector) visit(e ast.Expr, inner bool) {
	t := in.checked.GetType(e.ID())
	in.nests = in.nests || nesting(e, t)
	if !inner {
		in.use(t)
	}
	switch e.Kind() {
	case ast.IdentKind:
		in.looks = in.looks || e.AsIdent() == self
	case ast.SelectKind:
		s := e.AsSelect()
		in.useField(in.checked.GetType(s.Operand().ID()), s.FieldName())
		in.visit(s.Operand(), true)
	case ast.CallKind:
		in.call(e)
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			in.visit(item, false)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			in.visit(entry.AsMapEntry().Key(), false)
			in.visit(entry.AsMapEntry().Value(), false)
		}
	case ast.StructKind:
		in.complain(e, "a rule judges values and does not make a %s", e.AsStruct().TypeName())
	case ast.ComprehensionKind:
		in.loop(e.AsComprehension())
	}
}

func (in *inspector) loop(loop ast.ComprehensionExpr) {
	in.visit(loop.IterRange(), true)
	in.visit(loop.AccuInit(), false)
	over := in.shapeOf(loop.IterRange())
	outer := in.vars
	in.vars = maps.Clone(outer)
	in.vars[loop.AccuVar()], in.vars[loop.IterVar()], in.vars[loop.IterVar2()] = nil, nil, nil
	if over != nil && over.elem != nil {
		switch {
		case loop.HasIterVar2(): // index and item, or key and value
			in.vars[loop.IterVar2()] = over.elem
		case over.Kind == avsc.Array: // of a map it is the key
			in.vars[loop.IterVar()] = over.elem
		}
	}
	in.visit(loop.LoopCondition(), true)
	in.visit(loop.LoopStep(), true)
	in.visit(loop.Result(), true)
	in.vars = outer
}

func (in *inspector) call(e ast.Expr) {
	call := e.AsCall()
	args := call.Args()
	name := call.FunctionName()
	switch name {
	case isNull:
		if s := in.shapeOf(args[0]); s != nil && !s.nullable {
			in.complain(args[0], "%s is never null", in.text(args[0]))
		}
	case "decimal":
		if args[0].Kind() == ast.LiteralKind {
			if v := newDecimal(args[0].AsLiteral()); types.IsError(v) {
				in.complain(args[0], "%v", v)
			}
		}
	case operators.Equals, operators.NotEquals:
		in.symbol(args[0], args[1])
		in.symbol(args[1], args[0])
	case operators.In:
		if args[1].Kind() == ast.ListKind {
			for _, item := range args[1].AsList().Elements() {
				in.symbol(args[0], item)
			}
		}
	}
	inner := name == isNull || name == "size" || name == operators.Conditional ||
		name == operators.Index && in.checked.GetType(args[0].ID()).Kind() != types.DynKind // which may be a record by name
	if call.IsMemberFunction() {
		in.visit(call.Target(), inner)
	}
	for _, arg := range args {
		in.visit(arg, inner)
	}
}

// symbol complains where a string is compared with an enum that has no such symbol.
func (in *inspector) symbol(value, literal ast.Expr) {
	enum := in.shapeOf(value)
	if enum == nil || enum.Kind != avsc.Enum || literal.Kind() != ast.LiteralKind {
		return
	}
	word, ok := literal.AsLiteral().(types.String)
	if !ok {
		return
	}
	var symbols []string
	for _, s := range enum.Symbols {
		if s.Name == string(word) {
			return
		}
		symbols = append(symbols, s.Name)
	}
	in.complain(literal, "enum %s has no symbol %s%s", enum.FullName(), strconv.Quote(string(word)), suggest.DidYouMean(string(word), symbols))
}

// shapeOf returns the shape of what an expression takes from the event, without null; nil where it is something else.
func (in *inspector) shapeOf(e ast.Expr) *shape {
	var s *shape
	switch e.Kind() {
	case ast.IdentKind:
		v, bound := in.vars[e.AsIdent()]
		switch {
		case bound:
			s = v
		case e.AsIdent() == self:
			s = in.about
		}
	case ast.SelectKind:
		if of := in.shapeOf(e.AsSelect().Operand()); of != nil {
			s = of.part(e.AsSelect().FieldName())
		}
	case ast.CallKind:
		if call := e.AsCall(); call.FunctionName() == operators.Index {
			if of := in.shapeOf(call.Args()[0]); of != nil {
				s = of.elem
			}
		}
	}
	return s.solid()
}

// part returns the shape of a record's field or of a map's value.
func (s *shape) part(name string) *shape {
	if f := s.byName[name]; f != nil {
		return f.shape
	}
	return s.elem
}

// solid returns the shape of a union's only branch beside null, as nullable as the union.
func (s *shape) solid() *shape {
	if s == nil || s.Kind != avsc.Union {
		return s
	}
	var only *shape
	for _, b := range s.branches {
		switch {
		case b.Kind == avsc.Null:
		case only != nil:
			return s
		default:
			only = b
		}
	}
	if only == nil {
		return s
	}
	as := *only
	as.nullable = s.nullable || only.nullable
	return &as
}

// text returns the source of a name or a field for a message.
func (in *inspector) text(e ast.Expr) string {
	switch {
	case e.Kind() == ast.IdentKind && e.AsIdent() != self:
		return e.AsIdent()
	case e.Kind() == ast.SelectKind:
		s := e.AsSelect()
		if in.fields[s.FieldName()] != nil && in.text(s.Operand()) == this {
			return s.FieldName()
		}
		return in.text(s.Operand()) + "." + s.FieldName()
	}
	return this
}
