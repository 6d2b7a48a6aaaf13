package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/avow-events/avow/internal/parallel"
)

// SameIDs gives every version that was read from another registry the number and the id that it has there, by the mode
// IMPORT: records can then be copied from one cluster to the other as they are. A number or an id that belongs to
// something else already blocks the step. Entries without a source are registered as ever.
//
// The mode is set on the subjects concerned while the plan is applied, and put back afterwards. It is meant for empty
// subjects: a registry refuses it for one with versions, and drops for good what was softly deleted of one without. It is
// therefore set by force, which leaves both as they are.
func SameIDs() PlanOption { return func(p *planner) { p.sameIDs = true } }

// Between names the registry that the entries of [SameIDs] were read from and the one that they go to, for what a plan says
// of numbers and ids. The default is the source and the target.
func Between(source, target string) PlanOption {
	return func(p *planner) { p.source, p.target = source, target }
}

// compareImport decides what to do with a version that is to keep its number and its id.
func (p *planner) compareImport(ctx context.Context, source *Schema, d *decision) error {
	step := &d.step
	step.References = step.References[:0]
	for _, r := range source.References {
		step.References = append(step.References, PlannedReference{Name: r.Name, Subject: r.Subject, Version: r.Version})
	}
	held, err := p.client.Version(ctx, step.Subject, source.Version)
	if errors.Is(err, ErrNotFound) {
		step.Blocked, err = p.overwrites(ctx, step.Subject, source)
	}
	switch {
	case err != nil:
		return err
	case held.Version == 0:
	case digest(held) == digest(*source) && held.ID == source.ID:
		step.Action, step.Version, step.ID, step.GUID = Keep, held.Version, held.ID, held.GUID
		return nil
	case digest(held) == digest(*source):
		step.Blocked = fmt.Sprintf("version %d has id %d in %s, and id %d in %s", source.Version, source.ID, p.source, held.ID, p.target)
	default:
		step.Blocked = fmt.Sprintf("version %d is another schema in %s", source.Version, p.target)
	}
	step.Action = NewVersion
	if p.subjects[step.Subject].Version == 0 && len(d.added) == 0 {
		step.Action = Create
	}
	step.Import = &ImportAs{Version: source.Version, ID: source.ID}
	if step.Blocked != "" {
		return nil
	}
	other, err := p.client.ByID(ctx, source.ID)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && p.client.elsewhere(other):
		return nil
	case err != nil:
		return err
	case other.Text != source.Text || !slices.Equal(other.References, source.References):
		step.Blocked = fmt.Sprintf("id %d belongs to another schema in %s", source.ID, p.target)
	}
	return nil
}

// overwrites says what would be lost if source became a version of a subject, which is not there but may have been deleted
// softly: an import replaces it, and with it what its id means.
func (p *planner) overwrites(ctx context.Context, subject string, source *Schema) (string, error) {
	var a answer
	path := "/subjects/" + url.PathEscape(subject) + "/versions/" + strconv.Itoa(source.Version)
	err := p.client.send(ctx, http.MethodGet, path, url.Values{"deleted": {"true"}}, nil, &a)
	deleted := a.schema()
	switch {
	case errors.Is(err, ErrNotFound), err == nil && p.client.elsewhere(deleted):
		return "", nil
	case err != nil:
		return "", err
	case digest(deleted) == digest(*source) && deleted.ID == source.ID:
		return "", nil // it comes back
	}
	return fmt.Sprintf("version %d is another schema in %s, deleted softly: delete it permanently, if nobody needs its id %d any more",
		source.Version, p.target, a.ID), nil
}

// register returns the call that registers a schema under a number and an id of our choice.
func (i *ImportAs) register(c *Client) func(context.Context, string, string, ...Reference) (Schema, error) {
	return func(ctx context.Context, subject, schema string, refs ...Reference) (Schema, error) {
		body := struct {
			Schema     string      `json:"schema"`
			References []Reference `json:"references,omitempty"`
			Version    int         `json:"version"`
			ID         int         `json:"id"`
		}{schema, refs, i.Version, i.ID}
		var a answer
		err := c.send(ctx, http.MethodPost, "/subjects/"+url.PathEscape(subject)+"/versions", nil, body, &a)
		if err == nil && a.ID != i.ID { // Apicurio takes the mode and passes over the id
			return Schema{}, fmt.Errorf("the registry gave it id %d and not %d: it imports no ids; delete it there and promote without the same ids", a.ID, i.ID)
		}
		a.ID, a.Version = i.ID, i.Version
		return a.schema(), err
	}
}

// importModes are the subjects that are in mode IMPORT for a while, and the modes that they had, empty for none.
type importModes struct {
	client *Client
	before map[string]Mode
}

func (m *importModes) enter(ctx context.Context, subject string) error {
	if _, in := m.before[subject]; in {
		return nil
	}
	own, err := m.client.ownMode(ctx, subject)
	if err != nil {
		return err
	}
	if own == Import { // left behind by an apply that was killed
		own = ""
	}
	if err := m.client.SetMode(ctx, subject, Import, true); err != nil {
		return fmt.Errorf("set mode IMPORT: %w", err)
	}
	m.before[subject] = own
	return nil
}

// ownMode returns the mode that is set on a subject itself, empty for none.
func (c *Client) ownMode(ctx context.Context, subject string) (Mode, error) {
	var own struct {
		Mode Mode `json:"mode"`
	}
	err := c.send(ctx, http.MethodGet, modePath(subject), nil, nil, &own)
	if hasCode(err, codeSubjectNotFound, codeSubjectModeNotSet) {
		return "", nil
	}
	return own.Mode, err
}

// EndImport takes the mode IMPORT off those of the subjects that have it of their own, and returns them: an apply with
// [SameIDs] that lost the registry may have left it behind.
func (c *Client) EndImport(ctx context.Context, subjects []string) (ended []string, err error) {
	modes := make([]Mode, len(subjects))
	err = parallel.Each(ctx, len(subjects), atOnce, func(i int) (err error) {
		modes[i], err = c.ownMode(ctx, subjects[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	m := importModes{client: c}
	for i, subject := range subjects {
		if modes[i] != Import {
			continue
		}
		if err := m.put(ctx, subject, ""); err != nil {
			return ended, stays(subject, err)
		}
		ended = append(ended, subject)
	}
	return ended, nil
}

// stays is the error about a subject whose mode could not be put back.
func stays(subject string, err error) error {
	return fmt.Errorf("subject %s stays in mode IMPORT until the next promotion with the same ids, or DELETE %s: %w", subject, modePath(subject), err)
}

// restore puts the modes back, also where whoever waits for it has gone.
func (m *importModes) restore(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for subject, mode := range m.before {
		if err := m.put(ctx, subject, mode); err != nil {
			errs = append(errs, stays(subject, err))
		}
	}
	return errors.Join(errs...)
}

func (m *importModes) put(ctx context.Context, subject string, mode Mode) error {
	if mode != "" {
		return m.client.SetMode(ctx, subject, mode, true)
	}
	err := m.client.send(ctx, http.MethodDelete, modePath(subject), nil, nil, new(any))
	var answer *Error
	if errors.As(err, &answer) && answer.Status == http.StatusMethodNotAllowed { // Confluent 8.0.0 and 8.1.0
		return m.client.SetMode(ctx, subject, ReadWrite, true)
	}
	return err
}
