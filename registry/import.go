package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// SameIDs gives every version that was read from another registry the number and the id that it has there, by the mode
// IMPORT: records can then be copied from one cluster to the other as they are. A number or an id that belongs to
// something else already blocks the step. Entries without a source are registered as ever.
//
// The mode is set on the subjects concerned while the plan is applied, and put back afterwards. It is meant for empty
// subjects: a registry refuses it for one with versions, and drops for good what was softly deleted of one without. It is
// therefore set by force, which leaves both as they are.
func SameIDs() PlanOption { return func(p *planner) { p.sameIDs = true } }

// compareImport decides what to do with a version that is to keep its number and its id.
func (p *planner) compareImport(ctx context.Context, source *Schema, d *decision) error {
	step := &d.step
	step.References = step.References[:0]
	for _, r := range source.References {
		step.References = append(step.References, PlannedReference{Name: r.Name, Subject: r.Subject, Version: r.Version})
	}
	held, err := p.client.Version(ctx, step.Subject, source.Version)
	if errors.Is(err, ErrNotFound) {
		step.Blocked, err = p.client.overwrites(ctx, step.Subject, source)
	}
	switch {
	case err != nil:
		return err
	case held.Version == 0:
	case digest(held) == digest(*source) && held.ID == source.ID:
		step.Action, step.Version, step.ID, step.GUID = Keep, held.Version, held.ID, held.GUID
		return nil
	case digest(held) == digest(*source):
		step.Blocked = fmt.Sprintf("version %d has id %d there, and %d here", source.Version, source.ID, held.ID)
	default:
		step.Blocked = fmt.Sprintf("version %d is another schema here", source.Version)
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
		step.Blocked = fmt.Sprintf("id %d belongs to another schema here", source.ID)
	}
	return nil
}

// overwrites says what would be lost if source became a version of a subject, which is not there but may have been deleted
// softly: an import replaces it, and with it what its id means.
func (c *Client) overwrites(ctx context.Context, subject string, source *Schema) (string, error) {
	var a answer
	path := "/subjects/" + url.PathEscape(subject) + "/versions/" + strconv.Itoa(source.Version)
	err := c.send(ctx, http.MethodGet, path, url.Values{"deleted": {"true"}}, nil, &a)
	deleted := a.schema()
	switch {
	case errors.Is(err, ErrNotFound), err == nil && c.elsewhere(deleted):
		return "", nil
	case err != nil:
		return "", err
	case digest(deleted) == digest(*source) && deleted.ID == source.ID:
		return "", nil // it comes back
	}
	return fmt.Sprintf("version %d is another schema here, deleted softly: delete it permanently, if nobody needs its id %d any more", source.Version, a.ID), nil
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
	var own struct {
		Mode Mode `json:"mode"`
	}
	err := m.client.send(ctx, http.MethodGet, modePath(subject), nil, nil, &own)
	switch {
	case hasCode(err, codeSubjectNotFound, codeSubjectModeNotSet):
	case err != nil:
		return err
	case own.Mode == Import: // left behind by an apply that was killed
		own.Mode = ""
	}
	if err := m.client.SetMode(ctx, subject, Import, true); err != nil {
		return fmt.Errorf("set mode IMPORT: %w", err)
	}
	m.before[subject] = own.Mode
	return nil
}

// restore puts the modes back, also where whoever waits for it has gone.
func (m *importModes) restore(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for subject, mode := range m.before {
		if err := m.put(ctx, subject, mode); err != nil {
			errs = append(errs, fmt.Errorf("subject %s stays in mode IMPORT: %w", subject, err))
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
