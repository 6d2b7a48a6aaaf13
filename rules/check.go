package rules

import "github.com/avow-events/avow/avsc"

// On reports whether a type carries rules itself: a record that has the attribute or whose fields have it.
func On(t *avsc.Type) bool {
	if propOf(t.Props) != nil {
		return true
	}
	for _, f := range t.Fields {
		if propOf(f.Props) != nil {
			return true
		}
	}
	return false
}

// Check reads the rules of schemas and checks them against the types there: names, fields, the types of values, the
// symbols of enums, literals of decimals, times and regular expressions. Rules that could not be meant are errors too:
// on what has no rules, such as an enum, or about null where there is none. The error is an [avsc.ErrorList] that holds
// every problem with its place inside the expression.
func Check(schemas ...*avsc.Schema) error {
	var problems avsc.ErrorList
	seen := map[*avsc.Type]bool{}
	for _, s := range schemas {
		ch := &checker{seen: seen}
		ch.visit(s.Root)
		problems = append(problems, ch.problems...)
		if len(ch.records) == 0 {
			continue
		}
		c, err := newCompiler()
		if err != nil {
			return err
		}
		for _, t := range ch.records {
			c.compile(c.of(t))
		}
		problems = append(problems, c.problems...)
	}
	return problems.Err()
}

// checker finds the records with rules, each once.
type checker struct {
	seen     map[*avsc.Type]bool
	records  []*avsc.Type
	problems avsc.ErrorList
}

func (ch *checker) visit(t *avsc.Type) {
	if ch.seen[t] {
		return
	}
	ch.seen[t] = true
	switch p := propOf(t.Props); {
	case t.Kind == avsc.Record:
		if On(t) {
			ch.records = append(ch.records, t)
		}
	case p != nil:
		ch.problems = append(ch.problems, problem(p.NamePos, "%s stands on a record or on a field, and this is %s: move it to the field", Attribute, article(t.Kind)))
	}
	for _, f := range t.Fields {
		ch.visit(f.Type)
	}
	if t.Elem != nil {
		ch.visit(t.Elem)
	}
	for _, b := range t.Branches {
		ch.visit(b)
	}
}

func article(k avsc.Kind) string {
	switch k {
	case avsc.Enum, avsc.Array, avsc.Int:
		return "an " + k.String()
	}
	return "a " + k.String()
}
