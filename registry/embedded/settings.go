package embedded

// inScope returns the name under which a setting is found that applies to a subject: the subject itself, else its
// context, else the global context; has says where one is. Nothing is found where ok is false.
func inScope(subject string, has func(string) bool) (found string, ok bool) {
	q := qualify(subject)
	for _, name := range []string{subject, q.prefix(), qualified{context: globalContext}.prefix()} {
		if has(name) {
			return name, true
		}
	}
	return "", false
}

// configInScope returns the config that applies to a subject. It is never nil.
func (s *store) configInScope(subject string) *config {
	name, ok := inScope(subject, func(name string) bool { return s.configs[name] != nil })
	if !ok {
		return noConfig
	}
	return s.configs[name]
}

var noConfig = &config{}

// config returns what was configured for exactly this subject, nil for nothing. The whole registry and the global
// context always have a config.
func (s *store) config(subject string) *config {
	c := s.configs[subject]
	if q := qualify(subject); c == nil && (subject == "" || q.context == globalContext) {
		return &config{}
	}
	return c
}

func (r *Registry) getConfig(x *exchange) error {
	subject := normalSubject(x.param("subject"))
	c := r.store.config(subject)
	if x.boolean("defaultToGlobal") {
		c = r.store.configInScope(subject)
	}
	if c == nil {
		return errNoSubjectLevel(subject)
	}
	x.out = c.append(x.out, "compatibilityLevel")
	return nil
}

func (r *Registry) putConfig(x *exchange) error {
	operation := "updateTopLevelConfig"
	if x.hasParam("subject") {
		operation = "updateSubjectLevelConfig"
	}
	update, err := bindBody(x, operation, bindConfigUpdate)
	if err != nil {
		return err
	}
	if err := update.validate(); err != nil {
		return err
	}
	if !validSubject(x.param("subject"), true) {
		return errInvalidSubject(x.param("subject"))
	}
	subject := normalSubject(x.param("subject"))
	return r.write(x, func(w *writer) error {
		if r.store.readOnly(subject) {
			return errWrongMode(orNullSubject(subject), "in read-only mode")
		}
		c := update.apply(r.store.configs[subject])
		w.put(putConfig{subject, c.withoutEmpty()})
		x.out = c.append(x.out, "compatibility")
		return nil
	})
}

func (r *Registry) deleteConfig(x *exchange) error {
	subject := normalSubject(x.param("subject"))
	return r.write(x, func(w *writer) error {
		old := r.store.config(subject)
		if old == nil {
			return errSubjectNotFound(subject)
		}
		if r.store.readOnly(subject) {
			return errWrongMode(orNullSubject(subject), "in read-only mode")
		}
		w.put(putConfig{subject, nil})
		x.out = old.append(x.out, "compatibilityLevel")
		return nil
	})
}

// orNullSubject is how the real server's messages name the whole registry.
func orNullSubject(subject string) string {
	if subject == "" {
		return "null"
	}
	return subject
}
