package config

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/avow-events/avow/avsc"
)

// Generate is the section `generate`: the Go code made from the contracts.
type Generate struct {
	// Out is the folder that the code is written to. It belongs to avow: generated files in it that no schema asks
	// for any more are removed. Default "gen".
	Out string
	// PackagePrefix is the import path of Out. Default empty: it is worked out from the go.mod above Out.
	PackagePrefix string
	// StripPrefix is the beginning of the namespaces that does not become a folder: with "shop" the namespace
	// shop.orders becomes PackagePrefix/orders. Default empty.
	StripPrefix string
	// Packages gives single namespaces a folder of their own choice and comes before StripPrefix.
	Packages []Package
	// Optional says how a union of null and one other type looks in Go: "pointer", the default, or "value" for
	// codec.Optional.
	Optional string
	// Maps says in which order the entries of a map are encoded: "unordered", the default, or "sorted" by key.
	Maps string
}

// Package is one entry of `generate.packages`.
type Package struct {
	// Pos is where the namespace stands in avow.yaml.
	Pos       avsc.Pos
	Namespace string
	// Folder is relative to Out, with slashes; "." or empty for Out itself.
	Folder string
}

// The words that Optional and Maps may be.
var (
	Optionals = []string{"pointer", "value"}
	MapOrders = []string{"unordered", "sorted"}
)

// Folders returns the folders of Packages by namespace. The last one that names a namespace counts.
func (g Generate) Folders() map[string]string {
	folders := make(map[string]string, len(g.Packages))
	for _, p := range g.Packages {
		folders[p.Namespace] = p.Folder
	}
	return folders
}

func (d *decoder) generate(n ast.Node, g *Generate) {
	d.object(n,
		entry{"out", d.text(&g.Out)},
		entry{"package_prefix", d.checked(&g.PackagePrefix, CheckImportPath)},
		entry{"strip_prefix", d.checked(&g.StripPrefix, CheckNamespace)},
		entry{"packages", func(n ast.Node) {
			d.pairs(n, func(namespace Text, n ast.Node) {
				p := Package{Pos: namespace.Pos, Namespace: namespace.Value}
				if err := CheckNamespace(p.Namespace); err != nil {
					d.errorf(p.Pos, "%v", err)
				}
				d.checked(&p.Folder, CheckFolder)(n)
				g.Packages = append(g.Packages, p)
			})
		}},
		entry{"optional", d.oneOf(&g.Optional, Optionals...)},
		entry{"maps", d.oneOf(&g.Maps, MapOrders...)},
	)
}

// checked reads a string that check has nothing against.
func (d *decoder) checked(into *string, check func(string) error) func(ast.Node) {
	return func(n ast.Node) {
		d.text(into)(n)
		if err := check(*into); err != nil {
			d.errorf(d.pos(n), "%v", err)
		}
	}
}

// CheckNamespace says why a text is no namespace and what was probably meant. The null namespace is empty.
func CheckNamespace(namespace string) error {
	meant := strings.Trim(strings.ReplaceAll(namespace, "/", "."), ".")
	switch {
	case meant == namespace && !strings.ContainsAny(namespace, " \t\n*\"\\") && !strings.Contains(namespace, ".."):
		return nil
	case meant != namespace && CheckNamespace(meant) == nil:
		return fmt.Errorf("%q is no namespace, write %q", namespace, meant)
	}
	return fmt.Errorf("%q is no namespace, want names with dots between them, such as com.example", namespace)
}

// goodFolder matches the parts of folders that every go command builds and every module may hold.
var goodFolder = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$`)

// CheckFolder says why a text is no folder for a Go package below another and what was probably meant. That other folder
// itself is empty, or a dot.
func CheckFolder(folder string) error {
	if folder == "" || folder == "." {
		return nil
	}
	meant := strings.Trim(path.Clean(strings.ToLower(strings.ReplaceAll(folder, `\`, "/"))), "/")
	for part := range strings.SplitSeq(meant, "/") {
		switch {
		case part == "..":
			return fmt.Errorf("%q is not below generate.out, where all generated code is", folder)
		case part == "vendor" || part == "testdata":
			return fmt.Errorf("%q is no folder for generated code: go leaves out what is below %s", folder, part)
		case !goodFolder.MatchString(part):
			return fmt.Errorf("%q is no folder for a Go package, want small letters, digits, _ and - in it, with / between folders", folder)
		}
	}
	if meant != folder {
		return fmt.Errorf("%q is no folder for a Go package, write %q", folder, meant)
	}
	return nil
}

// CheckImportPath says why a text is no import path and what was probably meant. Empty is fine: nothing is said.
func CheckImportPath(importPath string) error {
	if importPath == "" {
		return nil
	}
	meant := strings.Trim(path.Clean(strings.ReplaceAll(importPath, `\`, "/")), "/")
	if _, address, ok := strings.Cut(importPath, "://"); ok {
		meant = strings.TrimRight(address, "/")
	}
	if strings.HasPrefix(importPath, ".") || strings.ContainsAny(meant, " \t\n\"'`*:;,!?<>|()[]{}&$@#%^=") {
		return fmt.Errorf("%q is no import path, want one such as example.com/shop/gen", importPath)
	}
	if meant != importPath {
		return fmt.Errorf("%q is no import path, write %q", importPath, meant)
	}
	return nil
}
