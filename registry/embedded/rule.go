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

func (r rule) equal(other rule) bool {
	same := func(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
	return same(r.Name, other.Name) && same(r.Doc, other.Doc) && r.Kind == other.Kind && r.Mode == other.Mode &&
		same(r.Type, other.Type) && slices.Equal(r.Tags, other.Tags) && maps.Equal(r.Params, other.Params) &&
		same(r.Expr, other.Expr) && same(r.OnSuccess, other.OnSuccess) && same(r.OnFailure, other.OnFailure) &&
		r.Disabled == other.Disabled
}

// problem says what the real server refuses the rule for, nothing where it takes it.
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

func (r *rule) javaString() string {
	return fmt.Sprintf("Rule{name=%s, doc=%s, kind=%s, mode=%s, type='%s', tags='%s', params='%s', expr='%s', "+
		"onSuccess='%s', onFailure='%s', disabled='%t'}", orNull(r.Name), orNull(r.Doc), r.Kind, r.Mode, orNull(r.Type),
		javaList(r.Tags), javaMap(r.Params), orNull(r.Expr), orNull(r.OnSuccess), orNull(r.OnFailure), r.Disabled)
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
