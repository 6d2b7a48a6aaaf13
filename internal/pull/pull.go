// Package pull makes a repository of contracts out of a registry: a tree of .avsc files, one for each contract, and what
// avow.yaml has to say for a plan of it to find nothing to do.
//
// [Read] takes the latest version of every subject. What one tree cannot hold, such as two types of one name, is left and
// said so. The package writes nothing; that and the registry's history are the caller's.
package pull

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/registry"
)

// Repository is what was made of a registry.
type Repository struct {
	// Files by their slash-separated paths below the folder of schemas, sorted.
	Files []File
	// Config holds what avow.yaml has to say: Topics, Places and References.
	Config config.Config
	// Left are the subjects that are not part of it.
	Left []registry.Left
	// Notes are what somebody should know about the rest, a sentence each.
	Notes []string
}

// File is a schema file. One whose Content is nil is in Options.Tree and stays as it is.
type File struct {
	Path    string
	Content []byte
}

// Options say what Read makes of subjects.
type Options struct {
	// Topic reports whether a topic exists. Subjects that are named like those of topics that do not are subjects and
	// no more. Nil takes every topic for one that exists.
	Topic func(name string) bool
	// Tree is what the repository has so far, nil for nothing. A contract that is the root of a file stays in that file,
	// and keeps its layout where it is the same contract.
	Tree *avsc.Set
}

// Read makes a repository of subjects and of what they refer to.
func Read(ctx context.Context, c *registry.Client, subjects []string, opts Options) (*Repository, error) {
	entries, left, err := held(ctx, c, subjects)
	if err != nil {
		return nil, err
	}
	r := &reader{
		repository: &Repository{Left: left},
		opts:       opts, entries: entries,
		latest: map[string]int{}, contracts: map[string]*contract{}, types: map[string]definition{}, bySubject: map[string]*contract{},
		behind: map[registry.SubjectVersion][]string{},
	}
	for i, e := range entries {
		if at, ok := r.latest[e.Subject]; !ok || entries[at].Source.Version < e.Source.Version {
			r.latest[e.Subject] = i
		}
	}
	for _, i := range r.referredFirst() {
		if reason := r.take(entries[i]); reason != "" {
			r.repository.Left = append(r.repository.Left, registry.Left{Subject: entries[i].Subject, Reason: reason})
		}
	}
	r.write()
	r.arrange()
	r.tie()
	r.noteBehind()
	return r.repository, nil
}

// held reads the subjects and all that they refer to, those in their latest versions too.
func held(ctx context.Context, c *registry.Client, subjects []string) ([]registry.Entry, []registry.Left, error) {
	wanted := map[string]bool{}
	for _, s := range subjects {
		wanted[s] = true
	}
	for {
		entries, left, err := c.Held(ctx, slices.Sorted(maps.Keys(wanted)), false)
		if err != nil {
			return nil, nil, err
		}
		known := len(wanted)
		for _, e := range entries {
			wanted[e.Subject] = true
		}
		if len(wanted) == known {
			return entries, left, nil
		}
	}
}

// referredFirst returns the entries of the latest versions, each after those of the subjects that it refers to: one may
// refer to an older version, so the order of the entries is not enough. What goes in a circle is in any order.
func (r *reader) referredFirst() []int {
	var order []int
	seen := map[string]bool{}
	var visit func(subject string)
	visit = func(subject string) {
		i, known := r.latest[subject]
		if seen[subject] || !known {
			return
		}
		seen[subject] = true
		for _, ref := range r.entries[i].References {
			visit(ref.Subject)
		}
		order = append(order, i)
	}
	for _, e := range r.entries {
		visit(e.Subject)
	}
	return order
}

type reader struct {
	repository *Repository
	opts       Options
	entries    []registry.Entry
	latest     map[string]int       // entry of each subject's latest version
	contracts  map[string]*contract // by name
	bySubject  map[string]*contract
	order      []*contract
	types      map[string]definition                // by full name
	behind     map[registry.SubjectVersion][]string // subjects that refer to versions that are not the latest
}

// contract is a schema and where it is kept.
type contract struct {
	// name by which avow.yaml knows it: its full name, or the path of its file where it has none.
	name, path string
	named      bool
	stands     *avsc.Schema // in the tree, nil where it is new there
	schema     *avsc.Schema // as a new one, which is what a plan will read
	text       string       // with everything that it refers to
	places     []registry.Entry
}

// definition is a named type and the subject that was first to bring it.
type definition struct{ text, subject string }

