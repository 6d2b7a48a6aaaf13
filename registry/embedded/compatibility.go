package embedded

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// postCompatibility answers POST /compatibility/subjects/{subject}/versions and …/versions/{version}: might this schema
// be registered? With a version it is compared with that one alone, whatever the level.
func (r *Registry) postCompatibility(x *exchange) error {
	operation := "testCompatibilityForSubject"
	if x.hasParam("version") {
		operation = "testCompatibilityBySubjectName"
	}
	request, err := bindBody(x, operation, bindRegister)
	if err != nil {
		return err
	}
	subject := normalSubject(x.param("subject"))
	before := r.store.live(subject)
	if x.hasParam("version") {
		number, err := parseVersion(x.param("version"))
		if err != nil {
			return err
		}
		v := r.store.get(subject, number, false)
		if v == nil && number != -1 {
			return errVersionNotFound(number)
		}
		if before = nil; v != nil {
			before = []*schema{v}
		}
	}
	verbose := x.boolean("verbose")
	messages, err := r.mayFollow(subject, request.schema(subject), before, r.normalizes(x, subject))
	switch {
	case err != nil && verbose && isInvalidSchema(err):
		messages = []string{err.Error()}
	case err != nil:
		return err
	}
	x.out = append(x.out, '{')
	x.out = appendBool(appendKey(x.out, "is_compatible"), len(messages) == 0)
	if verbose {
		x.out = appendStrings(appendKey(x.out, "messages"), messages)
	}
	x.out = append(x.out, '}')
	return nil
}

// mayFollow is [Registry.check] for a schema as a request brings it.
func (r *Registry) mayFollow(subject string, s *schema, before []*schema, normalize bool) ([]string, error) {
	cfg := r.store.configInScope(subject)
	p, err := r.read(s, r.validates(cfg), normalize)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, errInvalidSchema("Empty schema")
	}
	return r.check(cfg, s, p, before)
}

// check compares a schema with the versions before it, oldest first, and returns the real server's messages; none where
// it may follow them.
func (r *Registry) check(cfg *config, s *schema, p *parsed, before []*schema) ([]string, error) {
	var messages []string
	if isTrue(cfg.ValidateFields) {
		messages = reservedFields(s, p, before)
	}
	if cfg.Group != nil {
		group := func(s *schema) (value string, ok bool) {
			if s.Metadata != nil {
				value, ok = s.Metadata.Properties[*cfg.Group]
			}
			return value, ok
		}
		value, ok := group(s)
		before = slices.DeleteFunc(slices.Clone(before), func(v *schema) bool {
			other, has := group(v)
			return has != ok || other != value
		})
	}
	level := cfg.level()
	for i := len(before) - 1; i >= 0 && level != compat.None; i-- {
		old, err := r.parse(before[i], false)
		if err != nil {
			return nil, err
		}
		v, err := r.documents.check(level, p.Schema, old.Schema, before[i].Version)
		if err != nil {
			return nil, err
		}
		messages = append(messages, v.messages...)
		if !v.compatible || !level.Transitive() {
			break
		}
	}
	if len(messages) > 0 {
		messages = append(messages, compat.ClosingLine(level, isTrue(cfg.ValidateFields)))
	}
	return messages, nil
}

// reservedProperty is the metadata property that lists the names which fields must not have.
const reservedProperty = "confluent:reserved"

// reservedFields says which reserved names a schema uses or gives up.
func reservedFields(s *schema, p *parsed, before []*schema) (messages []string) {
	reserved := reservedNames(s.Metadata)
	if len(before) > 0 {
		for _, name := range reservedNames(before[len(before)-1].Metadata) {
			if !slices.Contains(reserved, name) {
				messages = append(messages, fmt.Sprintf("The new schema has reserved field %s removed from its metadata which is "+
					"present in the old schema's metadata.", name))
			}
		}
	}
	for _, name := range reserved {
		if p.Root.Kind == avsc.Record && slices.ContainsFunc(p.Root.Fields, func(f *avsc.Field) bool { return f.Name == name }) {
			messages = append(messages, fmt.Sprintf("The new schema has field that conflicts with the reserved field %s.", name))
		}
	}
	return messages
}

// reservedNames returns the names in the order of Java's HashSet.
func reservedNames(m *metadata) (names []string) {
	if m == nil {
		return nil
	}
	for _, name := range strings.Split(m.Properties[reservedProperty], ",") {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	table := 16
	for len(names) > table-table/4 {
		table *= 2
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return bucketJava(hashJava(a), table) - bucketJava(hashJava(b), table)
	})
	return names
}
