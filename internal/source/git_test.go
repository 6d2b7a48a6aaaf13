package source_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/internal/source"
)

// run runs git as somebody without a configuration of their own.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// newRepo makes an empty repository whose branch is main, and the current folder.
func newRepo(t *testing.T, options ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	run(t, dir, append([]string{"init", "-q", "-b", "main"}, options...)...)
	t.Chdir(dir)
	return dir
}

// commit writes files, commits everything and returns the commit.
func commit(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	write(t, dir, files)
	run(t, dir, "add", "-A")
	run(t, dir, "commit", "-q", "--allow-empty", "-m", "change")
	return run(t, dir, "rev-parse", "HEAD")
}

func open(t *testing.T) *source.Repo {
	t.Helper()
	repo, err := source.OpenRepo(context.Background(), ".")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { repo.Close() })
	return repo
}

func resolve(t *testing.T, repo *source.Repo, rev string) source.Commit {
	t.Helper()
	c, err := repo.Resolve(context.Background(), rev)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRevisionIsReadAsAFolderIs(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			dir := newRepo(t, "--object-format="+format)
			first := map[string]string{
				"s/a.avsc": `"int"`, "s/deep er/ü\n.avsc": `"long"`, "s/same.avsc": `"null"`, "s/x.md": "no",
				"s/.hidden/b.avsc": "{", "other/o.avsc": "{",
			}
			commit(t, dir, first)
			if err := os.Symlink("a.avsc", filepath.Join(dir, "s", "link.avsc")); err != nil {
				t.Fatal(err)
			}
			commit(t, dir, map[string]string{"s/a.avsc": `"string"`, "s/deep er/ü\n.avsc": ""})

			repo := open(t)
			now, err := source.Dir("s")
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{"a.avsc": `"int"`, "deep er/ü\n.avsc": `"long"`, "same.avsc": `"null"`}
			for _, like := range []*source.Tree{nil, now} {
				old, err := repo.Tree(context.Background(), resolve(t, repo, "HEAD^"), "s", like)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, contents(old)); diff != "" {
					t.Errorf("contents (-want +got):\n%s", diff)
				}
				if got := old.Show("a.avsc"); got != "s/a.avsc" {
					t.Errorf("shown as %s", got)
				}
			}
			one, err := repo.Tree(context.Background(), resolve(t, repo, "HEAD^"), "s/a.avsc", nil)
			if err != nil || one.Show(one.Paths()[0]) != "s/a.avsc" || string(one.Content("a.avsc")) != `"int"` {
				t.Errorf("a file alone is %v, %v", contents(one), err)
			}
		})
	}
}

// From a subfolder, and of a folder that is gone from the work tree.
func TestRevisionFromElsewhere(t *testing.T) {
	dir := newRepo(t)
	commit(t, dir, map[string]string{"team/s/a.avsc": `"int"`, "team/cmd/main.go": "x"})
	commit(t, dir, map[string]string{"team/s/a.avsc": ""})
	t.Chdir(filepath.Join(dir, "team", "cmd"))
	repo := open(t)
	old, err := repo.Tree(context.Background(), resolve(t, repo, "HEAD~1"), "../s", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := old.Show("a.avsc"); got != "../s/a.avsc" || len(old.Paths()) != 1 {
		t.Errorf("%v, shown as %s", old.Paths(), got)
	}
	if _, err := repo.Tree(context.Background(), resolve(t, repo, "HEAD"), os.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "outside the git repository") {
		t.Errorf("a folder outside: %v", err)
	}
}

// Many and large objects at once: git must not wait for us while we wait for it.
func TestManyObjects(t *testing.T) {
	dir := newRepo(t)
	files := make(map[string]string)
	for i := range 500 {
		files[fmt.Sprintf("s/%d.avsc", i)] = record(fmt.Sprintf("R%d", i), field("f", `"`+strings.Repeat("x", 2000)+`"`))
	}
	commit(t, dir, files)
	repo := open(t)
	tree, err := repo.Tree(context.Background(), resolve(t, repo, "HEAD"), "s", nil)
	if err != nil || len(tree.Paths()) != 500 {
		t.Fatalf("%d files, %v", len(tree.Paths()), err)
	}
	for p, text := range contents(tree) {
		if text != files["s/"+p] {
			t.Errorf("%s differs", p)
		}
	}
}

func TestResolve(t *testing.T) {
	dir := newRepo(t)
	first := commit(t, dir, nil)
	run(t, dir, "tag", "v1.0.0")
	second := commit(t, dir, nil)
	run(t, dir, "tag", "-a", "-m", "annotated", "v1.1.0")
	run(t, dir, "checkout", "-q", "-b", "topic", first)
	third := commit(t, dir, map[string]string{"t": "x"})
	run(t, dir, "update-ref", "refs/remotes/origin/release", second)
	repo := open(t)
	for rev, want := range map[string]source.Commit{
		"main":      {ID: second, Label: "main@" + second[:7]},
		"v1.1.0":    {ID: second, Label: "v1.1.0@" + second[:7]},
		first[:9]:   {ID: first, Label: first[:7]},
		first:       {ID: first, Label: first[:7]},
		"HEAD":      {ID: third, Label: "HEAD@" + third[:7]},
		"HEAD~1":    {ID: first, Label: "HEAD~1@" + first[:7]},
		"last-tag":  {ID: first, Label: "v1.0.0@" + first[:7]},
		"release":   {ID: second, Label: "origin/release@" + second[:7]},
		"main...":   {ID: first, Label: "main@" + first[:7]},
		"v1.1.0...": {ID: first, Label: "v1.1.0@" + first[:7]},
	} {
		if got := resolve(t, repo, rev); got != want {
			t.Errorf("%s is %+v, want %+v", rev, got, want)
		}
	}
	for rev, wants := range map[string][]string{
		"mian":   {`unknown revision "mian"`, `did you mean "main"?`, "v1.1.0", "topic"},
		"--help": {`unknown revision "--help"`},
		"":       {"unknown revision"},
		"HEAD~9": {"HEAD~9 goes back further than the history of HEAD", "commits with itself"},
	} {
		_, err := repo.Resolve(context.Background(), rev)
		for _, want := range wants {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: got %v, want %q", rev, err, want)
			}
		}
	}
}

