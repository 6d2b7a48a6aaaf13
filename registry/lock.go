package registry

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/internal/wire"
)

// WithLock answers from avow.lock what the lock knows of an environment, without asking the registry: [Client.Lookup],
// [Client.ByID] and [Client.ByGUID] of every version that was there when avow apply last wrote the lock. Producers and
// consumers of those start and work while no registry answers. What the lock does not know is asked for as ever.
//
// content is the file's, which avow apply embeds in a Go variable called AvowLock beside it. environment is the name in
// avow.yaml of the one that the client's registry belongs to.
func WithLock(content, environment string) Option {
	return func(c *config) error {
		l, err := lock.Parse("avow.lock", []byte(content))
		if err != nil {
			return err
		}
		places := l.Places(environment)
		if len(places) == 0 {
			known := "nothing"
			if names := l.Environments(); len(names) > 0 {
				known = strings.Join(names, ", ")
			}
			return fmt.Errorf("avow.lock holds nothing of environment %q, but %s: run avow apply --env %s and commit avow.lock",
				environment, known, environment)
		}
		c.locked = newLockedSchemas(l, places)
		return nil
	}
}

// lockedSchemas are the schemas of an environment. A nil one has none.
type lockedSchemas struct {
	byRef  map[wire.Ref]Schema
	byText map[subjectText]Schema
}

type subjectText struct{ subject, fingerprint string }

func newLockedSchemas(l *lock.Lock, places []lock.Place) *lockedSchemas {
	s := &lockedSchemas{byRef: map[wire.Ref]Schema{}, byText: map[subjectText]Schema{}}
	for _, p := range places {
		held := Schema{ID: p.ID, GUID: p.GUID, Subject: p.Subject, Version: p.Version, Type: typeAvro, Text: l.Text(p.Schema)}
		s.byRef[wire.Ref{ID: p.ID}] = held
		if guid, err := uuid.Parse(p.GUID); err == nil {
			s.byRef[wire.Ref{GUID: guid}] = held
		}
		s.byText[subjectText{p.Subject, p.Schema}] = held
	}
	return s
}

func (s *lockedSchemas) find(ref wire.Ref) (Schema, bool) {
	if s == nil {
		return Schema{}, false
	}
	held, ok := s.byRef[ref]
	return held, ok
}

// lookup finds a schema by its self-contained text, which is how producers ask.
func (s *lockedSchemas) lookup(subject, text string) (Schema, bool) {
	if s == nil {
		return Schema{}, false
	}
	held, ok := s.byText[subjectText{subject, lock.Fingerprint(text)}]
	return held, ok
}
