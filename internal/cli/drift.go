package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/internal/parallel"
	"github.com/avow-events/avow/internal/report"
	"github.com/avow-events/avow/internal/topics"
	"github.com/avow-events/avow/registry"
)

func (a *app) driftCommand() *cobra.Command {
	var t planTarget
	var format string
	cmd := &cobra.Command{
		Use:     "drift",
		GroupID: groupRegistry,
		Short:   "Say how a registry differs from the repository",
		Long: `Say how a registry differs from the repository: what is missing there, what is another schema,
reference or level, what was registered after it, which subjects the repository does not describe,
and which ids avow.lock does not have. Topics are compared where brokers are given.

Each finding has a rule, DRIFT_MISSING for one, that avow explain knows more of. The exit code is
100 if anything differs. What the environment's list ignore names is somebody else's and does not
count; nor do subjects of other types than Avro, which are told as notes.`,
		Example: `  avow drift --env prod
  avow drift --env prod --format github`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := report.ParseFormat(format)
			if err != nil {
				return hint(cmd, "--format: %v", err)
			}
			return a.drift(cmd.Context(), &t, f)
		},
	}
	t.addRegistryFlags(cmd)
	t.addKafkaFlag(cmd)
	cmd.Flags().BoolVar(&t.skipTopics, "skip-topics", false, "leave topics alone, and ask no broker")
	addFormatFlag(cmd, &format)
	return cmd
}

func (a *app) drift(ctx context.Context, t *planTarget, format report.Format) error {
	p, err := a.makePlan(ctx, t)
	if err != nil {
		return err
	}
	defer p.close()
	r := &report.Report{
		Check: "drift", Version: version(), Against: p.file.where(),
		Rules: driftRules(),
	}
	d := drifted{config: shortPath(p.config.File), files: map[string]string{}}
	for _, s := range p.file.Plan.Steps {
		if s.File != "" {
			d.files[s.Subject] = s.File
		}
	}
	for _, s := range p.file.Plan.Changes() {
		d.step(s)
	}
	if d.types, err = p.typesOf(ctx, p.file.Plan.Notes); err != nil {
		return err
	}
	for _, n := range p.file.Plan.Notes {
		d.note(n)
	}
	if p.file.Topics != nil {
		for _, s := range p.file.Topics.Changes() {
			d.topic(s)
		}
	}
	if err := d.lock(p); err != nil {
		return err
	}
	r.Findings = d.findings
	r.Files = slices.Compact(slices.Sorted(maps.Values(d.files)))
	if err := a.writeReport(r, format); err != nil {
		return err
	}
	if slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Severity == finding.Error }) {
		return errFindings
	}
	return nil
}

