package embedded

import (
	"fmt"
	"math"
	"strconv"
)

// avroType is the only type of schema that this registry takes.
const avroType = "AVRO"

// schema is one version of a subject, or what a request would like to become one. A stored schema is never changed:
// to delete it softly is to put another in its place.
type schema struct {
	// Subject is qualified with its context.
	Subject string
	// Version is 0 where a request names none, and -1 where it asks for the next.
	Version int
	// ID is -1 where a request names none.
	ID       int
	Type     string
	Refs     []reference
	Metadata *metadata
	Rules    *ruleSet
	// Text of a stored schema is canonical, and packed.
	Text text

	// GUID identifies the content; zero where nobody computed it yet.
	GUID guid

	// The rest is set in stored schemas alone: Time is when the version was written, in milliseconds since 1970.
	Time    int64
	Deleted bool
}

func (s *schema) identify() guid { return identify(s.Text.String(), s.Refs, s.Metadata, s.Rules) }

// isBare reports whether the text is all there is to the content.
func (s *schema) isBare() bool { return len(s.Refs) == 0 && s.Metadata == nil && s.Rules == nil }

// sameContent reports whether two schemas agree in everything that a request can set.
func (s *schema) sameContent(other *schema) bool {
	if len(s.Refs) != len(other.Refs) {
		return false
	}
	for i := range s.Refs {
		if !s.Refs[i].equal(other.Refs[i]) {
			return false
		}
	}
	return s.Type == other.Type && s.Metadata.equal(other.Metadata) && s.Rules.equal(other.Rules) &&
		s.Text.String() == other.Text.String()
}

// unsaid is the version or the id of a schema of which messages are not to show them.
const unsaid = math.MinInt

// javaString is what the real server's messages show of a schema that it could not parse.
func (s *schema) javaString() string {
	number := func(n int) string {
		if n == unsaid {
			return "null"
		}
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("{subject=%s,version=%s,id=%s,guid=%s,schemaType=%s,references=%s,metadata=%s,ruleSet=%s,"+
		"schema=%s,schemaTags=null,ts=null,deleted=null}",
		s.Subject, number(s.Version), number(s.ID), s.identify(), s.Type, javaReferences(s.Refs), s.Metadata.javaString(),
		s.Rules.javaString(), s.Text.String())
}

// schemaTags are the tags of one record or field, which the text of a schema holds in the property confluent:tags.
type schemaTags struct {
	// Path is the full name of a record, or that and the name of a field.
	Path string
	// Type is "sr_record" or "sr_field".
	Type string
	Tags []string
	// nobody is set where a request names no record and no field. Only who acts on it is to mind.
	nobody bool
}

func appendSchemaTags(b []byte, all []schemaTags) []byte {
	b = append(b, '[')
	for _, t := range all {
		b = append(appendComma(b), '{')
		b = append(appendKey(b, "schemaEntity"), '{')
		b = appendString(appendKey(b, "entityPath"), t.Path)
		b = appendString(appendKey(b, "entityType"), t.Type)
		b = append(b, '}')
		if len(t.Tags) > 0 {
			b = appendStrings(appendKey(b, "tags"), t.Tags)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}
