package cli

import (
	"bytes"
	"errors"
	"fmt"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/goname"
	"github.com/avow-events/avow/internal/lock"
)

// replaceIfChanged writes a file unless it holds the content already.
func replaceIfChanged(name string, content []byte) (changed bool, err error) {
	if was, err := os.ReadFile(name); err == nil && bytes.Equal(was, content) {
		return false, nil
	}
	return true, replaceFile(name, content)
}

// writeGoFile keeps the Go file that embeds a lock beside it, where that is part of a Go module.
func writeGoFile(lockPath string) (changed bool, err error) {
	dir := filepath.Dir(lockPath)
	imported, err := importPath(dir)
	if err != nil {
		return false, nil // no go.mod above it: nobody could import it
	}
	name := filepath.Join(dir, lock.GoFileName)
	if was, err := os.ReadFile(name); err == nil && !lock.IsGoFile(was) {
		return false, fmt.Errorf("%s is in the way: avow did not write it, move it or write `lock: {go: false}` into %s", shortPath(name), config.FileName)
	}
	packageName, alone, err := goPackage(dir, imported)
	if err != nil {
		return false, err
	}
	return replaceIfChanged(name, lock.GoFile(packageName, filepath.ToSlash(lockPath), alone))
}

// goPackage returns the name of the package in a folder, and whether it has no file but ours.
func goPackage(dir, imported string) (name string, alone bool, err error) {
	context := build.Default
	context.ReadDir = func(dir string) ([]fs.FileInfo, error) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		var out []fs.FileInfo
		for _, entry := range entries {
			info, err := entry.Info()
			if err == nil && entry.Name() != lock.GoFileName && !strings.HasSuffix(entry.Name(), "_test.go") {
				out = append(out, info)
			}
		}
		return out, nil
	}
	found, err := context.ImportDir(dir, 0)
	var none *build.NoGoError
	switch {
	case errors.As(err, &none) || err == nil && found.Name == "":
		return goname.Placement{Prefix: imported}.PackageName(""), true, nil
	case err != nil:
		return "", false, fmt.Errorf("which package is %s beside? %w", lock.GoFileName, err)
	}
	return found.Name, false, nil
}
