package registry

import (
	"context"
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
