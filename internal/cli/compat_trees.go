package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/source"
)

// treeComparison checks the schemas of the working directory against those of another place or time.
type treeComparison struct {
	cfg    *config.Config
	scope  scope
	level  *compat.Level // of all contracts, nil where avow.yaml says
	policy policy
	next   *source.Tree
	base   *source.Baseline
}

// newComparison compares with a revision, a folder or an archive, or with a registry, which t says how to reach.
func (a *app) newComparison(ctx context.Context, paths []string, against string, t *target, level *compat.Level) (comparison, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	scope, err := scopeOf(cfg, paths)
	if err != nil {
		return nil, err
	}
	against = cmp.Or(against, cfg.Compat.Against, source.MergeBase)
	if environment, ok := strings.CutPrefix(against, registryScheme); ok {
		t.env = environment
		return a.newRegistryComparison(cfg, scope, t, level)
	}
	c := &treeComparison{cfg: cfg, scope: scope, level: level}
	if c.policy, err = policyOf(cfg); err != nil {
		return nil, err
	}
	if c.next, err = schemasAt(c.scope.root); err != nil {
		return nil, err
	}
	if c.base, err = source.OpenBaseline(ctx, against, c.scope.root, a.defaultBranch(cfg), c.next); err != nil {
		return nil, err
	}
	if err := c.scope.exists(c.next, c.base.Tree); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// schemasAt reads the schemas of the working directory.
func schemasAt(root string) (*source.Tree, error) {
	t, err := source.Dir(root)
	if err != nil {
		return nil, fmt.Errorf("%w; avow compat PATH or schemas.path in %s name the folder of your schemas", err, config.FileName)
	}
	return t, nil
}

func (c *treeComparison) close() { c.base.Close() }

func (c *treeComparison) file(path string) (shown string, content []byte) {
	return c.next.Show(path), c.next.Content(path)
}

func (c *treeComparison) check(ctx context.Context, mended map[string][]byte) (*compatResult, error) {
	next := c.next.With(mended)
	set, problems := next.Load()
	r := &compatResult{against: c.base.Label, unreadable: c.scope.problems(next, set, problems), files: c.scope.files(next)}
	affected := source.Affects(c.base.Tree, next, set)
	oldSet, problems := affected.Old.LoadRegistered()
	if len(problems) > 0 { // of an old file, or because it needs one that its new version does without
		oldSet, problems = c.base.LoadRegistered()
	}
	for _, e := range problems {
		r.unreadable = append(r.unreadable, &avsc.Error{Pos: e.Pos, Path: e.Path, Err: fmt.Errorf("%w (in %s)", e.Err, c.base.Label)})
	}
	for _, change := range compat.Match(oldSet, set) {
		switch {
		case change.New != nil && !affected.Files[change.New.File], !c.scope.concerns(change):
			continue
		case change.New == nil && stillThere(change, next, set):
			continue
		}
		change.Level = levelOf(c.cfg, change, c.level)
		r.changes = append(r.changes, change)
	}
	gaps, err := c.addVersions(ctx, r.changes)
	if err != nil {
		return nil, err
	}
	for _, change := range r.changes {
		for _, f := range change.Findings() {
			f.Pos.File, f.OldPos.File = next.Show(f.Pos.File), c.base.Show(f.OldPos.File)
			r.findings = append(r.findings, f)
		}
	}
	r.findings = append(r.findings, gaps...)
	r.findings = c.policy.apply(r.findings, len(c.scope.only) > 0)
	return r, nil
}

// addVersions looks up the history of the contracts that changed and whose level asks for it, and returns what is to say
// of versions that cannot be read.
func (c *treeComparison) addVersions(ctx context.Context, changes []*compat.Change) ([]finding.Finding, error) {
	var names []string
	for _, change := range changes {
		if change.Level.Transitive() && change.Old != nil && change.New != nil && change.Bump() != compat.NoBump {
			names = append(names, eventName(change.Old))
		}
	}
	histories, err := c.base.Versions(ctx, names)
	if err != nil {
		return nil, err
	}
	var gaps []finding.Finding
	for _, change := range changes {
		if change.Old == nil {
			continue
		}
		history := histories[eventName(change.Old)]
		for i, v := range history.Versions {
			if i > 0 { // the first one is change.Old
				change.Earlier = append(change.Earlier, compat.Earlier{Label: v.Label, Schema: v.Schema})
			}
		}
		for _, gap := range history.Gaps {
			gaps = append(gaps, c.gapOf(change, gap))
		}
	}
	return gaps, nil
}

// gapOf says that a version of a contract was not looked at.
func (c *treeComparison) gapOf(change *compat.Change, gap source.Gap) finding.Finding {
	pos := change.New.Root.Pos
	pos.File = c.next.Show(pos.File)
	return finding.Finding{
		Rule: historyUnreadable, Severity: finding.Note, Subject: change.Name, Pos: pos, OldPos: gap.Problem.Pos,
		Message: fmt.Sprintf("%s of contract %s cannot be read and was not compared: %v", gap.Label, change.Name, gap.Problem.Err),
		Fix:     "nothing, if nobody used that version; if it was registered all the same, compare with registry://ENV too",
	}
}
