package embedded

import (
	"cmp"
	"slices"
	"strings"
)

// maxString comes after everything that a name may begin with; it is how Java marks the end of a range.
const maxString = "\uffff"

// between returns the subjects from one name to another, both included, in the registry's order: by context, then
// by name.
func (s *store) between(start, end qualified) (subjects []*subjectState) {
	for _, context := range sortedKeys(s.contexts) {
		fromStart, toEnd := compareJava(context, start.context), compareJava(context, end.context)
		if fromStart < 0 || toEnd > 0 {
			continue
		}
		within := s.contexts[context].inOrder()
		if toEnd == 0 {
			i, _ := slices.BinarySearchFunc(within, end.name, func(sub *subjectState, name string) int {
				return cmp.Or(compareJava(sub.short, name), -1) // the end is included
			})
			within = within[:i]
		}
		if fromStart == 0 {
			i, _ := slices.BinarySearchFunc(within, start.name, func(sub *subjectState, name string) int {
				return compareJava(sub.short, name)
			})
			within = within[i:]
		}
		subjects = append(subjects, within...)
	}
	return subjects
}

// span is a range of names, both ends included.
type span struct{ start, end qualified }

// spans returns where the names lie that begin with a prefix. ":*:" asks in every context; a prefix without a context
// asks in the default one.
func (s *store) spans(prefix string) []span {
	front, name, wild := strings.Cut(prefix, contextWildcard)
	if !wild {
		return []span{{qualify(prefix), qualify(prefix + maxString)}}
	}
	if name == "" {
		return []span{{qualify(front + ":.:"), qualify(front + ":." + maxString + ":")}}
	}
	all := s.spans(front + name)
	for _, context := range s.listedContexts() {
		if context == wildcard {
			// Somebody registered a schema under the wildcard itself.
			all = append(all, span{qualified{context, name}, qualified{context, name + maxString}})
			continue
		}
		all = append(all, s.spans(qualified{context, name}.String())...)
	}
	return all
}

// withPrefix returns the subjects whose names begin with a prefix, in the registry's order.
func (s *store) withPrefix(prefix string) (subjects []*subjectState) {
	for _, span := range s.spans(prefix) {
		subjects = append(subjects, s.between(span.start, span.end)...)
	}
	return subjects
}

// matching returns the versions of a subject, deleted ones too, ascending. The wildcard context stands for the
// subject's namesakes in every context.
func (s *store) matching(subject string) []*schema {
	front, name, wild := strings.Cut(subject, contextWildcard)
	if !wild {
		return s.versions(subject)
	}
	var versions []*schema
	if name == "" {
		for _, sub := range s.withPrefix(subject) {
			versions = append(versions, sub.versions...)
		}
		return versions
	}
	versions = append(versions, s.matching(front+name)...)
	for _, context := range s.listedContexts() {
		versions = append(versions, s.versions(qualified{context, name}.String())...)
	}
	return versions
}

// descending returns the versions of a subject, deleted ones too, the newest first.
func (s *store) descending(subject string) []*schema {
	versions := slices.Clone(s.matching(subject))
	slices.Reverse(versions) // nearly always that is all
	slices.SortStableFunc(versions, func(a, b *schema) int {
		if a.Subject == b.Subject {
			return cmp.Compare(b.Version, a.Version)
		}
		return cmp.Or(-qualify(a.Subject).compare(qualify(b.Subject)), cmp.Compare(b.Version, a.Version))
	})
	return versions
}

// live returns the versions of a subject that are not deleted, ascending.
func (s *store) live(subject string) []*schema {
	return slices.DeleteFunc(slices.Clone(s.matching(subject)), func(v *schema) bool { return v.Deleted })
}

// latest returns the live version of a subject with the highest number, nil where there is none.
func (s *store) latest(subject string) (latest *schema) {
	for _, v := range s.matching(subject) {
		if !v.Deleted && (latest == nil || v.Version > latest.Version) {
			latest = v
		}
	}
	return latest
}

// subjectsOf returns the subject, or where a context is named its subjects, that have versions: live ones, or any. The
// global context stands for all contexts.
func (s *store) subjectsOf(subject string, deleted bool) (names []string) {
	q := qualify(subject)
	var subjects []*subjectState
	switch {
	case q.isGlobalContext():
		return s.allSubjects(deleted)
	case q.name == "":
		subjects = s.between(q, qualified{q.context, maxString})
	case s.subject(subject) != nil:
		subjects = []*subjectState{s.subject(subject)}
	}
	return namesOf(subjects, deleted)
}

// allSubjects returns the subjects of all contexts that have versions: live ones, or any.
func (s *store) allSubjects(deleted bool) []string {
	return namesOf(s.between(qualified{}, qualified{context: maxString}), deleted)
}

func namesOf(subjects []*subjectState, deleted bool) (names []string) {
	for _, sub := range subjects {
		if deleted || slices.ContainsFunc(sub.versions, func(v *schema) bool { return !v.Deleted }) {
			names = append(names, sub.name)
		}
	}
	return names
}

// hasSubjects reports whether [store.subjectsOf] returns any.
func (s *store) hasSubjects(subject string, deleted bool) bool {
	return len(s.subjectsOf(subject, deleted)) > 0
}
