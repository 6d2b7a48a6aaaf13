package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/lock"
)

// PlanOption changes what [NewPlan] plans.
type PlanOption func(*planner)

// Prune also deletes the subjects that no entry is for. The default is to tell of them in a note.
func Prune() PlanOption { return func(p *planner) { p.prune = true } }

// Ignore leaves subjects alone that are somebody else's: no note tells of them, and Prune does not delete them. The
// default is that there are none.
func Ignore(others func(subject string) bool) PlanOption {
	return func(p *planner) { p.ignore = others }
}

// NewPlan compares a list of schemas with the registry.
//
// A schema is where it should be if it is the subject's latest version, or one that the registry finds when it is asked
// to look the schema up. The verdict on a new version is ours and the registry's at once: it is computed here, from the
// versions that the registry holds, at the level that will be in force, and the registry is asked for its own where it
// can know.
func NewPlan(ctx context.Context, c *Client, entries []Entry, opts ...PlanOption) (*Plan, error) {
	p := &planner{
		client: c, entries: entries, plan: &Plan{Seen: map[string]State{}},
		ignore: func(string) bool { return false },
	}
	for _, opt := range opts {
		opt(p)
	}
	if err := p.look(ctx); err != nil {
		return nil, err
	}
	for i := range entries {
		if err := p.place(ctx, i); err != nil {
			return nil, err
		}
	}
	if err := p.others(ctx); err != nil {
		return nil, err
	}
	if err := p.judge(ctx); err != nil {
		return nil, err
	}
	return p.plan, nil
}

type planner struct {
	client  *Client
	entries []Entry
	prune   bool
	sameIDs bool
	ignore  func(subject string) bool

	plan     *Plan
	listed   []string // subjects of the registry
	subjects map[string]*plannedSubject
	placed   []placement // of each entry
	changes  []change
}

// plannedSubject is a subject as it will be after the steps so far.
type plannedSubject struct {
	*observed
	level *compat.Level  // set on the subject itself
	added []*avsc.Schema // versions that steps before this one add
}

// placement is where others find an entry: a version, or the step that makes it.
type placement struct {
	subject       string
	version, step int
}

// change is a step that registers something, and what its verdict needs beyond it.
type change struct {
	step   int // index in the plan
	entry  *Entry
	before *observed
	added  []*avsc.Schema // after that, by steps before this one
	known  bool           // the registry can be asked: nothing that the step needs is still to be done
}

// look observes every subject of the entries.
func (p *planner) look(ctx context.Context) (err error) {
	if p.listed, err = p.client.ownSubjects(ctx); err != nil {
		return err
	}
	names := []string{""} // whose level holds where a subject has none
	for _, e := range p.entries {
		names = append(names, e.Subject)
	}
	slices.Sort(names)
	seen, err := p.client.observe(ctx, slices.Compact(names))
	if err != nil {
		return err
	}
	p.subjects = make(map[string]*plannedSubject, len(seen))
	for name, o := range seen {
		p.plan.Seen[name] = o.State
		p.subjects[name] = &plannedSubject{observed: o, level: o.Level}
	}
	return nil
}

// place adds the steps that bring an entry to its subject.
func (p *planner) place(ctx context.Context, i int) error {
	e := &p.entries[i]
	s := p.subjects[e.Subject]
	step, pending := p.step(e)
	if e.Level != nil && (s.level == nil || *s.level != *e.Level) {
		p.plan.Steps = append(p.plan.Steps, Step{Action: SetLevel, Subject: e.Subject, Level: e.Level, Was: s.level})
		s.level = e.Level
	}
	var err error
	if p.sameIDs && e.Source != nil {
		err = p.compareImport(ctx, s, e.Source, &step)
	} else {
		err = p.compare(ctx, s, &step, pending)
	}
	if err != nil {
		return err
	}
	at := placement{subject: e.Subject, version: step.Version}
	if step.Action.Registers() {
		step.Level = s.level
		at.step = len(p.plan.Steps) + 1
		p.changes = append(p.changes, change{
			step: at.step - 1, entry: e, added: slices.Clone(s.added), before: s.observed,
			known: !pending && step.Import == nil && len(s.added) == 0 && s.State.sameLevel(State{Level: s.level}),
		})
		s.added = append(s.added, e.Schema)
	}
	p.plan.Steps = append(p.plan.Steps, step)
	p.placed = append(p.placed, at)
	return nil
}

