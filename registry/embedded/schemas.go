package embedded

import (
	"cmp"
	"slices"
)

// maxSchemas is how many schemas one answer holds at most.
const maxSchemas = 1000

// schemaTypes are the types that the real server knows; clients look whether theirs is among them.
var schemaTypes = []string{"JSON", "PROTOBUF", avroType}

func (r *Registry) getTypes(x *exchange) error {
	x.out = appendStrings(x.out, schemaTypes)
	return nil
}

// getSchemas answers GET /schemas: all versions, of the default context unless a prefix names another.
func (r *Registry) getSchemas(x *exchange) error {
	lifecycles, err := x.lifecycles()
	if err != nil {
		return err
	}
	part, err := x.window()
	if err != nil {
		return err
	}
	prefix := x.query("subjectPrefix")
	list := lister{deleted: x.boolean("deleted"), latestOnly: x.boolean("latestOnly")}
	subjects := r.store.withPrefix(prefix)
	if x.boolean("aliases") {
		list.aliases = r.store.aliases(prefix)
		for _, name := range sortedKeys(list.aliases) {
			here := slices.ContainsFunc(subjects, func(sub *subjectState) bool { return sub.name == name && list.shows(sub) })
			if sub := r.store.subject(name); sub != nil && !here {
				subjects = append(subjects, sub)
			}
		}
	}
	views := list.views(subjects)
	if ruleType := x.query("ruleType"); ruleType != "" {
		views = slices.DeleteFunc(views, func(v view) bool { return v.Rules == nil || !v.Rules.hasType(ruleType) })
	}
	if _, types := x.queries("associationType"); types || x.hasQuery("resourceType") || len(lifecycles) > 0 {
		// Nothing is associated with anything here, so only who asks for that finds something.
		if !slices.Contains(lifecycles, "NONE") {
			views = nil
		}
	}
	if views, err = page(part, views, maxSchemas); err != nil {
		return err
	}
	x.out = append(x.out, '[')
	for i := range views {
		x.out = views[i].appendVersion(appendComma(x.out), r.profile)
	}
	x.out = append(x.out, ']')
	return nil
}

// lister chooses the versions that GET /schemas shows.
type lister struct {
	deleted, latestOnly bool
	aliases             map[string][]string
}

func (l lister) shows(sub *subjectState) bool {
	return slices.ContainsFunc(sub.versions, func(v *schema) bool { return l.deleted || !v.Deleted })
}

// views returns the versions by subject and number.
func (l lister) views(subjects []*subjectState) (views []view) {
	for _, sub := range subjects {
		from := len(views)
		for _, v := range sub.versions {
			if l.deleted || !v.Deleted {
				views = append(views, view{schema: v, aliases: l.aliases[sub.name]})
			}
		}
		if n := len(views); l.latestOnly && n > from {
			views = append(views[:from], views[n-1])
		}
	}
	slices.SortStableFunc(views, func(a, b view) int {
		return cmp.Or(compareJava(a.Subject, b.Subject), cmp.Compare(a.Version, b.Version))
	})
	return views
}

// aliases returns for each subject that others name as their alias those others, among the names with a prefix.
func (s *store) aliases(prefix string) map[string][]string {
	out := map[string][]string{}
	spans := s.spans(prefix)
	names := sortedKeys(s.configs)
	slices.SortStableFunc(names, func(a, b string) int { return qualify(a).compare(qualify(b)) })
	for _, name := range names {
		q := qualify(name)
		alias := s.configs[name].Alias
		within := func(s span) bool { return q.compare(s.start) >= 0 && q.compare(s.end) <= 0 }
		if alias == nil || name == "" || !slices.ContainsFunc(spans, within) {
			continue
		}
		target := qualifyWithin(name, *alias).String()
		out[target] = append(out[target], name)
	}
	return out
}
