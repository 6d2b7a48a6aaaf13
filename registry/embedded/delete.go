package embedded

// deleteSubject answers DELETE /subjects/{subject}: delete all versions softly, or for good what was deleted softly.
func (r *Registry) deleteSubject(x *exchange) error {
	subject := normalSubject(x.param("subject"))
	permanent := x.boolean("permanent")
	return r.write(x, func(w *writer) error {
		if !r.store.hasSubjects(subject, true) {
			return errSubjectNotFound(subject)
		}
		if !permanent && !r.store.hasSubjects(subject, false) {
			return errSubjectSoftDeleted(subject)
		}
		if r.store.readOnly(subject) {
			return errWrongMode(subject, "in read-only mode")
		}
		numbers := []int{}
		for _, v := range r.store.versions(subject) {
			if v.Deleted && !permanent {
				continue
			}
			referring := r.store.referringSubjects(subject, v.Version, permanent)
			delete(referring, subject)
			if len(referring) > 0 {
				return errReferenced(subject, v.Version)
			}
			if permanent && !v.Deleted {
				return errSubjectNotSoftDeleted(subject)
			}
			numbers = append(numbers, v.Version)
		}
		if permanent {
			// Versions may refer to earlier ones of their own subject.
			for i := len(numbers) - 1; i >= 0; i-- {
				w.put(dropVersion{subject, numbers[i]})
			}
			w.dropSettings(subject)
		} else if len(numbers) > 0 {
			w.put(deleteVersions{subject, numbers[len(numbers)-1]})
		}
		x.out = appendInts(x.out, numbers)
		return nil
	})
}

// deleteVersion answers DELETE /subjects/{subject}/versions/{version}.
func (r *Registry) deleteVersion(x *exchange) error {
	subject := normalSubject(x.param("subject"))
	number, err := parseVersion(x.param("version"))
	if err != nil {
		return err
	}
	permanent := x.boolean("permanent")
	return r.write(x, func(w *writer) error {
		v := r.store.get(subject, number, true)
		switch {
		case v != nil && v.Deleted && !permanent:
			return errVersionSoftDeleted(subject, number)
		case v == nil && !r.store.hasSubjects(subject, true):
			return errSubjectNotFound(subject)
		case v == nil:
			return errVersionNotFound(number)
		case r.store.readOnly(subject):
			return errWrongMode(subject, "in read-only mode")
		case len(r.store.referrers(subject, v.Version, permanent)) > 0:
			return errReferenced(subject, v.Version)
		case permanent && !v.Deleted:
			return errVersionNotSoftDeleted(subject, v.Version)
		}
		if permanent {
			w.put(dropVersion{subject, v.Version})
			if len(r.store.versions(subject)) == 0 {
				w.dropSettings(subject)
			}
		} else {
			deleted := *v
			deleted.Deleted, deleted.Time = true, r.now()
			w.put(putVersion{&deleted})
		}
		x.out = appendInt(x.out, v.Version)
		return nil
	})
}

// dropSettings removes the mode and the config of a subject that is gone.
func (w *writer) dropSettings(subject string) {
	if subject == "" {
		// These are the whole registry's.
		return
	}
	if w.store.mode(subject) != "" {
		w.put(putMode{subject, ""})
	}
	if w.store.config(subject) != nil {
		w.put(putConfig{subject, nil})
	}
}
