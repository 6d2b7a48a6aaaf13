package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/report"
)

func (a *app) compatCommand() *cobra.Command {
	var level, against, format string
	var t target
	var fix bool
	cmd := &cobra.Command{
		Use:     "compat [PATH…] | compat OLD.avsc NEW.avsc",
		GroupID: groupContracts,
		Short:   "Check that contracts stay compatible, as Schema Registry would",
		Long: `Check that contracts stay compatible with what they were, with the verdict that Schema Registry
would give, and say why where they do not and what would mend it. Changes that keep data readable
but change what it means are told as warnings. avow explain RULE says more of a rule.

Without arguments all schemas below schemas.path of avow.yaml are checked, with PATHs those in
these files and folders. They are compared with

  merge-base         where this branch left the default branch (the default); on the default
                     branch itself the commit before, or the last tag where avow.yaml has
                     compat.on_default_branch: last-tag
  first-parent       the commit before this one
  last-tag           the newest tag before this commit
  REVISION           a branch, a tag, a commit, HEAD~3; REVISION... is where this branch left it
  FOLDER or ARCHIVE  a folder, a .zip, .tar or .tar.gz file
  registry://ENV     the registry of an environment of avow.yaml, at its own levels where avow.yaml
                     gives none; its subjects that no contract here is for, and those that
                     avow.lock has, count as removed unless environments.ENV.ignore names them

Contracts are followed by full name when their files move, and by alias when they are renamed. A
contract that was removed is an error. With two files the second is checked against the first,
which needs neither avow.yaml nor git.

What is told as a warning may be off, a note or an error by avow.yaml; the verdict itself may not:

  compat:
    rules: {DEFAULT_CHANGED: error, DOC_REMOVED: off}

A finding is accepted until a day by an entry in avow.approvals.yaml, beside avow.yaml:

  version: v1
  approvals:
    - rule: CONTRACT_REMOVED
      contract: shop.users.UserRegistered
      reason: nobody reads it any more
      owner: team-users
      expires: 2026-12-31`,
		Example: `  avow compat
  avow compat --against main schemas/orders
  avow compat --against registry://prod
  avow compat --level FULL_TRANSITIVE --against last-tag --format github
  avow compat old/Order.avsc new/Order.avsc --fix`,
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := report.ParseFormat(format)
			if err != nil {
				return hint(cmd, "--format: %v", err)
			}
			var given *compat.Level
			if level != "" {
				parsed, err := compat.ParseLevel(level)
				if err != nil {
					return hint(cmd, "--level: %v", err)
				}
				given = &parsed
			}
			start := time.Now()
			var c comparison
			if against == "" && len(args) == 2 && isFile(args[0]) && isFile(args[1]) {
				c = newFileComparison(args[0], args[1], given)
			} else if c, err = a.newComparison(cmd.Context(), args, against, &t, given); err != nil {
				return err
			}
			defer c.close()
			result, err := c.check(cmd.Context(), nil)
			if err == nil && fix {
				result, err = a.fixCompat(cmd.Context(), c, result)
			}
			if err != nil {
				return err
			}
			return a.reportCompat(result, format, time.Since(start))
		},
	}
	cmd.Flags().StringVar(&level, "level", "", "compatibility level, instead of those in avow.yaml (default BACKWARD)")
	cmd.Flags().StringVar(&against, "against", "", "what to compare with (default compat.against of avow.yaml, else merge-base)")
	cmd.Flags().BoolVar(&fix, "fix", false, "mend what is mechanical in the files, and report what is left")
	addFormatFlag(cmd, &format)
	t.addPropertyFlags(cmd)
	addTimeoutFlag(cmd, &t.timeout)
	completeWith(cmd, "level", levelNames())
	return cmd
}

func levelNames() []string {
	var names []string
	for _, l := range compat.Levels() {
		names = append(names, l.String())
	}
	return names
}

// comparison is two versions of schemas, an old one and a new one.
type comparison interface {
	// check compares. Contents in mended stand for those of files of the new version, by the path that edits have.
	check(ctx context.Context, mended map[string][]byte) (*compatResult, error)
	// file returns the path of a file of the new version as people know it, and what it holds.
	file(path string) (shown string, content []byte)
	close()
}

// compatResult is what a comparison found.
type compatResult struct {
	changes  []*compat.Change
	findings []finding.Finding
	// files that were looked at, as people know them.
	files   []string
	against string
	// unreadable are the problems of files that could not be looked at, in the new version and in the old one.
	unreadable avsc.ErrorList
}

// count returns how many findings there are of a severity.
func (r *compatResult) count(s finding.Severity) int {
	n := 0
	for _, f := range r.findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

func (a *app) reportCompat(c *compatResult, format report.Format, elapsed time.Duration) error {
	r := &report.Report{
		Check: "compat", Version: version(), Findings: c.findings, Files: c.files, Against: c.against,
		Level: commonLevel(c.changes), Elapsed: elapsed, Notes: rolloutNotes(c.changes, c.findings), Rules: compatRules(),
	}
	if n := mendable(c.findings); n > 0 {
		r.Notes = append(r.Notes, "--fix would mend "+count(n, "finding")+".")
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
	if c.count(finding.Error) > 0 {
		return errFindings
	}
	return nil
}
