package embedded

import (
	"cmp"
	"slices"
	"strconv"
)

// A change is one step of the store. The log holds changes; what a request changes is one or several of them, all or
// none of which survive a crash.
type change interface {
	apply(*store)
	// appendJSON writes the change as an object that [bindChange] reads.
	appendJSON([]byte) []byte
}

type (
	// putVersion writes a version of a subject, a new one or one that is now deleted.
	putVersion struct{ schema *schema }
	// dropVersion removes a version for good.
	dropVersion struct {
		subject string
		version int
	}
	// deleteVersions deletes all versions of a subject up to a number softly.
	deleteVersions struct {
		subject string
		upTo    int
	}
	// putConfig sets or, with nil, removes the config of a subject or a context; "" is the whole registry.
	putConfig struct {
		subject string
		config  *config
	}
	// putMode sets or, with "", removes the mode of a subject or a context.
	putMode struct {
		subject string
		mode    mode
	}
	// listContext puts a context on the list of contexts or takes it off.
	listContext struct {
		context string
		listed  bool
	}
	// raiseID makes an id the highest that was given in a context.
	raiseID struct {
		context string
		id      int
	}
)

func (c putVersion) apply(s *store) {
	v := c.schema
	q := qualify(v.Subject)
	ctx := s.newContext(q.context)
	sub := ctx.subjects[q.name]
	if sub == nil {
		sub = &subjectState{name: v.Subject, short: q.name}
		ctx.subjects[q.name] = sub
		ctx.sorted.Store(nil)
	}
	i, found := slices.BinarySearchFunc(sub.versions, v.Version, func(o *schema, n int) int { return cmp.Compare(o.Version, n) })
	if found {
		// Readers may be holding the old slice.
		sub.versions = slices.Clone(sub.versions)
		sub.versions[i] = v
	} else {
		sub.versions = slices.Insert(slices.Clip(sub.versions), i, v)
	}
	ctx.maxID = max(ctx.maxID, v.ID, 1)
	ctx.hold(v)
	for _, ref := range v.Refs {
		target := qualifyWithin(v.Subject, *ref.Subject)
		key := versionKey{target.String(), *ref.Version}
		refCtx := s.newContext(target.context)
		if refCtx.referrers[key] == nil {
			refCtx.referrers[key] = map[contextID]bool{}
		}
		refCtx.referrers[key][contextID{q.context, v.ID}] = true
	}
}

// hold notes which version has which id.
func (c *contextState) hold(v *schema) {
	h := c.ids[v.ID]
	if h == nil {
		h = &holders{}
		c.ids[v.ID] = h
	}
	h.set(v.Subject, v.Version)
	c.byContent[v.GUID] = v.ID
}

func (c dropVersion) apply(s *store) {
	q := qualify(c.subject)
	ctx := s.newContext(q.context)
	sub := ctx.subjects[q.name]
	if sub == nil {
		return
	}
	i, found := slices.BinarySearchFunc(sub.versions, c.version, func(o *schema, n int) int { return cmp.Compare(o.Version, n) })
	if !found {
		return
	}
	v := sub.versions[i]
	sub.versions = slices.Concat(sub.versions[:i], sub.versions[i+1:])
	if len(sub.versions) == 0 {
		delete(ctx.subjects, q.name)
		ctx.sorted.Store(nil)
	}
	h := ctx.ids[v.ID]
	if h == nil {
		return
	}
	if h.drop(c.subject, c.version); len(h.list) == 0 {
		delete(ctx.ids, v.ID)
	}
	for _, ref := range v.Refs {
		target := qualifyWithin(c.subject, *ref.Subject)
		key := versionKey{target.String(), *ref.Version}
		refCtx := s.newContext(target.context)
		delete(refCtx.referrers[key], contextID{q.context, v.ID})
		if len(refCtx.referrers[key]) == 0 {
			delete(refCtx.referrers, key)
		}
	}
}

func (c deleteVersions) apply(s *store) {
	q := qualify(c.subject)
	sub := s.context(q.context).subjects[q.name]
	if sub == nil {
		return
	}
	versions := slices.Clone(sub.versions)
	for i, v := range versions {
		if v.Version <= c.upTo && !v.Deleted {
			deleted := *v
			deleted.Deleted = true
			versions[i] = &deleted
			s.contexts[q.context].hold(&deleted)
		}
	}
	sub.versions = versions
}

func (c putConfig) apply(s *store) {
	if c.config == nil {
		delete(s.configs, c.subject)
		return
	}
	s.configs[c.subject] = c.config
}

func (c putMode) apply(s *store) {
	if c.mode == "" {
		delete(s.modes, c.subject)
		return
	}
	s.modes[c.subject] = c.mode
}

func (c listContext) apply(s *store) {
	if c.listed {
		s.listed[c.context] = true
		return
	}
	delete(s.listed, c.context)
}

func (c raiseID) apply(s *store) {
	ctx := s.newContext(c.context)
	ctx.maxID = max(ctx.maxID, c.id)
}

func (c putVersion) appendJSON(b []byte) []byte {
	v := c.schema
	b = appendString(appendKey(append(b, '{'), "put"), v.Subject)
	b = appendInt(appendKey(b, "version"), v.Version)
	b = appendInt(appendKey(b, "id"), v.ID)
	b = appendString(appendKey(b, "guid"), v.GUID.String())
	b = strconv.AppendInt(appendKey(b, "time"), v.Time, 10)
	if v.Deleted {
		b = appendBool(appendKey(b, "deleted"), true)
	}
	if len(v.Refs) > 0 {
		b = appendReferences(appendKey(b, "references"), v.Refs)
	}
	if v.Metadata != nil {
		b = v.Metadata.append(appendKey(b, "metadata"))
	}
	if v.Rules != nil {
		b = v.Rules.append(appendKey(b, "ruleSet"))
	}
	return append(appendString(appendKey(b, "schema"), v.Text.String()), '}')
}

func (c dropVersion) appendJSON(b []byte) []byte {
	b = appendString(appendKey(append(b, '{'), "drop"), c.subject)
	return append(appendInt(appendKey(b, "version"), c.version), '}')
}

func (c deleteVersions) appendJSON(b []byte) []byte {
	b = appendString(appendKey(append(b, '{'), "delete"), c.subject)
	return append(appendInt(appendKey(b, "version"), c.upTo), '}')
}

func (c putConfig) appendJSON(b []byte) []byte {
	b = appendString(appendKey(append(b, '{'), "config"), c.subject)
	if c.config != nil {
		b = c.config.append(appendKey(b, "value"), "compatibility")
	}
	return append(b, '}')
}

func (c putMode) appendJSON(b []byte) []byte {
	b = appendString(appendKey(append(b, '{'), "mode"), c.subject)
	return append(appendString(appendKey(b, "value"), string(c.mode)), '}')
}

func (c listContext) appendJSON(b []byte) []byte {
	b = appendString(appendKey(append(b, '{'), "context"), c.context)
	return append(appendBool(appendKey(b, "listed"), c.listed), '}')
}

func (c raiseID) appendJSON(b []byte) []byte {
	b = appendString(appendKey(append(b, '{'), "raise"), c.context)
	return append(appendInt(appendKey(b, "id"), c.id), '}')
}
