package rules

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/suggest"
)

// at returns the place in the schema file of a byte of the expression. The string in the file may hold escapes, which
// are taken for the shortest ones; \u0061 for a letter is not foreseen.
func (x *expression) at(offset int) avsc.Pos {
	pos := x.Pos
	pos.Col++ // the quote
	for _, c := range []byte(x.Expr[:min(offset, len(x.Expr))]) {
		switch {
		case strings.IndexByte("\"\\\b\f\n\r\t", c) >= 0:
			pos.Col += 2
		case c < ' ':
			pos.Col += 6
		default:
			pos.Col++
		}
	}
	return pos
}

// offset returns the byte of the expression at a location, whose columns count characters from 0.
func (x *expression) offset(l common.Location) int {
	offset := 0
	for line := 1; line < l.Line(); line++ {
		offset += 1 + strings.IndexByte(x.Expr[offset:], '\n')
	}
	for range l.Column() {
		_, size := utf8.DecodeRuneInString(x.Expr[offset:])
		offset += size
	}
	return offset
}

// node returns the place of a node of the expression.
func (x *expression) node(e ast.Expr, info *ast.SourceInfo) avsc.Pos {
	return x.at(x.offset(info.GetStartLocation(e.ID())))
}

// syntax notes the first of the problems that the parser found: the others mostly follow from it.
func (x *expression) syntax(problems []*cel.Error) {
	first := problems[0]
	message := strings.TrimPrefix(first.Message, "Syntax error: ")
	message, _, _ = strings.Cut(message, " expecting ")
	reserved, isReserved := strings.CutPrefix(message, "reserved identifier: ")
	switch {
	case strings.HasPrefix(message, "mismatched input '<EOF>'"):
		message = "the expression ends too early"
	case strings.HasPrefix(message, "invalid argument to has() macro"):
		message = "has() asks for a field of a record, such as has(this.name)"
	case isReserved && x.fields[reserved] != nil:
		message = fmt.Sprintf("%s is a reserved word: write this.%s", reserved, reserved)
	}
	x.fail(x.at(x.offset(first.Location)), "%s", strings.ReplaceAll(message, "'<EOF>'", "the end"))
}

// explain notes the problems that the type checker found, in the words of schemas where it has them.
func (x *expression) explain(problems []*cel.Error, parsed *ast.AST) {
	nodes := map[int64]ast.Expr{}
	bound := map[string]bool{}
	ast.PostOrderVisit(parsed.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		nodes[e.ID()] = e
		if e.Kind() == ast.ComprehensionKind {
			bound[e.AsComprehension().IterVar()], bound[e.AsComprehension().IterVar2()] = true, true
		}
	}))
	following := map[int64]bool{}
	for _, p := range problems {
		if e := nodes[p.ExprID]; e != nil && e.Kind() == ast.CallKind && strings.HasPrefix(p.Message, undeclared) {
			// A macro by a wrong name binds nothing, so that the names in it are unknown.
			for _, arg := range e.AsCall().Args() {
				ast.PostOrderVisit(arg, ast.NewExprVisitor(func(e ast.Expr) { following[e.ID()] = true }))
			}
		}
	}
	for _, p := range problems {
		if following[p.ExprID] {
			continue
		}
		offset := x.offset(p.Location)
		message, isName := x.reword(p, nodes[p.ExprID], bound)
		if isName {
			offset = nameAt(x.Expr, offset)
		}
		x.fail(x.at(offset), "%s", message)
	}
}

// The beginnings of CEL's messages that are put into other words.
const (
	undeclared     = "undeclared reference to"
	undefinedField = "undefined field"
	noFields       = "does not support field selection"
)

