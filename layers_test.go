package avow_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/avow-events/avow"

// floors says on which floor of the house each package lives. A package imports from floors below its own only:
// packages on one floor do not know each other. A folder that ends in "/..." stands for all packages below it too.
// ARCHITECTURE.md says what each is for; a new package gets its line in both.
var floors = map[string]int{
	"internal/parallel": -1, // the cellar: knows nothing of Avro
	"internal/suggest":  -1,

	"avsc":                0,
	"internal/properties": 0,
	"internal/subject":    0,
	"internal/wire":       0,

	"codec":            1,
	"internal/finding": 1,
	"internal/goname":  1,
	"internal/config":  1,
	"internal/lock":    1,

	"internal/kafka/...": 1,

	"codec/hamba":     2,
	"rules":           2,
	"compat":          2,
	"internal/sample": 2,

	"gen/...":           3,
	"internal/codegen":  3,
	"internal/report":   3,
	"registry":          3,
	"registry/embedded": 3,

	"internal/contracts": 4,
	"internal/pull":      4,
	"internal/records":   4,
	"internal/source":    4,
	"internal/topics":    4,
	"stream":             4,

	"internal/devenv/...": 5,

	"internal/cli": 6,

	"cmd/avow":     7,
	"examples/...": 7,
}

// onlyIn names, for each dependency that must not spread, the packages that may import it outside tests.
var onlyIn = map[string][]string{
	"github.com/go-json-experiment/json": {"avsc"},
	"github.com/hamba/avro/v2":           {"codec/hamba"},
	"cel.dev/cel-go":                     {"rules"},
	"github.com/riferrei/srclient":       {"registry"},
	"github.com/twmb/franz-go/pkg/kadm":  {"internal/topics"},
	"github.com/twmb/franz-go/pkg/kfake": {"internal/devenv"},
	"github.com/twmb/franz-go/pkg/kgo":   {"stream", "internal/kafka", "internal/records", "internal/devenv", "internal/topics"},
	"github.com/spf13/cobra":             {"internal/cli"},
}

// source is one Go file that is not a test.
type source struct {
	pkg, file string
	imports   []string
	doc       bool
}

// sources parses every non-test Go file of this module in-process: go list would read them in another process, and
// Go's test cache would not notice when they change.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		slash := filepath.ToSlash(name)
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(name, "go.mod"))
			skip := d.Name() == "testdata" || slash != "." && (strings.HasPrefix(d.Name(), ".") || nested == nil)
			if skip {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(slash, ".go") || strings.HasSuffix(slash, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		s := source{pkg: path.Dir(slash), file: slash, doc: hasDoc(f)}
		for _, spec := range f.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, p)
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatal("found no Go files: is this the module's root?")
	}
	return out
}

func hasDoc(f *ast.File) bool { return f.Doc != nil && strings.TrimSpace(f.Doc.Text()) != "" }

// floorOf returns the floor of a package folder and whether it has one.
func floorOf(pkg string) (int, bool) {
	if n, ok := floors[pkg]; ok {
		return n, true
	}
	for dir := pkg; dir != "."; dir = path.Dir(dir) {
		if n, ok := floors[dir+"/..."]; ok {
			return n, true
		}
	}
	return 0, false
}

// family returns the "/..." entry a package belongs to, the package itself where there is none: packages of one
// family may import each other.
func family(pkg string) string {
	for dir := pkg; dir != "."; dir = path.Dir(dir) {
		if _, ok := floors[dir+"/..."]; ok {
			return dir
		}
	}
	return pkg
}

func TestImportsGoDown(t *testing.T) {
	for _, s := range sources(t) {
		floor, ok := floorOf(s.pkg)
		if !ok {
			t.Errorf("%s: package %s has no floor: give it one in layers_test.go and a line in ARCHITECTURE.md", s.file, s.pkg)
			continue
		}
		for _, imp := range s.imports {
			dep, own := strings.CutPrefix(imp, module+"/")
			if !own {
				continue
			}
			below, ok := floorOf(dep)
			switch {
			case !ok:
				t.Errorf("%s imports %s, which has no floor", s.file, dep)
			case below >= floor && family(dep) != family(s.pkg):
				t.Errorf("%s (floor %d) imports %s (floor %d): imports only go down", s.file, floor, dep, below)
			}
		}
	}
}

func TestDependenciesStayWhereTheyBelong(t *testing.T) {
	for _, s := range sources(t) {
		for _, imp := range s.imports {
			for dep, allowed := range onlyIn {
				if (imp == dep || strings.HasPrefix(imp, dep+"/")) && !slices.Contains(allowed, s.pkg) {
					t.Errorf("%s imports %s: only %s may", s.file, imp, strings.Join(allowed, ", "))
				}
			}
		}
	}
}

func TestPublicAndPrivateStayApart(t *testing.T) {
	for _, s := range sources(t) {
		for _, imp := range s.imports {
			dep := strings.TrimPrefix(imp, module+"/")
			example := strings.HasPrefix(s.pkg, "examples/") || strings.HasPrefix(s.pkg, "exercises/")
			if example && strings.HasPrefix(dep, "internal/") {
				t.Errorf("%s imports %s: users copy examples, and cannot import internal packages", s.file, dep)
			}
			if (strings.HasPrefix(s.pkg, "cmd/") || s.pkg == "internal/cli") && (dep == "gen" || strings.HasPrefix(dep, "gen/")) {
				t.Errorf("%s imports %s: the command must build while gen is broken, to generate it anew", s.file, dep)
			}
		}
	}
}

// The table in ARCHITECTURE.md and the one here say the same.
func TestArchitectureNamesTheFloors(t *testing.T) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| (−?[0-9]) \\| `([^`]+)` \\|")
	written := map[string]int{}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		floor, err := strconv.Atoi(strings.Replace(m[1], "−", "-", 1))
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := written[m[2]]; twice {
			t.Errorf("ARCHITECTURE.md has %s twice", m[2])
		}
		written[m[2]] = floor
	}
	for pkg, floor := range floors {
		name := pkg
		if dir, family := strings.CutSuffix(pkg, "/..."); family {
			name = dir + "/"
		}
		if got, ok := written[name]; !ok || got != floor {
			t.Errorf("%s is on floor %d here, and on %d (%t) in ARCHITECTURE.md", name, floor, got, ok)
		}
		delete(written, name)
	}
	for name := range written {
		t.Errorf("ARCHITECTURE.md has %s, which has no floor here", name)
	}
}

func TestEveryPackageIsDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		documented[s.pkg] = documented[s.pkg] || s.doc
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment: say what it is for", pkg)
		}
	}
}
