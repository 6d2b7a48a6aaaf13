package embedded

import (
	"slices"
)

// getSubjects answers GET /subjects: all of them, of all contexts, unless a prefix is given.
func (r *Registry) getSubjects(x *exchange) error {
	part, err := x.window()
	if err != nil {
		return err
	}
	prefix := contextWildcard
	if x.hasQuery("subjectPrefix") {
		prefix = x.query("subjectPrefix")
	}
	deleted, deletedOnly := x.boolean("deleted"), x.boolean("deletedOnly")
	names := []string{}
	for _, sub := range r.store.withPrefix(prefix) {
		gone := !slices.ContainsFunc(sub.versions, func(v *schema) bool { return !v.Deleted })
		if deletedOnly && gone || !deletedOnly && (deleted || !gone) {
			names = append(names, sub.name)
		}
	}
	slices.SortFunc(names, compareJava)
	names, err = page(part, slices.Compact(names), noLimit)
	if err != nil {
		return err
	}
	x.out = appendStrings(x.out, names)
	return nil
}

// getLatestWith answers GET /subjects/{subject}/metadata: the latest version whose metadata have the given properties.
func (r *Registry) getLatestWith(x *exchange) error {
	subject := normalSubject(x.param("subject"))
	keys, _ := x.queries("key")
	values, _ := x.queries("value")
	wanted := map[string]string{}
	for i := range min(len(keys), len(values)) {
		wanted[keys[i]] = values[i]
	}
	deleted := x.boolean("deleted")
	for _, s := range r.store.descending(subject) {
		if s.Deleted && !deleted || s.Metadata == nil || !includes(s.Metadata.Properties, wanted) {
			continue
		}
		v := view{schema: s}
		if err := r.format(&v, x.query("format")); err != nil {
			return err
		}
		x.out = v.appendVersion(x.out, r.profile)
		return nil
	}
	if !r.store.hasSubjects(subject, deleted) {
		return errSubjectNotFound(subject)
	}
	return errSchemaNotFound()
}

func includes(all, some map[string]string) bool {
	for k, v := range some {
		if got, ok := all[k]; !ok || got != v {
			return false
		}
	}
	return true
}
