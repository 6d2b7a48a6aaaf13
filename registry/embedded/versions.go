package embedded

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// parseVersion reads a version in a path: a number from 1, or "latest" or -1 for the latest, which it returns as -1.
func parseVersion(s string) (int, error) {
	trimmed := strings.TrimSpace(s)
	if strings.EqualFold(trimmed, "latest") {
		return -1, nil
	}
	n, err := strconv.ParseInt(trimmed, 10, 32)
	switch {
	case err != nil:
		return 0, errInvalidVersion(s)
	case n <= 0 && n != -1:
		return 0, errInvalidVersion(strconv.FormatInt(n, 10))
	}
	return int(n), nil
}

// version returns the version that a path names. A subject without a context stands for its namesakes in every context,
// if it has no such version itself.
func (r *Registry) version(subject, version string, deleted bool) (*schema, error) {
	number, err := parseVersion(version)
	if err != nil {
		return nil, err
	}
	if v := r.store.get(subject, number, deleted); v != nil {
		return v, nil
	}
	if q := qualify(subject); q.context == defaultContext {
		for _, context := range r.store.listedContexts() {
			if v := r.store.get(qualified{context, q.name}.String(), number, deleted); v != nil {
				return v, nil
			}
		}
	}
	if !r.store.hasSubjects(subject, deleted) {
		return nil, errSubjectNotFound(subject)
	}
	return nil, errVersionNotFound(number)
}

// getVersion answers GET /subjects/{subject}/versions/{version}.
func (r *Registry) getVersion(x *exchange) error {
	found, err := r.version(normalSubject(x.param("subject")), x.param("version"), x.boolean("deleted"))
	if err != nil {
		return err
	}
	v := view{schema: found, quoted: r.documents.quoted(found)}
	if tags, ok := x.queries("findTags"); ok {
		if v.tags, err = r.inlineTags(found, tags); err != nil {
			return err
		}
	}
	if err := r.format(&v, x.query("format")); err != nil {
		return err
	}
	v.qualifyReferences(x.query("referenceFormat"))
	x.out = v.appendVersion(x.out, r.profile)
	return nil
}

// qualifyReferences writes the context of the schema into its references, where the request asks for that.
func (v *view) qualifyReferences(format string) {
	if format != "qualified" || qualify(v.Subject).context == defaultContext || len(v.Refs) == 0 {
		return
	}
	v.refs = slices.Clone(v.Refs)
	for i, ref := range v.refs {
		subject := qualifyWithin(v.Subject, *ref.Subject).String()
		v.refs[i].Subject = &subject
	}
}

// getVersionText answers GET /subjects/{subject}/versions/{version}/schema.
func (r *Registry) getVersionText(x *exchange) error {
	found, err := r.version(normalSubject(x.param("subject")), x.param("version"), x.boolean("deleted"))
	if err != nil {
		return err
	}
	return r.replyText(x, found)
}

// replyText answers with the text of a schema alone.
func (r *Registry) replyText(x *exchange, s *schema) error {
	v := view{schema: s, text: s.Text.String()}
	if err := r.format(&v, x.query("format")); err != nil {
		return err
	}
	x.out = append(x.out, v.text...)
	return nil
}

// getVersions answers GET /subjects/{subject}/versions.
func (r *Registry) getVersions(x *exchange) error {
	part, err := x.window()
	if err != nil {
		return err
	}
	subject := normalSubject(x.param("subject"))
	deleted, deletedOnly := x.boolean("deleted"), x.boolean("deletedOnly")
	if !r.store.hasSubjects(subject, deleted || deletedOnly) {
		return errSubjectNotFound(subject)
	}
	negative := x.boolean("deletedAsNegative")
	numbers := []int{}
	for _, v := range r.store.matching(subject) {
		switch {
		case negative && v.Deleted:
			numbers = append(numbers, -v.Version)
		case negative, deletedOnly && v.Deleted, !deletedOnly && (deleted || !v.Deleted):
			numbers = append(numbers, v.Version)
		}
	}
	slices.SortStableFunc(numbers, func(a, b int) int { return cmp.Compare(max(a, -a), max(b, -b)) })
	numbers, err = page(part, numbers, noLimit)
	if err != nil {
		return err
	}
	x.out = appendInts(x.out, numbers)
	return nil
}

// getReferrers answers GET /subjects/{subject}/versions/{version}/referencedby.
func (r *Registry) getReferrers(x *exchange) error {
	part, err := x.window()
	if err != nil {
		return err
	}
	subject := normalSubject(x.param("subject"))
	found, err := r.version(subject, x.param("version"), true)
	if err != nil {
		return err
	}
	ids := []int{}
	for _, referrer := range r.store.referrers(found.Subject, found.Version, x.boolean("deleted")) {
		ids = append(ids, referrer.id)
	}
	if ids, err = page(part, ids, maxSchemas); err != nil {
		return err
	}
	x.out = appendInts(x.out, ids)
	return nil
}

// referrers returns the ids of the schemas that refer to a version, sorted by context and id. Without deleted only those
// that a live version has.
func (s *store) referrers(subject string, version int, deleted bool) []contextID {
	var out []contextID
	for id := range s.context(qualify(subject).context).referrers[versionKey{subject, version}] {
		if deleted || len(s.versionsWithID(id, false)) > 0 {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b contextID) int {
		return cmp.Or(compareJava(a.context, b.context), cmp.Compare(a.id, b.id))
	})
	return out
}

// referringSubjects returns the subjects whose versions refer to a version.
func (s *store) referringSubjects(subject string, version int, deleted bool) map[string]bool {
	subjects := map[string]bool{}
	for _, id := range s.referrers(subject, version, true) {
		for _, v := range s.versionsWithID(id, deleted) {
			subjects[v.Subject] = true
		}
	}
	return subjects
}

// versionsWithID returns the versions that have an id, one a subject, in the real server's order.
func (s *store) versionsWithID(id contextID, deleted bool) (versions []*schema) {
	h := s.context(id.context).ids[id.id]
	if h == nil {
		return nil
	}
	for _, o := range h.all() {
		if v := s.version(o.subject, o.version); v != nil && (deleted || !v.Deleted) {
			versions = append(versions, v)
		}
	}
	return versions
}
