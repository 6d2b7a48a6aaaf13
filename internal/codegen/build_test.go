package codegen_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/codegen"
	"github.com/avow-events/avow/internal/sample"
)

// TestGeneratedCode builds and vets what is generated from the golden schemas, from random ones, from those of the
// hostile messages and of resolution, and has the program of testdata/harness check every type: all ways to carry random
// values, damaged messages, hostile ones, those of another schema, defaults.
func TestGeneratedCode(t *testing.T) {
	t.Parallel()
	m := newModule(t)
	for _, g := range goldens(t) {
		m.add(g.name, g.set, g.opt)
		m.values(g.name, g.set, 8)
	}
	for name, set := range trees(t) {
		if slices.Contains([]string{"arrays_of_null", "defaults", "doc", "methods", "nullns", "recmethods", "uuidtypes"}, name) {
			m.add(name, set, codegen.Options{})
			m.values(name, set, 4)
		}
	}
	together := map[string]string{"a.b": "", "shop": "", "c": ""} // fewer packages are built faster
	for seed := range uint64(40) {
		name := fmt.Sprintf("random%d", seed)
		set := documents(t, sample.Schema(seed))
		opt := codegen.Options{OptionalValues: seed%3 == 1, SortedMaps: seed%4 == 1}
		if seed%5 > 0 {
			opt.Packages = together
		}
		m.add(name, set, opt)
		m.values(name, set, 6)
	}
	bySchema := map[string]string{}
	for i, c := range sample.Hostile() {
		name, ok := bySchema[c.Schema]
		if !ok {
			name = fmt.Sprintf("hostile%d", i)
			bySchema[c.Schema] = name
			m.add(name, documents(t, c.Schema), codegen.Options{})
			m.add(name+"reader", documents(t, withDefault(c.Schema)), codegen.Options{})
		}
		m.cases = append(m.cases, testCase{Type: keyOf(name, documents(t, c.Schema).Schemas[0].Root), Name: c.Name, Hostile: true, Bytes: c.Bytes})
		m.cases = append(m.cases, testCase{
			Type: keyOf(name+"reader", documents(t, withDefault(c.Schema)).Schemas[0].Root), Name: c.Name, Hostile: true, Bytes: c.Bytes,
			Writer: c.Schema,
		})
	}
	m.resolutions(12)
	m.run()
}

// withDefault returns a record's schema with another field before its first.
func withDefault(schema string) string {
	added := strings.Replace(schema, `"fields":[`, `"fields":[{"name":"added","type":"string","default":"here"},`, 1)
	return strings.Replace(added, ",]", "]", 1)
}

// resolutions adds every so many of the cases in which one schema reads what another wrote.
func (m *module) resolutions(every int) {
	m.Helper()
	for i, row := range vectors(m.T, "../../codec/testdata/resolve.jsonl.gz") {
		if i%every != 0 {
			continue
		}
		name := fmt.Sprintf("resolve%d", i)
		reader, writer := documents(m.T, string(row.Reader)), documents(m.T, string(row.Writer))
		opt := codegen.Options{SortedMaps: true, Packages: map[string]string{}}
		for _, t := range namedTypes(reader.Schemas[0].Root) {
			opt.Packages[t.Name.Namespace] = ""
		}
		m.add(name, reader, opt)
		src, err := hex.DecodeString(row.Hex)
		if err != nil {
			m.Fatal(err)
		}
		c := testCase{Type: keyOf(name, reader.Schemas[0].Root), Name: name, Bytes: src, Writer: string(row.Writer)}
		plan, err := codec.NewPlan(writer.Schemas[0], reader.Schemas[0])
		if err == nil {
			c.Resolved, err = plan.Resolve(nil, src)
		}
		if err != nil {
			c.Fails = err.Error()
		}
		m.cases = append(m.cases, c)
	}
}

// documents returns a set of one document.
func documents(t *testing.T, text string) *avsc.Set {
	t.Helper()
	s, err := avsc.Parse("schema.avsc", []byte(text), avsc.Registered())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return &avsc.Set{Schemas: []*avsc.Schema{s}}
}

// module is a Go module in a temporary folder, into which code is generated.
type module struct {
	*testing.T
	dir   string
	types []generatedType
	cases []testCase
}

// testCase is check.Case of the harness.
type testCase struct {
	Type, Name               string
	Hostile                  bool
	Bytes, Blocked, Defaults []byte
	Writer, Fails            string
	Resolved                 []byte
}

// generatedType is a type that generated code declares.
type generatedType struct {
	key, importPath, name, constructor string
}

func newModule(t *testing.T) *module {
	t.Helper()
	m := &module{T: t, dir: t.TempDir()}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m.write("go.mod", []byte(`module example.com

go 1.26.0

require (
	github.com/avow-events/avow v0.0.0
	github.com/google/uuid v1.6.0
)

replace github.com/avow-events/avow => `+root+"\n"))
	copies := map[string]string{"../../go.sum": "go.sum"}
	for _, name := range []string{"check.go", "limit_linux.go", "limit_other.go"} {
		copies["testdata/harness/"+name] = "check/" + name
	}
	for from, to := range copies {
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		m.write(to, content)
	}
	return m
}

func (m *module) write(name string, content []byte) {
	m.Helper()
	file := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		m.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o644); err != nil {
		m.Fatal(err)
	}
}

