package rules

import (
	"fmt"
	"regexp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/suggest"
)

// Attribute is the attribute of a record or a field that holds its rules: one, or an array of several. A rule is a
// string, which is its expression, or an object:
//
//	{"id": "total-is-sum", "expr": "total == sum(items.map(i, i.price))", "message": "the total is the sum of the items"}
//
// of which only expr is required. Ids are unique within a record.
const Attribute = "avow.rules"

// Rule is one rule as it stands in a schema.
type Rule struct {
	// ID names the rule for programs; empty where it has none.
	ID string
	// Expr is the expression in CEL, which is true of a valid value.
	Expr string
	// Message says in words what the rule wants; empty where it has none.
	Message string
	// Pos is where the string of the expression begins in the schema file; in the text of its schema for a generated type.
	Pos avsc.Pos
}

// written is a rule and where its id stands.
type written struct {
	Rule
	id avsc.Pos
}

var idPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// rulesOf returns the rules among the attributes of a record or a field, and what is wrong with the way they are
// written.
func rulesOf(props []avsc.Prop) (rules []written, problems avsc.ErrorList) {
	p := propOf(props)
	if p == nil {
		return nil, nil
	}
	r := &attributeReader{}
	if p.Value.Kind == avsc.ArrayValue {
		for _, item := range p.Value.Items {
			r.rule(item)
		}
		if len(p.Value.Items) == 0 {
			r.fail(p.Value.Pos, "%s is empty: write a rule, or leave it out", Attribute)
		}
	} else {
		r.rule(p.Value)
	}
	return r.rules, r.problems
}

func propOf(props []avsc.Prop) *avsc.Prop {
	for i := range props {
		if props[i].Name == Attribute {
			return &props[i]
		}
	}
	return nil
}

type attributeReader struct {
	rules    []written
	problems avsc.ErrorList
}

func (r *attributeReader) fail(pos avsc.Pos, format string, args ...any) {
	r.problems = append(r.problems, problem(pos, format, args...))
}

func problem(pos avsc.Pos, format string, args ...any) *avsc.Error {
	return &avsc.Error{Pos: pos, Err: fmt.Errorf(format, args...)}
}

func (r *attributeReader) rule(v *avsc.Value) {
	switch v.Kind {
	case avsc.StringValue:
		r.rules = append(r.rules, written{Rule: Rule{Expr: v.Text, Pos: v.Pos}})
	case avsc.ObjectValue:
		r.object(v)
	default:
		r.fail(v.Pos, `%s is a rule or an array of rules, and a rule is an expression as a string, or an object such as {"expr": "this > 0", "message": "must be positive"}; found %s`,
			Attribute, v)
	}
}

var members = []string{"id", "expr", "message"}

func (r *attributeReader) object(v *avsc.Value) {
	var rule written
	for _, m := range v.Members {
		var to *string
		switch m.Name {
		case "id":
			to, rule.id = &rule.ID, m.Value.Pos
		case "expr":
			to, rule.Pos = &rule.Expr, m.Value.Pos
		case "message":
			to = &rule.Message
		default:
			r.fail(m.NamePos, "a rule has no %q, only id, expr and message%s", m.Name, suggest.DidYouMean(m.Name, members))
			continue
		}
		if m.Value.Kind != avsc.StringValue {
			r.fail(m.Value.Pos, "the %s of a rule is a string, found %s", m.Name, m.Value)
			return
		}
		*to = m.Value.Text
		if m.Name == "id" && !idPattern.MatchString(rule.ID) {
			r.fail(m.Value.Pos, "id %q is not made of letters, digits, _, . and -, a letter or _ first", rule.ID)
		}
	}
	if !rule.Pos.IsValid() {
		r.fail(v.Pos, "a rule has no expr")
		return
	}
	r.rules = append(r.rules, rule)
}
