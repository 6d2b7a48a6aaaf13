package embedded

import (
	"net/url"
	"slices"
	"strings"
)

// target is what a request is about: its path in segments, still escaped, and its query.
type target struct {
	segments []string
	query    []parameter
}

type parameter struct{ name, value string }

// maxURI is how long the real server lets a URI be.
const maxURI = 8 << 10

// newTarget reads a path and a query. The problem is what the real server's web server refuses it with.
func newTarget(path, rawQuery string) (t target, problem string) {
	path, _, _ = strings.Cut(path, "#")
	rawQuery, _, _ = strings.Cut(rawQuery, "#")
	if problem := ambiguous(path); problem != "" {
		return t, problem
	}
	if path = strings.Trim(path, "/"); path != "" {
		t.segments = strings.Split(path, "/")
		if last := len(t.segments) - 1; strings.HasPrefix(t.segments[last], ";") {
			t.segments = t.segments[:last] // a slash at the end, with parameters
		}
	}
	for rawQuery != "" {
		var pair string
		if pair, rawQuery, _ = strings.Cut(rawQuery, "&"); pair != "" {
			name, value, _ := strings.Cut(pair, "=")
			t.query = append(t.query, parameter{unescapeQuery(name), unescapeQuery(value)})
		}
	}
	return t, ""
}

// ambiguous says why a path could mean several things.
func ambiguous(path string) string {
	if strings.Contains(path, "//") {
		return "Ambiguous URI empty segment"
	}
	if !strings.ContainsAny(path, "%;") {
		return ""
	}
	for _, segment := range strings.Split(path, "/") {
		plain, parameters, has := strings.Cut(segment, ";")
		dots := strings.ReplaceAll(strings.ToLower(plain), "%2e", ".")
		switch {
		case dots != "." && dots != "..":
		case dots != plain:
			return "Ambiguous URI path segment"
		case has && parameters != "":
			return "Ambiguous URI path parameter"
		}
	}
	return ""
}

// unescape takes a path segment's escapes away; what is no escape stays.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if plain, err := url.PathUnescape(s); err == nil {
		return strings.ToValidUTF8(plain, "\ufffd")
	}
	return s
}

func unescapeQuery(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	if plain, err := url.QueryUnescape(s); err == nil {
		return strings.ToValidUTF8(plain, "\ufffd")
	}
	return s
}

// first returns the first value that the query has for a name.
func (t *target) first(name string) (string, bool) {
	for _, p := range t.query {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}

// set replaces all values of a name by one.
func (t *target) set(name, value string) {
	t.query = slices.DeleteFunc(t.query, func(p parameter) bool { return p.name == name })
	t.query = append(t.query, parameter{name, value})
}

// enterContext takes /contexts/{context} off the path, the last of several, and writes the context, still escaped,
// before the subjects in the rest of it. The error is a name that no context can have, in a path that asks for one.
func (t *target) enterContext() error {
	if len(t.segments) < 2 || t.segments[0] != "contexts" {
		return nil
	}
	context, rest := t.segments[1], slices.Clone(t.segments[2:])
	for len(rest) >= 2 && rest[0] == "contexts" {
		context, rest = rest[1], rest[2:]
	}
	prefix, invalid := normalContext(context)
	settings := len(rest) > 0 && (rest[0] == "config" || rest[0] == "mode")
	for i := 0; i < len(rest); i++ {
		if rest[i] != "subjects" && !(i == 0 && settings) || i+1 == len(rest) {
			continue
		}
		i++
		if !hasContext(unescape(rest[i])) {
			if invalid != nil {
				return invalid
			}
			rest[i] = prefix + rest[i]
		}
	}
	t.segments = rest
	if invalid != nil {
		if len(rest) == 0 || len(rest) == 1 && settings || t.isByID() || t.isList() {
			return invalid
		}
		return nil
	}
	switch {
	case len(rest) == 0 && context != defaultContext:
		rest = []string{"contexts"}
		fallthrough
	case len(rest) == 1 && settings:
		if prefix != "" {
			rest = append(rest, prefix)
		}
	}
	t.segments = rest
	t.enterContextInQuery(unescapeQuery(prefix))
	return nil
}

func (t *target) enterContextInQuery(prefix string) {
	switch {
	case t.isByID():
		if subject, _ := t.first("subject"); !hasContext(subject) {
			t.set("subject", prefix+subject)
		}
	case t.isList():
		asked := false
		for i, p := range t.query {
			if p.name != "subjectPrefix" {
				continue
			}
			asked = true
			if !hasContext(p.value) {
				t.query[i].value = prefix + p.value
			}
		}
		if !asked {
			t.set("subjectPrefix", prefix)
		}
	}
}

func (t *target) isByID() bool {
	return len(t.segments) >= 2 && t.segments[0] == "schemas" && strings.HasPrefix(t.segments[1], "ids")
}

func (t *target) isList() bool {
	return len(t.segments) == 1 && (t.segments[0] == "schemas" || t.segments[0] == "subjects")
}

func hasContext(subject string) bool {
	return strings.HasPrefix(subject, contextPrefix) || strings.HasPrefix(subject, contextWildcard)
}

// resolveAliases puts a subject's alias in its place, one step, in paths under /subjects and where a query names one. As
// on the real server an alias with a slash leads nowhere, because the path is taken apart again.
func (t *target) resolveAliases(s *store) {
	for i := 1; i < len(t.segments); i++ {
		if t.segments[i-1] == "subjects" {
			if alias, ok := s.alias(unescape(t.segments[i])); ok {
				t.segments = slices.Replace(slices.Clone(t.segments), i, i+1, strings.Split(alias, "/")...)
			}
			i++
		}
	}
	if t.isByID() {
		if subject, _ := t.first("subject"); subject != "" {
			if alias, ok := s.alias(subject); ok {
				t.set("subject", alias)
			}
		}
	}
}

// alias returns the subject that stands in for another.
func (s *store) alias(subject string) (string, bool) {
	if len(s.configs) == 0 {
		return "", false
	}
	name := normalSubject(subject)
	c := s.configs[name]
	if c == nil || name == "" || deref(c.Alias) == "" {
		return "", false
	}
	return qualifyWithin(subject, *c.Alias).String(), true
}
