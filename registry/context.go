package registry

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Subjects returns the names of all subjects of the client's context that hold a schema, sorted. They are the names that
// the client's other calls take, without the context.
func (c *Client) Subjects(ctx context.Context) ([]string, error) {
	listed, err := c.basics.subjects(ctx) // of all contexts
	if err != nil {
		return nil, err
	}
	var own []string
	for _, name := range listed {
		if name = c.localName(name); !strings.HasPrefix(name, ":.") {
			own = append(own, name)
		}
	}
	slices.Sort(own)
	return own, nil
}

// own returns what was found under a subject, or that it was not. Confluent's registry looks through all other contexts for
// what the default one does not have, and answers with what is none of ours.
func (c *Client) own(method, subject string, found Schema, err error) (Schema, error) {
	if err != nil || strings.HasPrefix(subject, ":.") || !c.elsewhere(found) {
		return found, err
	}
	return Schema{}, &Error{
		Request: method + " /subjects/" + subject, URL: c.URL(), Status: http.StatusNotFound, Code: codeSubjectNotFound,
		Message: fmt.Sprintf("Subject '%s' not found in this context, but as %s", subject, found.Subject),
	}
}

// elsewhere reports whether a schema was found in another context than the client's.
func (c *Client) elsewhere(s Schema) bool { return strings.HasPrefix(c.localName(s.Subject), ":.") }

// localName returns what the client calls a subject that a registry names together with its context. One of another
// context keeps its name.
func (c *Client) localName(subject string) string {
	context := c.transport.config.context
	if _, after, ok := strings.Cut(c.transport.bases[0].Path, "/contexts/"); ok && context == "" {
		context, _, _ = strings.Cut(after, "/")
	}
	if context == "" {
		return subject
	}
	if local, ok := strings.CutPrefix(subject, ":"+context+":"); ok {
		return local
	}
	return subject
}
