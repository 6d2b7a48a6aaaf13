package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/internal/parallel"
	"github.com/avow-events/avow/internal/source"
	"github.com/avow-events/avow/registry"
)

// avroType is what a registry calls a schema that can be a contract here.
const avroType = "AVRO"

// removed returns a finding for each subject of the registry, or of avow.lock, whose contract the schemas here lack.
// Subjects that the environment ignores are somebody else's, as are those that hold no Avro. Where only some files are
// meant nothing can be said: a contract that is gone has none.
func (c *registryComparison) removed(ctx context.Context, next *source.Tree, set *avsc.Set) ([]*compat.Change, []finding.Finding, error) {
	if len(c.scope.only) > 0 {
		return nil, nil, nil
	}
	listed, err := c.client.Subjects(ctx)
	if err != nil {
		return nil, nil, err
	}
	expected := make(map[string]bool)
	for _, s := range set.Schemas {
		for _, subject := range c.cfg.Subjects(s.Root.FullName(), s.File, s.Root.Kind.IsNamed()) {
			expected[subject.Name] = true
		}
	}
	locked := c.latestLocked()
	subjects := slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(slices.Clone(listed), maps.Keys(locked)))))
	subjects = slices.DeleteFunc(subjects, func(name string) bool { return expected[name] || c.environment.Ignores(name) })

	gone := make([]*removal, len(subjects))
	err = parallel.Each(ctx, len(subjects), registryCalls, func(i int) error {
		r, err := c.removal(ctx, subjects[i], locked[subjects[i]])
		if r != nil && !present(r.change, next, set) {
			gone[i] = r
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	var changes []*compat.Change
	var findings []finding.Finding
	for _, r := range gone {
		if r == nil {
			continue
		}
		changes = append(changes, r.change)
		for _, f := range r.change.Findings() {
			f.Message = fmt.Sprintf("contract %s of subject %s is in %s but not here, and producers and consumers may still use it%s",
				r.change.Name, r.subject, r.where, r.known)
			f.Fix = fmt.Sprintf("bring the file back, or approve that it goes in %s; %s", config.ApprovalsName, r.otherwise)
			findings = append(findings, f)
		}
	}
	return changes, findings, nil
}

// removal is a contract that is gone, and where it still is.
type removal struct {
	subject, where string
	known          string // what avow.lock says of it
	otherwise      string // what to do if nobody is concerned
	change         *compat.Change
}

// latestLocked returns the newest version that avow.lock has of each subject in the environment.
func (c *registryComparison) latestLocked() map[string]lock.Place {
	out := map[string]lock.Place{}
	for _, p := range c.lock.Places(c.environment.Name) {
		if p.Version >= out[p.Subject].Version {
			out[p.Subject] = p
		}
	}
	return out
}

// removal returns what a subject holds that no contract here is kept under, or what avow.lock says that it held; nil where
// it holds no Avro, or nothing any more and the lock does not know it.
func (c *registryComparison) removal(ctx context.Context, subject string, locked lock.Place) (*removal, error) {
	r := &removal{
		subject: subject, where: "the registry",
		otherwise: fmt.Sprintf("if it is somebody else's, add %q to environments.%s.ignore", subject, c.environment.Name),
	}
	if locked.Version > 0 {
		r.known = fmt.Sprintf("; it was registered from here: %s has version %d with id %d", lockName(c.cfg), locked.Version, locked.ID)
	}
	var err error
	if r.change, err = c.foreign(ctx, subject); err != nil || r.change != nil {
		return r, err
	}
	if locked.Version == 0 {
		return nil, nil
	}
	s, err := avsc.Parse(fmt.Sprintf("%s version %d", subject, locked.Version), []byte(c.lock.Text(locked.Schema)), avsc.Registered())
	if err != nil {
		return nil, err
	}
	r.where = lockName(c.cfg)
	r.otherwise = fmt.Sprintf("the registry does not have it any more: if that is meant, take its lines out of %s", lockName(c.cfg))
	r.change, err = c.gone(ctx, subject, s)
	return r, err
}

// foreign returns what a subject holds that no contract here is kept under, as a contract that is gone; nil where it holds
// no Avro, or nothing any more.
func (c *registryComparison) foreign(ctx context.Context, subject string) (*compat.Change, error) {
	latest, err := c.client.Latest(ctx, subject)
	switch {
	case errors.Is(err, registry.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case latest.Type != avroType:
		return nil, nil
	}
	s, err := c.client.Parse(ctx, latest)
	if err != nil {
		return nil, err
	}
	return c.gone(ctx, subject, s)
}

// gone returns the change by which a contract is gone from a subject.
func (c *registryComparison) gone(ctx context.Context, subject string, s *avsc.Schema) (_ *compat.Change, err error) {
	change := &compat.Change{Name: eventName(s), Old: s}
	if !s.Root.Kind.IsNamed() {
		change.Name = subject
	}
	switch level, set := c.cfg.Level(s.Root.FullName(), ""); {
	case c.level != nil:
		change.Level = *c.level
	case set:
		change.Level = levelNamed(level)
	default:
		change.Level, err = c.client.Level(ctx, subject)
	}
	return change, err
}

// present reports whether the schemas hold the contract of a registry all the same: under another subject, under a name of
// which the former one is an alias, or in a file that cannot be read.
func present(c *compat.Change, next *source.Tree, set *avsc.Set) bool {
	if !c.Old.Root.Kind.IsNamed() {
		return false
	}
	if _, t := set.Lookup(c.Name); t != nil {
		return true
	}
	return stillThere(c, next, set) || slices.ContainsFunc(set.Schemas, func(s *avsc.Schema) bool {
		return slices.ContainsFunc(s.Root.Aliases, func(a avsc.Alias) bool { return a.Name.Full() == c.Name })
	})
}