// add generates code for a set into a folder of its own.
func (m *module) add(name string, set *avsc.Set, opt codegen.Options) {
	m.Helper()
	opt.PackagePrefix = "example.com/" + name
	for _, f := range generate(m.T, set, opt) {
		m.write(name+"/"+f.Path, f.Content)
		m.types = append(m.types, typesOf(m.T, name, f)...)
	}
}

// typesOf finds the types of a generated file: those that have a schema.
func typesOf(t *testing.T, name string, f codegen.File) (types []generatedType) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), f.Path, f.Content, 0)
	if err != nil {
		t.Fatal(err)
	}
	schema, constructor := "", ""
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr: // of codec.SchemaConstants
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Text" {
				schema = constantOf(t, n.Value)
			}
		case *ast.FuncDecl:
			if n.Recv == nil && strings.HasPrefix(n.Name.Name, "New") {
				constructor = n.Name.Name
			}
			if n.Name.Name == "AvroSchema" {
				types = append(types, generatedType{
					importPath: path.Join("example.com", name, path.Dir(f.Path)),
					name:       n.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name,
				})
			}
		}
		return true
	})
	for i := range types {
		types[i].key, types[i].constructor = name+"/"+schema, constructor
	}
	return types
}

// constantOf returns the text of literals that are added up.
func constantOf(t *testing.T, e ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return constantOf(t, e.X) + constantOf(t, e.Y)
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	t.Fatalf("%T is no literal", e)
	return ""
}

// values adds random values of every type of a set, in two encodings, and the defaults of its records.
func (m *module) values(name string, set *avsc.Set, n int) {
	m.Helper()
	done := map[string]bool{}
	for _, root := range set.Schemas {
		for _, t := range namedTypes(root.Root) {
			if key := keyOf(name, t); !done[key] {
				done[key] = true
				m.valuesOf(key, t, n)
			}
		}
	}
}

// keyOf is by what a type of a set is known to the program.
func keyOf(name string, t *avsc.Type) string { return name + "/" + avsc.SchemaOf(t).SelfContained() }

func (m *module) valuesOf(key string, t *avsc.Type, n int) {
	m.Helper()
	s := avsc.SchemaOf(t)
	canonical, err := codec.NewPlan(s, s)
	if err != nil {
		m.Fatal(err)
	}
	for _, blocks := range []bool{false, true} {
		maker := sample.New(s, 1)
		maker.MaxEntries, maker.Blocks = 1, blocks
		for i := range n {
			b, ok := maker.Append(nil)
			if !ok {
				return
			}
			c := testCase{Type: key, Name: fmt.Sprintf("value %d", i), Bytes: b}
			if blocks {
				c.Blocked = b
				if c.Bytes, err = canonical.Resolve(nil, b); err != nil {
					m.Fatal(err)
				}
			}
			m.cases = append(m.cases, c)
		}
	}
}

// namedTypes returns t and the named types in it.
func namedTypes(t *avsc.Type) (all []*avsc.Type) {
	seen := map[*avsc.Type]bool{}
	var visit func(*avsc.Type)
	visit = func(u *avsc.Type) {
		if seen[u] {
			return
		}
		seen[u] = true
		if u == t || u.Kind.IsNamed() {
			all = append(all, u)
		}
		for _, f := range u.Fields {
			visit(f.Type)
		}
		for _, b := range u.Branches {
			visit(b)
		}
		if u.Elem != nil {
			visit(u.Elem)
		}
	}
	visit(t)
	return all
}

// run vets the module, builds the program and gives it the cases.
func (m *module) run() {
	m.Helper()
	m.write("main.go", m.program())
	vet := []string{"vet"} // the golden ones, which have every shape: it takes longer than to build
	for _, g := range goldens(m.T) {
		vet = append(vet, "./"+g.name+"/...")
	}
	m.command(nil, "go", vet...)
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, c := range m.cases {
		if err := enc.Encode(c); err != nil {
			m.Fatal(err)
		}
	}
	m.command(nil, "go", "build", "-o", "check.bin", ".")
	m.command(&in, "./check.bin")
	m.Logf("%d types, %d cases", len(m.types), len(m.cases))
}

// program returns a program that knows every generated type.
func (m *module) program() []byte {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\t\"example.com/check\"\n")
	names := map[string]string{}
	for _, t := range m.types {
		if names[t.importPath] == "" {
			names[t.importPath] = fmt.Sprintf("p%d", len(names))
			fmt.Fprintf(&b, "\t%s %q\n", names[t.importPath], t.importPath)
		}
	}
	b.WriteString(")\n\nfunc main() {\n\tcheck.Main(map[string]check.Type{\n")
	for _, t := range m.types {
		pkg := names[t.importPath]
		fmt.Fprintf(&b, "\t\t%q: check.Of[%s.%s]()", t.key, pkg, t.name)
		if t.constructor != "" {
			fmt.Fprintf(&b, ".By(func() check.Value { return %s.%s() })", pkg, t.constructor)
		}
		b.WriteString(",\n")
	}
	b.WriteString("\t})\n}\n")
	return b.Bytes()
}

// command runs a command in the module and fails with what it printed.
func (m *module) command(in *bytes.Buffer, name string, args ...string) {
	m.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = m.dir
	// Without the folder's path in it what is built is the same in the next run's, and in the cache.
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod -trimpath", "GOWORK=off", "GOMEMLIMIT=1GiB")
	if in != nil {
		cmd.Stdin = in
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		if len(out) > 8000 {
			out = append(out[:8000], "\n…"...)
		}
		m.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
