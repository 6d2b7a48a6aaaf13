package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/source"
)

// config returns the avow.yaml that holds here: the one that --config or AVOW_CONFIG names, else the one that is
// found from the working directory upwards, else the defaults.
func (a *app) config() (*config.Config, error) {
	path := a.configPath
	if path == "" {
		path = a.env("AVOW_CONFIG")
	}
	if path != "" {
		c, err := config.Load(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %s, which --config or AVOW_CONFIG names", path)
		}
		return c, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	found, ok := config.Find(dir)
	if !ok {
		return config.Default(dir), nil
	}
	return config.Load(shortPath(found))
}

// loadSchemas reads every contract below a folder. Their files are named by the path below it, which is what decides
// where generated code goes; in errors files are named by the path from the working directory, as a compiler's are.
func loadSchemas(dir string) (*avsc.Set, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no folder %s: put your schemas there, or name their folder as schemas.path in %s",
			shortPath(dir), config.FileName)
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("%s is not a folder, but schemas.path in %s is to name the folder of a tree of schemas",
			shortPath(dir), config.FileName)
	}
	tree, err := source.Dir(shortPath(dir))
	if err != nil {
		return nil, err
	}
	set, problems := tree.Load()
	if err := problems.Err(); err != nil {
		return nil, err
	}
	if len(set.Schemas) == 0 {
		return nil, fmt.Errorf("there is no .avsc file below %s", shortPath(dir))
	}
	return set, nil
}

// below returns err with its places, which name files below dir, as paths from the working directory.
func below(dir string, err error) error {
	var list avsc.ErrorList
	for _, e := range avsc.AsErrorList(err) {
		placed := *e
		if placed.Pos.File != "" {
			placed.Pos.File = path.Join(shortPath(dir), placed.Pos.File)
		}
		list = append(list, &placed)
	}
	return list.Err()
}

// shortPath returns a path as a person in the working directory would write it, with slashes: relative if that does
// not lead out of the directory.
func shortPath(p string) string {
	abs, err := filepath.Abs(p)
	if err != nil {
		return filepath.ToSlash(p)
	}
	wd, err := os.Getwd()
	if err != nil {
		return filepath.ToSlash(p)
	}
	rel, err := filepath.Rel(wd, abs)
	if err != nil || strings.HasPrefix(rel, "..") {
		return filepath.ToSlash(abs)
	}
	return filepath.ToSlash(rel)
}
