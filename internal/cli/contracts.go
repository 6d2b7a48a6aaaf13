package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/suggest"
	"github.com/avow-events/avow/registry"
)

// contracts is the schemas of a repository together with what avow.yaml says of them.
type contracts struct {
	*config.Config
	set *avsc.Set
}

// contracts reads the schemas and holds avow.yaml against them: every event of a topic must be one of them.
func (a *app) contracts(c *config.Config) (*contracts, error) {
	dir := c.Path(c.Schemas.Path)
	set, err := loadSchemas(dir)
	if err != nil {
		return nil, err
	}
	known := make([]string, 0, 2*len(set.Schemas))
	for _, s := range set.Schemas {
		known = append(known, s.File)
		if s.Root.Kind.IsNamed() {
			known = append(known, s.Root.FullName())
		}
	}
	var errs avsc.ErrorList
	for _, t := range c.Topics {
		for _, e := range t.Events {
			if !slices.Contains(known, e.Name) {
				errs = append(errs, &avsc.Error{Pos: e.Pos, Err: fmt.Errorf("no file below %s defines the event %s of topic %s%s",
					shortPath(dir), e.Name, t.Name, suggest.DidYouMean(e.Name, known))})
			}
		}
	}
	return &contracts{c, set}, errs.Err()
}

// subjects returns where a registry keeps a contract.
func (c *contracts) subjects(s *avsc.Schema) []config.Subject {
	return c.Subjects(s.Root.FullName(), s.File, s.Root.Kind.IsNamed())
}

// targets returns the same as a plan wants it. A level is imposed on a registry only if avow.yaml gives it.
func (c *contracts) targets(s *avsc.Schema) []registry.Target {
	var out []registry.Target
	for _, subject := range c.subjects(s) {
		t := registry.Target{Subject: subject.Name}
		if subject.LevelSet {
			// avow.yaml was read strictly: it holds no level that compat does not know.
			if level, err := compat.ParseLevel(string(subject.Level)); err == nil {
				t.Level, t.HasLevel = level, true
			}
		}
		out = append(out, t)
	}
	return out
}

// homeless returns the files of contracts that have no subject, because they have no name and no topic carries them.
func (c *contracts) homeless() []string {
	var out []string
	for _, s := range c.set.Schemas {
		if len(c.subjects(s)) == 0 {
			out = append(out, s.File)
		}
	}
	return out
}

// events returns the contracts that a topic carries, in the order of avow.yaml.
func (c *contracts) events(t config.Topic) []*avsc.Schema {
	var out []*avsc.Schema
	for _, e := range t.Events {
		for _, s := range c.set.Schemas {
			if s.File == e.Name || s.Root.Kind.IsNamed() && s.Root.FullName() == e.Name {
				out = append(out, s)
			}
		}
	}
	return out
}

// eventNames returns how events are called on the command line, for messages.
func eventNames(events []*avsc.Schema) string {
	names := make([]string, len(events))
	for i, s := range events {
		names[i] = eventName(s)
	}
	return strings.Join(names, ", ")
}

// eventName is a contract's full name, or its file where it has none.
func eventName(s *avsc.Schema) string {
	if s.Root.Kind.IsNamed() {
		return s.Root.FullName()
	}
	return s.File
}
