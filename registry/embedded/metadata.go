package embedded

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// confluentVersion is the property in which a schema says its own version, once somebody asked for a version by
// number.
const confluentVersion = "confluent:version"

// metadata is what a schema says about itself beside its text. It counts for the schema's identity: none and empty
// metadata are two identities. It is never changed once it is in use.
type metadata struct {
	// Tags maps paths to sorted sets of tags.
	Tags       map[string][]string
	Properties map[string]string
	// Sensitive is the sorted set of properties that are not to be shown.
	Sensitive []string
}

// sortedKeys returns a map's keys as Java's TreeMap iterates over them.
func sortedKeys[V any](m map[string]V) []string { return slices.SortedFunc(maps.Keys(m), compareJava) }

// hash writes what identifies the metadata.
func (m *metadata) hash(w io.Writer) {
	for _, path := range sortedKeys(m.Tags) {
		writeStrings(w, path)
		writeStrings(w, m.Tags[path]...)
	}
	for _, name := range sortedKeys(m.Properties) {
		writeStrings(w, name, m.Properties[name])
	}
	writeStrings(w, m.Sensitive...)
}

// equal reports whether two metadata say the same; both may be nil.
func (m *metadata) equal(other *metadata) bool {
	if m == nil || other == nil {
		return m == other
	}
	return maps.EqualFunc(m.Tags, other.Tags, slices.Equal) && maps.Equal(m.Properties, other.Properties) &&
		slices.Equal(m.Sensitive, other.Sensitive)
}

// version returns the schema's own version as the metadata has it, 0 where it has none that is a number.
func (m *metadata) version() int {
	if m == nil {
		return 0
	}
	n, err := strconv.ParseInt(m.Properties[confluentVersion], 10, 32)
	if err != nil {
		return 0
	}
	return int(n)
}

func (m *metadata) hasVersion() bool {
	if m == nil {
		return false
	}
	_, ok := m.Properties[confluentVersion]
	return ok
}

// withVersion returns the metadata with another version, 0 for none. m may be nil.
func (m *metadata) withVersion(version int) *metadata {
	out := &metadata{}
	if m != nil {
		*out = *m
	}
	out.Properties = maps.Clone(out.Properties)
	if version == 0 {
		delete(out.Properties, confluentVersion)
		return out
	}
	if out.Properties == nil {
		out.Properties = map[string]string{}
	}
	out.Properties[confluentVersion] = strconv.Itoa(version)
	return out
}

// merge returns the metadata with what the stronger one says on top; either may be nil.
func (m *metadata) merge(stronger *metadata) *metadata {
	if m == nil || stronger == nil {
		if m == nil {
			return stronger
		}
		return m
	}
	sensitive := slices.Concat(m.Sensitive, stronger.Sensitive)
	slices.SortFunc(sensitive, compareJava)
	return &metadata{
		Tags:       mergeMaps(m.Tags, stronger.Tags),
		Properties: mergeMaps(m.Properties, stronger.Properties),
		Sensitive:  slices.Compact(sensitive),
	}
}

func mergeMaps[V any](a, b map[string]V) map[string]V {
	out := maps.Clone(a)
	if out == nil {
		return b
	}
	maps.Copy(out, b)
	return out
}

// javaString is what the real server's messages show.
func (m *metadata) javaString() string {
	if m == nil {
		return "null"
	}
	tags := make([]string, 0, len(m.Tags))
	for _, path := range sortedKeys(m.Tags) {
		tags = append(tags, path+"="+javaList(m.Tags[path]))
	}
	return fmt.Sprintf("Metadata{tags={%s}, properties=%s, sensitive=%s}",
		strings.Join(tags, ", "), javaMap(m.Properties), javaList(m.Sensitive))
}

func javaList(items []string) string { return "[" + strings.Join(items, ", ") + "]" }

func javaMap(m map[string]string) string {
	pairs := make([]string, 0, len(m))
	for _, k := range sortedKeys(m) {
		pairs = append(pairs, k+"="+m[k])
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// bindMetadata reads metadata; null is none.
func bindMetadata(t *tokens) (*metadata, error) {
	if t.kind == nullToken {
		return nil, nil
	}
	m := &metadata{}
	err := t.object("Metadata", func(name string) (err error) {
		switch name {
		case "tags":
			m.Tags, err = stringMap(t, "String>>", (*tokens).stringSet)
		case "properties":
			m.Properties, err = stringMap(t, "String>", (*tokens).presentString)
		case "sensitive":
			m.Sensitive, err = t.stringSet()
		default:
			err = t.skip()
		}
		return err
	})
	return m, err
}

func (m *metadata) append(b []byte) []byte {
	b = append(b, '{')
	if len(m.Tags) > 0 {
		b = appendKey(b, "tags")
		b = append(b, '{')
		for _, path := range sortedKeys(m.Tags) {
			b = appendStrings(appendKey(b, path), m.Tags[path])
		}
		b = append(b, '}')
	}
	if len(m.Properties) > 0 {
		b = appendStringMap(appendKey(b, "properties"), m.Properties)
	}
	if len(m.Sensitive) > 0 {
		b = appendStrings(appendKey(b, "sensitive"), m.Sensitive)
	}
	return append(b, '}')
}
