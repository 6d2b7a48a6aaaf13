package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/source"
	"github.com/avow-events/avow/registry"
)

// avroType is what a registry calls a schema that can be a contract here.
const avroType = "AVRO"

// removed returns a finding for each subject of the registry whose contract the schemas here lack. Subjects that the
// environment ignores are somebody else's, as are those that hold no Avro. Where only some files are meant nothing can be
// said: a contract that is gone has none.
func (c *registryComparison) removed(ctx context.Context, next *source.Tree, set *avsc.Set) ([]*compat.Change, []finding.Finding, error) {
	if len(c.scope.only) > 0 {
		return nil, nil, nil
	}
	subjects, err := c.client.Subjects(ctx)
	if err != nil {
		return nil, nil, err
	}
	expected := make(map[string]bool)
	for _, s := range set.Schemas {
		for _, subject := range c.cfg.Subjects(s.Root.FullName(), s.File, s.Root.Kind.IsNamed()) {
			expected[subject.Name] = true
		}
	}
	subjects = slices.DeleteFunc(subjects, func(name string) bool { return expected[name] || c.environment.Ignores(name) })

	gone := make([]*compat.Change, len(subjects))
	work, calls := errgroup.WithContext(ctx)
	work.SetLimit(registryCalls)
	for i, subject := range subjects {
		work.Go(func() error {
			change, err := c.foreign(calls, subject)
			if change != nil && !present(change, next, set) {
				gone[i] = change
			}
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, nil, err
	}
	var changes []*compat.Change
	var findings []finding.Finding
	for i, change := range gone {
		if change == nil {
			continue
		}
		changes = append(changes, change)
		for _, f := range change.Findings() {
			f.Message = fmt.Sprintf("contract %s of subject %s is in the registry but not here, and producers and consumers may still use it",
				change.Name, subjects[i])
			f.Fix = fmt.Sprintf("bring the file back, or approve that it goes in %s; if it is somebody else's, add %q to environments.%s.ignore",
				config.ApprovalsName, subjects[i], c.environment.Name)
			findings = append(findings, f)
		}
	}
	return changes, findings, nil
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
