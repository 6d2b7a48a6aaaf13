package embedded

import (
	"slices"
	"strings"
)

// maxRecord is how large a record of the real server's store may be, in bytes.
const maxRecord = 1 << 20

// postVersion answers POST /subjects/{subject}/versions: register a schema.
func (r *Registry) postVersion(x *exchange) error {
	request, err := bindBody(x, "register", bindRegister)
	if err != nil {
		return err
	}
	if err := request.Rules.validate(); err != nil {
		return err
	}
	if !validSubject(x.param("subject"), false) {
		return errInvalidSubject(x.param("subject"))
	}
	subject := normalSubject(x.param("subject"))
	result, err := r.registered(x, subject, request)
	if err == nil && result == nil {
		err = r.write(x, func(w *writer) (err error) {
			result, err = r.register(w, subject, request, r.normalizes(x, subject))
			return err
		})
	}
	if err != nil {
		return err
	}
	v := view{schema: result}
	r.mu.RLock()
	err = r.format(&v, x.query("format"))
	r.mu.RUnlock()
	if err != nil {
		return err
	}
	x.out = v.appendRegistered(x.out, r.profile)
	return nil
}

// registered returns the version under a subject that a request to register asks for, where there is one already. That
// answer takes no leave of the subject's mode and checks nothing.
func (r *Registry) registered(x *exchange, subject string, request *registerRequest) (*schema, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	x.sees(r)
	cfg := r.store.configInScope(subject)
	if len(request.TagsToAdd)+len(request.TagsToRemove) > 0 || request.PropagateTags || cfg.addsToSchemas() {
		return nil, nil
	}
	wanted := request.schema(subject)
	normalize := r.normalizes(x, subject)
	found := r.findAsSent(subject, wanted, normalize, false)
	if found == nil && r.validates(cfg) && wanted.Type == avroType {
		// Most schemas pass as new ones, and what was read so need not be read again.
		_, _ = r.parse(wanted, true)
	}
	if wanted.Version == -1 {
		found, err := r.findLatest(subject, wanted, normalize)
		if found != nil && (wanted.ID < 0 || wanted.ID == found.ID) {
			return found, err
		}
		return nil, err
	}
	var err error
	if found == nil {
		found, err = r.findRead(subject, wanted, normalize, false)
	}
	switch {
	case found == nil:
		return nil, err
	case wanted.Version == 0 && (wanted.ID < 0 || wanted.ID == found.ID):
		return found, nil
	case wanted.Version == 0 || wanted.ID != found.ID:
		return nil, nil
	case wanted.Version == found.Version:
		return found, nil
	}
	// An import may have given several versions one content.
	older := r.store.get(subject, wanted.Version, false)
	if older != nil && older.ID == found.ID && older.GUID == found.GUID {
		return older, nil
	}
	return nil, nil
}

// register adds a version to a subject, or returns the one that it would repeat. The caller holds the lock.
func (r *Registry) register(w *writer, subject string, request *registerRequest, normalize bool) (*schema, error) {
	s := request.schema(subject)
	if len(request.TagsToAdd)+len(request.TagsToRemove) > 0 {
		if request.Text == nil {
			return nil, errInvalidSchema(`java.lang.IllegalArgumentException: argument "content" is null`)
		}
		text, p, err := r.tagged(s, request.TagsToAdd, request.TagsToRemove)
		if err != nil {
			return nil, err
		}
		s.Text, s.Refs = plainText(text), p.refs
		if request.Version == nil {
			s.Version = -1
		}
	}
	return r.add(w, s, normalize, request.PropagateTags)
}

// add is [Registry.register] for a schema that has its tags. It changes s. An import may have no text, nobody else gets
// that far.
func (r *Registry) add(w *writer, s *schema, normalize, propagateTags bool) (*schema, error) {
	subject := s.Subject
	if err := r.store.checkMode(subject, s.ID); err != nil {
		return nil, err
	}
	var live, deleted []*schema
	next := 1
	for _, v := range r.store.descending(subject) {
		next = max(next, v.Version+1)
		if v.Deleted {
			deleted = append(deleted, v)
		} else {
			live = append(live, v)
		}
	}
	cfg := r.store.configInScope(subject)
	imports := r.store.modeInScope(subject).takesIDs()
	if !imports {
		if err := r.complete(s, cfg, live, next, propagateTags); err != nil {
			return nil, err
		}
	}
	p, err := r.canonicalize(s, s.ID < 0 && r.validates(cfg), normalize)
	if err != nil {
		return nil, err
	}
	if p == nil {
		s.GUID = s.identify()
	}
	id := s.ID
	if known, held := r.store.byContent(qualify(subject).context, s.GUID); held != nil && (id < 0 || id == known) {
		number, ok := held.version(subject)
		if v := r.store.version(subject, number); s.Version == 0 && ok && v != nil && !v.Deleted {
			s.Version, s.ID = number, known
			return s, nil
		}
		id = known
	}
	if s.Version == 0 {
		for _, v := range live {
			if p != nil && (id < 0 || id == v.ID) && r.stands(s, p, v) {
				s.Version, s.ID = v.Version, v.ID
				return s, nil
			}
		}
	}
	if !imports {
		slices.Reverse(live)
		messages, err := r.check(cfg, s, p, live)
		if err != nil {
			return nil, err
		}
		if len(messages) > 0 {
			e := errIncompatible(subject, "["+strings.Join(messages, ", ")+"]")
			if r.profile == cp7 {
				e.code = e.status
			}
			return nil, e
		}
	}
	return r.append(w, s, id, next, imports, deleted)
}

