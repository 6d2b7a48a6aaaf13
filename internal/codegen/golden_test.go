package codegen_test

import (
	"bytes"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/codegen"
	"github.com/avow-events/avow/internal/sample"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A golden file is an archive of schemas below schemas/ and what is generated from them below gen/. Lines of its comment
// such as "optional: value" are options.
type golden struct {
	name    string
	archive *txtar.Archive
	set     *avsc.Set
	opt     codegen.Options
}

func goldens(t *testing.T) (all []*golden) {
	t.Helper()
	paths, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		g := &golden{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), archive: archive}
		g.opt = codegen.Options{PackagePrefix: "example.com/gen", Packages: map[string]string{}}
		for line := range strings.Lines(string(archive.Comment)) {
			switch key, value, _ := strings.Cut(strings.TrimSpace(line), ": "); key {
			case "optional":
				g.opt.OptionalValues = true
			case "maps":
				g.opt.SortedMaps = true
			case "strip":
				g.opt.StripPrefix = value
			case "folder":
				namespace, folder, _ := strings.Cut(value, "=")
				g.opt.Packages[namespace] = folder
			}
		}
		g.set = load(t, archive)
		all = append(all, g)
	}
	return all
}

// load reads the schemas of an archive.
func load(t *testing.T, archive *txtar.Archive) *avsc.Set {
	t.Helper()
	tree := fstest.MapFS{}
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "schemas/"); ok {
			tree[name] = &fstest.MapFile{Data: f.Data}
		}
	}
	set, err := avsc.Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func generate(t *testing.T, set *avsc.Set, opt codegen.Options) []codegen.File {
	t.Helper()
	files, err := codegen.Generate(set, opt)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestGolden(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.name, func(t *testing.T) {
			got := &txtar.Archive{Comment: g.archive.Comment}
			for _, f := range g.archive.Files {
				if !strings.HasPrefix(f.Name, "gen/") {
					got.Files = append(got.Files, f)
				}
			}
			for _, f := range generate(t, g.set, g.opt) {
				got.Files = append(got.Files, txtar.File{Name: "gen/" + f.Path, Data: f.Content})
			}
			if *update {
				if err := os.WriteFile("testdata/golden/"+g.name+".txtar", txtar.Format(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(g.archive)), string(txtar.Format(got))); diff != "" {
				t.Errorf("what is generated differs, -want +got; go test -update rewrites it\n%s", diff)
			}
		})
	}
}

// What is generated depends on nothing but the schemas: not on the run, not on the order of files.
func TestDeterministic(t *testing.T) {
	for _, g := range goldens(t) {
		first := generate(t, g.set, g.opt)
		reversed := &avsc.Set{Schemas: slices.Clone(g.set.Schemas)}
		slices.Reverse(reversed.Schemas)
		for _, set := range []*avsc.Set{g.set, load(t, g.archive), reversed} {
			again := generate(t, set, g.opt)
			if !slices.EqualFunc(first, again, func(a, b codegen.File) bool {
				return a.Path == b.Path && bytes.Equal(a.Content, b.Content)
			}) {
				t.Errorf("%s: generated differently a second time", g.name)
			}
		}
	}
}

func TestEveryFileSaysWhatItIs(t *testing.T) {
	for _, g := range goldens(t) {
		for _, f := range generate(t, g.set, g.opt) {
			if !bytes.HasPrefix(f.Content, []byte(codegen.Header+"\n\n")) {
				t.Errorf("%s: %s does not begin with the header", g.name, f.Path)
			}
		}
	}
}

// What is generated is what gofmt makes of it, also where it does not pass through gofmt.
func TestFormatted(t *testing.T) {
	var files []codegen.File
	for _, g := range goldens(t) {
		files = append(files, generate(t, g.set, g.opt)...)
	}
	for _, set := range trees(t) {
		files = append(files, generate(t, set, codegen.Options{PackagePrefix: "example.com/gen"})...)
	}
	for seed := range uint64(100) {
		files = append(files, generate(t, documents(t, sample.Schema(seed)), codegen.Options{PackagePrefix: "example.com/gen"})...)
	}
	for _, f := range files {
		formatted, err := format.Source(f.Content)
		if err != nil {
			t.Errorf("%s: %v", f.Path, err)
		} else if diff := cmp.Diff(string(formatted), string(f.Content)); diff != "" {
			t.Errorf("%s: -gofmt +generated\n%s", f.Path, diff)
		}
	}
}

// One name with two meanings is an error that names both places.
func TestTwoDefinitions(t *testing.T) {
	a, err := avsc.Parse("a.avsc", []byte(`{"type":"fixed","name":"x.F","size":1}`))
	if err != nil {
		t.Fatal(err)
	}
	b, err := avsc.Parse("b.avsc", []byte(`{"type":"fixed","name":"x.F","size":2}`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = codegen.Generate(&avsc.Set{Schemas: []*avsc.Schema{a, b}}, codegen.Options{})
	const want = "b.avsc:1:24: x.F is defined differently at a.avsc:1:24"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if files := generate(t, &avsc.Set{Schemas: []*avsc.Schema{a, a}}, codegen.Options{PackagePrefix: "p"}); len(files) != 2 {
		t.Errorf("%d files of one type that two documents define alike", len(files))
	}
}
