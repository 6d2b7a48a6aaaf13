// Package properties reads the configuration files of Java clients, so that a file that a Java service has already says
// how to reach Kafka and Schema Registry.
//
// Start with [Parse]. What keys mean is known to those who use them, but for what Kafka and the registry share: TLS
// ([Properties.TLS]) and the credentials of SASL ([Properties.JAAS]). Values may be secrets: no error shows one.
package properties

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Properties are keys with their values. The zero Properties and a nil pointer are empty.
type Properties struct {
	entries map[string]entry
}

// entry is a value and where it was given, for messages.
type entry struct {
	value, place string
	order        int
}

// String shows how many there are, and no value, which may be a secret.
func (p *Properties) String() string { return fmt.Sprintf("%d properties", len(p.Keys())) }

// GoString does what String does.
func (p *Properties) GoString() string { return p.String() }

// Set adds a key that comes from elsewhere than a file, or gives it another value. place says in messages where it
// comes from.
func (p *Properties) Set(key, value, place string) {
	if p.entries == nil {
		p.entries = map[string]entry{}
	}
	p.entries[key] = entry{value, place, len(p.entries)}
}

// Lookup returns the value of a key without the white space around it, which Java's clients ignore too, and whether the
// key is there. An empty value is there.
func (p *Properties) Lookup(key string) (value string, ok bool) {
	if p == nil {
		return "", false
	}
	e, ok := p.entries[key]
	return strings.TrimSpace(e.value), ok
}

// Value returns the value of a key as Lookup does, empty where it is not there.
func (p *Properties) Value(key string) string {
	value, _ := p.Lookup(key)
	return value
}

// Keys returns the keys in the order in which they were given.
func (p *Properties) Keys() []string {
	if p == nil {
		return nil
	}
	return slices.SortedFunc(maps.Keys(p.entries), func(a, b string) int {
		return cmp.Or(cmp.Compare(p.entries[a].order, p.entries[b].order), strings.Compare(a, b))
	})
}

// Errorf returns an error about the value of a key, which begins with its place: client.properties:3:1: KEY: … The
// message must not hold a secret.
func (p *Properties) Errorf(key, format string, args ...any) error {
	err := fmt.Errorf("%s: "+format, slices.Concat([]any{key}, args)...)
	if p == nil || p.entries[key].place == "" {
		return err
	}
	return fmt.Errorf("%s: %w", p.entries[key].place, err)
}
