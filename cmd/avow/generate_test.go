package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Whenever avow generate is killed, every file is what it was before or what it is to become, and the next run finishes.
func TestGenerateKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("runs avow some thirty times")
	}
	t.Parallel()
	dir := t.TempDir()
	schemas := func(version int) string {
		folder := fmt.Sprintf("schemas%d", version)
		for i := range 60 {
			write(t, filepath.Join(dir, folder, fmt.Sprintf("d%d", i%5), fmt.Sprintf("R%d.avsc", i)), fmt.Appendf(nil,
				`{"type":"record","name":"R%d","namespace":"d%d","doc":"Version %d.","fields":[{"name":"f","type":"string"}]}`, i, i%5, version))
		}
		return folder
	}
	start := func(folder, out string) *exec.Cmd {
		cmd := exec.Command("avow", "generate", "--schemas", folder, "--out", out, "--package-prefix", "example.com/gen", "-q")
		cmd.Dir = dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	finish := func(cmd *exec.Cmd) {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	versions := []string{schemas(0), schemas(1)}
	var want [2]map[string][]byte
	var took time.Duration
	for v, folder := range versions {
		began := time.Now()
		finish(start(folder, "want"))
		took = time.Since(began)
		want[v] = contents(t, filepath.Join(dir, "want"))
	}
	if len(want[0]) != len(want[1]) || len(want[0]) != 65 {
		t.Fatal(len(want[0]), len(want[1]))
	}

	mixed, leftovers := 0, 0
	const rounds = 12
	for round := range rounds {
		finish(start(versions[0], "out"))
		cmd := start(versions[1], "out")
		time.Sleep(took / 2 * time.Duration(rounds+round) / rounds) // files are written in the second half
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		news := 0
		for name, got := range contents(t, filepath.Join(dir, "out")) {
			switch {
			case strings.HasPrefix(filepath.Base(name), ".avow-"): // which the go command does not see
				leftovers++
				old := time.Now().Add(-time.Hour)
				if err := os.Chtimes(filepath.Join(dir, "out", name), old, old); err != nil {
					t.Fatal(err)
				}
			case bytes.Equal(got, want[1][name]):
				news++
			case !bytes.Equal(got, want[0][name]):
				t.Errorf("%s is neither the old file nor the new one:\n%s", name, got)
			}
		}
		if news > 5 && news < len(want[1]) { // the files doc.go are the same in both
			mixed++
		}
		finish(start(versions[1], "out"))
		got := contents(t, filepath.Join(dir, "out"))
		if len(got) != len(want[1]) {
			t.Errorf("%d files after the next run, want %d", len(got), len(want[1]))
		}
		for name, content := range want[1] {
			if !bytes.Equal(got[name], content) {
				t.Errorf("%s is not what the schemas say after the next run", name)
			}
		}
	}
	t.Logf("a run takes %s; killed between the first and the last file %d times, %d files left over", took, mixed, leftovers)
}

// Files that stay as they are keep their time: whatever goes by it, such as make, has nothing to do.
func TestGenerateTouches(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	generate := func(doc string) {
		for _, name := range []string{"A", "B", "C"} {
			text := `{"type":"record","name":"` + name + `","namespace":"x","fields":[]}`
			if name == "B" {
				text = strings.Replace(text, "{", `{"doc":"`+doc+`",`, 1)
			}
			write(t, filepath.Join(dir, "schemas", name+".avsc"), []byte(text))
		}
		cmd := exec.Command("avow", "generate", "--package-prefix", "example.com/gen", "-q")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	generate("Before.")
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	for name := range contents(t, filepath.Join(dir, "gen")) {
		if err := os.Chtimes(filepath.Join(dir, "gen", name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	generate("After.")
	for name := range contents(t, filepath.Join(dir, "gen")) {
		info, err := os.Stat(filepath.Join(dir, "gen", name))
		if err != nil {
			t.Fatal(err)
		}
		if touched := !info.ModTime().Equal(old); touched != (name == "x/b.go") {
			t.Errorf("%s was touched: %t", name, touched)
		}
	}
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// contents reads all files below a folder.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
