package goname

import (
	"fmt"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Placement says where the Go packages of namespaces are.
type Placement struct {
	// Prefix is the import path of the output folder, such as github.com/acme/events/gen.
	Prefix string
	// Strip is a namespace that is taken off the front of others: with "com.acme" the namespace com.acme.orders
	// goes to orders.
	Strip string
	// Folders names the folder of single namespaces, slash-separated below the output folder. It wins over Strip, and may
	// say internal, which namespaces of that name do not become.
	Folders map[string]string
}

// Folder returns the slash-separated folder of a namespace below the output folder; empty is the output folder itself,
// where the null namespace is. Names that differ only in case share a folder.
func (p Placement) Folder(namespace string) string {
	if folder, ok := p.Folders[namespace]; ok {
		return cleanFolder(folder, "/", "testdata", "vendor")
	}
	if p.Strip != "" {
		if namespace == p.Strip {
			namespace = ""
		}
		namespace = strings.TrimPrefix(namespace, p.Strip+".")
	}
	return cleanFolder(namespace, ".", special...)
}

// SourceFolder returns the folder for a schema without a name, which lies in a folder of schema files.
func (p Placement) SourceFolder(folder string) string { return cleanFolder(folder, "/", special...) }

// ImportPath returns the import path of a folder.
func (p Placement) ImportPath(folder string) string { return path.Join(p.Prefix, folder) }

// special are folders that go treats in its own way.
var special = []string{"internal", "testdata", "vendor"}

// cleanFolder makes each part of a name fit for an import path, and none of them what it must not be.
func cleanFolder(name, separator string, not ...string) string {
	var parts []string
	for part := range strings.SplitSeq(name, separator) {
		var b strings.Builder
		for _, r := range strings.ToLower(part) {
			switch {
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-':
				b.WriteRune(r)
			case r < 0x80:
				b.WriteByte('_')
			default:
				fmt.Fprintf(&b, "u%04x", r)
			}
		}
		part = strings.Trim(b.String(), "_-")
		switch {
		case part == "": // nothing, or only signs
			continue
		case slices.Contains(not, part):
			part += "pkg"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "/")
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// PackageName returns the name of the package in a folder: its last part, together with the one before where that is
// a version (orders/v2 is ordersv2), letters and digits only.
func (p Placement) PackageName(folder string) string {
	parts := strings.Split(p.ImportPath(folder), "/")
	last := parts[len(parts)-1]
	if version.MatchString(last) && len(parts) > 1 {
		last = parts[len(parts)-2] + last
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(last))
	if startsWithDigit(name) {
		name = "ns" + name
	}
	switch {
	case name == "":
		return "gen"
	case token.IsKeyword(name), name == "main", name == "init", name == "documentation": // no package, or not one to import
		return name + "pkg"
	}
	return name
}
