package source_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/internal/source"
)

// write makes files below a folder; an empty text removes one.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if text == "" {
			if err := os.Remove(p); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// contents returns what a tree holds, by path.
func contents(t *source.Tree) map[string]string {
	all := make(map[string]string)
	for _, p := range t.Paths() {
		all[p] = string(t.Content(p))
	}
	return all
}

func record(name string, fields ...string) string {
	return `{"type":"record","name":"` + name + `","fields":[` + strings.Join(fields, ",") + `]}`
}

func field(name, typ string) string { return `{"name":"` + name + `","type":` + typ + `}` }

func TestDir(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"s/a.avsc": `"int"`, "s/deep er/ü.avsc": `"long"`, "s/readme.md": "no schema",
		"s/.hidden/b.avsc": "{", "s/vendor/c.avsc": "{", "s/x/node_modules/d.avsc": "{",
	})
	t.Chdir(dir)
	tree, err := source.Dir("s")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"a.avsc": `"int"`, "deep er/ü.avsc": `"long"`}, contents(tree)); diff != "" {
		t.Errorf("contents (-want +got):\n%s", diff)
	}
	if got := tree.Show("a.avsc"); got != "s/a.avsc" {
		t.Errorf("shown as %s", got)
	}
	one, err := source.Dir("s/a.avsc")
	if err != nil || len(one.Paths()) != 1 || one.Show(one.Paths()[0]) != "s/a.avsc" {
		t.Errorf("a file alone is %v, %v", one, err)
	}
	if _, err := source.Dir("nowhere"); err == nil || err.Error() != "nowhere: no such file or folder" {
		t.Errorf("got %v", err)
	}
}

// A file that cannot be read is left out, with those that refer to it; the rest is loaded, and places are named as people
// know them.
func TestLoadKeepsWhatIsSound(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"s/Good.avsc": record("Good"), "s/Bad.avsc": "{\"type\":\"record\",\"name\":\"Bad\",\n  oops", "s/Uses.avsc": record("Uses", field("b", `"Bad"`)),
	})
	t.Chdir(dir)
	for _, name := range []string{"s", filepath.Join(dir, "s"), filepath.Join("..", filepath.Base(dir), "s")} {
		tree, err := source.Dir(name)
		if err != nil {
			t.Fatal(err)
		}
		set, problems := tree.Load()
		if len(set.Schemas) != 1 || set.Schemas[0].File != "Good.avsc" {
			t.Errorf("%s: loaded %d schemas", name, len(set.Schemas))
		}
		if want := filepath.ToSlash(filepath.Join(name, "Bad.avsc")) + ":2:3"; len(problems) != 1 || problems[0].Pos.String() != want {
			t.Errorf("problems %v, want one at %s", problems, want)
		}
	}
}

func TestArchive(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"repo-1a2b/schemas/a.avsc": `"int"`, "../../evil.avsc": `"long"`, "repo-1a2b/notes.txt": "x"}
	want := map[string]string{"repo-1a2b/schemas/a.avsc": `"int"`, "evil.avsc": `"long"`}

	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, text)
	}
	z.Close()

	var tarred bytes.Buffer
	tw := tar.NewWriter(&tarred)
	for name, text := range files {
		tw.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644, Typeflag: tar.TypeReg})
		io.WriteString(tw, text)
	}
	tw.Close()
	var gzipped bytes.Buffer
	gz := gzip.NewWriter(&gzipped)
	gz.Write(tarred.Bytes())
	gz.Close()

	for name, packed := range map[string][]byte{
		"a.zip": zipped.Bytes(), "a.tar": tarred.Bytes(), "a.tar.gz": gzipped.Bytes(), "a.tgz": gzipped.Bytes(),
	} {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, packed, 0o644); err != nil {
			t.Fatal(err)
		}
		tree, err := source.Archive(p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, contents(tree)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}

	write(t, dir, map[string]string{"broken.zip": "PK no", "a.rar": "x"})
	for name, want := range map[string]string{
		"broken.zip": "cannot be unpacked", "a.rar": "want .zip, .tar, .tar.gz or .tgz", "missing.tar": "no such file",
	} {
		if _, err := source.Archive(filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}
