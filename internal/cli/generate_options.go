package cli

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/codegen"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/suggest"
)

// generateFlags are the flags of avow generate that say what is generated. Each comes before its key in avow.yaml.
type generateFlags struct {
	schemas string
	config.Generate
	packages []string
}

func (f *generateFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.schemas, "schemas", "", "read the schemas below `DIR` (default schemas.path of avow.yaml, or schemas)")
	flags.StringVar(&f.Out, "out", "", "write to `DIR` (default generate.out of avow.yaml, or gen)")
	flags.StringVar(&f.PackagePrefix, "package-prefix", "", "import `PATH` of that folder (default generate.package_prefix, or from go.mod)")
	flags.StringVar(&f.StripPrefix, "strip-prefix", "", "beginning `NAMESPACE` of namespaces that becomes no folder (default generate.strip_prefix)")
	flags.StringArrayVar(&f.packages, "package", nil, "folder below --out of one namespace, `NAMESPACE=FOLDER`, may be repeated (default generate.packages)")
	flags.StringVar(&f.Optional, "optional", "", "a union of null and one other type is a `FORM`: pointer or value (default generate.optional, or pointer)")
	flags.StringVar(&f.Maps, "maps", "", "encode the entries of maps in this `ORDER`: unordered or sorted (default generate.maps, or unordered)")
}

// check says what is wrong with the values of flags.
func (f *generateFlags) check(cmd *cobra.Command) error {
	for _, flag := range []struct {
		name, value string
		check       func(string) error
	}{
		{"package-prefix", f.PackagePrefix, config.CheckImportPath},
		{"strip-prefix", f.StripPrefix, config.CheckNamespace},
		{"optional", f.Optional, oneOf(config.Optionals)},
		{"maps", f.Maps, oneOf(config.MapOrders)},
	} {
		if err := flag.check(flag.value); err != nil {
			return hint(cmd, "--%s: %v", flag.name, err)
		}
	}
	for _, text := range f.packages {
		namespace, folder, ok := strings.Cut(text, "=")
		if !ok {
			return hint(cmd, "--package: %q is no NAMESPACE=FOLDER, such as com.example.orders=orders", text)
		}
		if err := cmp.Or(config.CheckNamespace(namespace), config.CheckFolder(folder)); err != nil {
			return hint(cmd, "--package: %v", err)
		}
		f.Packages = append(f.Packages, config.Package{Namespace: namespace, Folder: folder})
	}
	return nil
}

func oneOf(words []string) func(string) error {
	return func(word string) error {
		if word == "" || slices.Contains(words, word) {
			return nil
		}
		return fmt.Errorf("%q is not one of %s%s", word, strings.Join(words, ", "), suggest.DidYouMean(word, words))
	}
}

// over returns what holds for a run: the flags, and the configuration where they say nothing. Its Out can be opened.
func (f *generateFlags) over(c *config.Config) (schemas string, g config.Generate) {
	g = c.Generate
	g.Out = cmp.Or(f.Out, c.Path(g.Out))
	if !samePath(g.Out, c.Path(c.Generate.Out)) {
		g.PackagePrefix = "" // it is the other folder's
	}
	g.PackagePrefix = cmp.Or(f.PackagePrefix, g.PackagePrefix)
	g.StripPrefix = cmp.Or(f.StripPrefix, g.StripPrefix)
	g.Packages = slices.Concat(g.Packages, f.Packages)
	g.Optional = cmp.Or(f.Optional, g.Optional)
	g.Maps = cmp.Or(f.Maps, g.Maps)
	return cmp.Or(f.schemas, c.Path(c.Schemas.Path)), g
}

func samePath(a, b string) bool {
	absA, errA := filepath.Abs(a)
	absB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absA == absB
}

// checkPackages reports folders for namespaces that there are not. Those of the configuration are only held to its own
// schemas.
func checkPackages(set *avsc.Set, g config.Generate, ownSchemas bool) error {
	known := codegen.Namespaces(set)
	var problems avsc.ErrorList
	for _, p := range g.Packages {
		if slices.Contains(known, p.Namespace) || p.Pos.File != "" && !ownSchemas {
			continue
		}
		err := fmt.Errorf("no schema has the namespace %q%s", p.Namespace, suggest.DidYouMean(p.Namespace, known))
		if p.Pos.File == "" {
			err = fmt.Errorf("--package: %w", err)
		}
		problems = append(problems, &avsc.Error{Pos: p.Pos, Err: err})
	}
	return problems.Err()
}

// tellPrefix says that the code cannot be imported as it believes: by the go.mod above it its folder has another path.
func (a *app) tellPrefix(g config.Generate) {
	if path, err := importPath(g.Out); err == nil && path != g.PackagePrefix && g.PackagePrefix != "" && !a.quiet {
		a.err.linef("warning: %s is imported as %s by the go.mod above it, the code in it says %s", shortPath(g.Out), path, g.PackagePrefix)
	}
}

// tellStrip says that no namespace begins as asked: what was meant to be left out of the folders is in them.
func (a *app) tellStrip(set *avsc.Set, prefix string) {
	var known []string // and all that they begin with
	for _, namespace := range codegen.Namespaces(set) {
		for i, c := range namespace + "." {
			if c == '.' {
				known = append(known, namespace[:i])
			}
		}
	}
	if prefix != "" && !a.quiet && !slices.Contains(known, prefix) {
		a.err.linef("warning: no namespace begins with %q, the prefix to strip%s", prefix, suggest.DidYouMean(prefix, known))
	}
}
