package source

import (
	"bytes"
	"context"
	"fmt"
	"strings"
)

// change is a commit and what the schemas that it touched were before it; an entry without id was not there.
type change struct {
	commit string
	before []entry
}

// changes returns the commits along first parents that touched a schema below a folder, newest first.
func (r *Repo) changes(ctx context.Context, from Commit, dir string) ([]change, error) {
	args := []string{"log", "--first-parent", "-m", "--raw", "--no-renames", "--no-abbrev", "-z", "--format=%x01%H", from.ID}
	if dir != "." {
		args = append(args, "--", dir)
	}
	out, err := git(ctx, r.Root, args...)
	if err != nil {
		return nil, err
	}
	var changes []change
	for commit := range bytes.SplitSeq(out, []byte{1}) {
		c, err := parseChange(string(commit), dir)
		if err != nil {
			return nil, err
		}
		if len(c.before) > 0 {
			changes = append(changes, c)
		}
	}
	return changes, nil
}

// parseChange reads one commit of git log: <commit> NUL, then for each file
// :<mode> SP <mode> SP <before> SP <after> SP <status> NUL <path> NUL.
func parseChange(text, dir string) (change, error) {
	parts := strings.Split(strings.Trim(text, "\x00\n"), "\x00")
	c := change{commit: strings.TrimSpace(parts[0])}
	for i := 1; i+1 < len(parts); i += 2 {
		fields := strings.Fields(strings.TrimLeft(parts[i], "\n:"))
		if len(fields) != 5 {
			return change{}, fmt.Errorf("git log: cannot make sense of %q", parts[i])
		}
		e := entry{path: inside(parts[i+1], dir), id: fields[2]}
		if !isSchema(parts[i+1]) || hidden(e.path) {
			continue
		}
		if strings.Trim(e.id, "0") == "" || fields[0] == symlink {
			e.id = ""
		}
		c.before = append(c.before, e)
	}
	return c, nil
}
