package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// Repo is a git repository, read through the git that is installed. Close ends the process behind it. A Repo is for one
// goroutine at a time.
type Repo struct {
	// Root is the absolute path of the work tree.
	Root string
	// shallow is whether history ends early in this clone.
	shallow bool
	// cwd is the folder that relative paths start from.
	cwd string
	// objects is the running git cat-file, nil until a first object is asked for.
	objects *objectReader
}

// ErrNoRepo says that a folder is in no git repository.
var ErrNoRepo = errors.New("not in a git repository")

// OpenRepo returns the repository around a folder; "" is the current one.
func OpenRepo(ctx context.Context, dir string) (*Repo, error) {
	cwd, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	out, err := git(ctx, cwd, "rev-parse", "--show-toplevel", "--is-shallow-repository")
	if err != nil {
		var failed *gitError
		if errors.As(err, &failed) && strings.Contains(failed.stderr, "not a git repository") {
			return nil, fmt.Errorf("%s: %w", cwd, ErrNoRepo)
		}
		return nil, err
	}
	lines := strings.Split(strings.TrimRight(string(out), "\n"), "\n")
	if len(lines) != 2 {
		return nil, fmt.Errorf("%s: a git repository without a work tree", cwd)
	}
	return &Repo{Root: filepath.FromSlash(lines[0]), shallow: lines[1] == "true", cwd: cwd}, nil
}

// Close ends the process that reads objects, if one was started. The error is always nil.
func (r *Repo) Close() error {
	if r.objects != nil {
		r.objects.close()
		r.objects = nil
	}
	return nil
}

// relative returns a path of the file system as the repository names it: slash-separated from its root.
func (r *Repo) relative(name string) (string, error) {
	abs := name
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(r.cwd, name)
	}
	rel, err := filepath.Rel(r.Root, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		// A work tree reached through a symbolic link: git names it by its real path.
		if real, linkErr := filepath.EvalSymlinks(existing(abs)); linkErr == nil {
			rel, err = filepath.Rel(r.Root, filepath.Join(real, strings.TrimPrefix(abs, existing(abs))))
		}
	}
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", fmt.Errorf("%s: outside the git repository at %s", name, r.Root)
	}
	return filepath.ToSlash(rel), nil
}

// existing returns the longest part of a path that exists: in an old revision a folder may be that is gone now.
func existing(p string) string {
	for {
		if _, err := os.Lstat(p); err == nil || p == filepath.Dir(p) {
			return p
		}
		p = filepath.Dir(p)
	}
}

// Tree reads the schemas below name, a path of the file system, as they are at a commit; the folder need not exist any
// more. What like holds, at whatever path, is not read again; it may be nil.
func (r *Repo) Tree(ctx context.Context, at Commit, name string, like *Tree) (*Tree, error) {
	dir, err := r.relative(name)
	if err != nil {
		return nil, err
	}
	entries, err := r.list(ctx, at, dir)
	if err != nil {
		return nil, err
	}
	root := filepath.ToSlash(filepath.Clean(name))
	if len(entries) == 1 && entries[0].path == "" { // name is a file
		entries[0].path, root = path.Base(root), path.Dir(root)
	}
	known := make(map[string][]byte)
	if like != nil && len(entries) > 0 {
		for _, f := range like.files {
			known[objectName(f.content, entries[0].id)] = f.content
		}
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.id
	}
	if err := r.read(ctx, ids, known); err != nil {
		return nil, err
	}
	t := &Tree{Label: at.Label, root: root, files: make(map[string]file, len(entries))}
	for _, e := range entries {
		t.files[e.path] = file{content: known[e.id], id: e.id}
	}
	return t, nil
}

// entry is a file in a git tree: its object and its path below the folder in question.
type entry struct{ id, path string }

// symlink is the mode of a symbolic link, whose object holds a path and no schema.
const symlink = "120000"

// list returns the schema files below a folder of the repository at a commit.
func (r *Repo) list(ctx context.Context, at Commit, dir string) ([]entry, error) {
	args := []string{"ls-tree", "-r", "-z", "--full-tree", at.ID}
	if dir != "." {
		args = append(args, "--", dir)
	}
	out, err := git(ctx, r.Root, args...)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for line := range bytes.SplitSeq(out, []byte{0}) {
		// <mode> SP <type> SP <object> TAB <path>
		meta, name, _ := strings.Cut(string(line), "\t")
		fields := strings.Fields(meta)
		if len(fields) != 3 || fields[0] == symlink || fields[1] != "blob" || !isSchema(name) {
			continue
		}
		if rel := inside(name, dir); !hidden(rel) {
			entries = append(entries, entry{id: fields[2], path: rel})
		}
	}
	return entries, nil
}

// inside returns a path of the repository as a path below dir, empty for dir itself.
func inside(name, dir string) string {
	if dir == "." {
		return name
	}
	return strings.TrimPrefix(strings.TrimPrefix(name, dir), "/")
}

// gitError is a git command that failed.
type gitError struct {
	command string
	stderr  string
	err     error
}

func (e *gitError) Error() string {
	if why := strings.TrimSpace(e.stderr); why != "" {
		return fmt.Sprintf("git %s: %s", e.command, strings.TrimPrefix(why, "fatal: "))
	}
	return fmt.Sprintf("git %s: %v", e.command, e.err)
}

func (e *gitError) Unwrap() error { return e.err }

// git runs a command and returns what it prints.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := gitCommand(ctx, dir, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, errors.New("git is not installed, or not on PATH")
	}
	if err != nil {
		return nil, &gitError{command: args[0], stderr: stderr.String(), err: err}
	}
	return out, nil
}

// gitCommand prepares a command whose messages are in English, whose paths are not patterns and which takes no locks.
func gitCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_LITERAL_PATHSPECS=1")
	return cmd
}
