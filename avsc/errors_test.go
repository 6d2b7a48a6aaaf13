package avsc_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/avow-events/avow/avsc"
)

var update = flag.Bool("update", false, "rewrite what the tests of messages want")

// TestMessages loads the files of each archive in testdata/errors and compares the problems with the file "want".
func TestMessages(t *testing.T) {
	archives, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives: ", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tree, want := fstest.MapFS{}, &txtar.File{}
			for i, f := range archive.Files {
				if f.Name == "want" {
					want = &archive.Files[i]
					continue
				}
				tree[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			_, err = avsc.Load(tree)
			got := describe(err)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// describe returns the problems with the path of each behind it.
func describe(err error) string {
	var b strings.Builder
	for _, e := range avsc.AsErrorList(err) {
		b.WriteString(e.Error())
		if e.Path != "" {
			b.WriteString(" [" + e.Path + "]")
		}
		b.WriteByte('\n')
	}
	return b.String()
}