// take adds a subject, or says why it cannot.
func (r *reader) take(e registry.Entry) (left string) {
	text := e.Schema.SelfContained()
	full := e.Schema.Root.FullName()
	named := e.Schema.Root.Kind.IsNamed()
	if named {
		if known := r.contracts[full]; known != nil {
			if known.text != text {
				return fmt.Sprintf("its %s is another one than that of %s: a repository has one type of each name", full, known.places[0].Subject)
			}
			known.places = append(known.places, e)
			r.bySubject[e.Subject] = known
			return ""
		}
	}
	own := ownTypes(e.Schema)
	for name, t := range own {
		if d, ok := r.types[name]; ok && d.text != t {
			return fmt.Sprintf("its %s is another one than that of %s: a repository has one type of each name", name, d.subject)
		}
	}
	var refs []*avsc.Schema
	for _, ref := range e.References {
		to := r.bySubject[ref.Subject]
		if to == nil {
			return fmt.Sprintf("it refers to %s, which is left out", ref.Subject)
		}
		refs = append(refs, to.schema)
	}
	c := &contract{name: full, named: named, text: text, places: []registry.Entry{e}}
	if c.stands = r.standing(e.Schema); c.stands != nil {
		c.path = c.stands.File
	} else {
		c.path = r.path(e)
	}
	if !named {
		c.name = c.path
	}
	var err error
	if c.schema, err = avsc.Parse(c.path, []byte(e.Source.Text), avsc.Refs(refs...)); err != nil {
		return fmt.Sprintf("it is no schema that can be registered anew: %v", err)
	}
	for name, t := range own {
		if _, ok := r.types[name]; !ok {
			r.types[name] = definition{t, e.Subject}
		}
	}
	r.bySubject[e.Subject] = c
	r.contracts[c.name] = c
	r.order = append(r.order, c)
	return ""
}

// ownTypes returns the named types that a document defines itself, with everything that they are made of.
func ownTypes(s *avsc.Schema) map[string]string {
	foreign := map[string]bool{}
	for _, ref := range s.References() {
		for name := range reachable(ref.Root) {
			foreign[name] = true
		}
	}
	own := map[string]string{}
	for name, t := range reachable(s.Root) {
		if !foreign[name] {
			own[name] = avsc.SchemaOf(t).SelfContained()
		}
	}
	return own
}

// reachable returns the named types that a type is made of, itself among them.
func reachable(t *avsc.Type) map[string]*avsc.Type {
	found := map[string]*avsc.Type{}
	var walk func(t *avsc.Type)
	walk = func(t *avsc.Type) {
		if t.Kind.IsNamed() {
			if found[t.Name.Full()] != nil {
				return
			}
			found[t.Name.Full()] = t
		}
		for _, f := range t.Fields {
			walk(f.Type)
		}
		for _, b := range t.Branches {
			walk(b)
		}
		if t.Elem != nil {
			walk(t.Elem)
		}
	}
	walk(t)
	return found
}

// write fills in the files: the registry's text, laid out for people.
func (r *reader) write() {
	for _, c := range r.order {
		if c.stands != nil && c.stands.String() == c.schema.String() {
			r.repository.Files = append(r.repository.Files, File{Path: c.path})
			continue
		}
		var b bytes.Buffer
		if json.Indent(&b, []byte(c.places[0].Source.Text), "", "  ") != nil {
			b.Reset()
			b.WriteString(c.places[0].Source.Text) // of a registry that keeps comments
		}
		b.WriteByte('\n')
		r.repository.Files = append(r.repository.Files, File{c.path, b.Bytes()})
	}
	slices.SortFunc(r.repository.Files, func(a, b File) int { return compare(a.Path, b.Path) })
}

// tie adds a reference to the configuration for each that a plan would make otherwise.
func (r *reader) tie() {
	for _, c := range r.order {
		for _, to := range c.schema.References() {
			target := r.contracts[to.Root.FullName()]
			if target == nil {
				continue
			}
			for _, ref := range c.places[0].References {
				if r.bySubject[ref.Subject] == target {
					r.tieOne(c, target, r.entries[ref.Entry])
					break
				}
			}
		}
	}
}

// noteBehind tells of the versions that are referred to and are not the latest, each with those that refer to it.
func (r *reader) noteBehind() {
	byPlace := func(a, b registry.SubjectVersion) int {
		return cmp.Or(compare(a.Subject, b.Subject), cmp.Compare(a.Version, b.Version))
	}
	for _, at := range slices.SortedFunc(maps.Keys(r.behind), byPlace) {
		users := r.behind[at]
		who, verb, entries := users[0], "refers", "the entry under references is"
		if len(users) > 1 {
			const shown = 3
			who, verb, entries = strings.Join(users[:min(len(users), shown)], ", "), "refer", "the entries under references are"
			if len(users) > shown {
				who += fmt.Sprintf(" and %d more", len(users)-shown)
			}
		}
		r.repository.Notes = append(r.repository.Notes, fmt.Sprintf(
			"%s %s to version %d of %s, whose latest is %d: generated code will have the latest, and writes it only once %s gone and avow apply has run",
			who, verb, at.Version, at.Subject, r.entries[r.latest[at.Subject]].Source.Version, entries))
	}
}

// tieOne compares what the registry's contract refers to with what a plan would choose: the first subject of the other
// contract, in its latest version.
func (r *reader) tieOne(from, to *contract, referred registry.Entry) {
	first := r.repository.Config.Subjects(to.name, to.path, to.named)[0].Name
	tied := config.Reference{From: from.name, To: to.name}
	if referred.Subject != first {
		tied.Subject = referred.Subject
	}
	latest := r.entries[r.latest[referred.Subject]].Source
	if latest.Text != referred.Source.Text || !slices.Equal(latest.References, referred.Source.References) {
		tied.Subject, tied.Version = referred.Subject, referred.Source.Version
		at := registry.SubjectVersion{Subject: tied.Subject, Version: tied.Version}
		r.behind[at] = append(r.behind[at], from.places[0].Subject)
	}
	if tied.Subject != "" {
		r.repository.Config.References = append(r.repository.Config.References, tied)
	}
}
