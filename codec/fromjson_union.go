package codec

import "github.com/avow-events/avow/avsc"

// union reads a value of a union: plainly, where the kind of the value tells the branch, or in Avro's tagged form.
func (r *jsonReader) union(t *jsonType) error {
	shape := r.shape()
	if shape == 0 {
		return r.unexpected("a value")
	}
	k, found := t.byShape[shape]
	if !t.plain || r.avro {
		found = found && shape == jsonNull
	}
	switch {
	case found:
		r.b = AppendLong(r.b, int64(k))
		return r.value(t.branches[k])
	case shape == jsonObject:
		return r.tagged(t)
	case t.plain && !r.avro:
		return r.fail(r.i, errShape, "no branch of the union is written as %s", shapeNames[shape])
	}
	return r.fail(r.i, errShape, `%s, want an object that names the branch, such as {"%s": …}`, shapeNames[shape], t.firstTag())
}

// firstTag returns the name of a branch that is not null.
func (t *jsonType) firstTag() string {
	for _, b := range t.branches {
		if b.Kind != avsc.Null {
			return b.FullName()
		}
	}
	return ""
}

// tagged reads a union's value in Avro's tagged form.
func (r *jsonReader) tagged(t *jsonType) error {
	found := false
	at := r.i
	err := r.members(func(name string, at int) error {
		if found {
			return r.fail(at, errShape, "a second member, want an object with the branch alone")
		}
		for k, b := range t.branches {
			if b.FullName() == name {
				found = true
				r.b = AppendLong(r.b, int64(k))
				return r.value(b)
			}
		}
		return r.fail(at, ErrUnknown, "no branch %q in the union%s", abridge(name), t.insteadOfBranch(name))
	})
	if err == nil && !found {
		return r.fail(at, errShape, "an empty object, want one that names the branch")
	}
	return err
}
