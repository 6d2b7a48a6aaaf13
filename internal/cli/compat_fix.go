package cli

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/avow-events/avow/internal/finding"
)

// mendable returns how many findings --fix would mend.
func mendable(findings []finding.Finding) int {
	n := 0
	for _, f := range findings {
		if len(f.Edits) > 0 {
			n++
		}
	}
	return n
}

// fixCompat applies the edits of what was found, checks again, and keeps them if there is less to find than before. It goes
// on for as long as there are new ones, because one edit may show what another problem hid; then it writes the files. It
// returns what is left.
func (a *app) fixCompat(ctx context.Context, c comparison, result *compatResult) (*compatResult, error) {
	mended := make(map[string][]byte)
	for mendable(result.findings) > 0 {
		next, err := applyEdits(c, mended, result.findings)
		if err != nil {
			return nil, err
		}
		better, err := c.check(ctx, next)
		if err != nil {
			return nil, err
		}
		if !better.improves(result) {
			break
		}
		mended, result = next, better
	}
	for _, path := range slices.Sorted(maps.Keys(mended)) {
		shown, _ := c.file(path)
		if err := replaceFile(shown, mended[path]); err != nil {
			return nil, err
		}
		if !a.quiet {
			a.err.donef("mended %s", shown)
		}
	}
	return result, nil
}

// improves reports whether a result is better than another: fewer errors, or as many and less of the rest, and no file that
// cannot be read any more.
func (r *compatResult) improves(other *compatResult) bool {
	errors, before := r.count(finding.Error), other.count(finding.Error)
	return len(r.unreadable) <= len(other.unreadable) &&
		(errors < before || errors == before && len(r.findings) < len(other.findings))
}

// applyEdits returns the mended contents with the edits of findings in them. A problem that several contracts share is
// mended once.
func applyEdits(c comparison, mended map[string][]byte, findings []finding.Finding) (map[string][]byte, error) {
	edits := make(map[string][]finding.Edit)
	for _, f := range findings {
		for _, e := range f.Edits {
			if !slices.Contains(edits[e.At.File], e) {
				edits[e.At.File] = append(edits[e.At.File], e)
			}
		}
	}
	next := maps.Clone(mended)
	for path, list := range edits {
		shown, content := c.file(path)
		if m, ok := mended[path]; ok {
			content = m
		}
		content, err := finding.Apply(content, list)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be mended: %w", shown, err)
		}
		next[path] = content
	}
	return next, nil
}

// replaceFile writes a file that exists already, whole or not at all.
func replaceFile(path string, content []byte) error {
	temporary, err := writeBeside(path, content)
	if err != nil {
		return err
	}
	if stat, err := os.Stat(path); err == nil {
		// What cannot be given its former rights is still the user's own file.
		_ = os.Chmod(temporary, stat.Mode().Perm())
	}
	if err := os.Rename(temporary, path); err != nil {
		os.Remove(temporary)
		return err
	}
	return nil
}
