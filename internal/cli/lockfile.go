package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/internal/parallel"
	"github.com/avow-events/avow/internal/topics"
	"github.com/avow-events/avow/registry"
)

// readLock returns the avow.lock of a repository, an empty one where there is none yet.
func readLock(c *config.Config) (*lock.Lock, error) {
	name := c.Path(c.Lock.Path)
	text, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &lock.Lock{}, nil
	case err != nil:
		return nil, err
	}
	return lock.Parse(shortPath(name), text)
}

// locked reports whether what is done at the endpoint goes into avow.lock.
func (e *endpoint) locked() bool { return e.name() != "" && !e.env.Ephemeral }

// writeLock brings avow.lock to what the environment has after these steps, and the Go file that embeds it. Steps that an
// apply stopped before are not among them: whatever is done is written down.
func (a *app) writeLock(ctx context.Context, e *endpoint, c *config.Config, done []registry.Step, topicsDone []topics.Step) error {
	if !e.locked() {
		return nil
	}
	l, err := readLock(c)
	if err != nil {
		return err
	}
	u := &lockUpdate{Lock: l, client: e.client, environment: e.name()}
	if err := u.update(ctx, steps(done, c)); err != nil {
		return err
	}
	for _, s := range topicsDone {
		t := lock.Topic{Name: s.Topic, Environment: e.name()}
		if s.Action == topics.Delete {
			l.ForgetTopic(t)
		} else {
			l.AddTopic(t)
		}
	}
	name := c.Path(c.Lock.Path)
	changed, err := replaceIfChanged(name, l.Bytes())
	if err != nil {
		return err
	}
	if c.Lock.Go {
		var also bool
		also, err = writeGoFile(name)
		changed = changed || also && err == nil
	}
	if changed && !a.quiet {
		a.err.linef("%s changed: commit it", shortPath(name))
	}
	return err
}

// lockedStep is where a contract stands after apply.
type lockedStep struct {
	contract string
	registry.Step
}

// isAt reports whether a lock says of the step's version what the registry says.
func (s lockedStep) isAt(p lock.Place) bool {
	return p.ID == s.ID && (p.GUID == s.GUID || p.GUID == "" || s.GUID == "") && (p.Schema == s.Fingerprint || s.Fingerprint == "")
}

// otherwise says what the lock has of a step where it is not isAt.
func (s lockedStep) otherwise(p lock.Place) string {
	switch {
	case p.ID != s.ID:
		return fmt.Sprintf("id %d, and it is id %d: another registry by now", p.ID, s.ID)
	case p.Schema != s.Fingerprint && s.Fingerprint != "":
		return fmt.Sprintf("the text of fingerprint %s, and it is %s", p.Schema, s.Fingerprint)
	}
	return fmt.Sprintf("guid %s, and it is %s: another registry by now", p.GUID, s.GUID)
}

// steps returns the last step of each subject, with the name of its contract.
func steps(done []registry.Step, c *config.Config) []lockedStep {
	bySubject := map[string]int{}
	var out []lockedStep
	for _, s := range done {
		if s.Action == registry.SetLevel {
			continue
		}
		step := lockedStep{contractOf(s, c), s}
		if i, ok := bySubject[s.Subject]; ok {
			out[i] = step
			continue
		}
		bySubject[s.Subject] = len(out)
		out = append(out, step)
	}
	return out
}

// contractOf returns a contract's full name, or where it has none its path below the folder of schemas. Of what comes from
// another registry there is no path; the subject has to do.
func contractOf(s registry.Step, c *config.Config) string {
	for kind := avsc.Null; kind <= avsc.Fixed; kind++ {
		if s.Name != kind.String() {
			continue
		}
		if path, ok := strings.CutPrefix(s.File, shortPath(c.Path(c.Schemas.Path))+"/"); ok {
			return path
		}
		return s.Subject
	}
	return s.Name
}

// lockUpdate adds what a lock does not know yet.
type lockUpdate struct {
	*lock.Lock
	client      *registry.Client
	environment string
}

// lockedVersion is a version that the lock lacks.
type lockedVersion struct {
	place lock.Place
	text  string
}

// lack is a step of whose subject the lock does not have all versions.
type lack struct {
	step lockedStep
	have []lock.Place
}

func (u *lockUpdate) update(ctx context.Context, steps []lockedStep) error {
	known := map[string][]lock.Place{}
	for _, p := range u.Places(u.environment) {
		known[p.Subject] = append(known[p.Subject], p)
	}
	var lacking []lack
	for _, s := range steps {
		have := known[s.Subject]
		at := slices.IndexFunc(have, func(p lock.Place) bool { return p.Version == s.Version })
		switch {
		case s.Action == registry.Delete:
			u.Forget(u.environment, s.Subject)
			continue
		case at >= 0 && s.isAt(have[at]):
			continue
		case at >= 0: // another registry by now, of which nothing is known
			u.Forget(u.environment, s.Subject)
			have = nil
		}
		lacking = append(lacking, lack{s, have})
	}
	found := make([][]lockedVersion, len(lacking))
	err := parallel.Each(ctx, len(lacking), registryCalls, func(i int) (err error) {
		found[i], err = u.missing(ctx, lacking[i].step, lacking[i].have)
		return err
	})
	if err != nil {
		return fmt.Errorf("read what avow.lock lacks: %w", err)
	}
	for _, versions := range found {
		for _, v := range versions {
			u.Add(v.place, v.text)
		}
	}
	return nil
}

// missing fetches the versions of a subject that the lock lacks: services read what was written with any of them.
func (u *lockUpdate) missing(ctx context.Context, s lockedStep, have []lock.Place) ([]lockedVersion, error) {
	numbers, err := u.client.Versions(ctx, s.Subject)
	if err != nil {
		return nil, err
	}
	var out []lockedVersion
	for _, n := range numbers {
		if slices.ContainsFunc(have, func(p lock.Place) bool { return p.Version == n }) {
			continue
		}
		held, err := u.client.Version(ctx, s.Subject, n)
		if err != nil {
			return nil, err
		}
		parsed, err := u.client.Parse(ctx, held)
		var answer *registry.Error
		if errors.As(err, &answer) && !errors.Is(err, registry.ErrNotFound) {
			return nil, err // it may be one that can be read
		}
		if err != nil {
			continue // of another type, or of another time: nothing that we could read offline
		}
		place := lock.Place{
			Contract: s.contract, Environment: u.environment, Subject: s.Subject, Version: n, ID: held.ID, GUID: held.GUID,
		}
		if n == s.Version && place.GUID == "" {
			place.GUID = s.GUID
		}
		out = append(out, lockedVersion{place, parsed.SelfContained()})
	}
	return out, nil
}
