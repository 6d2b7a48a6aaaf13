package cli

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/internal/topics"
	"github.com/avow-events/avow/registry"
)

// endpoint is the registry that a plan is for, and the brokers.
type endpoint struct {
	client *registry.Client
	// kafka is nil where topics are left alone.
	kafka *topics.Client
	// env is the environment of avow.yaml that --env names, or else the local one; zero where there is none.
	env config.Environment
	// own is true where the registry is that environment's, and none that a flag or a variable names.
	own bool
}

func (e *endpoint) close() {
	e.client.Close()
	if e.kafka != nil {
		e.kafka.Close()
	}
}

// endpoint connects to what a plan is for. withTopics says whether there is anything to ask brokers about.
func (a *app) endpoint(ctx context.Context, c *config.Config, t *planTarget, withTopics bool) (*endpoint, error) {
	own, err := a.ownRegistry(&t.target)
	if err != nil {
		return nil, err
	}
	e := &endpoint{own: own}
	if e.own || t.env != "" {
		if e.env, err = a.environment(c, &t.target); err != nil {
			return nil, err
		}
	}
	if e.client, err = a.registryClient(c, &t.target); err != nil {
		return nil, err
	}
	if !withTopics || t.skipTopics {
		return e, nil
	}
	if e.kafka, err = a.topicBrokers(ctx, c, e, t); err != nil {
		e.close()
		return nil, fmt.Errorf("%w; --skip-topics plans without topics", err)
	}
	return e, nil
}

// topicBrokers connects to the brokers whose topics a plan is about: those that a flag, a property or a variable gives, or
// that belong to the registry. Others are not asked, whatever may listen on this machine; nil is for none.
func (a *app) topicBrokers(ctx context.Context, c *config.Config, e *endpoint, t *planTarget) (*topics.Client, error) {
	s, err := a.brokersOf(c, &t.target, func() (config.Environment, error) {
		if !e.own {
			return config.Environment{}, nil
		}
		return e.env, nil
	})
	if err != nil || s.Brokers == "" {
		return nil, err
	}
	to, err := s.Connection()
	if err != nil {
		return nil, err
	}
	return topics.Connect(ctx, to)
}

// name returns the environment whose registry it is, empty where it is none's.
func (e *endpoint) name() string {
	if e.own {
		return e.env.Name
	}
	return ""
}

// planned is a plan and what it was made of.
type planned struct {
	*endpoint
	config *config.Config
	file   *planFile
}

// makePlan compares the repository with a registry, and with brokers where they are known.
func (a *app) makePlan(ctx context.Context, t *planTarget) (_ *planned, err error) {
	c, err := a.config()
	if err != nil {
		return nil, err
	}
	p := &planned{config: c}
	contracts, err := a.contracts(c)
	if err != nil {
		return nil, err
	}
	entries, err := contracts.entries()
	if err != nil {
		return nil, err
	}
	a.tellHomeless(contracts.homeless())
	if p.endpoint, err = a.endpoint(ctx, c, t, len(c.Topics) > 0); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	opts := []registry.PlanOption{registry.Ignore(p.env.Ignores)}
	if t.prune {
		opts = append(opts, registry.Prune())
	}
	plan, err := registry.NewPlan(ctx, p.client, entries, opts...)
	if err != nil {
		return nil, err
	}
	showPaths(plan, shortPath(c.Path(c.Schemas.Path)))
	p.file = &planFile{Format: planFormat, Environment: p.name(), Registry: p.client.URL(), Plan: plan}
	if p.kafka != nil {
		prune, err := p.prunes(t)
		if err != nil {
			return nil, err
		}
		if p.file.Topics, err = p.kafka.Plan(ctx, wantedTopics(c), prune); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// tellHomeless tells in one line of the files whose contracts have no subject.
func (a *app) tellHomeless(files []string) {
	switch {
	case a.quiet || len(files) == 0:
	case len(files) == 1:
		a.err.linef("%s is left out: it has no name, and no topic or subject of avow.yaml is for it", files[0])
	default:
		a.err.linef("%s are left out: they have no name, and no topic or subject of avow.yaml is for them: %s",
			count(len(files), "file"), someOf(files, 3))
	}
}

// wantedTopics returns the topics of avow.yaml.
func wantedTopics(c *config.Config) []topics.Topic {
	out := make([]topics.Topic, len(c.Topics))
	for i, t := range c.Topics {
		out[i] = topics.Topic{Name: t.Name, Partitions: t.Partitions, Replication: t.Replication, Configs: t.Configs}
	}
	return out
}

// prunes returns which topics that avow.yaml does not describe are to be deleted, nil for none. Records cannot be brought
// back, so it takes more than for subjects: the cluster must be one that is made anew every so often, or avow.lock must
// know the topic from here. Retries and dead letters, which are called after their topic, stay with it.
func (p *planned) prunes(t *planTarget) (func(string) bool, error) {
	if !t.prune || !p.own {
		return nil, nil
	}
	l, err := readLock(p.config)
	if err != nil {
		return nil, err
	}
	return func(topic string) bool {
		known := p.env.Ephemeral || l.HasTopic(lock.Topic{Name: topic, Environment: p.name()})
		return known && !p.env.Ignores(topic) && !slices.ContainsFunc(p.config.Topics, func(t config.Topic) bool {
			rest, after := strings.CutPrefix(topic, t.Name)
			return after && strings.ContainsAny(rest[:1], ".-_")
		})
	}, nil
}

// showPaths turns the paths of a plan, which start at the folder of the schemas, into those that people know.
func showPaths(plan *registry.Plan, dir string) {
	for i := range plan.Steps {
		s := &plan.Steps[i]
		if s.File != "" {
			s.File = path.Join(dir, s.File)
		}
		for j := range s.Reasons {
			if place := &s.Reasons[j].Place; *place != "" {
				*place = path.Join(dir, *place)
			}
		}
	}
}
