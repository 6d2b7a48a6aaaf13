package cli

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/goname"
	"github.com/avow-events/avow/internal/lock"
	"github.com/avow-events/avow/internal/parallel"
	"github.com/avow-events/avow/internal/report"
	"github.com/avow-events/avow/registry"
)

func (a *app) deployGateCommand() *cobra.Command {
	var t target
	var binary, format string
	var all bool
	cmd := &cobra.Command{
		Use:     "deploy-gate",
		GroupID: groupRegistry,
		Short:   "Prove that all a Go binary will write is registered where it goes",
		Long: `Read a Go binary, stripped or not, before it is deployed to an environment, and prove that every
schema that it will write is registered there.

What it will write are the events that it has producers for (stream.NewProducer), and their keys
(stream.NewKeyedProducer); their schemas are in its generated code, and in the avow.lock that it
embeds stands under which subject, version and id the environment has each. The registry is asked
whether that is so.

A schema that is not registered, or under another id than the binary will write, is a finding,
whose rule avow explain knows more of, and the exit code is 100. With --all the same is proved of
every contract in the binary that its avow.lock knows.`,
		Example: `  avow deploy-gate --env prod --binary ./svc
  avow deploy-gate --env prod --binary ./svc --format github`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := report.ParseFormat(format)
			if err != nil {
				return hint(cmd, "--format: %v", err)
			}
			if binary == "" {
				return hint(cmd, "--binary is missing: which program is to be deployed?")
			}
			c, err := a.config()
			if err != nil {
				return err
			}
			e, err := a.environment(c, &t)
			if err != nil {
				return err
			}
			if e.Name == "" {
				return hint(cmd, "--env is missing: where is it to be deployed?")
			}
			client, err := a.registryClient(c, &t)
			if err != nil {
				return err
			}
			defer client.Close()
			return a.deployGate(cmd.Context(), &gate{Config: c, client: client, environment: e.Name, binary: binary, all: all}, f)
		},
	}
	t.addRegistryFlags(cmd)
	cmd.Flags().StringVar(&binary, "binary", "", "the Go `PROGRAM` that is to be deployed")
	cmd.Flags().BoolVar(&all, "all", false, "every contract in the binary, whether it is written or not")
	addFormatFlag(cmd, &format)
	return cmd
}

// gate is what a binary is held to.
type gate struct {
	*config.Config
	client              *registry.Client
	environment, binary string
	all                 bool
}

func (a *app) deployGate(ctx context.Context, g *gate, format report.Format) error {
	found, err := readBinary(g.binary)
	if err != nil {
		return err
	}
	if found.Lock == nil {
		return fmt.Errorf("%s embeds no avow.lock: give AvowLock, which avow apply keeps in %s beside it, to registry.WithLock", shortPath(g.binary), lock.GoFileName)
	}
	r := &report.Report{
		Check: "deploy-gate", Version: version(), Against: fmt.Sprintf("%s (%s)", g.environment, g.client.URL()), Color: a.out.colored,
		Rules: gateRules(), Files: []string{shortPath(g.binary)},
	}
	written, findings := g.written(found)
	r.Findings = findings
	proofs := make([]proof, len(written))
	err = parallel.Each(ctx, len(written), registryCalls, func(i int) (err error) {
		proofs[i], err = g.prove(ctx, found.Lock, written[i])
		return err
	})
	if err != nil {
		return err
	}
	for i, p := range proofs {
		r.Findings = append(r.Findings, p.findings...)
		for _, at := range p.places {
			if format == report.Text && !a.quiet {
				a.out.donef("%s → %s version %d → id %d", eventName(written[i]), at.Subject, at.Version, at.ID)
			}
		}
	}
	if len(written) == 0 && len(r.Findings) == 0 {
		r.Notes = append(r.Notes, "It has no producer of a contract (stream.Producer), so it writes nothing that could be proved; --all proves every contract in it.")
	}
	if err := a.writeReport(r, format); err != nil {
		return err
	}
	if len(r.Findings) > 0 {
		return errFindings
	}
	return nil
}

// readBinary reads what a Go binary says of its contracts.
func readBinary(name string) (lock.Binary, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return lock.Binary{}, fmt.Errorf("%s: %w", shortPath(name), withoutPath(err))
	}
	if _, err := buildinfo.Read(bytes.NewReader(content)); err != nil {
		return lock.Binary{}, fmt.Errorf("%s is no Go binary (%w): name the program that go build made", shortPath(name), err)
	}
	return lock.Scan(content), nil
}

// written returns the schemas that the binary writes. What cannot be told is a finding.
func (g *gate) written(found lock.Binary) (out []*avsc.Schema, findings []finding.Finding) {
	if g.all {
		known := map[string]bool{}
		for _, p := range found.Lock.Places(g.environment) {
			known[p.Contract] = true
		}
		for _, s := range found.Schemas {
			if known[s.Root.FullName()] {
				out = append(out, s)
			}
		}
		return out, nil
	}
	for _, goType := range found.Writes {
		of := g.named(goType, found.Schemas)
		if len(of) == 0 {
			of = g.unnamed(goType, found)
		}
		if len(of) == 0 {
			findings = append(findings, g.finding(ruleUnknownContract, goType,
				fmt.Sprintf("it has a producer of %s, and no schema that this type was generated from", goType),
				fmt.Sprintf("generate the type with the avow.yaml that stands here, run avow apply --env %s, and build the binary anew", g.environment)))
		}
		out = append(out, of...)
	}
	return out, findings
}

