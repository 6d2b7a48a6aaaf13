package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/report"
	"github.com/avow-events/avow/internal/source"
)

// invalidSchema is the rule under which formats for machines show files that cannot be read.
const invalidSchema = "INVALID_SCHEMA"

// compatFlags are the flags of avow compat.
type compatFlags struct{ level, against, format string }

func (a *app) compatCommand() *cobra.Command {
	var flags compatFlags
	cmd := &cobra.Command{
		Use:     "compat [PATH…] | compat OLD.avsc NEW.avsc",
		GroupID: groupContracts,
		Short:   "Check that contracts stay compatible, as Schema Registry would",
		Long: `Check that contracts stay compatible with what they were, with the verdict that Schema Registry
would give, and say why where they do not and what would mend it. Changes that keep data readable
but change what it means are told as warnings.

Without arguments all schemas below schemas.path of avow.yaml are checked, with PATHs those in
these files and folders. They are compared with

  merge-base         where this branch left the default branch (the default); on the default
                     branch itself the commit before
  first-parent       the commit before this one
  last-tag           the newest tag before this commit
  REVISION           a branch, a tag, a commit, HEAD~3; REVISION... is where this branch left it
  FOLDER or ARCHIVE  a folder, a .zip, .tar or .tar.gz file

Contracts are followed by full name when their files move, and by alias when they are renamed. A
contract that was removed is an error. With two files the second is checked against the first,
which needs neither avow.yaml nor git.`,
		Example: `  avow compat
  avow compat --against main schemas/orders
  avow compat --level FULL_TRANSITIVE --against last-tag --format github
  avow compat old/Order.avsc new/Order.avsc`,
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := report.ParseFormat(flags.format)
			if err != nil {
				return hint(cmd, "--format: %v", err)
			}
			var level *compat.Level
			if flags.level != "" {
				parsed, err := compat.ParseLevel(flags.level)
				if err != nil {
					return hint(cmd, "--level: %v", err)
				}
				level = &parsed
			}
			start := time.Now()
			var checked *compatCheck
			if flags.against == "" && len(args) == 2 && isFile(args[0]) && isFile(args[1]) {
				checked = compareFiles(args[0], args[1], level)
			} else {
				if checked, err = a.compareTrees(cmd.Context(), args, flags.against, level); err != nil {
					return err
				}
			}
			checked.elapsed = time.Since(start)
			return a.reportCompat(checked, format)
		},
	}
	cmd.Flags().StringVar(&flags.level, "level", "", "compatibility level, instead of those in avow.yaml (default BACKWARD)")
	cmd.Flags().StringVar(&flags.against, "against", "", "what to compare with (default compat.against of avow.yaml, else merge-base)")
	addFormatFlag(cmd, &flags.format)
	completeWith(cmd, "level", levelNames())
	return cmd
}

// isFile reports whether an argument is a schema file and no folder; one that does not exist counts by its name.
func isFile(name string) bool {
	stat, err := os.Stat(name)
	if err != nil {
		return filepath.Ext(name) == ".avsc"
	}
	return !stat.IsDir()
}

func levelNames() []string {
	var names []string
	for _, l := range compat.Levels() {
		names = append(names, l.String())
	}
	return names
}

// compatCheck is what there is to report.
type compatCheck struct {
	changes  []*compat.Change
	findings []finding.Finding
	// files that were looked at, as people know them.
	files   []string
	against string
	// unreadable are the problems of files that could not be looked at, in the new tree and in the old one.
	unreadable avsc.ErrorList
	elapsed    time.Duration
}

// compareFiles checks one file against another, whatever their contracts are called.
func compareFiles(oldFile, newFile string, level *compat.Level) *compatCheck {
	c := &compatCheck{against: oldFile, files: []string{newFile}}
	parse := func(name string, opts ...avsc.Option) *avsc.Schema {
		text, err := os.ReadFile(name)
		if err != nil {
			c.unreadable = append(c.unreadable, &avsc.Error{Pos: avsc.Pos{File: name}, Err: withoutPath(err)})
			return nil
		}
		s, err := avsc.Parse(name, text, opts...)
		c.unreadable = append(c.unreadable, avsc.AsErrorList(err)...)
		return s
	}
	old, next := parse(oldFile, avsc.Registered()), parse(newFile)
	if old == nil || next == nil {
		return c
	}
	change := &compat.Change{Name: eventName(next), Old: old, New: next}
	if level != nil {
		change.Level = *level
	}
	c.changes = []*compat.Change{change}
	c.findings = change.Findings()
	return c
}

