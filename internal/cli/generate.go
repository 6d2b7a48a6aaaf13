package cli

import (
	"fmt"
	"os"
	"path"
	"slices"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/codegen"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/report"
)

func (a *app) generateCommand() *cobra.Command {
	var wanted generateFlags
	var format string
	var check bool
	cmd := &cobra.Command{
		Use:     "generate",
		GroupID: groupContracts,
		Short:   "Write the Go types of every schema",
		Long: `Write the Go types of every schema, one package per Avro namespace.

Only files that change are written, each in full or not at all, and generated files that no
schema asks for any more are removed: the output folder belongs to avow, but files that it did
not write stay as they are. With --check nothing is written: stale files are findings, and the
exit code is 100.

It needs no avow.yaml. Without --package-prefix the import path of the output folder is worked
out from the go.mod above it. Namespaces that need each other's types in a circle share one
package, as Go wants it: of their folders the one with the shortest path.`,
		Example: `  avow generate
  avow generate --check
  avow generate --schemas contracts --out internal/events --strip-prefix com.example
  avow generate --package com.example.common=shared --optional value --maps sorted`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.config()
			if err != nil {
				return err
			}
			f, err := report.ParseFormat(format)
			if err != nil {
				return hint(cmd, "--format: %v", err)
			}
			if err := wanted.check(cmd); err != nil {
				return err
			}
			dir, g := wanted.over(c)
			set, err := loadSchemas(dir)
			if err != nil {
				return err
			}
			if err := checkPackages(set, g, samePath(dir, c.Path(c.Schemas.Path))); err != nil {
				return err
			}
			a.tellPrefix(g)
			a.tellStrip(set, g.StripPrefix)
			out, err := plan(dir, set, g)
			switch {
			case err != nil:
				return err
			case check:
				return a.reportStale(out, set, dir, f)
			}
			a.tellFlaws(set, dir)
			return a.generate(out, set)
		},
	}
	wanted.add(cmd)
	cmd.Flags().BoolVar(&check, "check", false, "write nothing, exit 100 if anything is stale")
	addFormatFlag(cmd, &format)
	return cmd
}

// plan generates the code in memory and compares it with what is there.
func plan(dir string, set *avsc.Set, g config.Generate) (*output, error) {
	if info, err := os.Stat(g.Out); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is a file, and generated code needs a folder: choose another --out", shortPath(g.Out))
	}
	if g.PackagePrefix == "" {
		var err error
		if g.PackagePrefix, err = importPath(g.Out); err != nil {
			return nil, err
		}
	}
	files, err := codegen.Generate(set, codegen.Options{
		PackagePrefix:  g.PackagePrefix,
		StripPrefix:    g.StripPrefix,
		Packages:       g.Folders(),
		OptionalValues: g.Optional == "value",
		SortedMaps:     g.Maps == "sorted",
	})
	if err != nil {
		return nil, below(dir, err)
	}
	content := make(map[string][]byte, len(files))
	for _, f := range files {
		content[f.Path] = f.Content
	}
	return planOutput(g.Out, content)
}

// tellFlaws says, beside the results, what is legal in the schemas and still not what their author can have meant, such as
// a misspelt logical type: the generated types would surprise. avow compat makes findings of it.
func (a *app) tellFlaws(set *avsc.Set, dir string) {
	if a.quiet {
		return
	}
	for _, s := range set.Schemas {
		c := compat.Change{Name: s.Root.FullName(), New: s, Level: compat.Backward}
		for _, f := range c.Findings() {
			f.Pos.File = path.Join(shortPath(dir), f.Pos.File)
			a.err.linef("%s: %s: %s (%s)", f.Pos, f.Severity, f.Message, f.Rule)
		}
	}
}

// generate writes what changed and says what that was.
func (a *app) generate(out *output, set *avsc.Set) error {
	if dir := out.earlier(); dir != "" {
		was, now := shortPath(out.path(dir)), shortPath(out.dir)
		return fmt.Errorf("%s was generated before, and --out %s would remove it, %s: give --out %s, or remove it first",
			was, now, count(len(out.orphaned), "file"), was)
	}
	if err := out.write(); err != nil {
		return err
	}
	if a.quiet {
		return nil
	}
	for _, part := range []struct {
		verb  string
		names []string
	}{{"created", out.created}, {"changed", out.changed}, {"removed", out.orphaned}} {
		for _, name := range part.names {
			a.out.linef("%s %s", part.verb, shortPath(out.path(name)))
		}
	}
	if !out.stale() {
		a.out.donef("%s is current: %s from %s", shortPath(out.dir),
			count(len(out.unchanged), "file"), count(len(set.Schemas), "schema"))
		return nil
	}
	a.out.donef("%s: %d created, %d changed, %d removed, %d unchanged, from %s", shortPath(out.dir), len(out.created),
		len(out.changed), len(out.orphaned), len(out.unchanged), count(len(set.Schemas), "schema"))
	return nil
}

// Rules of generate --check.
var (
	ruleMissing = finding.Rule{
		ID: "GENERATED_MISSING", Severity: finding.Error, Purpose: "Every schema has its generated code.",
	}
	ruleStale = finding.Rule{
		ID: "GENERATED_STALE", Severity: finding.Error, Purpose: "Generated code is what its schema says now.",
	}
	ruleOrphaned = finding.Rule{
		ID: "GENERATED_ORPHANED", Severity: finding.Error, Purpose: "All generated code comes from a schema.",
	}
)

// reportStale writes what is not as generate would leave it.
func (a *app) reportStale(out *output, set *avsc.Set, dir string, format report.Format) error {
	r := &report.Report{
		Check: "generate", Version: version(), Against: shortPath(dir), Color: a.out.colored,
		Rules: []finding.Rule{ruleMissing, ruleStale, ruleOrphaned},
	}
	for _, part := range []struct {
		rule    finding.Rule
		message string
		names   []string
	}{
		{ruleMissing, "the file is missing", out.created},
		{ruleStale, "the file is not what its schema says", out.changed},
		{ruleOrphaned, "the file comes from no schema", out.orphaned},
	} {
		for _, name := range part.names {
			r.Findings = append(r.Findings, finding.Finding{
				Rule: part.rule.ID, Severity: part.rule.Severity, Pos: avsc.Pos{File: shortPath(out.path(name))},
				Message: part.message,
			})
		}
	}
	for _, name := range slices.Concat(out.created, out.changed, out.orphaned, out.unchanged) {
		r.Files = append(r.Files, shortPath(out.path(name)))
	}
	if out.stale() {
		r.Notes = []string{"Run avow generate."}
	}
	if err := a.writeReport(r, format); err != nil {
		return err
	}
	if out.stale() {
		return errFindings
	}
	return nil
}
