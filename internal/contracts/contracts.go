// Package contracts joins a repository's schemas with what avow.yaml says of them: which of them a registry is to hold,
// under which subjects, at which levels, and what they refer to there.
//
// It is not for comparing that with a registry: [Entries] is what package registry makes a plan of.
package contracts

import (
	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/registry"
)

// Subjects returns where a registry keeps a contract.
func Subjects(c *config.Config, s *avsc.Schema) []config.Subject {
	return c.Subjects(s.Root.FullName(), s.File, s.Root.Kind.IsNamed())
}

// Is reports whether a name in avow.yaml means the contract.
func Is(name string, s *avsc.Schema) bool {
	return name == s.File || s.Root.Kind.IsNamed() && name == s.Root.FullName()
}

// Entries returns what a registry is to hold. The error is an [avsc.ErrorList] with places below the folder of schemas.
func Entries(c *config.Config, set *avsc.Set) ([]registry.Entry, error) {
	return registry.Contracts{
		Set:     set,
		Targets: func(s *avsc.Schema) []registry.Target { return targets(c, s) },
		Pin:     func(from, to *avsc.Schema) (string, int) { return reference(c, from, to) },
	}.Entries()
}

// targets returns where a contract goes. A level is imposed on a registry only if avow.yaml gives it.
func targets(c *config.Config, s *avsc.Schema) []registry.Target {
	var out []registry.Target
	for _, subject := range Subjects(c, s) {
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

// reference returns what avow.yaml says of the reference from one contract to another.
func reference(c *config.Config, from, to *avsc.Schema) (subject string, version int) {
	for _, r := range c.References {
		if Is(r.From, from) && Is(r.To, to) {
			return r.Subject, r.Version
		}
	}
	return "", 0
}