// compareTrees checks the schemas of the working directory against those of another place or time.
func (a *app) compareTrees(ctx context.Context, paths []string, against string, level *compat.Level) (*compatCheck, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	scope, err := scopeOf(cfg, paths)
	if err != nil {
		return nil, err
	}
	next, err := source.Dir(scope.root)
	if err != nil {
		return nil, fmt.Errorf("%w; avow compat PATH or schemas.path in %s name the folder of your schemas", err, config.FileName)
	}
	against = cmp.Or(against, cfg.Compat.Against, source.MergeBase)
	base, err := source.OpenBaseline(ctx, against, scope.root, a.defaultBranch(cfg), next)
	if err != nil {
		return nil, err
	}
	defer base.Close()
	if err := scope.exists(next, base.Tree); err != nil {
		return nil, err
	}

	c := &compatCheck{against: base.Label}
	set, problems := next.Load()
	c.unreadable = append(c.unreadable, problems...)
	for _, p := range next.Paths() {
		if scope.holds(p) {
			c.files = append(c.files, next.Show(p))
		}
	}
	affected := source.Affects(base.Tree, next, set)
	oldSet, problems := affected.Old.LoadRegistered()
	if len(problems) > 0 { // of an old file, or because it needs one that its new version does without
		oldSet, problems = base.LoadRegistered()
	}
	for _, e := range problems {
		c.unreadable = append(c.unreadable, &avsc.Error{Pos: e.Pos, Path: e.Path, Err: fmt.Errorf("%w (in %s)", e.Err, base.Label)})
	}
	for _, change := range compat.Match(oldSet, set) {
		switch {
		case change.New != nil && !affected.Files[change.New.File], !scope.concerns(change):
			continue
		case change.New == nil && stillThere(change, next, set):
			continue
		}
		change.Level = levelOf(cfg, change, level)
		c.changes = append(c.changes, change)
	}
	if err := addVersions(ctx, base, c.changes); err != nil {
		return nil, err
	}
	for _, change := range c.changes {
		for _, f := range change.Findings() {
			f.Pos.File, f.OldPos.File = next.Show(f.Pos.File), base.Show(f.OldPos.File)
			c.findings = append(c.findings, f)
		}
	}
	return c, nil
}

// addVersions looks up the history of the contracts that changed and whose level asks for it.
func addVersions(ctx context.Context, base *source.Baseline, changes []*compat.Change) error {
	var names []string
	for _, c := range changes {
		if c.Level.Transitive() && c.Old != nil && c.New != nil && c.Bump() != compat.NoBump {
			names = append(names, eventName(c.Old))
		}
	}
	versions, err := base.Versions(ctx, names)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if c.Old == nil {
			continue
		}
		for i, v := range versions[eventName(c.Old)] {
			if i > 0 { // the first one is c.Old
				c.Earlier = append(c.Earlier, compat.Earlier{Label: v.Label, Schema: v.Schema})
			}
		}
	}
	return nil
}

func (a *app) reportCompat(c *compatCheck, format report.Format) error {
	r := &report.Report{
		Check: "compat", Version: version(), Findings: c.findings, Files: c.files, Against: c.against,
		Level: commonLevel(c.changes), Elapsed: c.elapsed, Notes: rolloutNotes(c.changes), Rules: compat.Rules(),
	}
	broken := make(map[string]bool)
	for _, e := range c.unreadable {
		broken[e.Pos.File] = true
	}
	r.Unreadable = len(broken)
	if format != report.Text {
		for _, e := range c.unreadable {
			r.Findings = append(r.Findings, finding.Finding{
				Rule: invalidSchema, Severity: finding.Error, Pos: e.Pos, Path: e.Path, Message: e.Err.Error(),
			})
		}
	}
	if err := a.writeReport(r, format); err != nil {
		return err
	}
	if err := c.unreadable.Err(); err != nil {
		return err
	}
	for _, f := range c.findings {
		if f.Severity == finding.Error {
			return errFindings
		}
	}
	return nil
}
