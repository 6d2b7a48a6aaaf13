package embedded

import (
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
)

// parsed is a schema that was read together with what it refers to.
type parsed struct {
	*avsc.Schema
	// refs are the references with "latest" replaced by the version that was latest.
	refs []reference
}

// parse reads the text of a schema and resolves its references. A new one is held to more than one that the registry
// holds already, and may not refer to deleted versions. The error is the real server's answer, which shows the schema.
func (r *Registry) parse(s *schema, asNew bool) (*parsed, error) {
	if s.Type != avroType {
		return nil, errInvalidSchema("Invalid schema type %s", s.Type)
	}
	p := &parsed{refs: slices.Clone(s.Refs)}
	var texts []string
	err := r.store.resolve(s.Subject, p.refs, !asNew, map[string]bool{}, &texts)
	if err == nil {
		p.Schema, err = r.documents.parse(s, texts, asNew)
	}
	if err != nil {
		shown := *s
		shown.Refs, shown.Version, shown.ID = p.refs, unsaid, unsaid
		return nil, errInvalidSchema("Invalid schema of type AVRO, details: Invalid schema %s with refs %s of type AVRO, details: %s",
			shown.javaString(), javaReferences(p.refs), javaMessage(err))
	}
	return p, nil
}

// javaMessage is what the real server says of an error from [avsc.Parse].
func javaMessage(err error) string {
	if message := avsc.JavaMessage(err); message != "" {
		return message
	}
	return err.Error()
}

// resolve collects the texts of everything that references lead to, each after what it refers to itself, and writes
// the versions found into refs. A name that was seen before is not followed again.
func (s *store) resolve(subject string, refs []reference, deleted bool, seen map[string]bool, texts *[]string) error {
	for i, ref := range refs {
		if !ref.complete() {
			//lint:ignore ST1005 the registry's own words
			return fmt.Errorf("Invalid reference: %s", ref.javaString())
		}
		target := qualifyWithin(subject, *ref.Subject).String()
		if *ref.Version <= 0 && *ref.Version != -1 {
			return fmt.Errorf("io.confluent.kafka.schemaregistry.exceptions.InvalidVersionException: %d", *ref.Version)
		}
		v := s.get(target, *ref.Version, deleted)
		if v == nil {
			//lint:ignore ST1005 the registry's own words
			return fmt.Errorf(`No schema reference found for subject "%s" and version %d`, target, *ref.Version)
		}
		refs[i].Version = &v.Version
		if seen[*ref.Name] {
			continue
		}
		seen[*ref.Name] = true
		if err := s.resolve(v.Subject, slices.Clone(v.Refs), deleted, seen, texts); err != nil {
			return err
		}
		*texts = append(*texts, v.Text.String())
	}
	return nil
}

// canonicalize gives a schema the form in which it is stored: canonical text, or a normalized one, references to
// versions by number, and its GUID. It returns nil for a schema without a text, which stands for the one before it.
func (r *Registry) canonicalize(s *schema, asNew, normalize bool) (*parsed, error) {
	p, err := r.read(s, asNew, normalize)
	if p == nil || err != nil {
		return nil, err
	}
	s.Text, s.Refs = plainText(p.String()), p.refs
	s.GUID = p.identify(s)
	return p, nil
}

// read is [Registry.canonicalize] for who does not ask for the schema's canonical text.
func (r *Registry) read(s *schema, asNew, normalize bool) (*parsed, error) {
	if s.Text.isBlank() {
		return nil, nil
	}
	p, err := r.parse(s, asNew)
	if err != nil {
		return nil, err
	}
	if normalize {
		if p.Schema, err = p.Normalize(); err != nil {
			return nil, errInvalidSchema("Invalid schema %s, details: %s", s.javaString(), javaMessage(err))
		}
		p.refs = normalReferences(p.refs)
	}
	return p, nil
}

// identify computes the GUID of a schema that was parsed as p. Most consist of a text alone, which remembers its GUID.
func (p *parsed) identify(s *schema) guid {
	if !s.isBare() {
		return s.identify()
	}
	type alone struct{}
	return p.Memo(alone{}, func(p *avsc.Schema) any { return identify(p.String(), nil, nil, nil) }).(guid)
}

// stands reports whether a schema is another way to write one that is registered: with its references written out,
// with its properties in another order, or without the version that it says of itself. p is what current was parsed as.
func (r *Registry) stands(current *schema, p *parsed, registered *schema) bool {
	sameRefs := slices.EqualFunc(current.Refs, registered.Refs, reference.equal)
	if !sameRefs && (len(current.Refs) > 0 || len(registered.Refs) == 0) {
		return false
	}
	if sameRefs && current.Text.size() != registered.Text.size() {
		// Equivalent texts differ in the order of their parts alone.
		return false
	}
	mine, theirs := current.Metadata, registered.Metadata
	switch {
	case mine.version() == 0 && theirs.version() != 0:
		theirs = theirs.withVersion(0)
		mine = orEmpty(mine)
	case mine.version() != 0 && theirs.version() == 0:
		if mine.version() != registered.Version {
			return false
		}
		mine = mine.withVersion(0)
		theirs = orEmpty(theirs)
	}
	if !mine.equal(theirs) || !current.Rules.equal(registered.Rules) {
		return false
	}
	old, err := r.parse(registered, false)
	return err == nil && equivalent(p.Root, old.Root)
}

func orEmpty(m *metadata) *metadata {
	if m == nil {
		return &metadata{}
	}
	return m
}
