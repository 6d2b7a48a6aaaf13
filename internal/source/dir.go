package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Dir reads the schemas below a folder, or the one file that name is. Folders whose name begins with a dot, and
// node_modules and vendor, are left out.
func Dir(name string) (*Tree, error) {
	stat, err := os.Stat(name)
	if err != nil {
		return nil, notReadable(name, err)
	}
	root := filepath.Clean(name)
	if !stat.IsDir() {
		root = filepath.Dir(root)
	}
	t := &Tree{Label: name, root: filepath.ToSlash(root), files: make(map[string]file)}
	add := func(p string) error {
		content, err := os.ReadFile(p)
		if err != nil {
			return notReadable(p, err)
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		t.files[filepath.ToSlash(rel)] = file{content: content}
		return nil
	}
	if !stat.IsDir() {
		return t, add(filepath.Clean(name))
	}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return notReadable(p, err)
		case d.IsDir() && p != root && skipped(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !isSchema(p):
			return nil
		}
		return add(p)
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// notReadable words an error of the file system for people: what, then why.
func notReadable(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: no such file or folder", name)
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return fmt.Errorf("%s: cannot be read: %w", name, err)
}