// step returns what is known of an entry's step before anything is compared, and whether something that it refers to is
// still to be registered.
func (p *planner) step(e *Entry) (step Step, pending bool) {
	step = Step{Subject: e.Subject, Name: e.Schema.Root.FullName(), File: e.Schema.File, Schema: e.Schema.String()}
	tied := false
	for _, ref := range e.References {
		tied = tied || ref.Version > 0
		at := PlannedReference{Name: ref.Name, Subject: ref.Subject, Version: ref.Version}
		if ref.Version == 0 {
			to := p.placed[ref.Entry]
			at.Subject, at.Version, at.Step = to.subject, to.version, to.step
		}
		pending = pending || at.Version == 0
		step.References = append(step.References, at)
	}
	if !tied {
		step.Fingerprint = lock.Fingerprint(e.Schema.SelfContained())
	}
	return step, pending
}

// compare decides what to do with the schema. One whose references are still to be registered cannot be there yet.
func (p *planner) compare(ctx context.Context, s *plannedSubject, step *Step, pending bool) error {
	if s.Version == 0 && len(s.added) == 0 {
		step.Action = Create
		return nil
	}
	sameText := s.latest.Type == typeAvro && s.latest.Text == step.Schema
	if !pending && len(s.added) == 0 && sameText {
		same, err := p.client.refersTo(ctx, s.latest.References, step.References)
		if err != nil {
			return err
		}
		if same {
			step.Action, step.Version, step.ID, step.GUID = Keep, s.latest.Version, s.latest.ID, s.latest.GUID
			return nil
		}
	}
	if !pending && s.Version > 0 {
		found, err := p.client.Lookup(ctx, step.Subject, step.Schema, registered(step.References)...)
		if err == nil {
			step.Action, step.Version, step.ID, step.GUID = Keep, found.Version, found.ID, found.GUID
			if found.Version < s.Version {
				p.plan.Notes = append(p.plan.Notes, Note{Newer, step.Subject, fmt.Sprintf(
					"version %d is what it should hold, but versions up to %d were registered after it", found.Version, s.Version)})
			}
			return nil
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	step.Action = NewVersion
	if s.Version > 0 {
		step.Before = &Before{Version: s.Version, Schema: s.latest.Text, References: s.latest.References}
	}
	if sameText && len(s.added) == 0 {
		step.Action = ChangeReferences
	}
	return nil
}

// refersTo reports whether references lead to all that is wanted, directly or by way of each other: a type is the same on
// whatever way it is reached. Others do no harm: registries accept references that are not used, and some clients list
// those of references too.
func (c *Client) refersTo(ctx context.Context, have []Reference, want []PlannedReference) (bool, error) {
	missing := map[SubjectVersion]bool{}
	for _, w := range want {
		missing[SubjectVersion{w.Subject, w.Version}] = true
	}
	seen := map[SubjectVersion]bool{}
	for queue := have; len(missing) > 0 && len(queue) > 0; {
		var next []Reference
		for _, r := range queue {
			at := SubjectVersion{c.localName(r.Subject), r.Version}
			delete(missing, at)
			if seen[at] {
				continue
			}
			seen[at] = true
			next = append(next, r)
		}
		queue = nil
		for _, r := range next {
			if len(missing) == 0 {
				break
			}
			s, err := c.held(ctx, SubjectVersion{r.Subject, r.Version})
			if err != nil && !errors.Is(err, ErrNotFound) {
				return false, err
			}
			queue = append(queue, s.References...)
		}
	}
	return len(missing) == 0, nil
}

// registered returns references whose versions are known.
func registered(refs []PlannedReference) []Reference {
	out := make([]Reference, len(refs))
	for i, r := range refs {
		out[i] = Reference{Name: r.Name, Subject: r.Subject, Version: r.Version}
	}
	return out
}