func TestBaseline(t *testing.T) {
	ctx := context.Background()
	dir := newRepo(t)
	repo := open(t)
	if _, err := repo.Baseline(ctx, source.DefaultBranch{Name: "main"}); err == nil || !strings.Contains(err.Error(), "no commit yet") {
		t.Errorf("an empty repository: %v", err)
	}
	for _, rev := range []string{"HEAD", "HEAD~9", "main", "main..."} {
		if _, err := repo.Resolve(ctx, rev); err == nil || !strings.Contains(err.Error(), "no commit yet") {
			t.Errorf("%s in an empty repository: %v", rev, err)
		}
	}
	baseline := func(preferred string) string {
		t.Helper()
		c, err := repo.Baseline(ctx, source.DefaultBranch{Name: preferred})
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	first := commit(t, dir, nil)
	if got := baseline("main"); got != first {
		t.Errorf("of a first commit: %s, want itself", got)
	}
	second := commit(t, dir, map[string]string{"2": "x"})
	if got := baseline("main"); got != first {
		t.Errorf("on the default branch: %s, want the first parent %s", got, first)
	}
	run(t, dir, "checkout", "-q", "--detach")
	if got := baseline("main"); got != first {
		t.Errorf("without a branch, where main is: %s, want the first parent %s", got, first)
	}
	run(t, dir, "checkout", "-q", "-b", "topic")
	if got := baseline("main"); got != second {
		t.Errorf("on a branch without a commit of its own: %s, want %s", got, second)
	}
	commit(t, dir, map[string]string{"3": "x"})
	run(t, dir, "checkout", "-q", "main")
	fourth := commit(t, dir, map[string]string{"4": "x"})
	run(t, dir, "checkout", "-q", "topic")
	if got := baseline("main"); got != second {
		t.Errorf("on a branch: %s, want where it left main, %s", got, second)
	}
	if got := baseline("nothing-of-this-name"); got != second {
		t.Errorf("without the preferred branch: %s, want that of main, %s", got, second)
	}
	run(t, dir, "merge", "-q", "--no-edit", "main")
	run(t, dir, "update-ref", "refs/remotes/origin/main", fourth)
	run(t, dir, "update-ref", "refs/heads/main", first) // lags behind
	if got := baseline("main"); got != fourth {
		t.Errorf("with a local main that lags behind: %s, want origin's %s", got, fourth)
	}
	run(t, dir, "checkout", "-q", "--orphan", "island")
	commit(t, dir, nil)
	if _, err := repo.Baseline(ctx, source.DefaultBranch{Name: "main"}); err == nil || !strings.Contains(err.Error(), "no commit in common") {
		t.Errorf("without a common commit: %v", err)
	}
}

// On the default branch the last tag may be what counts, which is never HEAD's own while nothing has changed.
func TestBaselineLastTag(t *testing.T) {
	ctx := context.Background()
	dir := newRepo(t)
	repo := open(t)
	baseline := func() string {
		t.Helper()
		c, err := repo.Baseline(ctx, source.DefaultBranch{Name: "main", Against: source.LastTag})
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	first := commit(t, dir, map[string]string{"1": "x"})
	run(t, dir, "tag", "v1")
	if got := baseline(); got != first {
		t.Errorf("with one tag: %s, want %s", got, first)
	}
	commit(t, dir, map[string]string{"2": "x"})
	third := commit(t, dir, map[string]string{"3": "x"})
	if got := baseline(); got != first {
		t.Errorf("after the tag: %s, want %s", got, first)
	}
	run(t, dir, "tag", "-m", "with a message", "v2")
	if got := baseline(); got != first {
		t.Errorf("at the second tag: %s, want the first, %s", got, first)
	}
	if err := os.WriteFile(filepath.Join(dir, "3"), []byte("y"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := baseline(); got != third {
		t.Errorf("changed since the second tag: %s, want it, %s", got, third)
	}
	run(t, dir, "checkout", "-q", "-b", "topic")
	commit(t, dir, map[string]string{"4": "x"})
	if got := baseline(); got != third {
		t.Errorf("on a branch: %s, want where it left main, %s", got, third)
	}
}

func TestShallowClone(t *testing.T) {
	dir := newRepo(t)
	commit(t, dir, nil)
	commit(t, dir, map[string]string{"2": "x"})
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, dir, "clone", "-q", "--depth", "1", "file://"+dir, clone)
	t.Chdir(clone)
	repo := open(t)
	ctx := context.Background()
	_, unknown := repo.Resolve(ctx, "HEAD~1")
	_, baseline := repo.Baseline(ctx, source.DefaultBranch{Name: "main"})
	_, tag := repo.Resolve(ctx, source.LastTag)
	head := resolve(t, repo, "HEAD")
	_, versions := repo.Versions(ctx, head, ".", []string{"A"}, nil)
	for what, err := range map[string]error{"revision": unknown, "baseline": baseline, "tag": tag, "history": versions} {
		if err == nil || !strings.Contains(err.Error(), "fetch-depth: 0") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestNoRepository(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("GIT_CEILING_DIRECTORIES", os.TempDir())
	if _, err := source.OpenRepo(context.Background(), "."); !errors.Is(err, source.ErrNoRepo) {
		t.Errorf("got %v", err)
	}
	for against, want := range map[string]string{
		source.MergeBase: "nothing to compare with", "main": "no such folder or archive",
	} {
		if _, err := source.OpenBaseline(context.Background(), against, ".", source.DefaultBranch{Name: "main"}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", against, err, want)
		}
	}
}

func TestOpenBaseline(t *testing.T) {
	dir := newRepo(t)
	commit(t, dir, map[string]string{"s/a.avsc": `"int"`})
	write(t, dir, map[string]string{"s/a.avsc": `"string"`, "old/b.avsc": `"long"`, "main/c.avsc": `"null"`})
	now, err := source.Dir("s")
	if err != nil {
		t.Fatal(err)
	}
	for against, want := range map[string]map[string]string{
		"HEAD": {"a.avsc": `"int"`}, "old": {"b.avsc": `"long"`}, "./main": {"c.avsc": `"null"`}, "refs/heads/main": {"a.avsc": `"int"`},
		"s/a.avsc": {"a.avsc": `"string"`}, source.MergeBase: {"a.avsc": `"int"`}, source.FirstParent: {"a.avsc": `"int"`},
	} {
		base, err := source.OpenBaseline(context.Background(), against, "s", source.DefaultBranch{Name: "main"}, now)
		if err != nil {
			t.Errorf("%s: %v", against, err)
			continue
		}
		if diff := cmp.Diff(want, contents(base.Tree)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", against, diff)
		}
		base.Close()
	}
	if _, err := source.OpenBaseline(context.Background(), "main", "s", source.DefaultBranch{Name: "main"}, now); err == nil || !strings.Contains(err.Error(), "write ./main or refs/heads/main") {
		t.Errorf("a name with two meanings: %v", err)
	}
}

func TestAffects(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"Money.avsc": record("Money", field("amount", `"long"`)), "Line.avsc": record("Line", field("price", `"Money"`)),
		"Order.avsc":   record("Order", field("lines", `{"type":"array","items":"Line"}`), field("to", `"Address"`)),
		"Address.avsc": record("Address"), "Other.avsc": record("Other"),
	}
	for name, text := range files {
		write(t, dir, map[string]string{"old/" + name: text, "new/" + name: text})
	}
	write(t, dir, map[string]string{"new/Money.avsc": record("Money"), "old/Gone.avsc": record("Gone")})
	t.Chdir(dir)
	old, err := source.Dir("old")
	if err != nil {
		t.Fatal(err)
	}
	next, err := source.Dir("new")
	if err != nil {
		t.Fatal(err)
	}
	set, problems := next.Load()
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	a := source.Affects(old, next, set)
	if diff := cmp.Diff(map[string]bool{"Money.avsc": true, "Line.avsc": true, "Order.avsc": true}, a.Files); diff != "" {
		t.Errorf("affected (-want +got):\n%s", diff)
	}
	want := []string{"Address.avsc", "Gone.avsc", "Line.avsc", "Money.avsc", "Order.avsc"}
	if diff := cmp.Diff(want, a.Old.Paths()); diff != "" {
		t.Errorf("old files (-want +got):\n%s", diff)
	}
}
