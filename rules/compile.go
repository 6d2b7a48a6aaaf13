package rules

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"github.com/avow-events/avow/avsc"
)

// rule is a rule that can be evaluated.
type rule struct {
	Rule
	program cel.Program
	// onNull says that it is also about null: it mentions it. priced says that what it costs is counted.
	onNull, priced bool
}

// compiler compiles the rules of one schema.
type compiler struct {
	*shapes
	provider *provider
	env      *cel.Env
	// envs holds the environment of rules about values of a type, by its name.
	envs     map[string]*cel.Env
	problems avsc.ErrorList
	// ids of the rules of the record at hand.
	ids map[string]avsc.Pos
}

func newCompiler() (*compiler, error) {
	base, err := language()
	if err != nil {
		return nil, err
	}
	c := &compiler{shapes: newShapes(), envs: map[string]*cel.Env{}}
	c.provider = &provider{Provider: base.CELTypeProvider(), records: c.records}
	c.env, err = base.Extend(cel.CustomTypeProvider(c.provider))
	return c, err
}

// compile compiles the rules of a record and its fields.
func (c *compiler) compile(s *shape) {
	c.ids = map[string]avsc.Pos{}
	s.rules = c.all(s.Props, s, s.byName)
	for _, f := range s.fields {
		f.rules = c.all(f.Field.Props, f.shape, nil)
	}
}

// all compiles the rules among the attributes of a record, whose fields they may name, or of a field.
func (c *compiler) all(props []avsc.Prop, about *shape, fields map[string]*field) (compiled []*rule) {
	rules, problems := rulesOf(props)
	c.problems = append(c.problems, problems...)
	for _, r := range rules {
		if r.ID != "" {
			if first, ok := c.ids[r.ID]; ok {
				c.problems = append(c.problems, problem(r.id, "another rule of this record has the id %q, at %d:%d", r.ID, first.Line, first.Col))
			}
			c.ids[r.ID] = r.id
		}
		x := &expression{compiler: c, Rule: r.Rule, about: about, fields: fields}
		if program := x.compile(); program != nil {
			compiled = append(compiled, &rule{Rule: r.Rule, program: program, onNull: x.mentionsNull, priced: x.loops})
		}
	}
	return compiled
}

// envOf returns the environment of rules about values of a type.
func (c *compiler) envOf(about *types.Type) (*cel.Env, error) {
	key := about.String()
	if env := c.envs[key]; env != nil {
		return env, nil
	}
	env, err := c.env.Extend(cel.Variable(self, about))
	c.envs[key] = env
	return env, err
}

// expression is one rule while it is compiled.
type expression struct {
	*compiler
	Rule
	about  *shape
	fields map[string]*field

	// mentionsNull and loops say what is in the expression, nests that it makes lists of lists.
	mentionsNull, loops, nests bool
	failed                     bool
}

func (x *expression) fail(pos avsc.Pos, format string, args ...any) {
	x.failed = true
	x.problems = append(x.problems, problem(pos, format, args...))
}

// compile returns the program of the expression, nil after it noted why there is none.
func (x *expression) compile() cel.Program {
	env, err := x.envOf(x.about.cel)
	if err != nil {
		x.fail(x.Pos, "%v", err)
		return nil
	}
	parsed, issues := env.Parse(x.Expr)
	if issues.Err() != nil {
		x.syntax(issues.Errors())
		return nil
	}
	r := newResolver(parsed.NativeRep(), x.fields)
	r.resolve(parsed.NativeRep().Expr(), nil)
	x.mentionsNull = r.mentionsNull

	x.provider.missing = map[string]*shape{}
	defer func() { x.provider.missing = nil }()
	checked, issues := env.Check(parsed)
	if issues.Err() != nil {
		x.explain(issues.Errors(), parsed.NativeRep())
		return nil
	}
	if !checked.OutputType().IsExactType(types.BoolType) {
		x.fail(x.Pos, "a rule says true or false, this is %s", nameOf(checked.OutputType()))
		return nil
	}
	x.inspect(checked.NativeRep())
	if x.failed {
		return nil
	}
	x.loops = r.loops
	program, err := env.Program(checked, x.limits()...)
	if err != nil {
		x.fail(x.Pos, "%v", err)
		return nil
	}
	return program
}

// finish decides what is read of values once all rules are known.
func (c *compiler) finish() {
	for again := true; again; {
		again = false
		for _, s := range c.byType {
			if !s.active && s.hasRules() {
				s.active, again = true, true
			}
		}
	}
	for _, s := range c.order {
		for _, f := range s.fields {
			if f.used || s.whole || f.active || len(f.rules) > 0 {
				f.slot = s.slots
				s.slots++
			}
		}
	}
}

// hasRules reports whether rules stand on the type or on what it is made of, as far as that is known yet.
func (s *shape) hasRules() bool {
	return len(s.rules) > 0 || s.elem != nil && s.elem.active ||
		slices.ContainsFunc(s.branches, func(b *shape) bool { return b.active }) ||
		slices.ContainsFunc(s.fields, func(f *field) bool { return len(f.rules) > 0 || f.active })
}
