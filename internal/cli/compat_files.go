package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// fileComparison checks one file against another, whatever their contracts are called.
type fileComparison struct {
	oldFile, newFile string
	level            compat.Level
	old, next        []byte
	unreadable       avsc.ErrorList
}

// isFile reports whether an argument is a schema file and no folder; one that does not exist counts by its name.
func isFile(name string) bool {
	stat, err := os.Stat(name)
	if err != nil {
		return filepath.Ext(name) == ".avsc"
	}
	return !stat.IsDir()
}

func newFileComparison(oldFile, newFile string, level *compat.Level) *fileComparison {
	c := &fileComparison{oldFile: oldFile, newFile: newFile}
	if level != nil {
		c.level = *level
	}
	read := func(name string) []byte {
		text, err := os.ReadFile(name)
		if err != nil {
			c.unreadable = append(c.unreadable, &avsc.Error{Pos: avsc.Pos{File: name}, Err: withoutPath(err)})
		}
		return text
	}
	c.old, c.next = read(oldFile), read(newFile)
	return c
}

func (c *fileComparison) check(_ context.Context, mended map[string][]byte) (*compatResult, error) {
	r := &compatResult{against: c.oldFile, files: []string{c.newFile}, unreadable: c.unreadable}
	if len(c.unreadable) > 0 {
		return r, nil
	}
	text, ok := mended[c.newFile]
	if !ok {
		text = c.next
	}
	old, oldErr := avsc.Parse(c.oldFile, c.old, avsc.Registered())
	next, newErr := avsc.Parse(c.newFile, text)
	if oldErr != nil || newErr != nil {
		r.unreadable = append(avsc.AsErrorList(oldErr), avsc.AsErrorList(newErr)...)
		return r, nil
	}
	change := &compat.Change{Name: eventName(next), Old: old, New: next, Level: c.level}
	r.changes, r.findings = []*compat.Change{change}, change.Findings()
	return r, nil
}

func (c *fileComparison) file(path string) (shown string, content []byte) { return path, c.next }

func (c *fileComparison) close() {}
