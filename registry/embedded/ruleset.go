package embedded

import (
	"fmt"
	"io"
	"slices"
)

// ruleSet holds the rules that clients apply to the data of a schema. The registry keeps them and never runs them.
// Like metadata it counts for the schema's identity and is never changed once it is in use.
type ruleSet struct {
	Migration, Domain, Encoding []rule
	// EnableAt says where the rules are run, empty where nothing was said.
	EnableAt string
}

func (rs *ruleSet) phases() [3][]rule { return [3][]rule{rs.Migration, rs.Domain, rs.Encoding} }

// hash writes what identifies the rule set.
func (rs *ruleSet) hash(w io.Writer) {
	for _, phase := range rs.phases() {
		for _, r := range phase {
			r.hash(w)
		}
	}
	writeStrings(w, rs.EnableAt)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// equal reports whether two rule sets say the same; both may be nil.
func (rs *ruleSet) equal(other *ruleSet) bool {
	if rs == nil || other == nil {
		return rs == other
	}
	a, b := rs.phases(), other.phases()
	for i := range a {
		if !slices.EqualFunc(a[i], b[i], rule.equal) {
			return false
		}
	}
	return rs.EnableAt == other.EnableAt
}

// merge returns the rules of both, where a stronger rule replaces one of the same name; either may be nil.
func (rs *ruleSet) merge(stronger *ruleSet) *ruleSet {
	if rs == nil || stronger == nil {
		if rs == nil {
			return stronger
		}
		return rs
	}
	out := &ruleSet{
		Migration: mergeRules(rs.Migration, stronger.Migration),
		Domain:    mergeRules(rs.Domain, stronger.Domain),
		Encoding:  mergeRules(rs.Encoding, stronger.Encoding),
		EnableAt:  rs.EnableAt,
	}
	if stronger.EnableAt != "" {
		out.EnableAt = stronger.EnableAt
	}
	return out
}

func mergeRules(weaker, stronger []rule) []rule {
	if len(stronger) == 0 {
		return weaker
	}
	names := map[string]bool{}
	for _, r := range stronger {
		names[deref(r.Name)] = true
	}
	return append(slices.DeleteFunc(slices.Clone(weaker), func(r rule) bool { return names[deref(r.Name)] }), stronger...)
}

// withoutEmpty returns the rules as they are stored: what is empty is as good as not said.
func (rs *ruleSet) withoutEmpty() *ruleSet {
	if rs == nil {
		return nil
	}
	clean := func(rules []rule) []rule {
		rules = slices.Clone(rules)
		for i := range rules {
			r := &rules[i]
			for _, s := range []**string{&r.Name, &r.Doc, &r.Type, &r.Expr, &r.OnSuccess, &r.OnFailure} {
				if deref(*s) == "" {
					*s = nil
				}
			}
		}
		return rules
	}
	return &ruleSet{Migration: clean(rs.Migration), Domain: clean(rs.Domain), Encoding: clean(rs.Encoding), EnableAt: rs.EnableAt}
}

// without returns the rules but for those of the given names.
func (rs *ruleSet) without(names []string) *ruleSet {
	keep := func(rules []rule) []rule {
		return slices.DeleteFunc(slices.Clone(rules), func(r rule) bool { return slices.Contains(names, deref(r.Name)) })
	}
	return &ruleSet{keep(rs.Migration), keep(rs.Domain), keep(rs.Encoding), rs.EnableAt}
}

// hasType reports whether a rule is of the given type.
func (rs *ruleSet) hasType(ruleType string) bool {
	for _, phase := range rs.phases() {
		if slices.ContainsFunc(phase, func(r rule) bool { return r.Type != nil && *r.Type == ruleType }) {
			return true
		}
	}
	return false
}

// validate says what is wrong with the rule set, in the real server's words.
func (rs *ruleSet) validate() error {
	if rs == nil {
		return nil
	}
	seen := map[string]bool{}
	for i, phase := range rs.phases() {
		for _, r := range phase {
			if r.Name != nil && seen[*r.Name] {
				return errInvalidRuleSet("Found rule with duplicate name '" + *r.Name + "'")
			}
			seen[deref(r.Name)] = true
			if problem := r.problem(); problem != "" {
				return errInvalidRuleSet(problem)
			}
			migrates := slices.Contains(ruleModes[:3], r.Mode)
			switch {
			case i == 0 && !migrates:
				return errInvalidRuleSet("Migration rules can only be UPGRADE, DOWNGRADE, UPDOWN")
			case i == 1 && migrates:
				return errInvalidRuleSet("Domain rules can only be WRITE, READ, WRITEREAD")
			case i == 2 && migrates:
				return errInvalidRuleSet("Encoding rules can only be WRITE, READ, WRITEREAD")
			}
		}
	}
	return nil
}

// javaString is what the real server's messages show.
func (rs *ruleSet) javaString() string {
	if rs == nil {
		return "null"
	}
	var lists [3]string
	for i, phase := range rs.phases() {
		rules := make([]string, len(phase))
		for j, r := range phase {
			rules[j] = r.javaString()
		}
		lists[i] = javaList(rules)
	}
	enableAt := "null"
	if rs.EnableAt != "" {
		enableAt = rs.EnableAt
	}
	return fmt.Sprintf("Rules{migrationRules=%s, domainRules=%s, encodingRules=%s, enableAt=%s}", lists[0], lists[1], lists[2], enableAt)
}

func orNull(s *string) string {
	if s == nil {
		return "null"
	}
	return *s
}

// bindRuleSet reads a rule set; null is none.
func bindRuleSet(t *tokens) (*ruleSet, error) {
	if t.kind == nullToken {
		return nil, nil
	}
	rs := &ruleSet{}
	err := t.object("RuleSet", func(name string) (err error) {
		switch name {
		case "migrationRules":
			rs.Migration, err = list(t, "Rule", bindRule)
		case "domainRules":
			rs.Domain, err = list(t, "Rule", bindRule)
		case "encodingRules":
			rs.Encoding, err = list(t, "Rule", bindRule)
		case "enableAt":
			rs.EnableAt, err = t.enum("ExecutionEnvironment", ruleEnvironments)
		default:
			err = t.skip()
		}
		return err
	})
	return rs, err
}

func (rs *ruleSet) append(b []byte) []byte {
	b = append(b, '{')
	for i, phase := range rs.phases() {
		if len(phase) == 0 {
			continue
		}
		b = append(appendKey(b, [...]string{"migrationRules", "domainRules", "encodingRules"}[i]), '[')
		for _, r := range phase {
			b = r.append(appendComma(b))
		}
		b = append(b, ']')
	}
	if rs.EnableAt != "" {
		b = appendString(appendKey(b, "enableAt"), rs.EnableAt)
	}
	return append(b, '}')
}