// named returns the schemas of named types that a Go type may have been generated from: by the package that avow.yaml
// gives their namespace, and where that leads nowhere by the name alone. There is more than one only if the binary holds
// two versions of a contract; then each must hold.
func (g *gate) named(goType string, schemas []*avsc.Schema) (out []*avsc.Schema) {
	importedFrom, name := splitType(goType)
	placement := g.placement()
	var byName []*avsc.Schema
	for _, s := range schemas {
		if !isCalled(name, s.Root.Name.Short) {
			continue
		}
		byName = append(byName, s)
		if placement.ImportPath(placement.Folder(s.Root.Name.Namespace)) == importedFrom {
			out = append(out, s)
		}
	}
	if len(out) > 0 {
		return out
	}
	// A type inside another one's text stands without its namespace there: only what could be a package of its own counts.
	return slices.DeleteFunc(byName, func(s *avsc.Schema) bool {
		folder := placement.Folder(s.Root.Name.Namespace)
		return s.Root.Name.Namespace == "" || path.Base(folder) != path.Base(importedFrom)
	})
}

// unnamed returns the schemas without a name, such as arrays, that a Go type may have been generated from. Their texts say
// nothing of the type, so those that the lock knows are looked for in the binary.
func (g *gate) unnamed(goType string, found lock.Binary) (out []*avsc.Schema) {
	importedFrom, name := splitType(goType)
	placement := g.placement()
	for _, environment := range found.Lock.Environments() {
		for _, p := range found.Lock.Places(environment) {
			folder, file := path.Split(p.Contract)
			base, isFile := strings.CutSuffix(file, ".avsc")
			text := found.Lock.Text(p.Schema)
			if !isFile || !isCalled(name, base) || placement.ImportPath(placement.SourceFolder(folder)) != importedFrom || !found.Holds(text) {
				continue
			}
			s, err := avsc.Parse(p.Contract, []byte(text), avsc.Registered())
			if err == nil && !slices.ContainsFunc(out, func(o *avsc.Schema) bool { return o.SelfContained() == text }) {
				out = append(out, s)
			}
		}
	}
	return out
}

func splitType(goType string) (importPath, name string) {
	dot := strings.LastIndexByte(goType, '.')
	return goType[:dot], goType[dot+1:]
}

// isCalled reports whether a Go type may be called after an Avro name.
func isCalled(goName, avroName string) bool {
	return goName == goname.Exported(avroName) || goName == goname.Plain(avroName)
}

// placement returns where generated code is. Without an import path none of it fits.
func (g *gate) placement() goname.Placement {
	p := goname.Placement{Prefix: g.Generate.PackagePrefix, Strip: g.Generate.StripPrefix, Folders: g.Generate.Folders()}
	if p.Prefix == "" {
		p.Prefix, _ = importPath(g.Path(g.Generate.Out))
	}
	return p
}

// proof is what came of holding a schema against the lock and the registry: what is wrong, and the places that are right.
type proof struct {
	findings []finding.Finding
	places   []lock.Place
}

func (g *gate) prove(ctx context.Context, l *lock.Lock, s *avsc.Schema) (p proof, err error) {
	name, text := eventName(s), s.SelfContained()
	wrong := func(rule finding.Rule, message, fix string) {
		p.findings = append(p.findings, g.finding(rule, name, message, fix))
	}
	fingerprint := lock.Fingerprint(text)
	places := slices.DeleteFunc(l.Places(g.environment), func(at lock.Place) bool { return at.Schema != fingerprint })
	if len(places) == 0 {
		wrong(ruleNotLocked, fmt.Sprintf("%s as it writes it was not in %s when its avow.lock was written", name, g.environment),
			fmt.Sprintf("run avow apply --env %s, commit avow.lock and build the binary anew", g.environment))
	}
	for _, at := range places {
		held, err := g.client.Lookup(ctx, at.Subject, text)
		switch {
		case errors.Is(err, registry.ErrNotFound):
			wrong(ruleNotRegistered, fmt.Sprintf("%s does not hold %s as it writes it, version %d by its avow.lock", at.Subject, name, at.Version),
				fmt.Sprintf("run avow apply --env %s", g.environment))
		case err != nil:
			return proof{}, err
		case held.ID != at.ID:
			wrong(ruleOtherID, fmt.Sprintf("%s holds %s under id %d, and it would write id %d", at.Subject, name, held.ID, at.ID),
				fmt.Sprintf("the registry was made anew: run avow apply --env %s, commit avow.lock and build the binary anew", g.environment))
		default:
			p.places = append(p.places, at)
		}
	}
	return p, nil
}

func (g *gate) finding(rule finding.Rule, subject, message, fix string) finding.Finding {
	return finding.Finding{
		Rule: rule.ID, Severity: rule.Severity, Pos: avsc.Pos{File: shortPath(g.binary)}, Subject: subject, Message: message, Fix: fix,
	}
}
