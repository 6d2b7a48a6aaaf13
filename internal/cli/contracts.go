package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	placed "github.com/avow-events/avow/internal/contracts"
	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/suggest"
	"github.com/avow-events/avow/registry"
)

// contracts is the schemas of a repository together with what avow.yaml says of them.
type contracts struct {
	*config.Config
	set *avsc.Set
}

// contracts reads the schemas and holds avow.yaml against them: every contract that it names must be one of them.
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
	exists := func(pos avsc.Pos, name, what string) {
		if !slices.Contains(known, name) {
			errs = append(errs, &avsc.Error{Pos: pos, Err: fmt.Errorf("no file below %s defines the %s %s%s",
				shortPath(dir), what, name, suggest.DidYouMean(name, known))})
		}
	}
	for _, t := range c.Topics {
		if key := t.KeyContract(); key != "" {
			exists(t.KeyPos, key, "key of topic "+t.Name+",")
		}
		for _, e := range t.Events {
			exists(e.Pos, e.Name, "event of topic "+t.Name+",")
		}
	}
	for _, p := range c.Places {
		exists(p.Pos, p.Contract, "contract of subject "+p.Subject+",")
	}
	for _, r := range c.References {
		exists(r.Pos, r.From, "contract")
		exists(r.Pos, r.To, "contract")
	}
	all := &contracts{c, set}
	for _, t := range c.Topics {
		if s := all.key(t); s != nil {
			if err := kafka.CheckKey(s); err != nil {
				errs = append(errs, &avsc.Error{Pos: t.KeyPos, Err: err})
			}
		}
	}
	return all, errs.Err()
}

// subjects returns where a registry keeps a contract.
func (c *contracts) subjects(s *avsc.Schema) []config.Subject { return placed.Subjects(c.Config, s) }

// entries returns what a registry is to hold.
func (c *contracts) entries() ([]registry.Entry, error) {
	entries, err := placed.Entries(c.Config, c.set)
	if err != nil {
		return nil, below(c.Path(c.Schemas.Path), err)
	}
	return entries, nil
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
			if placed.Is(e.Name, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// key returns the contract of a topic's keys, nil where they have none.
func (c *contracts) key(t config.Topic) *avsc.Schema {
	i := slices.IndexFunc(c.set.Schemas, func(s *avsc.Schema) bool { return placed.Is(t.KeyContract(), s) })
	if i < 0 {
		return nil
	}
	return c.set.Schemas[i]
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