// typesOf returns the types of the subjects that nothing describes, by subject.
func (p *planned) typesOf(ctx context.Context, notes []registry.Note) (map[string]string, error) {
	types := make([]string, len(notes))
	err := parallel.Each(ctx, len(notes), registryCalls, func(i int) error {
		if notes[i].Kind != registry.Undescribed {
			return nil
		}
		latest, err := p.client.Latest(ctx, notes[i].Subject)
		if errors.Is(err, registry.ErrNotFound) {
			return nil
		}
		types[i] = latest.Type
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(notes))
	for i, n := range notes {
		out[n.Subject] = types[i]
	}
	return out, nil
}

// drifted collects what differs.
type drifted struct {
	config   string            // path of avow.yaml
	files    map[string]string // of the contract under each subject
	types    map[string]string // of schemas under subjects that nothing describes
	findings []finding.Finding
}

// add adds a finding about a subject, at the file of its contract, or at avow.yaml where it has none.
func (d *drifted) add(rule finding.Rule, subject, message, fix string) {
	file := d.files[subject]
	if file == "" {
		file = d.config
	}
	d.findings = append(d.findings, finding.Finding{
		Rule: rule.ID, Severity: rule.Severity, Pos: avsc.Pos{File: file}, Subject: subject, Message: message, Fix: fix,
	})
}

func (d *drifted) step(s registry.Step) {
	switch s.Action {
	case registry.Create:
		d.add(ruleDriftMissing, s.Subject, fmt.Sprintf("%s is not registered under %s", s.Name, s.Subject), "avow apply registers it")
	case registry.NewVersion:
		what := "another schema"
		switch {
		case s.Before == nil:
		case s.Before.Type != "":
			what = fmt.Sprintf("a %s schema as version %d", s.Before.Type, s.Before.Version)
		default:
			what = fmt.Sprintf("another schema as version %d", s.Before.Version)
			if lines := difference(s.Before.Schema, s.Schema); len(lines) > 0 {
				what += ", which differs in " + strings.Join(lines, " ")
			}
		}
		fix := "avow apply registers the repository's"
		switch {
		case s.Before != nil && s.Before.Type != "" && len(s.Incompatible) > 0:
			fix = "give the contract a subject of its own: a registry takes no Avro after it"
		case len(s.Incompatible) > 0:
			fix = "the repository's is not compatible with it, see avow plan; bring what was registered into the repository first"
		}
		d.add(ruleDriftSchema, s.Subject, fmt.Sprintf("%s holds %s", s.Subject, what), fix)
	case registry.ChangeReferences:
		d.add(ruleDriftReferences, s.Subject, fmt.Sprintf("%s refers to other versions: %s", s.Subject, strings.Join(referenceChanges(s), ", ")),
			"avow apply registers it with the repository's")
	case registry.SetLevel:
		was := "no level of its own"
		if s.Was != nil {
			was = "level " + s.Was.String()
		}
		d.add(ruleDriftLevel, s.Subject, fmt.Sprintf("%s has %s, and avow.yaml says %s", s.Subject, was, s.Level), "avow apply sets it")
	}
}

func (d *drifted) note(n registry.Note) {
	switch n.Kind {
	case registry.Newer:
		d.add(ruleDriftNewer, n.Subject, n.Subject+": "+n.Text, "bring what is newer into the repository, see avow pull, or change the contract so that it is a version of its own")
	case registry.Undescribed:
		if t := d.types[n.Subject]; t != "" && t != avroType {
			d.add(ruleDriftUndescribed, n.Subject, fmt.Sprintf("%s is not described by the repository: it is a %s schema, of which avow takes no care", n.Subject, t),
				"the environment's list ignore keeps it quiet")
			d.findings[len(d.findings)-1].Severity = finding.Note
			return
		}
		d.add(ruleDriftUndescribed, n.Subject, n.Subject+" is not described by the repository",
			"avow apply --prune deletes it; one that is somebody else's belongs into the environment's list ignore")
	}
}

func (d *drifted) topic(s topics.Step) {
	v := viewOfTopic(s)
	d.add(ruleDriftTopic, s.Topic, "topic "+s.Topic+" is not as avow.yaml says", v.what)
}

// lock holds what avow.lock says of the environment against what stands there.
func (d *drifted) lock(p *planned) error {
	if !p.locked() {
		return nil
	}
	l, err := readLock(p.config)
	if err != nil {
		return err
	}
	known := l.Places(p.name())
	if len(known) == 0 {
		return nil // nothing was applied from here yet
	}
	for _, s := range steps(p.file.Plan.Steps, p.config) {
		if s.Action != registry.Keep {
			continue
		}
		at := slices.IndexFunc(known, func(k lock.Place) bool { return k.Subject == s.Subject && k.Version == s.Version })
		switch {
		case at < 0:
			d.add(ruleDriftLock, s.Subject, fmt.Sprintf("%s does not know version %d of %s", lockName(p.config), s.Version, s.Subject),
				"run avow apply and commit it")
		case !s.isAt(known[at]):
			d.add(ruleDriftLock, s.Subject, fmt.Sprintf("%s says that version %d of %s has %s", lockName(p.config), s.Version, s.Subject,
				s.otherwise(known[at])), "run avow apply, commit it and build services anew")
		}
	}
	return nil
}

func lockName(c *config.Config) string { return shortPath(c.Path(c.Lock.Path)) }
