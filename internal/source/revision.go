package source

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/avow-events/avow/internal/suggest"
)

// Commit is a commit of a repository.
type Commit struct {
	// ID is its full object name.
	ID string
	// Label is how people know it: what they asked for and the short name, such as main@1a2b3c4.
	Label string
}

var errNoCommit = errors.New("this repository has no commit yet, so there is nothing to compare with; commit, or name a folder with --against")

// LastTag is the revision that stands for the newest tag that can be reached from HEAD.
const LastTag = "last-tag"

// Resolve returns the commit that a revision means: a branch, a tag, an object name, HEAD~3, whatever git understands;
// [LastTag]; or X..., the point at which HEAD left X. A branch that only the remote has is found as origin/X. The error
// for an unknown revision names those that are near.
func (r *Repo) Resolve(ctx context.Context, rev string) (Commit, error) {
	if rev == LastTag {
		return r.lastTag(ctx)
	}
	if branch, ok := strings.CutSuffix(rev, "..."); ok && branch != "" {
		return r.mergeBase(ctx, branch)
	}
	for _, name := range []string{rev, "origin/" + rev} {
		if id, ok := r.verify(ctx, name); ok {
			return labelled(name, id), nil
		}
	}
	return Commit{}, r.unknown(ctx, rev)
}

// labelled names a commit by what was asked for and its short id, once where both are the same.
func labelled(name, id string) Commit {
	short := id[:7]
	if strings.HasPrefix(id, name) {
		return Commit{ID: id, Label: short}
	}
	return Commit{ID: id, Label: name + "@" + short}
}

func (r *Repo) verify(ctx context.Context, rev string) (id string, ok bool) {
	out, err := git(ctx, r.Root, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	return strings.TrimSpace(string(out)), err == nil
}

// lastTag returns the newest tag that can be reached from HEAD. One that HEAD itself has is what is being released, which
// is compared with the tag before, unless the work tree has moved on already.
func (r *Repo) lastTag(ctx context.Context) (Commit, error) {
	tag, err := r.tagBefore(ctx, "HEAD")
	if err != nil {
		if r.shallow {
			return Commit{}, r.shallowError("the last tag")
		}
		return Commit{}, errors.New("last-tag: no tag can be reached from HEAD; make one (git tag v1), or name a branch or commit")
	}
	if head, ok := r.verify(ctx, "HEAD"); !ok || head != tag.ID {
		return tag, nil
	}
	if _, err := git(ctx, r.Root, "diff", "--quiet", "HEAD"); err != nil {
		return tag, nil
	}
	if before, err := r.tagBefore(ctx, "HEAD^"); err == nil {
		return before, nil
	}
	if r.shallow {
		return Commit{}, r.shallowError("the tag before that of HEAD")
	}
	return tag, nil
}

// tagBefore returns the newest tag that a revision has or that can be reached from it.
func (r *Repo) tagBefore(ctx context.Context, rev string) (Commit, error) {
	out, err := git(ctx, r.Root, "describe", "--tags", "--abbrev=0", rev)
	if err != nil {
		return Commit{}, err
	}
	tag := strings.TrimSpace(string(out))
	id, ok := r.verify(ctx, "refs/tags/"+tag)
	if !ok {
		return Commit{}, fmt.Errorf("tag %s names no commit", tag)
	}
	return labelled(tag, id), nil
}

// mergeBase returns the commit at which HEAD left a branch.
func (r *Repo) mergeBase(ctx context.Context, branch string) (Commit, error) {
	tip, err := r.Resolve(ctx, branch)
	if err != nil {
		return Commit{}, err
	}
	out, err := git(ctx, r.Root, "merge-base", "HEAD", tip.ID)
	if err != nil {
		if r.shallow {
			return Commit{}, r.shallowError("where HEAD left " + branch)
		}
		return Commit{}, fmt.Errorf("HEAD and %s have no commit in common; name a revision with --against", branch)
	}
	id := strings.TrimSpace(string(out))
	name, _, _ := strings.Cut(tip.Label, "@")
	return Commit{ID: id, Label: fmt.Sprintf("%s@%s", name, id[:7])}, nil
}

// DefaultBranch is the branch that others are merged into.
type DefaultBranch struct {
	// Name, if there is a branch of that name, here or in origin; else it is the one that origin says, or master.
	Name string
	// Against is what the branch itself is compared with: [FirstParent], the default, or [LastTag].
	Against string
}

// Baseline returns what the work tree should be compared with where nobody says: the point at which HEAD left the default
// branch. On the default branch itself, where that would be HEAD, it is what the branch says; of a first commit, that
// commit. So it is where no branch is checked out and HEAD is where the default branch is, as in CI after a merge; on
// another branch without a commit of its own it is HEAD, from which the work tree differs.
func (r *Repo) Baseline(ctx context.Context, main DefaultBranch) (Commit, error) {
	head, ok := r.verify(ctx, "HEAD")
	if !ok {
		return Commit{}, errNoCommit
	}
	branch, err := r.defaultBranch(ctx, main.Name)
	if err != nil {
		return Commit{}, err
	}
	base, err := r.mergeBase(ctx, branch)
	if err != nil {
		return Commit{}, err
	}
	current, onBranch := r.currentBranch(ctx)
	if base.ID != head || onBranch && current != strings.TrimPrefix(branch, "origin/") {
		base.Label += " (where this branch left it)"
		return base, nil
	}
	if main.Against == LastTag {
		return r.lastTag(ctx)
	}
	return r.FirstParent(ctx)
}

// currentBranch returns the branch that is checked out; not ok where none is.
func (r *Repo) currentBranch(ctx context.Context) (name string, ok bool) {
	out, err := git(ctx, r.Root, "symbolic-ref", "--quiet", "--short", "HEAD")
	return strings.TrimSpace(string(out)), err == nil
}

// FirstParent returns the commit before HEAD, and HEAD itself where there is none.
func (r *Repo) FirstParent(ctx context.Context) (Commit, error) {
	if parent, ok := r.verify(ctx, "HEAD^1"); ok {
		return labelled("HEAD^", parent), nil
	}
	if r.shallow {
		return Commit{}, r.shallowError("the commit before HEAD")
	}
	return r.Resolve(ctx, "HEAD")
}

// defaultBranch returns the branch that others start from. What origin has counts before a local branch of that name,
// which may lag behind.
func (r *Repo) defaultBranch(ctx context.Context, preferred string) (string, error) {
	candidates := []string{"origin/" + preferred, preferred}
	if out, err := git(ctx, r.Root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(out)))
	}
	for _, name := range append(candidates, "origin/main", "main", "origin/master", "master") {
		if _, ok := r.verify(ctx, name); ok {
			return name, nil
		}
	}
	if r.shallow {
		return "", r.shallowError("the default branch")
	}
	refs, _ := r.refs(ctx)
	return "", fmt.Errorf("there is no branch %q to compare with, here or in origin: fetch it (git fetch origin %[1]s:refs/remotes/origin/%[1]s), "+
		"set compat.default_branch in avow.yaml, or name a revision with --against (there are %s)", preferred, listing(refs))
}