// append writes a version that may be written.
func (r *Registry) append(w *writer, s *schema, id, next int, imports bool, deleted []*schema) (*schema, error) {
	context := qualify(s.Subject).context
	if context != defaultContext && !r.store.listed[context] {
		w.put(listContext{context, true})
	}
	switch {
	case s.Version <= 0:
		s.Version = next
	case s.Version != next && !imports:
		return nil, errInvalidSchema("Version is not one more than previous version")
	}
	if id >= 0 {
		if err := r.store.checkID(id, s); err != nil {
			return nil, err
		}
		s.ID = id
	} else {
		s.ID = r.store.nextID(context)
	}
	if s.Text.size() > maxRecord/8 && len(putVersion{s}.appendJSON(nil)) > maxRecord {
		// As on the real server the id is lost.
		w.put(raiseID{context, s.ID})
		return nil, errTooLarge()
	}
	for _, v := range deleted {
		// References lead to a version, so a version that is referred to stays, be it deleted.
		if v.ID == s.ID && v.Version < s.Version && len(r.store.referrers(v.Subject, v.Version, true)) == 0 {
			w.put(dropVersion{v.Subject, v.Version})
		}
	}
	stored := *s
	stored.Text = s.Text.pack()
	stored.Rules = s.Rules.withoutEmpty()
	stored.Time = r.now()
	w.put(putVersion{&stored})
	return s, nil
}

// complete gives a schema what it inherits from the version before it and from the config.
func (r *Registry) complete(s *schema, cfg *config, live []*schema, next int, propagateTags bool) error {
	var previous *schema
	if len(live) > 0 {
		previous = live[0]
	}
	if s.Text.isBlank() {
		if previous == nil {
			return errInvalidSchema("Empty schema")
		}
		s.Text, s.Type, s.Refs = previous.Text, previous.Type, previous.Refs
	}
	if propagateTags && previous != nil {
		if err := r.propagateTags(s, previous); err != nil {
			return err
		}
	}
	s.inherit(cfg, previous, next)
	return nil
}

// inherit gives a schema the metadata and rules of the version before it, unless it brings its own, and those of the
// config. next is the version that it will have, 0 where it is only looked up.
func (s *schema) inherit(cfg *config, previous *schema, next int) {
	m, rules := s.Metadata, s.Rules
	if previous != nil {
		if m == nil {
			m = previous.Metadata
		}
		if rules == nil {
			rules = previous.Rules
		}
	}
	m = cfg.DefaultMetadata.merge(m).merge(cfg.OverrideMetadata)
	rules = cfg.DefaultRules.merge(rules).merge(cfg.OverrideRules)
	if next > 0 && (s.Version != 0 || m.hasVersion()) {
		m = m.withVersion(next)
	}
	if m != nil || rules != nil {
		s.Metadata, s.Rules = m, rules
	}
}

// validates reports whether new schemas are held to the rules for new schemas.
func (r *Registry) validates(cfg *config) bool {
	if cfg.ValidateNewSchemas != nil {
		return *cfg.ValidateNewSchemas
	}
	return r.profile != cp7
}

// checkMode refuses what the subject's mode does not allow. id is negative where a request names none.
func (s *store) checkMode(subject string, id int) error {
	switch m := s.modeInScope(subject); {
	case m == readOnly || m == readOnlyOverride:
		return errWrongMode(subject, "in read-only mode")
	case id >= 0 && !m.takesIDs():
		return errWrongMode(subject, "not in import mode")
	case id < 0 && m != readWrite:
		return errWrongMode(subject, "not in read-write mode")
	}
	return nil
}

// checkID refuses to give an id to another content than the one that has it.
func (s *store) checkID(id int, wanted *schema) error {
	prefix := qualify(wanted.Subject).prefix()
	if v := s.holderOf(id, prefix); v != nil && !v.sameContent(wanted) {
		return errNotPermitted("Overwrite new schema with id %d in context %s is not permitted.", id, prefix)
	}
	return nil
}

// nextID returns an id that nobody has in a context.
func (s *store) nextID(context string) int {
	c := s.context(context)
	id := c.maxID + 1
	for c.ids[id] != nil {
		id++
	}
	return id
}
