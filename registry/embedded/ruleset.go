package embedded

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ruleSet holds the rules that clients apply to the data of a schema. The registry keeps them and never runs them.
// Like metadata it counts for the schema's identity and is never changed once it is in use.
type ruleSet struct {
	Migration, Domain, Encoding []rule
	// EnableAt says where the rules are run, empty where nothing was said.
	EnableAt string
}

// rule is one rule. Kind and Mode are never empty; of the others nil stands for null.
type rule struct {
	Name, Doc *string
	Kind      string
	Mode      string
	Type      *string
	Tags      []string
	Params    map[string]string
	Expr      *string
	OnSuccess *string
	OnFailure *string
	Disabled  bool
}

// The names of the enumerations, in the order of the real server's declarations.
var (
	ruleKinds        = []string{"TRANSFORM", "CONDITION"}
	ruleModes        = []string{"UPGRADE", "DOWNGRADE", "UPDOWN", "WRITE", "READ", "WRITEREAD"}
	ruleEnvironments = []string{"ALL", "CLIENT", "GATEWAY", "SERVER", "NONE"}
)

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

func (r *rule) hash(w io.Writer) {
	writeStrings(w, deref(r.Name), deref(r.Doc), r.Kind, r.Mode, deref(r.Type))
	writeStrings(w, r.Tags...)
	for _, name := range sortedKeys(r.Params) {
		writeStrings(w, name, r.Params[name])
	}
	writeStrings(w, deref(r.Expr), deref(r.OnSuccess), deref(r.OnFailure))
	if r.Disabled {
		writeStrings(w, "\x01")
	}
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

func (r rule) equal(other rule) bool {
	same := func(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
	return same(r.Name, other.Name) && same(r.Doc, other.Doc) && r.Kind == other.Kind && r.Mode == other.Mode &&
		same(r.Type, other.Type) && slices.Equal(r.Tags, other.Tags) && maps.Equal(r.Params, other.Params) &&
		same(r.Expr, other.Expr) && same(r.OnSuccess, other.OnSuccess) && same(r.OnFailure, other.OnFailure) &&
		r.Disabled == other.Disabled
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

func (r *rule) problem() string {
	const longest = 256
	if r.Name == nil {
		return "Missing rule name"
	}
	name := *r.Name
	if name == "" {
		return "Empty rule name"
	}
	if utf8.RuneCountInString(name) > longest {
		return "Rule name too long"
	}
	for i, c := range name {
		if i == 0 && !unicode.IsLetter(c) && c != '_' {
			return "Illegal initial character in rule name: " + name
		}
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' && c != '-' {
			return "Illegal character in rule name: " + name
		}
	}
	if r.Type == nil {
		return "Missing rule type"
	}
	if r.Mode != "WRITEREAD" && r.Mode != "UPDOWN" &&
		(strings.Contains(deref(r.OnSuccess), ",") || strings.Contains(deref(r.OnFailure), ",")) {
		return "Multiple actions only valid with WRITEREAD and UPDOWN"
	}
	return ""
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

func (r *rule) javaString() string {
	return fmt.Sprintf("Rule{name=%s, doc=%s, kind=%s, mode=%s, type='%s', tags='%s', params='%s', expr='%s', "+
		"onSuccess='%s', onFailure='%s', disabled='%t'}", orNull(r.Name), orNull(r.Doc), r.Kind, r.Mode, orNull(r.Type),
		javaList(r.Tags), javaMap(r.Params), orNull(r.Expr), orNull(r.OnSuccess), orNull(r.OnFailure), r.Disabled)
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

func bindRule(t *tokens) (rule, error) {
	r := rule{Kind: "TRANSFORM", Mode: "WRITEREAD"}
	if t.kind == nullToken {
		t.null = true
		return r, nil
	}
	orElse := func(set *string, name string) {
		if name != "" {
			*set = name
		}
	}
	err := t.object("Rule", func(name string) (err error) {
		var enum string
		switch name {
		case "name":
			r.Name, err = t.optionalString()
		case "doc":
			r.Doc, err = t.optionalString()
		case "kind":
			enum, err = t.enum("RuleKind", ruleKinds)
			orElse(&r.Kind, enum)
		case "mode":
			enum, err = t.enum("RuleMode", ruleModes)
			orElse(&r.Mode, enum)
		case "type":
			r.Type, err = t.optionalString()
		case "tags":
			r.Tags, err = t.stringSet()
		case "params":
			r.Params, err = stringMap(t, "String>", (*tokens).presentString)
		case "expr":
			r.Expr, err = t.optionalString()
		case "onSuccess":
			r.OnSuccess, err = t.optionalString()
		case "onFailure":
			r.OnFailure, err = t.optionalString()
		case "disabled":
			var disabled *bool
			disabled, err = t.optionalBool("boolean")
			r.Disabled = disabled != nil && *disabled
		default:
			err = t.skip()
		}
		return err
	})
	return r, err
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

func (r *rule) append(b []byte) []byte {
	b = append(b, '{')
	b = appendOptional(b, "name", r.Name)
	b = appendOptional(b, "doc", r.Doc)
	b = appendString(appendKey(b, "kind"), r.Kind)
	b = appendString(appendKey(b, "mode"), r.Mode)
	b = appendOptional(b, "type", r.Type)
	if len(r.Tags) > 0 {
		b = appendStrings(appendKey(b, "tags"), r.Tags)
	}
	if len(r.Params) > 0 {
		b = appendStringMap(appendKey(b, "params"), r.Params)
	}
	b = appendOptional(b, "expr", r.Expr)
	b = appendOptional(b, "onSuccess", r.OnSuccess)
	b = appendOptional(b, "onFailure", r.OnFailure)
	b = appendBool(appendKey(b, "disabled"), r.Disabled)
	return append(b, '}')
}
