package embedded

import (
	"strings"
)

// find returns the version of a subject that has a content, or stands for it in another form; nil where there is none.
// wanted is canonicalized on the way, in a copy.
func (r *Registry) find(subject string, wanted *schema, normalize, deleted bool) (*schema, error) {
	if found := r.findAsSent(subject, wanted, normalize, deleted); found != nil {
		return found, nil
	}
	return r.findRead(subject, wanted, normalize, deleted)
}

// findRead is [Registry.find] for a text that is not the registry's own.
func (r *Registry) findRead(subject string, wanted *schema, normalize, deleted bool) (*schema, error) {
	canonical := *wanted
	p, err := r.canonicalize(&canonical, false, normalize)
	if p == nil || err != nil {
		return nil, err
	}
	if found := r.store.findContent(subject, &canonical, deleted); found != nil {
		return found, nil
	}
	for _, v := range r.store.descending(subject) {
		if (deleted || !v.Deleted) && r.stands(&canonical, p, v) {
			return v, nil
		}
	}
	return nil, nil
}

// findAsSent is [Registry.find] for a text that is the registry's own, which need not be read for that.
func (r *Registry) findAsSent(subject string, wanted *schema, normalize, deleted bool) *schema {
	if normalize || wanted.Type != avroType || !wanted.isBare() || wanted.Text.isBlank() {
		return nil
	}
	canonical := *wanted
	canonical.GUID = wanted.identify()
	return r.store.findContent(subject, &canonical, deleted)
}

// findContent returns the version of a subject that has exactly the content of a canonical schema, as that with the
// version's place.
func (s *store) findContent(subject string, canonical *schema, deleted bool) *schema {
	id, held := s.byContent(qualify(canonical.Subject).context, canonical.GUID)
	if held == nil {
		return nil
	}
	number, ok := held.version(subject)
	if !ok {
		return nil
	}
	if v := s.version(subject, number); v == nil || v.Deleted && !deleted {
		return nil
	}
	found := *canonical
	found.Subject, found.Version, found.ID = subject, number, id
	return &found
}

// findLatest returns the latest version of a subject if it stands for a content.
func (r *Registry) findLatest(subject string, wanted *schema, normalize bool) (*schema, error) {
	canonical := *wanted
	p, err := r.canonicalize(&canonical, false, normalize)
	if p == nil || err != nil {
		return nil, err
	}
	if latest := r.store.latest(subject); latest != nil && r.stands(&canonical, p, latest) {
		return latest, nil
	}
	return nil, nil
}

// lookUp returns the version of a subject that has a content, as it is or with what it would inherit when registered.
func (r *Registry) lookUp(subject string, wanted *schema, normalize, deleted bool) (*schema, error) {
	found, err := r.find(subject, wanted, normalize, deleted)
	if found != nil || err != nil {
		return found, err
	}
	latest := r.store.latest(subject)
	if latest == nil {
		return nil, nil
	}
	heir := *wanted
	heir.inherit(r.store.configInScope(subject), latest, 0)
	if heir.Metadata.equal(wanted.Metadata) && heir.Rules.equal(wanted.Rules) {
		return nil, nil
	}
	return r.find(subject, &heir, normalize, deleted)
}

// lookUpEverywhere looks a content up under a subject and, if that names no context, under its namesakes in all others.
func (r *Registry) lookUpEverywhere(subject string, wanted *schema, normalize, deleted bool) (*schema, error) {
	found, err := r.lookUp(subject, wanted, normalize, deleted)
	q := qualify(subject)
	if found != nil || err != nil || q.context != defaultContext {
		return found, err
	}
	for _, context := range r.store.listedContexts() {
		namesake := qualified{context, q.name}.String()
		there := *wanted
		there.Subject = namesake
		found, err := r.lookUp(namesake, &there, normalize, deleted)
		if err != nil && !isInvalidSchema(err) {
			return nil, err
		}
		if found != nil {
			return found, nil
		}
	}
	return nil, nil
}

// postSubject answers POST /subjects/{subject}: which version has this schema?
func (r *Registry) postSubject(x *exchange) error {
	request, err := bindBody(x, "lookUpSchemaUnderSubject", bindRegister)
	if err != nil {
		return err
	}
	subject := normalSubject(x.param("subject"))
	deleted := x.boolean("deleted")
	found, err := r.lookUpEverywhere(subject, request.schema(subject), r.normalizes(x, subject), deleted)
	if err != nil {
		return err
	}
	if found == nil {
		if !r.store.hasSubjects(subject, deleted) {
			return errSubjectNotFound(subject)
		}
		return errSchemaNotFound()
	}
	v := view{schema: found}
	if stored := r.store.version(found.Subject, found.Version); stored != nil && stored.GUID == found.GUID {
		v.quoted = r.documents.quoted(stored)
	}
	if err := r.format(&v, x.query("format")); err != nil {
		return err
	}
	x.out = v.appendVersion(x.out, r.profile)
	return nil
}

// normalizes reports whether a request's schema is to be normalized: because it says so or because the config does.
func (r *Registry) normalizes(x *exchange, subject string) bool {
	return x.boolean("normalize") || isTrue(r.store.configInScope(subject).Normalize)
}

// format writes the text of a schema as ?format= asks: "resolved" with its references written out. Other formats leave it
// as it is.
func (r *Registry) format(v *view, format string) error {
	if !strings.EqualFold(strings.TrimSpace(format), "resolved") || format != strings.TrimSpace(format) {
		return nil
	}
	p, err := r.parse(v.schema, false)
	if err != nil {
		return err
	}
	v.text = p.SelfContained()
	return nil
}
