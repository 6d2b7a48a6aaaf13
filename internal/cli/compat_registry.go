package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/internal/parallel"
	"github.com/avow-events/avow/internal/source"
	"github.com/avow-events/avow/registry"
)

// registryScheme begins what --against takes for the registry of an environment.
const registryScheme = "registry://"

// registryCalls is how many subjects are looked up at once.
const registryCalls = 16

// registryComparison checks the schemas of the working directory against what a registry holds.
type registryComparison struct {
	cfg    *config.Config
	scope  scope
	level  *compat.Level // of all contracts, nil where avow.yaml or the registry says
	policy policy
	next   *source.Tree
	client *registry.Client
	label  string
	// environment is what avow.yaml says of the registry, and lock what was put there from here.
	environment config.Environment
	lock        *lock.Lock
	// known are the subjects as they were looked up.
	mu    sync.Mutex
	known map[string]*registered
}

// registered is a subject: its level and its versions, newest first, all of them if the level is transitive.
type registered struct {
	level    compat.Level
	versions []compat.Earlier
	foreign  []string // versions among them that are no Avro, each in words
}

func (a *app) newRegistryComparison(cfg *config.Config, s scope, t *target, level *compat.Level) (*registryComparison, error) {
	c := &registryComparison{cfg: cfg, scope: s, level: level, known: make(map[string]*registered)}
	var err error
	if c.policy, err = policyOf(cfg); err != nil {
		return nil, err
	}
	if c.next, err = schemasAt(s.root); err != nil {
		return nil, err
	}
	if err := s.exists(c.next); err != nil {
		return nil, err
	}
	if c.environment, err = a.environment(cfg, t); err != nil {
		return nil, err
	}
	if c.lock, err = readLock(cfg); err != nil {
		return nil, err
	}
	if c.client, err = a.registryClient(cfg, t); err != nil {
		return nil, err
	}
	c.label = c.client.URL()
	return c, nil
}

func (c *registryComparison) close() { c.client.Close() }

func (c *registryComparison) file(path string) (shown string, content []byte) {
	return c.next.Show(path), c.next.Content(path)
}

func (c *registryComparison) check(ctx context.Context, mended map[string][]byte) (*compatResult, error) {
	next := c.next.With(mended)
	set, problems := next.Load()
	r := &compatResult{against: c.label, unreadable: c.scope.problems(next, set, problems), files: c.scope.files(next)}
	var schemas []*avsc.Schema
	for _, s := range set.Schemas {
		if c.scope.holds(s.File) {
			schemas = append(schemas, s)
		}
	}
	changes := make([]contractChanges, len(schemas))
	err := parallel.Each(ctx, len(schemas), registryCalls, func(i int) (err error) {
		changes[i], err = c.changesOf(ctx, schemas[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, of := range changes {
		r.changes = append(r.changes, of.changes...)
		for _, change := range of.changes {
			of.findings = append(of.findings, change.Findings()...)
		}
		for _, f := range of.findings {
			f.Pos.File = next.Show(f.Pos.File)
			r.findings = append(r.findings, f)
		}
	}
	gone, lost, err := c.removed(ctx, next, set)
	if err != nil {
		return nil, err
	}
	r.changes, r.findings = append(r.changes, gone...), append(r.findings, lost...)
	r.findings = c.policy.apply(r.findings, len(c.scope.only) > 0)
	return r, nil
}

// contractChanges is what a contract is to its subjects, and what else is wrong with them.
type contractChanges struct {
	changes  []*compat.Change
	findings []finding.Finding
}

// changesOf compares a contract with each of its subjects.
func (c *registryComparison) changesOf(ctx context.Context, s *avsc.Schema) (out contractChanges, err error) {
	for _, subject := range c.cfg.Subjects(s.Root.FullName(), s.File, s.Root.Kind.IsNamed()) {
		known, err := c.lookUp(ctx, subject)
		if err != nil {
			return contractChanges{}, err
		}
		change := &compat.Change{Name: eventName(s), New: s, Level: known.level}
		if len(known.versions) > 0 {
			change.Old = known.versions[0].Schema
			if change.Bump() != compat.NoBump { // what is registered already is not registered again
				change.Earlier = known.versions[1:]
			}
		}
		out.changes = append(out.changes, change)
		for _, what := range known.foreign {
			if known.level == compat.None {
				break
			}
			out.findings = append(out.findings, finding.Finding{
				Rule: schemaTypeChanged, Severity: finding.Error, Pos: s.Root.Pos, Subject: change.Name,
				Message: fmt.Sprintf("subject %s holds %s, and takes no Avro at level %v", subject.Name, what, known.level),
				Fix:     "give the contract a subject of its own",
			})
		}
	}
	return out, nil
}

func (c *registryComparison) lookUp(ctx context.Context, subject config.Subject) (*registered, error) {
	c.mu.Lock()
	known := c.known[subject.Name]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	known = new(registered)
	var err error
	switch {
	case c.level != nil:
		known.level = *c.level
	case subject.LevelSet:
		known.level = levelNamed(subject.Level)
	default:
		if known.level, err = c.client.Level(ctx, subject.Name); err != nil {
			return nil, err
		}
	}
	if known.versions, known.foreign, err = c.versions(ctx, subject.Name, known.level.Transitive()); err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.known[subject.Name] = known
	c.mu.Unlock()
	return known, nil
}

// versions returns the versions of a subject, newest first, the newest alone unless all are asked for, and none of a subject
// that does not exist. Those that are no Avro are told in words.
func (c *registryComparison) versions(ctx context.Context, subject string, all bool) (versions []compat.Earlier, foreign []string, err error) {
	latest, err := c.client.Latest(ctx, subject)
	if errors.Is(err, registry.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	found := []registry.Schema{latest}
	if all {
		numbers, err := c.client.Versions(ctx, subject)
		if err != nil {
			return nil, nil, err
		}
		for _, n := range slices.Backward(numbers) {
			if n >= latest.Version {
				continue
			}
			v, err := c.client.Version(ctx, subject, n)
			if err != nil {
				return nil, nil, err
			}
			found = append(found, v)
		}
	}
	for _, v := range found {
		if v.Type != avroType {
			foreign = append(foreign, fmt.Sprintf("a %s schema in version %d", v.Type, v.Version))
			continue
		}
		s, err := c.client.Parse(ctx, v)
		if err != nil {
			return nil, nil, err
		}
		versions = append(versions, compat.Earlier{Label: s.File, Schema: s})
	}
	return versions, foreign, nil
}
