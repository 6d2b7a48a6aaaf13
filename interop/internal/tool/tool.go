// Package tool finds the programs that the tests of interop run, and installs what those need into a cache folder outside
// of the checkout. It is for tests alone: whatever is missing skips the test that asked for it.
package tool

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// installTimeout bounds an installation, which may fetch 160 MB.
const installTimeout = 10 * time.Minute

// Missing skips the test, or fails it where $AVOW_INTEROP_STRICT says that nothing may be missing.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("AVOW_INTEROP_STRICT") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// Find returns the path of a program, or skips the test in words that say how to get it.
func Find(t testing.TB, program, hint string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		Missing(t, "%s is not installed (%s)", program, hint)
	}
	return path
}

// installed returns a folder of the cache, filled by install the first time that it is asked for with this manifest. Others
// wait meanwhile, also in other processes.
func installed(t testing.TB, name string, manifest []byte, install func(ctx context.Context, dir string) error) string {
	t.Helper()
	cache := os.Getenv("AVOW_INTEROP_CACHE")
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		cache = filepath.Join(base, "avow-interop")
	}
	sum := sha256.Sum256(manifest)
	dir := filepath.Join(cache, name+"-"+hex.EncodeToString(sum[:6]))
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	lock := flock.New(dir + ".lock")
	if err := lock.Lock(); err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	complete := filepath.Join(dir, ".complete")
	if _, err := os.Stat(complete); err == nil {
		return dir
	}
	if err := os.RemoveAll(dir); err != nil { // what an earlier attempt left
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), installTimeout)
	defer cancel()
	t.Logf("installing %s into %s", name, dir)
	if err := install(ctx, dir); err != nil {
		Missing(t, "%s cannot be installed: %v", name, err)
	}
	if err := os.WriteFile(complete, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// run runs one step of an installation. The error holds the end of what the program said.
func run(ctx context.Context, dir, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", filepath.Base(program), strings.Join(args, " "), err, tail(out))
	}
	return nil
}

// tail returns the end of what a program said.
func tail(out []byte) []byte {
	const most = 2000
	out = bytes.TrimSpace(out)
	return out[max(0, len(out)-most):]
}
