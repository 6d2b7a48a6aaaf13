package embedded

import (
	"fmt"
	"strings"
)

// A subject's name may begin with its context, as in ":.ctx:orders-value". A subject without that lies in the default
// context, and ":*:" stands for every context.
const (
	contextPrefix   = ":."
	contextWildcard = ":*:"

	defaultContext = "."
	// wildcard is the context that stands for all.
	wildcard = "*"
	// globalContext holds the config and the mode that apply where neither subject nor context says anything.
	globalContext = ".__GLOBAL"
)

// qualified is the name of a subject, taken apart.
type qualified struct {
	// context begins with a dot; "." is the default one, "*" the wildcard.
	context string
	// name is empty where a context itself is meant.
	name string
}

// qualify takes the name of a subject apart. Every string is one: what looks like a broken context is part of a name.
func qualify(subject string) qualified {
	if rest, ok := strings.CutPrefix(subject, contextPrefix); ok {
		context, name, _ := strings.Cut(rest, ":")
		return qualified{"." + context, name}
	}
	if rest, ok := strings.CutPrefix(subject, contextWildcard); ok {
		return qualified{wildcard, rest}
	}
	return qualified{defaultContext, subject}
}

// prefix returns what stands before the names of the context's subjects: nothing in the default context.
func (q qualified) prefix() string {
	if q.context == defaultContext {
		return ""
	}
	return ":" + q.context + ":"
}

// String returns the name in its normal form: the default context is not written.
func (q qualified) String() string { return q.prefix() + q.name }

// isGlobalContext reports whether q is the context above all others.
func (q qualified) isGlobalContext() bool { return q.context == globalContext && q.name == "" }

func (q qualified) compare(other qualified) int {
	if c := compareJava(q.context, other.context); c != 0 {
		return c
	}
	return compareJava(q.name, other.name)
}

// qualifyWithin takes a name apart that was written inside a subject, as references and aliases are: without a
// context of its own it means the parent's.
func qualifyWithin(parent, subject string) qualified {
	q := qualify(subject)
	if q.context == defaultContext {
		if p := qualify(parent); p.context != defaultContext {
			return qualified{p.context, subject}
		}
	}
	return q
}

// normalSubject returns the name in its normal form.
func normalSubject(subject string) string { return qualify(subject).String() }

// normalContext returns the prefix of a context that was written as in a path, such as ".ctx" or ":.ctx:".
func normalContext(context string) (string, error) {
	context = strings.TrimPrefix(context, ":")
	context = strings.TrimSuffix(context, ":")
	if strings.Contains(context, ":") {
		e := errBadRequest(fmt.Sprintf("Context name '%s' cannot contain a colon", context))
		e.bare = true
		return "", e
	}
	if !strings.HasPrefix(context, ".") {
		context = "." + context
	}
	return qualified{context: context}.prefix(), nil
}

// validSubject reports whether schemas may be registered under a name, or, with settings, config and mode be set
// for it.
func validSubject(subject string, settings bool) bool {
	for _, r := range subject {
		if r < 0x20 || r >= 0x7f && r <= 0x9f {
			return false
		}
	}
	q := qualify(subject)
	if q.name == "__GLOBAL" || q.name == "__EMPTY" {
		return false
	}
	return settings || q.context != globalContext
}
