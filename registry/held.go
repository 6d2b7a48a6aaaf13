package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/parallel"
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
	h := &holder{
		client: c, seen: seen, schemas: map[SubjectVersion]Schema{}, index: map[SubjectVersion]int{}, left: map[SubjectVersion]string{},
		parser: parser{client: c, done: map[SubjectVersion]*avsc.Schema{}},
	}
	if err := h.fetch(ctx, subjects, everyVersion); err != nil {
		return nil, nil, err
	}
	if err := h.follow(ctx); err != nil {
		return nil, nil, err
	}
	h.sort()
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
	numbers map[string][]int // of the versions in schemas, ascending, by subject
	entries []Entry
	index   map[SubjectVersion]int    // into entries
	left    map[SubjectVersion]string // why not
	parser  parser                    // of all, so that what many refer to is read once
}

// fetch finds out which versions are wanted, and reads them, many at a time.
func (h *holder) fetch(ctx context.Context, subjects []string, everyVersion bool) error {
	numbers := make([][]int, len(subjects))
	err := parallel.Each(ctx, len(subjects), atOnce, func(i int) (err error) {
		switch latest := h.seen[subjects[i]].latest.Version; {
		case latest == 0: // deleted a moment ago
		case !everyVersion:
			numbers[i] = []int{latest}
		default:
			if numbers[i], err = h.client.Versions(ctx, subjects[i]); errors.Is(err, ErrNotFound) {
				err = nil
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, subject := range subjects {
		for _, n := range numbers[i] {
			h.wanted = append(h.wanted, SubjectVersion{subject, n})
		}
	}
	return h.read(ctx, h.wanted)
}

// read reads versions into schemas.
func (h *holder) read(ctx context.Context, versions []SubjectVersion) error {
	found := make([]Schema, len(versions))
	err := parallel.Each(ctx, len(versions), atOnce, func(i int) (err error) {
		at := versions[i]
		if o := h.seen[at.Subject]; o != nil && o.latest.Version == at.Version {
			found[i] = o.latest
			return nil
		}
		if found[i], err = h.client.held(ctx, at); errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, at := range versions {
		if h.schemas[at] = found[i]; found[i].Version == 0 {
			h.left[at] = "is not there any more"
		}
	}
	return nil
}

// follow reads all that the wanted versions refer to.
func (h *holder) follow(ctx context.Context) error {
	for layer := h.wanted; len(layer) > 0; {
		var next []SubjectVersion
		for _, at := range layer {
			for _, r := range h.schemas[at].References {
				to := h.target(r)
				if _, known := h.schemas[to]; !known {
					h.schemas[to] = Schema{} // read below
					next = append(next, to)
				}
			}
		}
		if err := h.read(ctx, next); err != nil {
			return err
		}
		layer = next
	}
	return nil
}

// sort lists the versions of each subject.
func (h *holder) sort() {
	h.numbers = map[string][]int{}
	for at := range h.schemas {
		h.numbers[at.Subject] = append(h.numbers[at.Subject], at.Version)
	}
	for _, n := range h.numbers {
		slices.Sort(n)
	}
}

// target returns where a reference leads, by the name that the client has for the subject.
func (h *holder) target(r Reference) SubjectVersion {
	return SubjectVersion{h.client.localName(r.Subject), r.Version}
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
	for _, n := range h.numbers[at.Subject] {
		if n >= at.Version {
			break
		}
		if err := h.add(ctx, SubjectVersion{at.Subject, n}, chain); err != nil {
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
	if e.Schema, err = h.parser.parse(ctx, s, nil); err != nil {
		h.left[at] = fmt.Sprintf("cannot be read: %v", err)
		return ctx.Err()
	}
	h.index[at] = len(h.entries)
	h.entries = append(h.entries, e)
	return nil
}
