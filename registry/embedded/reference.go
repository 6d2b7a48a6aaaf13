package embedded

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// reference says where a schema finds a type that it names and does not define. What a request left out is nil.
type reference struct {
	// Name is the full name of the type.
	Name *string
	// Subject and Version are where it is registered; a subject without a context lies in the context of the
	// schema that refers to it. A request may ask for version -1, the latest.
	Subject *string
	Version *int
}

// complete reports whether nothing is left out.
func (r reference) complete() bool { return r.Name != nil && r.Subject != nil && r.Version != nil }

// fillIn puts back what an answer leaves out because it is empty.
func (r *reference) fillIn() {
	for _, s := range []**string{&r.Name, &r.Subject} {
		if *s == nil {
			*s = new(string)
		}
	}
	if r.Version == nil {
		r.Version = new(int)
	}
}

func (r reference) hash(w io.Writer) {
	writeStrings(w, deref(r.Name), deref(r.Subject))
	if r.Version != nil {
		v := uint32(int32(*r.Version))
		writeStrings(w, string([]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}))
	}
}

func (r reference) equal(other reference) bool {
	return r.complete() && other.complete() && *r.Name == *other.Name && *r.Subject == *other.Subject && *r.Version == *other.Version
}

// javaString is what the real server's messages show.
func (r reference) javaString() string {
	version := "null"
	if r.Version != nil {
		version = fmt.Sprint(*r.Version)
	}
	return fmt.Sprintf("{name='%s', subject='%s', version=%s}", orNull(r.Name), orNull(r.Subject), version)
}

func javaReferences(refs []reference) string {
	items := make([]string, len(refs))
	for i, r := range refs {
		items[i] = r.javaString()
	}
	return javaList(items)
}

// normalReferences sorts references, all complete, and drops repeated ones.
func normalReferences(refs []reference) []reference {
	out := slices.Clone(refs)
	slices.SortStableFunc(out, func(a, b reference) int {
		return cmp.Or(compareJava(*a.Subject, *b.Subject), cmp.Compare(*a.Version, *b.Version))
	})
	kept := out[:0]
	for _, r := range out {
		if !slices.ContainsFunc(kept, r.equal) {
			kept = append(kept, r)
		}
	}
	return kept
}

func bindReference(t *tokens) (reference, error) {
	var r reference
	if t.kind == nullToken {
		t.null = true
		return r, nil
	}
	err := t.object("SchemaReference", func(name string) (err error) {
		switch name {
		case "name":
			r.Name, err = t.optionalString()
		case "subject":
			r.Subject, err = t.optionalString()
		case "version":
			r.Version, err = t.optionalInt()
		default:
			err = t.skip()
		}
		return err
	})
	return r, err
}

func appendReferences(b []byte, refs []reference) []byte {
	b = append(b, '[')
	for _, r := range refs {
		b = append(appendComma(b), '{')
		b = appendOptional(b, "name", r.Name)
		b = appendOptional(b, "subject", r.Subject)
		if r.Version != nil {
			b = appendInt(appendKey(b, "version"), *r.Version)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}
