package embedded

// contextsWith returns the contexts in which a content has or had an id, the default one first, then by name.
func (r *Registry) contextsWith(text string) (ids []contextID) {
	g, ok := parseGUID(text)
	if !ok {
		return nil
	}
	for _, context := range append([]string{defaultContext}, r.store.listedContexts()...) {
		if id, ok := r.store.context(context).byContent[g]; ok {
			ids = append(ids, contextID{context, id})
		}
	}
	return ids
}

// getByGUID answers GET /schemas/guids/{guid}. The real server fails with 500 on a schema that was deleted for good.
func (r *Registry) getByGUID(x *exchange) error {
	ids := r.contextsWith(x.param("guid"))
	if len(ids) == 0 {
		return errNoSuchSchema(x.param("guid"))
	}
	found := r.store.holderOf(ids[0].id, qualified{context: ids[0].context}.prefix())
	if found == nil {
		return errNoSuchSchema(x.param("guid"))
	}
	v := view{schema: found}
	if err := r.format(&v, x.query("format")); err != nil {
		return err
	}
	x.out = v.appendByID(x.out, r.profile, false)
	return nil
}

// getIDsByGUID answers GET /schemas/guids/{guid}/ids.
func (r *Registry) getIDsByGUID(x *exchange) error {
	x.out = append(x.out, '[')
	for _, id := range r.contextsWith(x.param("guid")) {
		x.out = append(appendComma(x.out), '{')
		x.out = appendString(appendKey(x.out, "context"), id.context)
		x.out = append(appendInt(appendKey(x.out, "id"), id.id), '}')
	}
	x.out = append(x.out, ']')
	return nil
}
