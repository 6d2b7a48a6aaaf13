package cli

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportPath(t *testing.T) {
	root := t.TempDir()
	if _, err := importPath(root); err == nil || !strings.Contains(err.Error(), "there is no go.mod above") {
		t.Errorf("without go.mod: %v", err)
	}
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.com/shop\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{"": "example.com/shop", "gen": "example.com/shop/gen", "a/b": "example.com/shop/a/b"} {
		if got, err := importPath(filepath.Join(root, dir)); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", dir, got, err, want)
		}
	}
}

func TestModulePath(t *testing.T) {
	for text, want := range map[string]string{
		"module example.com/a":                             "example.com/a",
		"// a comment\n\nmodule example.com/a // another":  "example.com/a",
		"module \"example.com/a\"":                         "example.com/a",
		"module `example.com/a`":                           "example.com/a",
		"module (\n\t// it\n\texample.com/a\n)":            "example.com/a",
		"go 1.26\nrequire example.com/b v1.0.0\nmodule m":  "m",
		"go 1.26\n// module example.com/a\nmodule_x y z\n": "",
		"": "",
	} {
		if got, _ := modulePath(bufio.NewScanner(strings.NewReader(text))); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
