package hamba_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const hambaModule = "github.com/hamba/avro/v2"

// harmless is what this package may use of hamba outside of guard.go: names of types, and what looks at schemas. Nothing
// here reads a message.
var harmless = []string{
	"Schema", "Type", "NamedSchema", "LogicalTypeSchema", "RefSchema", "FixedSchema", "EnumSchema", "ArraySchema",
	"MapSchema", "UnionSchema", "RecordSchema", "UnionConverter",
	"Null", "Boolean", "Int", "Long", "Float", "Double", "Bytes", "String", "Record", "Error", "Enum", "Array", "Map",
	"Union", "Fixed", "Decimal",
}

// Every byte that reaches hamba's decoder has passed codec.Validate: guard.go alone can call it, in one function, which
// begins with Validate. (That no other package of the module imports hamba is held by layers_test.go at the root.)
func TestGuardCannotBeSkipped(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	decodes := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		hamba := importedAs(f, hambaModule)
		ast.Inspect(f, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && hamba != "" && x.Name == hamba && name != "guard.go" && !slices.Contains(harmless, sel.Sel.Name) {
				t.Errorf("%s uses %s.%s of hamba, which only guard.go may", name, hamba, sel.Sel.Name)
			}
			if x, ok := sel.X.(*ast.SelectorExpr); ok && x.Sel.Name == "api" && name != "guard.go" && sel.Sel.Name != "Register" {
				t.Errorf("%s calls %s of hamba's API, which only guard.go may", name, sel.Sel.Name)
			}
			return true
		})
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !calls(fn, "Unmarshal", "NewDecoder", "NewReader", "DecoderOf") || name != "guard.go" {
				continue
			}
			decodes++
			first, ok := fn.Body.List[0].(*ast.IfStmt)
			if !ok || !calls(first.Init, "Validate") || !returns(first.Body) {
				t.Errorf("%s in guard.go decodes without codec.Validate as its first statement", fn.Name.Name)
			}
		}
	}
	if decodes != 1 {
		t.Errorf("%d functions of guard.go decode, want one", decodes)
	}
}

// importedAs returns the name under which a file imports a package of the module, "" if it does not.
func importedAs(f *ast.File, module string) string {
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || path != module && !strings.HasPrefix(path, module+"/") {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return "avro"
	}
	return ""
}

// calls reports whether one of the functions or methods is called below a node.
func calls(n ast.Node, names ...string) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains(names, sel.Sel.Name) {
				found = true
			}
		}
		return true
	})
	return found
}

func returns(b *ast.BlockStmt) bool {
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}
