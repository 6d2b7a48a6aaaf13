package devenv

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// dataDir is a directory that no other process uses meanwhile. Two brokers on one directory would overwrite each
// other's segments, and kfake itself does not notice.
type dataDir struct {
	path      string
	lock      *flock.Flock
	temporary bool
}

// openDataDir locks the directory, making it where it is missing. An empty path stands for a temporary directory that
// close removes.
func openDataDir(path string) (*dataDir, error) {
	d := &dataDir{path: path}
	if path == "" {
		dir, err := os.MkdirTemp("", "avow-dev-")
		if err != nil {
			return nil, fmt.Errorf("temporary data directory: %w", err)
		}
		d.path, d.temporary = dir, true
	} else if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}

	name := filepath.Join(d.path, ".lock")
	d.lock = flock.New(name, flock.SetPermissions(0o600))
	locked, err := d.lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("data directory: lock %s: %w", name, err)
	case !locked:
		return nil, fmt.Errorf("data directory %s is in use%s: stop that one, or choose another with --data", d.path, owner(name))
	}
	if err := os.WriteFile(name, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o600); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	return d, nil
}

// owner says who holds the lock, as far as the lock file tells.
func owner(name string) string {
	pid, err := os.ReadFile(name)
	if err != nil || len(pid) == 0 {
		return ""
	}
	return " by process " + strings.TrimSpace(string(pid))
}

// sub makes and returns a directory below d that only this user can read: a broker keeps credentials in its own.
func (d *dataDir) sub(name string) (string, error) {
	dir := filepath.Join(d.path, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	return dir, nil
}

func (d *dataDir) close() error {
	err := d.lock.Unlock()
	if d.temporary {
		return os.RemoveAll(d.path)
	}
	return err
}
