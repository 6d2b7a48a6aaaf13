package registry

import (
	"context"

	"github.com/avow-events/avow/avsc"
)

// SchemaByID returns the schema with the id as a model, with what it refers to. Together with [Client.SchemaID] it makes
// the client what codec/hamba asks for as its Registry.
func (c *Client) SchemaByID(ctx context.Context, id int) (*avsc.Schema, error) {
	s, err := c.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	return c.Parse(ctx, s)
}

// SchemaID returns the id of a schema that the subject holds, as [Client.Lookup] finds it. It registers nothing.
func (c *Client) SchemaID(ctx context.Context, subject string, schema *avsc.Schema) (int, error) {
	s, err := c.Lookup(ctx, subject, schema.SelfContained())
	return s.ID, err
}
