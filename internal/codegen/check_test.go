package codegen_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/codegen"
	"github.com/avow-events/avow/internal/sample"
)

// Code generated from any schema that Avro Java parses compiles: every random schema of the vectors, checked as the
// compiler would.
func TestCompiles(t *testing.T) {
	t.Parallel()
	c := newChecker(t)
	n := 0
	check := func(text []byte) {
		s, err := avsc.Parse("schema.avsc", text, avsc.Registered())
		if err != nil {
			t.Fatal(err)
		}
		opt := codegen.Options{PackagePrefix: "example.com/gen", OptionalValues: n%3 == 1, SortedMaps: n%4 == 1}
		if n%2 == 1 {
			opt.StripPrefix = "com.example"
		}
		if err := c.check(generate(t, &avsc.Set{Schemas: []*avsc.Schema{s}}, opt), opt.PackagePrefix); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		n++
	}
	for _, file := range []string{
		"../../avsc/testdata/canonical.jsonl.gz", "../../codec/testdata/resolve.jsonl.gz", "../../compat/testdata/compat_pairs_dense.jsonl.gz",
	} {
		for _, row := range vectors(t, file) {
			for _, text := range []json.RawMessage{row.Schema, row.Writer, row.Reader, row.Old, row.New} {
				if text != nil {
					check(text)
				}
			}
		}
	}
	for seed := range uint64(500) {
		check([]byte(sample.Schema(1000 + seed)))
	}
	t.Logf("%d schemas", n)
}

// Trees of schemas that use whatever names, documentation and defaults they may are generated into code that compiles.
func TestTrees(t *testing.T) {
	t.Parallel()
	c := newChecker(t)
	for name, set := range trees(t) {
		for _, opt := range []codegen.Options{
			{PackagePrefix: "example.com/" + name},
			{PackagePrefix: "gen", OptionalValues: true, SortedMaps: true},
		} {
			if err := c.check(generate(t, set, opt), opt.PackagePrefix); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// trees returns those of testdata/trees.txtar.
func trees(t *testing.T) map[string]*avsc.Set {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/trees.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]fstest.MapFS{}
	for _, f := range archive.Files {
		name, file, _ := strings.Cut(f.Name, "/")
		if files[name] == nil {
			files[name] = fstest.MapFS{}
		}
		files[name][file] = &fstest.MapFile{Data: f.Data}
	}
	sets := map[string]*avsc.Set{}
	for name, tree := range files {
		if sets[name], err = avsc.Load(tree); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return sets
}

// vector is a line of the vectors, of any kind.
type vector struct {
	Schema, Writer, Reader, Old, New json.RawMessage
	Hex                              string
}

// vectors reads a file of them.
func vectors(t *testing.T, name string) (rows []vector) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var row vector
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// checker checks generated packages against the compiled form of what they import.
type checker struct {
	fset      *token.FileSet
	libraries types.Importer
}

func newChecker(t *testing.T) *checker {
	t.Helper()
	list := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}",
		"github.com/avow-events/avow/codec", "github.com/avow-events/avow/rules", "github.com/google/uuid", "math", "strconv", "time")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	compiled := map[string]string{}
	for line := range bytes.Lines(out) {
		importPath, file, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		compiled[importPath] = file
	}
	fset := token.NewFileSet()
	return &checker{fset, importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) })}
}

// check reports the first mistake in generated files.
func (c *checker) check(files []codegen.File, prefix string) error {
	folders := map[string][]codegen.File{}
	for _, f := range files {
		importPath := path.Join(prefix, path.Dir(f.Path))
		folders[importPath] = append(folders[importPath], f)
	}
	done := map[string]*types.Package{}
	var load importerFunc
	load = func(importPath string) (*types.Package, error) {
		sources, ok := folders[importPath]
		if !ok {
			return c.libraries.Import(importPath)
		}
		if done[importPath] != nil {
			return done[importPath], nil
		}
		var parsed []*ast.File
		for _, f := range sources {
			file, err := parser.ParseFile(c.fset, importPath+"/"+path.Base(f.Path), f.Content, 0)
			if err != nil {
				return nil, err
			}
			parsed = append(parsed, file)
		}
		conf := types.Config{Importer: load}
		pkg, err := conf.Check(importPath, c.fset, parsed, nil)
		done[importPath] = pkg
		return pkg, err
	}
	for importPath := range folders {
		if _, err := load(importPath); err != nil {
			return fmt.Errorf("generated code does not compile: %w", err)
		}
	}
	return nil
}

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }
