package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/internal/parallel"
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
		client: c, entries: entries, plan: &Plan{Seen: map[string]State{}}, source: "the source", target: "the target",
		ignore: func(string) bool { return false },
	}
	for _, opt := range opts {
		opt(p)
	}
	if err := p.look(ctx); err != nil {
		return nil, err
	}
	if err := p.decide(ctx); err != nil {
		return nil, err
	}
	p.place()
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
	// source and target name the registries where ids are to stay the same.
	source, target string

	plan      *Plan
	listed    []string // subjects of the registry
	subjects  map[string]*observed
	decisions []decision // of each entry
	changes   []change
}

// decision is what is to be done for an entry, as its step will say, before the steps have their numbers.
type decision struct {
	step    Step
	note    *Note
	added   []*avsc.Schema // versions that the entries before it add to its subject
	pending bool           // something that it refers to is still to be registered
	made    chan struct{}  // closed once the rest stands
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
	if p.listed, err = p.client.Subjects(ctx); err != nil {
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
	p.subjects = seen
	for name, o := range seen {
		p.plan.Seen[name] = o.State
	}
	return nil
}

// decide finds out what is to be done for every entry, many at a time. One waits for those that it depends on.
func (p *planner) decide(ctx context.Context) error {
	p.decisions = make([]decision, len(p.entries))
	before := make([]int, len(p.entries)) // the entry that is the last one before for the same subject, or -1
	last := map[string]int{}
	for i, e := range p.entries {
		before[i] = -1
		if j, ok := last[e.Subject]; ok {
			before[i] = j
		}
		last[e.Subject] = i
		p.decisions[i].made = make(chan struct{})
		for _, r := range e.References {
			if r.Version == 0 && (r.Entry < 0 || r.Entry >= i) {
				return fmt.Errorf("registry: entry %d refers to entry %d, which does not come before it", i, r.Entry)
			}
		}
	}
	return parallel.Each(ctx, len(p.entries), atOnce, func(i int) error {
		d := &p.decisions[i]
		defer close(d.made)
		if j := before[i]; j >= 0 {
			<-p.decisions[j].made
			d.added = p.decisions[j].added
			if p.decisions[j].step.Action.Registers() {
				d.added = append(slices.Clip(d.added), p.entries[j].Schema)
			}
		}
		for _, r := range p.entries[i].References {
			if r.Version == 0 {
				<-p.decisions[r.Entry].made
			}
		}
		return p.decideOne(ctx, &p.entries[i], d)
	})
}

func (p *planner) decideOne(ctx context.Context, e *Entry, d *decision) error {
	p.describe(e, d)
	if p.sameIDs && e.Source != nil {
		return p.compareImport(ctx, e.Source, d)
	}
	return p.compare(ctx, d)
}

// describe fills in what is known of an entry's step before anything is compared.
func (p *planner) describe(e *Entry, d *decision) {
	d.step = Step{Subject: e.Subject, Name: e.Schema.Root.FullName(), File: e.Schema.File, Schema: e.Schema.String()}
	whole := true // also what it refers to is there as it is here
	for _, ref := range e.References {
		at := PlannedReference{Name: ref.Name, Subject: ref.Subject, Version: ref.Version}
		if ref.Version == 0 {
			to := &p.decisions[ref.Entry].step
			at.Subject, at.Version = to.Subject, to.Version
			whole = whole && to.Fingerprint != ""
		} else {
			whole = false
		}
		d.pending = d.pending || at.Version == 0
		d.step.References = append(d.step.References, at)
	}
	if whole {
		d.step.Fingerprint = lock.Fingerprint(e.Schema.SelfContained())
	}
}

// place makes the steps of the plan out of what was decided, levels before schemas.
func (p *planner) place() {
	levels := map[string]*compat.Level{} // as they will be after the steps so far
	for name, o := range p.subjects {
		levels[name] = o.Level
	}
	numbers := make([]int, len(p.entries)) // from 1, of the steps that register something
	last := map[string]int{}               // entry of each subject
	for i, e := range p.entries {
		last[e.Subject] = i
	}
	for i := range p.entries {
		e, d := &p.entries[i], &p.decisions[i]
		if level := levels[e.Subject]; e.Level != nil && (level == nil || *level != *e.Level) {
			p.plan.Steps = append(p.plan.Steps, Step{Action: SetLevel, Subject: e.Subject, Level: e.Level, Was: level})
			levels[e.Subject] = e.Level
		}
		for j := range d.step.References {
			if r := &d.step.References[j]; r.Version == 0 {
				r.Step = numbers[e.References[j].Entry]
			}
		}
		if d.step.Action.Registers() {
			o := p.subjects[e.Subject]
			d.step.Level = levels[e.Subject]
			numbers[i] = len(p.plan.Steps) + 1
			p.changes = append(p.changes, change{
				step: numbers[i] - 1, entry: e, added: d.added, before: o,
				known: !d.pending && d.step.Import == nil && len(d.added) == 0 && o.sameLevel(State{Level: d.step.Level}),
			})
		}
		if d.note != nil && last[e.Subject] == i {
			p.plan.Notes = append(p.plan.Notes, *d.note)
		}
		p.plan.Steps = append(p.plan.Steps, d.step)
	}
}

// compare decides what to do with the schema. One whose references are still to be registered cannot be there yet.
func (p *planner) compare(ctx context.Context, d *decision) error {
	s, step := p.subjects[d.step.Subject], &d.step
	if s.Version == 0 && len(d.added) == 0 {
		step.Action = Create
		return nil
	}
	sameText := s.latest.Type == typeAvro && s.latest.Text == step.Schema
	if !d.pending && len(d.added) == 0 && sameText {
		same, err := p.client.refersTo(ctx, s.latest.References, step.References)
		if err != nil {
			return err
		}
		if same {
			step.Action, step.Version, step.ID, step.GUID = Keep, s.latest.Version, s.latest.ID, s.latest.GUID
			return nil
		}
	}
	if !d.pending && s.Version > 0 {
		found, err := p.client.Lookup(ctx, step.Subject, step.Schema, registered(step.References)...)
		if err == nil {
			step.Action, step.Version, step.ID, step.GUID = Keep, found.Version, found.ID, found.GUID
			if found.Text != step.Schema { // normalized there, or with the docs that came first
				step.Fingerprint = ""
			}
			if found.Version < s.Version {
				d.note = &Note{Newer, step.Subject, fmt.Sprintf(
					"version %d is what it should hold, but versions up to %d were registered after it", found.Version, s.Version)}
			}
			return nil
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	step.Action = NewVersion
	if s.Version > 0 {
		step.Before = before(s.latest)
	}
	if sameText && len(d.added) == 0 {
		step.Action = ChangeReferences
	}
	return nil
}

// before describes the version that another one is to come after.
func before(s Schema) *Before {
	b := &Before{Version: s.Version, Type: s.Type, Schema: s.Text, References: s.References}
	if s.Type == typeAvro {
		b.Type = ""
	}
	return b
}

// refersTo reports whether references lead to all that is wanted, directly or by way of each other: a type is the same on
// whatever way it is reached. Others do no harm: registries accept references that are not used, and some clients list
// those of references too. A version that differs in nothing but its metadata is as good.
func (c *Client) refersTo(ctx context.Context, have []Reference, want []PlannedReference) (bool, error) {
	missing := map[string]int{} // version by subject
	for _, w := range want {
		missing[w.Subject] = w.Version
	}
	seen := map[SubjectVersion]bool{}
	for queue := have; len(missing) > 0 && len(queue) > 0; {
		var next []Reference
		for _, r := range queue {
			at := SubjectVersion{c.localName(r.Subject), r.Version}
			if version, wanted := missing[at.Subject]; wanted {
				same, err := c.sameSchema(ctx, at, SubjectVersion{at.Subject, version})
				if err != nil {
					return false, err
				}
				if same {
					delete(missing, at.Subject)
				}
			}
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

// sameSchema reports whether two versions have the same text and references. One that is not there is no other's like.
func (c *Client) sameSchema(ctx context.Context, a, b SubjectVersion) (bool, error) {
	if a == b {
		return true, nil
	}
	var digests [2]string
	for i, at := range []SubjectVersion{a, b} {
		s, err := c.held(ctx, at)
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		digests[i] = digest(s)
	}
	return digests[0] == digests[1], nil
}

// registered returns references whose versions are known.
func registered(refs []PlannedReference) []Reference {
	out := make([]Reference, len(refs))
	for i, r := range refs {
		out[i] = Reference{Name: r.Name, Subject: r.Subject, Version: r.Version}
	}
	return out
}
