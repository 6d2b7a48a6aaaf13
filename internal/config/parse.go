package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/subject"
)

// Parse reads the text of an avow.yaml. file names it in errors, dir is where its relative paths start.
func Parse(file, dir string, src []byte) (*Config, error) {
	d := &decoder{file: file, anchors: map[string]ast.Node{}}
	body, err := d.document(src)
	if err != nil {
		return nil, err
	}
	c := Default(dir)
	c.File = file
	if body != nil {
		d.config(body, c)
		d.check(c)
	}
	if err := d.errs.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// document returns the one document of a file, nil after a problem with it.
func (d *decoder) document(src []byte) (ast.Node, error) {
	doc, err := parser.ParseBytes(src, 0)
	switch {
	case err != nil:
		return nil, d.syntax(err)
	case len(doc.Docs) == 0 || doc.Docs[0].Body == nil:
		d.errorf(avsc.Pos{File: d.file, Line: 1, Col: 1}, "the file is empty, begin it with `version: v1`")
	case len(doc.Docs) > 1:
		at := doc.Docs[1].Start.Position
		d.errorf(avsc.Pos{File: d.file, Line: at.Line, Col: at.Column}, "one document is enough, remove this ---")
	default:
		return doc.Docs[0].Body, nil
	}
	return nil, nil
}

// syntax returns what the YAML parser says with the place in our form.
func (d *decoder) syntax(err error) error {
	var located yaml.Error
	if !errors.As(err, &located) {
		return fmt.Errorf("%s: %w", d.file, err)
	}
	pos := avsc.Pos{File: d.file}
	if t := located.GetToken(); t != nil {
		pos.Line, pos.Col = t.Position.Line, t.Position.Column
	}
	return avsc.ErrorList{{Pos: pos, Err: errors.New(inPlainWords(located.GetMessage()))}}
}

// inPlainWords returns what the YAML parser says, with what to do about it where its words are those of a grammar.
func inPlainWords(message string) string {
	switch {
	case strings.Contains(message, "cannot start any token") && strings.Contains(message, "\t"):
		return "a tab stands here, YAML is indented with spaces"
	case message == "value is not allowed in this context", message == "mapping value is not allowed in this context",
		message == "non-map value is specified":
		return "this does not fit what stands before it, is it indented as the keys beside it are? (" + message + ")"
	}
	return message
}

// The functions below have the shape of the file: one for each object in it.

func (d *decoder) config(n ast.Node, c *Config) {
	var version string
	d.object(n,
		entry{"version", d.oneOf(&version, "v1")},
		entry{"schemas", func(n ast.Node) {
			d.object(n, entry{"path", d.text(&c.Schemas.Path)})
		}},
		entry{"generate", func(n ast.Node) { d.generate(n, &c.Generate) }},
		entry{"compat", func(n ast.Node) { d.compat(n, &c.Compat) }},
		entry{"topics", func(n ast.Node) {
			d.list(n, func(n ast.Node) { c.Topics = append(c.Topics, d.topic(n)) })
		}},
		entry{"subjects", func(n ast.Node) {
			d.list(n, func(n ast.Node) { c.Places = append(c.Places, d.placed(n)) })
		}},
		entry{"references", func(n ast.Node) {
			d.list(n, func(n ast.Node) { c.References = append(c.References, d.reference(n)) })
		}},
		entry{"lock", func(n ast.Node) {
			d.object(n, entry{"path", d.text(&c.Lock.Path)}, entry{"go", d.flag(&c.Lock.Go)})
		}},
		entry{"environments", func(n ast.Node) {
			d.pairs(n, func(name Text, n ast.Node) {
				c.Environments = append(c.Environments, d.environment(name, n))
			})
		}},
	)
	if version == "" && len(d.errs) == 0 {
		d.errorf(d.pos(n), "the version is missing, add `version: v1`")
	}
}

func (d *decoder) compat(n ast.Node, c *Compat) {
	d.object(n,
		entry{"level", func(n ast.Node) {
			d.oneOf((*string)(&c.Level), levels...)(n)
			c.LevelSet = true
		}},
		entry{"against", d.text(&c.Against)},
		entry{"default_branch", d.text(&c.DefaultBranch)},
		entry{"on_default_branch", d.oneOf(&c.OnDefaultBranch, "first-parent", "last-tag")},
		entry{"levels", func(n ast.Node) {
			d.list(n, func(n ast.Node) {
				r := LevelRule{Pos: d.pos(n)}
				d.object(n,
					entry{"match", d.text(&r.Match)},
					entry{"level", d.oneOf((*string)(&r.Level), levels...)},
				)
				d.required(n, "match", r.Match)
				d.required(n, "level", string(r.Level))
				c.Levels = append(c.Levels, r)
			})
		}},
		entry{"rules", func(n ast.Node) {
			d.pairs(n, func(rule Text, n ast.Node) {
				s := RuleSeverity{Pos: rule.Pos, Rule: rule.Value}
				d.oneOf(&s.Severity, "off", "note", "warning", "error")(n)
				c.Rules = append(c.Rules, s)
			})
		}},
	)
}

func (d *decoder) topic(n ast.Node) Topic {
	t := Topic{Pos: d.pos(n)}
	d.object(n,
		entry{"name", d.text(&t.Name)},
		entry{"events", func(n ast.Node) {
			d.list(n, func(n ast.Node) {
				e := Event{Pos: d.pos(n)}
				d.text(&e.Name)(n)
				t.Events = append(t.Events, e)
			})
		}},
		entry{"key", func(n ast.Node) {
			t.KeyPos = d.pos(n)
			d.text(&t.Key)(n)
		}},
		entry{"partitions", d.count(&t.Partitions)},
		entry{"replication", d.count(&t.Replication)},
		entry{"configs", func(n ast.Node) {
			t.Configs = map[string]string{}
			d.pairs(n, func(name Text, n ast.Node) {
				var value string
				d.scalar(&value)(n)
				t.Configs[name.Value] = value
			})
		}},
		entry{"subject", d.strategy(&t.Strategy)},
		entry{"level", d.oneOf((*string)(&t.Level), levels...)},
	)
	d.required(n, "name", t.Name)
	return t
}

// strategy reads the name of a strategy or a template.
func (d *decoder) strategy(into *Strategy) func(ast.Node) {
	return func(n ast.Node) {
		s, ok := d.resolve(n).(*ast.StringNode)
		if !ok || !strings.ContainsAny(s.Value, "{}") {
			d.oneOf((*string)(into), subject.Strategies()...)(n)
			return
		}
		var err error
		if *into, err = subject.Parse(s.Value); err != nil {
			d.errorf(d.pos(n), "%v", err)
		}
	}
}

func (d *decoder) placed(n ast.Node) Place {
	p := Place{Pos: d.pos(n)}
	d.object(n,
		entry{"name", d.text(&p.Subject)},
		entry{"contract", d.text(&p.Contract)},
		entry{"level", d.oneOf((*string)(&p.Level), levels...)},
	)
	d.required(n, "name", p.Subject)
	d.required(n, "contract", p.Contract)
	return p
}

func (d *decoder) reference(n ast.Node) Reference {
	r := Reference{Pos: d.pos(n)}
	d.object(n,
		entry{"from", d.text(&r.From)},
		entry{"to", d.text(&r.To)},
		entry{"subject", d.text(&r.Subject)},
		entry{"version", d.count(&r.Version)},
	)
	d.required(n, "from", r.From)
	d.required(n, "to", r.To)
	return r
}

func (d *decoder) environment(name Text, n ast.Node) Environment {
	e := Environment{Pos: name.Pos, Name: name.Value}
	d.object(n,
		entry{"registry", func(n ast.Node) {
			if !d.isObject(n) {
				d.place(&e.Registry.URL)(n)
				return
			}
			r := &e.Registry
			d.object(n,
				entry{"url", d.place(&r.URL)},
				entry{"basic_auth", d.secret(&r.BasicAuth)},
				entry{"bearer_token", d.secret(&r.BearerToken)},
				entry{"ca", d.place(&r.CA)},
				entry{"cert", d.place(&r.Cert)},
				entry{"key", d.place(&r.Key)},
			)
			d.required(n, "url", r.URL.Value)
		}},
		entry{"kafka", func(n ast.Node) { d.kafka(n, &e.Kafka) }},
		entry{"ephemeral", d.flag(&e.Ephemeral)},
		entry{"ignore", d.texts(&e.Ignore)},
	)
	return e
}

// secret reads a string that must come from a variable.
func (d *decoder) secret(into *Text) func(ast.Node) {
	return func(n ast.Node) {
		d.place(into)(n)
		if into.Value != "" && !strings.Contains(into.Value, "${") {
			d.errorf(into.Pos, "a secret does not belong in a file that is committed, write a variable such as ${REGISTRY_AUTH}")
		}
	}
}

// check reports what no single value shows to be wrong, and fills in what depends on several.
func (d *decoder) check(c *Config) {
	for i := range c.Topics {
		d.checkTopic(c, i)
	}
	for i, p := range c.Places {
		if j := slices.IndexFunc(c.Places[:i], func(o Place) bool { return o.Subject == p.Subject }); j >= 0 && p.Subject != "" {
			d.errorf(p.Pos, "the subject %q is already described at line %d", p.Subject, c.Places[j].Pos.Line)
		}
	}
	for i, r := range c.References {
		if j := slices.IndexFunc(c.References[:i], func(o Reference) bool { return o.From == r.From && o.To == r.To }); j >= 0 {
			d.errorf(r.Pos, "the reference from %s to %s is already described at line %d", r.From, r.To, c.References[j].Pos.Line)
		}
	}
	for _, e := range c.Environments {
		r := e.Registry
		d.checkURL(r.URL)
		if strings.Contains(r.URL.Value, "@") && !strings.Contains(r.URL.Value, "${") {
			d.errorf(r.URL.Pos, "the URL holds a password, move it to basic_auth as a variable such as ${REGISTRY_AUTH}")
		}
		if r.BasicAuth.Value != "" && r.BearerToken.Value != "" {
			d.errorf(r.BearerToken.Pos, "basic_auth and bearer_token exclude each other")
		}
		if (r.Cert.Value == "") != (r.Key.Value == "") {
			d.errorf(e.Pos, "cert and key belong together, the environment %q has only one of them", e.Name)
		}
	}
}

// checkURL reports an address, of several with commas, that is none of a registry. One with a variable is not known yet.
func (d *decoder) checkURL(url Text) {
	for _, address := range Addresses(url.Value) {
		switch {
		case strings.Contains(address, "${"), strings.HasPrefix(address, "http://"), strings.HasPrefix(address, "https://"):
		case strings.Contains(address, "://"):
			d.errorf(url.Pos, "%q is no URL of a registry, want http://HOST:PORT or https://HOST:PORT", address)
		default:
			d.errorf(url.Pos, "%q is no URL of a registry, http:// is missing: write http://%s", address, address)
		}
	}
}

func (d *decoder) checkTopic(c *Config, i int) {
	t := &c.Topics[i]
	if j := slices.IndexFunc(c.Topics[:i], func(o Topic) bool { return o.Name == t.Name }); j >= 0 && t.Name != "" {
		d.errorf(t.Pos, "the topic %q is already described at line %d", t.Name, c.Topics[j].Pos.Line)
	}
	if len(t.Events) == 0 {
		d.errorf(t.Pos, "the topic %q has no events, list what it carries: `events: [shop.orders.OrderCreated]`", t.Name)
	}
	for j, e := range t.Events {
		if slices.ContainsFunc(t.Events[:j], func(o Event) bool { return o.Name == e.Name }) {
			d.errorf(e.Pos, "%s is listed twice", e.Name)
		}
	}
	switch {
	case len(t.Events) <= 1 && t.Strategy == "":
		t.Strategy = TopicName
	case len(t.Events) > 1 && !t.Strategy.PerEvent():
		d.errorf(t.Pos, "the topic %q carries %d events, which %s would make versions of each other: "+
			"write `subject: TopicRecordName`, or `subject: RecordName` to share them with other topics",
			t.Name, len(t.Events), cmp.Or(t.Strategy, TopicName))
	}
	if t.Strategy == RecordName && t.Level != "" {
		d.checkShared(c.Topics[:i], t)
	}
}

// checkShared reports an event whose one subject two topics want at different levels.
func (d *decoder) checkShared(earlier []Topic, t *Topic) {
	for _, o := range earlier {
		if o.Strategy != RecordName || o.Level == "" || o.Level == t.Level {
			continue
		}
		for _, e := range t.Events {
			if slices.ContainsFunc(o.Events, func(oe Event) bool { return oe.Name == e.Name }) {
				d.errorf(e.Pos, "%s has one subject for both topics, but is %s on %s (line %d) and %s on %s",
					e.Name, o.Level, o.Name, o.Pos.Line, t.Level, t.Name)
			}
		}
	}
}