// reword returns a message of the type checker about a node, and whether it is about the name in it.
func (x *expression) reword(p *cel.Error, e ast.Expr, bound map[string]bool) (message string, isName bool) {
	switch {
	case e == nil:
	case e.Kind() == ast.IdentKind && strings.HasPrefix(p.Message, undeclared):
		return x.unknownName(e.AsIdent(), bound), false
	case e.Kind() == ast.CallKind && strings.HasPrefix(p.Message, undeclared):
		return x.unknownFunction(e.AsCall().FunctionName()), true
	case e.Kind() == ast.SelectKind && strings.HasPrefix(p.Message, undefinedField):
		name := e.AsSelect().FieldName()
		if s := x.provider.missing[name]; s != nil {
			return fmt.Sprintf("%s has no field %s%s", s.cel.TypeName(), name, suggest.DidYouMean(name, s.fieldNames())), true
		}
		return p.Message, true
	case e.Kind() == ast.SelectKind && strings.HasSuffix(p.Message, noFields):
		return strings.ReplaceAll(strings.TrimSuffix(p.Message, noFields), "'", "") + "has no fields", true
	case e.Kind() == ast.LiteralKind && strings.HasPrefix(p.Message, "regex program size"):
		return "the regular expression is too large", false
	case e.Kind() == ast.LiteralKind && strings.HasPrefix(p.Message, "invalid "):
		if text, ok := e.AsLiteral().(types.String); ok {
			return badLiteral(string(text), p.Message), false
		}
	}
	return noOverload(p.Message)
}

// nameAt returns where the name begins that a message is about, whose place is the point before it or the parenthesis
// behind it.
func nameAt(text string, offset int) int {
	switch {
	case strings.HasPrefix(text[offset:], "."):
		return len(text) - len(strings.TrimLeft(text[offset+1:], " "))
	case strings.HasPrefix(text[offset:], "("):
		return len(strings.TrimRightFunc(strings.TrimRight(text[:offset], " "), func(c rune) bool {
			return c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c)
		}))
	}
	return offset
}

// badLiteral says what is wrong with a literal by which a time or a regular expression is written.
func badLiteral(text, message string) string {
	switch strings.TrimSuffix(strings.TrimPrefix(message, "invalid "), " argument") {
	case overloads.Matches:
		if _, err := regexp.Compile(text); err != nil {
			return err.Error()
		}
	case overloads.TypeConvertTimestamp:
		return strconv.Quote(text) + " is no timestamp, such as 2026-01-02T15:04:05Z"
	case overloads.TypeConvertDuration:
		return strconv.Quote(text) + " is no duration, such as 1h30m"
	}
	return message
}

func (x *expression) unknownName(name string, bound map[string]bool) string {
	known := []string{this}
	for field := range x.fields {
		known = append(known, field)
	}
	for v := range bound {
		if v != "" && !strings.HasPrefix(v, "@") {
			known = append(known, v)
		}
	}
	slices.Sort(known)
	hint := suggest.DidYouMean(name, known)
	switch {
	case hint != "":
	case x.fields == nil:
		hint = ": the rule of a field knows only its value, by the name this; a rule about several fields stands on the record"
	default:
		hint = fmt.Sprintf(": %s has no such field", x.about.cel.TypeName())
	}
	return "unknown name " + name + hint
}

func (x *expression) unknownFunction(name string) string {
	var known []string
	for _, fn := range slices.Sorted(maps.Keys(x.env.Functions())) {
		if _, isOperator := operators.FindReverse(fn); !isOperator && !strings.Contains(fn, "@") {
			known = append(known, fn)
		}
	}
	for _, m := range x.env.Macros() {
		known = append(known, m.Function())
	}
	return "unknown function " + name + suggest.DidYouMean(name, known)
}

func (s *shape) fieldNames() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.Name
	}
	return names
}

var noSuchOverload = regexp.MustCompile(`^found no matching overload for '(.*)' applied to '(.*)'$`)

// noOverload puts CEL's message about a function that does not take such arguments into words.
func noOverload(message string) (reworded string, isName bool) {
	m := noSuchOverload.FindStringSubmatch(message)
	if m == nil {
		return message, false
	}
	name, args := m[1], m[2]
	isDecimal := strings.Contains(args, "decimal")
	symbol, isOperator := operators.FindReverse(name)
	switch {
	case name == operators.Index:
		name = "[]"
	case name == operators.Conditional:
		name = "?:"
	case isOperator && symbol != "":
		name = symbol
	}
	message = fmt.Sprintf("%s is not defined for %s", name, args)
	switch {
	case isDecimal && name == "/":
		message += ": a quotient is mostly not exact, multiply instead"
	case isDecimal && strings.Contains(args, "int") || isDecimal && strings.Contains(args, "double"):
		message += `: write decimals as decimal("0.00")`
	}
	return message, !isOperator
}

// nameOf returns the name of a type as messages write it.
func nameOf(t *types.Type) string {
	if t.Kind() == types.DynKind {
		return "a value of several types"
	}
	return cel.FormatCELType(t)
}
