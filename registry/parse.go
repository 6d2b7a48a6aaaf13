package registry

import (
	"context"
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
)

// Parse reads a schema that came from the registry into a model, as leniently as registries do. What it refers to is
// fetched, once in the client's life: a version that is there does not change.
func (c *Client) Parse(ctx context.Context, s Schema) (*avsc.Schema, error) {
	return parser{client: c, done: map[SubjectVersion]*avsc.Schema{}}.parse(ctx, s, nil)
}

// parser holds what the schemas that it reads refer to, so that a type reached on two ways is one.
type parser struct {
	client *Client
	done   map[SubjectVersion]*avsc.Schema
}

// parse reads s, which was reached through the references in chain.
func (p parser) parse(ctx context.Context, s Schema, chain []SubjectVersion) (*avsc.Schema, error) {
	if s.Type != typeAvro {
		return nil, fmt.Errorf("registry: %s is a %s schema, want AVRO", s.name(), s.Type)
	}
	refs := make([]*avsc.Schema, len(s.References))
	for i, r := range s.References {
		var err error
		if refs[i], err = p.reference(ctx, SubjectVersion{r.Subject, r.Version}, chain); err != nil {
			return nil, fmt.Errorf("%s, which %s refers to: %w", r.Name, s.name(), err)
		}
	}
	return avsc.Parse(s.name(), []byte(s.Text), avsc.Registered(), avsc.Refs(refs...))
}

func (p parser) reference(ctx context.Context, at SubjectVersion, chain []SubjectVersion) (*avsc.Schema, error) {
	if parsed, ok := p.done[at]; ok {
		return parsed, nil
	}
	if slices.Contains(chain, at) {
		return nil, fmt.Errorf("registry: %s version %d refers to itself", at.Subject, at.Version)
	}
	s, err := p.client.held(ctx, at)
	if err != nil {
		return nil, err
	}
	parsed, err := p.parse(ctx, s, append(slices.Clone(chain), at))
	if err != nil {
		return nil, err
	}
	p.done[at] = parsed
	return parsed, nil
}

// held returns a version that something refers to, asked for once.
func (c *Client) held(ctx context.Context, at SubjectVersion) (Schema, error) {
	return c.versions.get(ctx, at, func() (Schema, error) { return c.Version(ctx, at.Subject, at.Version) })
}

// name says which schema s is, in place of a file name.
func (s Schema) name() string {
	if s.Subject == "" {
		return fmt.Sprintf("schema %d", s.ID)
	}
	return fmt.Sprintf("%s version %d", s.Subject, s.Version)
}
