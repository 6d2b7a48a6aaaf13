package embedded

import "slices"

// holder returns a version that has an id. A subject asks in its own context; one without a context is looked for in
// every context, and if nobody there has the id under that name, anybody of the default context will do.
func (r *Registry) holder(id int, subject string) *schema {
	q := qualify(subject)
	if v := r.store.holderOf(id, subject); v != nil || q.name == "" || q.context != defaultContext {
		return v
	}
	for _, context := range r.store.listedContexts() {
		if v := r.store.holderOf(id, qualified{context, q.name}.String()); v != nil {
			return v
		}
	}
	return r.store.holderOf(id, "")
}

// getByID answers GET /schemas/ids/{id}.
func (r *Registry) getByID(x *exchange) error {
	id, err := x.intParam("id")
	if err != nil {
		return err
	}
	found := r.holder(id, x.query("subject"))
	if found == nil {
		return errNoSuchSchema(id)
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
	if x.boolean("fetchMaxId") {
		v.maxID = max(1, r.store.context(qualify(found.Subject).context).maxID)
	}
	v.qualifyReferences(x.query("referenceFormat"))
	x.out = v.appendByID(x.out, r.profile, true)
	return nil
}

// getTextByID answers GET /schemas/ids/{id}/schema. The real server fails with 500 on an unknown id.
func (r *Registry) getTextByID(x *exchange) error {
	id, err := x.intParam("id")
	if err != nil {
		return err
	}
	found := r.holder(id, x.query("subject"))
	if found == nil {
		return errNoSuchSchema(id)
	}
	return r.replyText(x, found)
}

// having returns the versions that have the id of the path.
func (r *Registry) having(x *exchange) ([]*schema, error) {
	id, err := x.intParam("id")
	if err != nil {
		return nil, err
	}
	found := r.holder(id, x.query("subject"))
	if found == nil {
		return nil, errSchemaNotFound()
	}
	known, held := r.store.byContent(qualify(found.Subject).context, found.GUID)
	if held == nil {
		return nil, errSchemaNotFound()
	}
	return r.store.versionsWithID(contextID{qualify(found.Subject).context, known}, x.boolean("deleted")), nil
}

// getSubjectsByID answers GET /schemas/ids/{id}/subjects.
func (r *Registry) getSubjectsByID(x *exchange) error {
	part, err := x.window()
	if err != nil {
		return err
	}
	versions, err := r.having(x)
	if err != nil {
		return err
	}
	names := []string{}
	for _, v := range versions {
		if !slices.Contains(names, v.Subject) {
			names = append(names, v.Subject)
		}
	}
	if names, err = page(part, names, noLimit); err != nil {
		return err
	}
	x.out = appendStrings(x.out, names)
	return nil
}

// getVersionsByID answers GET /schemas/ids/{id}/versions.
func (r *Registry) getVersionsByID(x *exchange) error {
	part, err := x.window()
	if err != nil {
		return err
	}
	versions, err := r.having(x)
	if err != nil {
		return err
	}
	if versions, err = page(part, versions, noLimit); err != nil {
		return err
	}
	x.out = append(x.out, '[')
	for _, v := range versions {
		x.out = append(appendComma(x.out), '{')
		x.out = appendOptional(x.out, "subject", &v.Subject)
		x.out = append(appendInt(appendKey(x.out, "version"), v.Version), '}')
	}
	x.out = append(x.out, ']')
	return nil
}
