package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/avow-events/avow/internal/codegen"
	"github.com/avow-events/avow/internal/parallel"
)

// output is what has to happen for a folder of generated code to hold exactly the wanted files. Nothing is touched
// before [output.write].
type output struct {
	dir string
	// Slash-separated paths below dir, sorted: files that do not exist yet, that hold something else, that nothing
	// asks for any more, and that are as they should be.
	created, changed, orphaned, unchanged []string
	content                               map[string][]byte
	// leftovers are the files of a run that was killed while it wrote.
	leftovers []string
}

// planOutput compares a folder, which may not exist yet, with the files that it should hold, by slash-separated path.
func planOutput(dir string, files map[string][]byte) (*output, error) {
	o := &output{dir: dir, content: files}
	names := slices.Sorted(maps.Keys(files))
	was := make([][]byte, len(names)) // nil for a file that is not there
	err := inParallel(len(names), func(i int) (err error) {
		if !fs.ValidPath(names[i]) {
			return fmt.Errorf("generated file %q is not below %s", names[i], shortPath(dir))
		}
		if was[i], err = os.ReadFile(o.path(names[i])); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		switch {
		case was[i] == nil:
			o.created = append(o.created, name)
		case bytes.Equal(was[i], files[name]):
			o.unchanged = append(o.unchanged, name)
		case !isGenerated(was[i]):
			return nil, fmt.Errorf("%s is in the way: avow did not generate it, move it or choose another --out",
				shortPath(o.path(name)))
		default:
			o.changed = append(o.changed, name)
		}
	}
	err = filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if file == dir && errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		case entry.IsDir():
			if file != dir && isForeign(file) {
				return filepath.SkipDir
			}
			return nil
		case isLeftover(entry):
			o.leftovers = append(o.leftovers, file)
			return nil
		case !entry.Type().IsRegular() || path.Ext(file) != ".go":
			return nil
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if _, wanted := files[name]; wanted {
			return nil
		}
		src, err := os.ReadFile(file)
		if err == nil && isGenerated(src) {
			o.orphaned = append(o.orphaned, name)
		}
		return err
	})
	return o, err
}

// isForeign reports whether a folder below the output is not part of it: hidden, left out by the go command, made of
// other modules, or a module of its own, which may have generated code of its own.
func isForeign(dir string) bool {
	base := filepath.Base(dir)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "vendor" {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// isGenerated reports whether a Go file is one of ours: a comment before its package clause says so.
func isGenerated(src []byte) bool {
	for line := range bytes.Lines(src) {
		switch {
		case bytes.HasPrefix(line, []byte(codegen.Header)):
			return true
		case bytes.HasPrefix(line, []byte("package ")):
			return false
		}
	}
	return false
}

// earlier returns the folder below a module's root that an earlier run wrote to, empty for none: the root has no file yet of
// those that it should hold, and all that would go lies in that folder, some of it by the same paths as it should have here.
// Who gives --out as the root then hardly means to lose the other folder, which code imports. In any other folder that is
// what another strip_prefix does.
func (o *output) earlier() string {
	if len(o.orphaned) == 0 || len(o.changed)+len(o.unchanged) > 0 {
		return ""
	}
	if _, err := os.Stat(o.path("go.mod")); err != nil {
		return ""
	}
	for dir := path.Dir(o.orphaned[0]); dir != "."; dir = path.Dir(dir) {
		below, same := true, false
		for _, name := range o.orphaned {
			rest, ok := strings.CutPrefix(name, dir+"/")
			below = below && ok
			same = same || o.content[rest] != nil
		}
		if below && same {
			return dir
		}
	}
	return ""
}

// stale reports whether anything has to happen.
func (o *output) stale() bool { return len(o.created)+len(o.changed)+len(o.orphaned) > 0 }

// write makes the folder hold what it should. Every file is written in full beside its place before the first takes
// it, so that what fails, such as a full disk, fails before anything has changed; and no reader sees half a file.
func (o *output) write() error {
	names := slices.Concat(o.created, o.changed)
	temporary := make([]string, len(names))
	defer func() {
		for _, t := range temporary {
			if t != "" {
				os.Remove(t)
			}
		}
	}()
	folders := byFolder(names) // new files of one folder wait for each other
	err := inParallel(len(folders), func(f int) (err error) {
		for _, i := range folders[f] {
			if temporary[i], err = writeBeside(o.path(names[i]), o.content[names[i]]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, name := range names {
		if err := os.Rename(temporary[i], o.path(name)); err != nil {
			return err
		}
		temporary[i] = ""
	}
	for _, name := range o.orphaned {
		if err := os.Remove(o.path(name)); err != nil {
			return err
		}
		o.removeEmpty(path.Dir(name))
	}
	for _, file := range o.leftovers {
		os.Remove(file) // somebody else may have done so
	}
	return nil
}

// byFolder returns the indexes of the names in each folder.
func byFolder(names []string) (folders [][]int) {
	number := map[string]int{}
	for i, name := range names {
		n, ok := number[path.Dir(name)]
		if !ok {
			n = len(folders)
			number[path.Dir(name)] = n
			folders = append(folders, nil)
		}
		folders[n] = append(folders[n], i)
	}
	return folders
}

// inParallel calls do with every number below n, several at a time: files wait for the system more than for a processor.
// The error is that of the lowest number.
func inParallel(n int, do func(i int) error) error {
	return parallel.Each(context.Background(), n, 4*runtime.GOMAXPROCS(0), do)
}

// removeEmpty removes a folder below the output that held orphans only, and those above it that held only it.
func (o *output) removeEmpty(name string) {
	for ; name != "."; name = path.Dir(name) {
		if os.Remove(o.path(name)) != nil { // not empty
			return
		}
	}
}

func (o *output) path(name string) string { return filepath.Join(o.dir, filepath.FromSlash(name)) }

// temporaryPrefix begins the names of files that are to take the place of others. The go command does not see them.
const temporaryPrefix = ".avow-"

// isLeftover reports whether a file was written to take the place of another and never did. A young one may yet.
func isLeftover(entry fs.DirEntry) bool {
	if !entry.Type().IsRegular() || !strings.HasPrefix(entry.Name(), temporaryPrefix) {
		return false
	}
	info, err := entry.Info()
	return err == nil && time.Since(info.ModTime()) > time.Minute
}

// writeBeside writes content to a new file in the folder of path, which it makes where it is missing, and returns the
// new file's path.
func writeBeside(path string, content []byte) (temporary string, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), temporaryPrefix+"*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}
