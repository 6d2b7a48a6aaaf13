package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Words that stand for a revision in what a tree is compared with.
const (
	MergeBase   = "merge-base"
	FirstParent = "first-parent"
)

// Baseline is what a tree is compared with.
type Baseline struct {
	*Tree
	repo   *Repo // nil where the baseline is no revision
	commit Commit
	name   string
}

// OpenBaseline reads what the schemas below name, a path of the file system, are to be compared with: a folder, an archive,
// one schema file, or a revision of the repository around the current folder: whatever [Repo.Resolve] understands,
// [MergeBase] for where HEAD left the default branch, or [FirstParent]. A name that is a file as well as a revision is an
// error. What like holds is not read again.
func OpenBaseline(ctx context.Context, against, name string, main DefaultBranch, like *Tree) (*Baseline, error) {
	stat, statErr := os.Stat(against)
	repo, repoErr := OpenRepo(ctx, ".")
	isRevision := false
	if repoErr == nil && statErr == nil {
		_, isRevision = repo.verify(ctx, against)
	}
	switch {
	case statErr == nil && isRevision && !strings.ContainsAny(against, "/."):
		return nil, fmt.Errorf("%s is a file or folder as well as a revision: write ./%s or refs/heads/%s", against, against, against)
	case statErr == nil && !stat.IsDir() && IsArchive(against):
		tree, err := Archive(against)
		return &Baseline{Tree: tree}, err
	case statErr == nil:
		tree, err := Dir(against)
		return &Baseline{Tree: tree}, err
	case errors.Is(repoErr, ErrNoRepo):
		if against == MergeBase || against == FirstParent || against == LastTag {
			return nil, fmt.Errorf("nothing to compare with: this folder is in no git repository; name a folder or an archive with --against")
		}
		return nil, fmt.Errorf("%s: no such folder or archive, and this folder is in no git repository in which it could be a revision", against)
	case repoErr != nil:
		return nil, repoErr
	}
	b := &Baseline{repo: repo, name: name}
	if err := b.open(ctx, against, main, like); err != nil {
		repo.Close()
		return nil, err
	}
	return b, nil
}

func (b *Baseline) open(ctx context.Context, against string, main DefaultBranch, like *Tree) (err error) {
	switch against {
	case MergeBase:
		b.commit, err = b.repo.Baseline(ctx, main)
	case FirstParent:
		b.commit, err = b.repo.FirstParent(ctx)
	default:
		b.commit, err = b.repo.Resolve(ctx, against)
	}
	if err != nil {
		return err
	}
	b.Tree, err = b.repo.Tree(ctx, b.commit, b.name, like)
	return err
}

// Versions returns what contracts were before, as [Repo.Versions] does. Of a baseline that is no revision there are none.
func (b *Baseline) Versions(ctx context.Context, fullNames []string) (map[string]History, error) {
	if b.repo == nil || len(fullNames) == 0 {
		return nil, nil
	}
	return b.repo.Versions(ctx, b.commit, b.name, fullNames, b.Tree)
}

// Close ends the process behind a revision, if there is one.
func (b *Baseline) Close() error {
	if b.repo == nil {
		return nil
	}
	return b.repo.Close()
}
