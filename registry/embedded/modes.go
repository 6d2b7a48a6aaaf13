package embedded

import (
	"slices"
	"strings"
)

// mode says what may be done to a subject, a context or the whole registry. "" is no mode of its own.
type mode string

const (
	readWrite        mode = "READWRITE"
	readOnly         mode = "READONLY"
	readOnlyOverride mode = "READONLY_OVERRIDE"
	importing        mode = "IMPORT"
	forwarding       mode = "FORWARD"
)

var modes = []mode{readWrite, readOnly, readOnlyOverride, importing, forwarding}

// takesIDs reports whether schemas bring their own ids and versions and are not checked.
func (m mode) takesIDs() bool { return m == importing || m == forwarding }

// modeInScope returns the mode that applies to a subject.
func (s *store) modeInScope(subject string) mode {
	name, ok := inScope(subject, func(name string) bool { return s.modes[name] != "" })
	if !ok {
		return readWrite
	}
	return s.modes[name]
}

// mode returns the mode that was set for exactly this subject, "" for none. The whole registry and the global context
// always have one.
func (s *store) mode(subject string) mode {
	m := s.modes[subject]
	if q := qualify(subject); m == "" && (subject == "" || q.context == globalContext) {
		return readWrite
	}
	return m
}

func (s *store) readOnly(subject string) bool {
	m := s.modeInScope(subject)
	return m == readOnly || m == readOnlyOverride
}

// modeUpdate is the body of PUT /mode. Its text is echoed as it was written.
type modeUpdate struct {
	given bool
	text  *string
}

func bindModeUpdate(t *tokens) (*modeUpdate, error) {
	u := &modeUpdate{}
	if t.kind == stringToken {
		// The real server's class can be made from a string alone.
		u.given = true
		var err error
		u.text, err = t.optionalString()
		return u, err
	}
	err := t.object("ModeUpdateRequest", func(name string) (err error) {
		if name != "mode" {
			return t.skip()
		}
		u.given = true
		u.text, err = t.optionalString()
		return err
	})
	return u, err
}

func appendMode(b []byte, m mode) []byte {
	b = append(b, '{')
	if m != "" {
		b = appendString(appendKey(b, "mode"), string(m))
	}
	return append(b, '}')
}

func (r *Registry) getMode(x *exchange) error {
	subject := normalSubject(x.param("subject"))
	m := r.store.mode(subject)
	if x.boolean("defaultToGlobal") {
		m = r.store.modeInScope(subject)
	}
	if m == "" {
		return errNoSubjectMode(subject)
	}
	x.out = appendMode(x.out, m)
	return nil
}

func (r *Registry) putMode(x *exchange) error {
	operation := "updateTopLevelMode"
	if x.hasParam("subject") {
		operation = "updateMode"
	}
	update, err := bindBody(x, operation, bindModeUpdate)
	if err != nil {
		return err
	}
	if !validSubject(x.param("subject"), true) {
		return errInvalidSubject(x.param("subject"))
	}
	if !update.given {
		// The real server fails with 500 here.
		return errInvalidMode()
	}
	subject := normalSubject(x.param("subject"))
	var m mode
	if update.text != nil {
		m = mode(strings.ToUpper(*update.text))
		if !slices.Contains(modes, m) {
			return errInvalidMode()
		}
		if *update.text == string(forwarding) && !qualify(subject).isGlobalContext() {
			return errForwardMode()
		}
	}
	return r.write(x, func(w *writer) error {
		if m == importing && r.store.modeInScope(subject) != importing && !x.boolean("force") {
			if err := r.makeRoomForImport(w, subject); err != nil {
				return err
			}
		}
		w.put(putMode{subject, m})
		x.out = append(x.out, `{"mode":null}`...)
		if update.text != nil {
			x.out = appendMode(x.out[:0], mode(*update.text))
		}
		return nil
	})
}

// makeRoomForImport drops what was deleted softly where an import is to begin. Live versions are in its way.
func (r *Registry) makeRoomForImport(w *writer, subject string) error {
	affected := func(deleted bool) []string {
		if subject == "" {
			return r.store.allSubjects(deleted)
		}
		return r.store.subjectsOf(subject, deleted)
	}
	if len(affected(false)) > 0 {
		return errNotPermitted("Cannot import since found existing subjects")
	}
	var drops []change
	for _, name := range affected(true) {
		for _, v := range r.store.versions(name) {
			if len(r.store.referrers(name, v.Version, true)) > 0 {
				return errReferenced(name, v.Version)
			}
			drops = append(drops, dropVersion{name, v.Version})
		}
	}
	w.put(drops...)
	return nil
}

func (r *Registry) deleteMode(x *exchange) error {
	subject := normalSubject(x.param("subject"))
	recursive := x.boolean("recursive")
	return r.write(x, func(w *writer) error {
		old := r.store.mode(subject)
		if old == "" && !recursive {
			return errSubjectNotFound(subject)
		}
		w.put(putMode{subject, ""})
		if recursive && qualify(subject).name == "" {
			context := qualify(subject).context
			for _, name := range sortedKeys(r.store.modes) {
				if qualify(name).context == context {
					w.put(putMode{name, ""})
				}
			}
		}
		x.out = appendMode(x.out, old)
		return nil
	})
}
