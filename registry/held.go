package registry

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
)

// Left is a subject that could not be taken, and why.
type Left struct{ Subject, Reason string }

// Held returns what the registry holds under subjects, as entries for a plan of another registry: the latest version of
// each, or every version, and before each the versions that it refers to, whatever their subjects. Levels are those set
// on the subjects themselves. What is no Avro schema, or refers to something that is left, is left.
func (c *Client) Held(ctx context.Context, subjects []string, everyVersion bool) ([]Entry, []Left, error) {
	seen, err := c.observe(ctx, subjects)
	if err != nil {
		return nil, nil, err
	}
	h := &holder{client: c, seen: seen, schemas: map[SubjectVersion]Schema{}, index: map[SubjectVersion]int{}, left: map[SubjectVersion]string{}}
	if err := h.fetch(ctx, subjects, everyVersion); err != nil {
		return nil, nil, err
	}
	if err := h.follow(ctx); err != nil {
		return nil, nil, err
	}
	for _, at := range h.wanted {
		if err := h.add(ctx, at, nil); err != nil {
			return nil, nil, err
		}
	}
	var left []Left
	for _, at := range h.wanted {
		if reason, ok := h.left[at]; ok {
			left = append(left, Left{at.Subject, fmt.Sprintf("version %d %s", at.Version, reason)})
		}
	}
	return h.entries, left, nil
}

// holder orders versions such that each comes after what it refers to and after the older ones of its subject.
type holder struct {
	client  *Client
	seen    map[string]*observed
	wanted  []SubjectVersion
	schemas map[SubjectVersion]Schema
	entries []Entry
	index   map[SubjectVersion]int    // into entries
	left    map[SubjectVersion]string // why not
}

// fetch finds out which versions are wanted, and reads them, many at a time.
func (h *holder) fetch(ctx context.Context, subjects []string, everyVersion bool) error {
	found := make([][]Schema, len(subjects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, subject := range subjects {
		latest := h.seen[subject].latest
		if latest.Version == 0 {
			continue // deleted a moment ago
		}
		found[i] = []Schema{latest}
		if !everyVersion {
			continue
		}
		group.Go(func() error {
			numbers, err := h.client.Versions(ctx, subject)
			if err != nil {
				return err
			}
			found[i] = nil
			for _, n := range numbers {
				s := latest
				if n != latest.Version {
					if s, err = h.client.Version(ctx, subject, n); err != nil {
						return err
					}
				}
				found[i] = append(found[i], s)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, subject := range subjects {
		for _, s := range found[i] {
			at := SubjectVersion{subject, s.Version}
			h.wanted = append(h.wanted, at)
			h.schemas[at] = s
		}
	}
	return nil
}

// follow reads all that the wanted versions refer to.
func (h *holder) follow(ctx context.Context) error {
	queue := slices.Clone(h.wanted)
	for len(queue) > 0 {
		s := h.schemas[queue[0]]
		queue = queue[1:]
		for _, r := range s.References {
			to := h.target(r)
			if _, known := h.schemas[to]; known {
				continue
			}
			held, err := h.client.Version(ctx, to.Subject, to.Version)
			if err != nil {
				return fmt.Errorf("%s refers to version %d of %s: %w", s.name(), to.Version, to.Subject, err)
			}
			h.schemas[to] = held
			queue = append(queue, to)
		}
	}
	return nil
}

// target returns where a reference leads, by the name that the client has for the subject.
func (h *holder) target(r Reference) SubjectVersion {
	return SubjectVersion{h.client.localName(r.Subject), r.Version}
}

// older returns the versions of the same subject that come before, oldest first.
func (h *holder) older(than SubjectVersion) []SubjectVersion {
	var out []SubjectVersion
	for at := range h.schemas {
		if at.Subject == than.Subject && at.Version < than.Version {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, func(a, b SubjectVersion) int { return a.Version - b.Version })
	return out
}

// add adds an entry for a version, after what has to come before it. chain is the way to it.
func (h *holder) add(ctx context.Context, at SubjectVersion, chain []SubjectVersion) error {
	if _, done := h.index[at]; done || h.left[at] != "" {
		return nil
	}
	if slices.Contains(chain, at) {
		h.left[at] = "refers to itself"
		return nil
	}
	s := h.schemas[at]
	if s.Type != typeAvro {
		h.left[at] = fmt.Sprintf("is a %s schema", s.Type)
		return nil
	}
	chain = append(slices.Clone(chain), at)
	for _, before := range h.older(at) {
		if err := h.add(ctx, before, chain); err != nil {
			return err
		}
	}
	e := Entry{Subject: at.Subject, Source: &s}
	if o := h.seen[at.Subject]; o != nil {
		e.Level = o.Level
	}
	for _, r := range s.References {
		to := h.target(r)
		if err := h.add(ctx, to, chain); err != nil {
			return err
		}
		i, ok := h.index[to]
		if !ok {
			h.left[at] = fmt.Sprintf("refers to version %d of %s, which %s", to.Version, to.Subject, h.left[to])
			return nil
		}
		e.References = append(e.References, EntryReference{Name: r.Name, Subject: to.Subject, Entry: i})
	}
	var err error
	if e.Schema, err = h.client.Parse(ctx, s); err != nil {
		h.left[at] = fmt.Sprintf("cannot be read: %v", err)
		return ctx.Err()
	}
	h.index[at] = len(h.entries)
	h.entries = append(h.entries, e)
	return nil
}
