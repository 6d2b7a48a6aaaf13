package rules

import (
	"slices"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// this is the name of the value that a rule is about, self the variable that holds it: a name that no expression can
// bind, so that fields are found where an expression calls something else this.
const (
	this = "this"
	self = "@this"
)

// resolver rewrites an expression, before its types are checked, into what CEL understands: this and the names of a
// record's fields become the variable and its fields, and comparisons with null become calls of a function of ours. Names
// that the expression binds itself come first; a field called like one of CEL's types, such as type, comes before that.
type resolver struct {
	ast.ExprFactory
	info   *ast.SourceInfo
	fields map[string]*field
	nextID int64
	// mentionsNull says that null stands somewhere in the expression, loops that it goes through a list or binds a name.
	mentionsNull, loops bool
}

func newResolver(parsed *ast.AST, fields map[string]*field) *resolver {
	return &resolver{ExprFactory: ast.NewExprFactory(), info: parsed.SourceInfo(), fields: fields, nextID: ast.MaxID(parsed) + 1}
}

// id returns the id of a new node, which stands where another does.
func (r *resolver) id(at int64) int64 {
	id := r.nextID
	r.nextID++
	if place, ok := r.info.GetOffsetRange(at); ok {
		r.info.SetOffsetRange(id, place)
	}
	return id
}

// resolve rewrites e. bound are the names that the expression binds around it.
func (r *resolver) resolve(e ast.Expr, bound []string) {
	switch e.Kind() {
	case ast.IdentKind:
		switch name := e.AsIdent(); {
		case slices.Contains(bound, name):
		case name == this:
			e.SetKindCase(r.NewIdent(e.ID(), self))
		case r.fields[name] != nil:
			e.SetKindCase(r.NewSelect(e.ID(), r.NewIdent(r.id(e.ID()), self), name))
		}
	case ast.LiteralKind:
		r.mentionsNull = r.mentionsNull || isNullLiteral(e)
	case ast.SelectKind:
		r.resolve(e.AsSelect().Operand(), bound)
	case ast.CallKind:
		r.call(e, bound)
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			r.resolve(item, bound)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			r.resolve(entry.AsMapEntry().Key(), bound)
			r.resolve(entry.AsMapEntry().Value(), bound)
		}
	case ast.StructKind:
		for _, entry := range e.AsStruct().Fields() {
			r.resolve(entry.AsStructField().Value(), bound)
		}
	case ast.ComprehensionKind:
		r.loops = true
		loop := e.AsComprehension()
		r.resolve(loop.IterRange(), bound)
		r.resolve(loop.AccuInit(), bound)
		withResult := append(slices.Clip(bound), loop.AccuVar())
		r.resolve(loop.Result(), withResult)
		inside := append(withResult, loop.IterVar(), loop.IterVar2())
		r.resolve(loop.LoopCondition(), inside)
		r.resolve(loop.LoopStep(), inside)
	}
}

func (r *resolver) call(e ast.Expr, bound []string) {
	call := e.AsCall()
	if call.IsMemberFunction() {
		r.resolve(call.Target(), bound)
	}
	for _, arg := range call.Args() {
		r.resolve(arg, bound)
	}
	name := call.FunctionName()
	if name != operators.Equals && name != operators.NotEquals {
		return
	}
	value, null := call.Args()[0], call.Args()[1]
	if isNullLiteral(value) {
		value, null = null, value
	}
	if !isNullLiteral(null) || isNullLiteral(value) {
		return
	}
	if name == operators.Equals {
		e.SetKindCase(r.NewCall(e.ID(), isNull, value))
	} else {
		e.SetKindCase(r.NewCall(e.ID(), operators.LogicalNot, r.NewCall(r.id(e.ID()), isNull, value)))
	}
}

func isNullLiteral(e ast.Expr) bool {
	return e.Kind() == ast.LiteralKind && e.AsLiteral() == types.NullValue
}