// refs returns the short names of all branches and tags, newest first.
func (r *Repo) refs(ctx context.Context) ([]string, error) {
	out, err := git(ctx, r.Root, "for-each-ref", "--sort=-creatordate", "--format=%(refname:short)",
		"refs/heads", "refs/tags", "refs/remotes")
	if err != nil {
		return nil, err
	}
	return strings.Fields(string(out)), nil
}

// unknown explains why a revision means nothing here, and what could be meant.
func (r *Repo) unknown(ctx context.Context, rev string) error {
	if r.shallow {
		return r.shallowError(fmt.Sprintf("revision %q", rev))
	}
	refs, err := r.refs(ctx)
	if err != nil {
		return err
	}
	if _, ok := r.verify(ctx, "HEAD"); !ok && len(refs) == 0 {
		return errNoCommit
	}
	if at := strings.IndexAny(rev, "~^"); at > 0 {
		if _, ok := r.verify(ctx, rev[:at]); ok {
			return fmt.Errorf("%s goes back further than the history of %s: %s", rev, rev[:at], r.lengthOf(ctx, rev[:at]))
		}
	}
	hint := suggest.DidYouMean(rev, append(refs, "HEAD", LastTag))
	return fmt.Errorf("unknown revision %q%s (no such branch, tag, commit, folder or archive; there are %s)", rev, hint, listing(refs))
}

// lengthOf says how many commits lead to a revision that exists.
func (r *Repo) lengthOf(ctx context.Context, rev string) string {
	out, err := git(ctx, r.Root, "rev-list", "--count", "--first-parent", "--end-of-options", rev)
	switch n := strings.TrimSpace(string(out)); {
	case err != nil:
		return "it has no such ancestor"
	case n == "1":
		return "it has no commit before it"
	default:
		return fmt.Sprintf("its first parents are %s commits with itself", n)
	}
}

// listing names the first of a few revisions.
func listing(refs []string) string {
	const most = 8
	if len(refs) == 0 {
		return "no branches or tags"
	}
	if len(refs) > most {
		return strings.Join(refs[:most], ", ") + fmt.Sprintf(" and %d more", len(refs)-most)
	}
	return strings.Join(slices.Clone(refs), ", ")
}

// shallowError says what to do about a history that ends too early.
func (r *Repo) shallowError(what string) error {
	return fmt.Errorf("%s is not in this shallow clone: fetch the whole history, in CI with fetch-depth: 0 "+
		"(actions/checkout) or GIT_DEPTH: 0 (GitLab), elsewhere with git fetch --unshallow", what)
}
