package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/parallel"
)

// State is what a plan saw of a subject.
type State struct {
	// Version and ID of the latest version, 0 where there is none.
	Version int `json:"version,omitempty"`
	ID      int `json:"id,omitempty"`
	// Digest of its text and references.
	Digest string `json:"digest,omitempty"`
	// Level that is set on the subject itself, nil where none is.
	Level *compat.Level `json:"level,omitempty"`
}

// String says it in a few words, for messages.
func (s State) String() string {
	text := "no version"
	if s.Version > 0 {
		text = fmt.Sprintf("version %d with id %d", s.Version, s.ID)
	}
	if s.Level == nil {
		return text + " and no level"
	}
	return text + " and level " + s.Level.String()
}

func (s State) equal(o State) bool {
	return s.Version == o.Version && s.ID == o.ID && s.Digest == o.Digest && s.sameLevel(o)
}

func (s State) sameLevel(o State) bool {
	if s.Level == nil || o.Level == nil {
		return s.Level == o.Level
	}
	return *s.Level == *o.Level
}

// observed is a subject as it is now.
type observed struct {
	State
	latest Schema
}

// atOnce is how many requests the making of a plan has under way at a time. [New] keeps as many connections.
const atOnce = 16

// observe looks at subjects, many at a time.
func (c *Client) observe(ctx context.Context, subjects []string) (map[string]*observed, error) {
	out := make([]*observed, len(subjects))
	err := parallel.Each(ctx, len(subjects), atOnce, func(i int) (err error) {
		out[i], err = c.observeOne(ctx, subjects[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	bySubject := make(map[string]*observed, len(subjects))
	for i, subject := range subjects {
		bySubject[subject] = out[i]
	}
	return bySubject, nil
}

// observeOne looks at a subject; the empty one is the registry itself, which has nothing but a level.
func (c *Client) observeOne(ctx context.Context, subject string) (*observed, error) {
	o := &observed{}
	if subject == "" {
		level, err := c.Level(ctx, "")
		o.Level = &level
		return o, err
	}
	latest, err := c.Latest(ctx, subject)
	switch {
	case err == nil:
		o.latest = latest
		o.Version, o.ID, o.Digest = latest.Version, latest.ID, digest(latest)
	case !errors.Is(err, ErrNotFound):
		return nil, err
	}
	level, set, err := c.SubjectLevel(ctx, subject)
	if set {
		o.Level = &level
	}
	return o, err
}

// digest tells schemas apart whatever ids a registry gives them.
func digest(s Schema) string {
	content, _ := json.Marshal(struct {
		Type, Text string
		References []Reference
	}{s.Type, s.Text, s.References}) // of strings and numbers alone: it cannot fail
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}
