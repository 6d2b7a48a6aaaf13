package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	placed "github.com/avow-events/avow/internal/contracts"
	"github.com/avow-events/avow/internal/pull"
	"github.com/avow-events/avow/internal/source"
	"github.com/avow-events/avow/registry"
)

// pullFlags are the flags of avow pull.
type pullFlags struct {
	planTarget
	out   string
	force bool
}

func (a *app) pullCommand() *cobra.Command {
	var flags pullFlags
	cmd := &cobra.Command{
		Use:     "pull [SUBJECT…]",
		GroupID: groupRegistry,
		Short:   "Make a repository of contracts out of a registry",
		Long: `Write the latest version of every subject of a registry as a .avsc file, and print what avow.yaml
has to say about them: topics, subjects of other names, levels that are set on subjects, and
references to older versions. With both in place avow plan finds nothing to do.

SUBJECTs, in which a * stands for any text, name which ones; what they refer to comes along. What
the environment's list ignore names is left alone. Subjects that look like those of a topic become
a topic; where brokers are given, only if there is one.

A contract that a file has already stays in that file. Files that say something else than the
registry are not touched without --force, those that say the same not at all. What cannot be part
of one repository, such as two types of one name, is told, and the exit code is 100; where that is
something that files have already, nothing is written.`,
		Example: `  avow pull --registry http://registry:8081 >> avow.yaml
  avow pull --env prod --out schemas 'orders-*'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.pull(cmd.Context(), &flags, args)
		},
	}
	flags.addRegistryFlags(cmd)
	flags.addKafkaFlag(cmd)
	cmd.Flags().BoolVar(&flags.skipTopics, "skip-topics", false, "ask no broker which topics there are")
	cmd.Flags().StringVar(&flags.out, "out", "", "`FOLDER` to write to (default schemas.path of avow.yaml, or schemas)")
	cmd.Flags().BoolVar(&flags.force, "force", false, "overwrite files that say something else")
	return cmd
}

func (a *app) pull(ctx context.Context, flags *pullFlags, patterns []string) error {
	c, empty, err := a.configOrEmpty()
	if err != nil {
		return err
	}
	e, err := a.endpoint(ctx, c, &flags.planTarget, true)
	if err != nil {
		return err
	}
	defer e.close()
	subjects, err := e.client.Subjects(ctx)
	if err != nil {
		return err
	}
	subjects = slices.DeleteFunc(subjects, func(s string) bool { return e.env.Ignores(s) || !means(patterns, s) })
	if len(subjects) == 0 {
		return fmt.Errorf("%s has no subject%s", e.where(), ofThese(patterns))
	}
	var opts pull.Options
	if e.kafka != nil {
		names, err := e.kafka.Names(ctx)
		if err != nil {
			return err
		}
		opts.Topic = func(name string) bool { return slices.Contains(names, name) }
	}
	dir := cmp.Or(flags.out, c.Path(c.Schemas.Path))
	tree := source.New(shortPath(dir))
	if _, err := os.Stat(dir); err == nil {
		if tree, err = source.Dir(shortPath(dir)); err != nil {
			return err
		}
	}
	var flaws avsc.ErrorList
	opts.Tree, flaws = tree.Load() // what is sound of it
	r, err := pull.Read(ctx, e.client, subjects, opts)
	if err != nil {
		return err
	}
	changed, err := checkPulled(r, dir, flags.force)
	if err != nil {
		return err
	}
	set, err := a.loadPulled(r, tree, len(flaws) == 0)
	if err != nil {
		return err
	}
	if err := a.writePulled(r, dir, changed); err != nil {
		return err
	}
	if !a.quiet {
		for _, n := range r.Notes {
			a.err.linef("%s", n)
		}
	}
	for _, l := range r.Left {
		a.err.refusedf("%s is left out: %s", l.Subject, l.Reason)
	}
	if err := a.describePulled(ctx, c, e, dir, set, r, subjects, empty); err != nil {
		return err
	}
	if len(r.Left) > 0 {
		return errFindings
	}
	return nil
}

// describePulled prints what avow.yaml has to say, unless it says enough, and whether a plan then finds nothing to do.
func (a *app) describePulled(ctx context.Context, c *config.Config, e *endpoint, dir string, set *avsc.Set, r *pull.Repository, subjects []string, empty bool) error {
	left := func(subject string) bool {
		return slices.ContainsFunc(r.Left, func(l registry.Left) bool { return l.Subject == subject })
	}
	changes := func(c *config.Config) (int, error) {
		entries, err := placed.Entries(c, set)
		if err != nil {
			return 0, below(dir, err)
		}
		plan, err := registry.NewPlan(ctx, e.client, entries)
		if err != nil {
			return 0, err
		}
		n := len(plan.Changes())
		for _, note := range plan.Notes {
			if note.Kind == registry.Undescribed && slices.Contains(subjects, note.Subject) && !left(note.Subject) {
				n++
			}
		}
		return n, nil
	}
	if !empty {
		if n, err := changes(c); err == nil && n == 0 {
			a.doneAside("avow plan finds nothing to do: %s says enough", shortPath(c.File))
			return nil
		}
	}
	snippet := r.YAML()
	var before []byte
	if empty {
		snippet = slices.Concat(head(c, dir, e), snippet)
	} else {
		var err error
		if before, err = os.ReadFile(c.File); err != nil {
			return err
		}
	}
	if _, err := a.out.Write(snippet); err != nil {
		return err
	}
	whole, err := config.Parse(config.FileName, c.Dir, slices.Concat(bytes.TrimRight(before, "\n"), []byte("\n"), snippet))
	if err != nil {
		a.err.linef("%s has some of these sections already: bring the two together by hand", shortPath(c.File))
		return nil
	}
	switch n, err := changes(whole); {
	case err != nil:
		return err
	case n > 0:
		a.err.linef("with this in %s, avow plan finds %s", config.FileName, count(n, "change"))
	default:
		a.doneAside("with this in %s, avow plan finds nothing to do", config.FileName)
	}
	return nil
}

// doneAside tells on stderr that something is as it should be.
func (a *app) doneAside(format string, args ...any) {
	if !a.quiet {
		a.err.donef(format, args...)
	}
}

// means reports whether one of the patterns, in which a * stands for any text, means a name; without any all are meant.
func means(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool { return config.Glob(p, name) })
}

func ofThese(patterns []string) string {
	if len(patterns) == 0 {
		return ""
	}
	return " that " + someOf(patterns, 5) + " means"
}

// configOrEmpty returns the configuration, the defaults where there is none or its file is still empty, as it is when a
// shell has just made it for our output.
func (a *app) configOrEmpty() (c *config.Config, empty bool, err error) {
	c, err = a.config()
	if err == nil {
		return c, c.File == "", nil
	}
	dir, wdErr := os.Getwd()
	name := cmp.Or(a.configPath, a.env("AVOW_CONFIG"))
	if found, ok := config.Find(dir); name == "" && ok {
		name = found
	}
	if content, readErr := os.ReadFile(name); wdErr != nil || readErr != nil || len(bytes.TrimSpace(content)) > 0 {
		return nil, false, err
	}
	return config.Default(filepath.Dir(name)), true, nil
}

// head is how an avow.yaml begins that has nothing but what is pulled.
func head(c *config.Config, dir string, e *endpoint) []byte {
	var b bytes.Buffer
	b.WriteString("version: v1\n")
	if rel, err := filepath.Rel(c.Dir, dir); err == nil && filepath.ToSlash(rel) != c.Schemas.Path {
		fmt.Fprintf(&b, "schemas: {path: %q}\n", filepath.ToSlash(rel))
	}
	fmt.Fprintf(&b, "environments:\n  %s: {registry: %q}\n", localEnvironment, e.client.URL())
	return b.Bytes()
}

// loadPulled returns what the repository would be with the files, of which none is written yet. Where the two do not go
// together that is a finding; where what stands is not sound by itself, or was before, it is a failure.
func (a *app) loadPulled(r *pull.Repository, tree *source.Tree, sound bool) (*avsc.Set, error) {
	contents := map[string][]byte{}
	for _, f := range r.Files {
		if f.Content != nil {
			contents[f.Path] = f.Content
		}
	}
	set, problems := tree.With(contents).Load()
	if len(problems) == 0 {
		return set, nil
	}
	a.err.linef("Nothing was written: with what %s has, these files would be no repository.", tree.Label)
	if !sound {
		return nil, problems.Err()
	}
	for _, p := range problems {
		a.err.refusedf("%v", p)
	}
	return nil, errFindings
}

// checkPulled returns how many files are new or changed, and an error where one is in the way.
func checkPulled(r *pull.Repository, dir string, force bool) (changed int, err error) {
	for _, f := range r.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		was, err := os.ReadFile(name)
		switch {
		case f.Content == nil: // it says the same
		case errors.Is(err, fs.ErrNotExist):
			changed++
		case err != nil:
			return 0, err
		case bytes.Equal(was, f.Content):
		case !force:
			return 0, fmt.Errorf("%s says something else, so nothing was written: --force overwrites it", shortPath(name))
		default:
			changed++
		}
	}
	return changed, nil
}

// writePulled writes the files.
func (a *app) writePulled(r *pull.Repository, dir string, changed int) error {
	for _, f := range r.Files {
		if f.Content == nil {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if _, err := replaceIfChanged(name, f.Content); err != nil {
			return err
		}
	}
	a.doneAside("%s below %s, %d of them new or changed", count(len(r.Files), "file"), shortPath(dir), changed)
	return nil
}
