package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/suggest"
)

// Environment is one entry of `environments`: a Kafka cluster and the registry that goes with it. In every text
// ${NAME} stands for an environment variable; [Config.Environment] returns them replaced.
type Environment struct {
	Pos  avsc.Pos
	Name string
	// Registry is where the Schema Registry answers. It may be written as its URL alone.
	Registry Registry
	// Kafka is where the brokers are and how they are reached. It may be written as a list of addresses, or as one text
	// with commas.
	Kafka Kafka
	// Ephemeral says that it is made anew every so often, as on a laptop: avow.lock does not hold it. Default false.
	Ephemeral bool
	// Ignore are the subjects and topics that are somebody else's, in which a * stands for any text: `avow drift` does
	// not tell of them, --prune does not delete them, and `avow compat` does not miss them here. Default none.
	Ignore []string
}

// Ignores reports whether a subject or a topic is somebody else's.
func (e Environment) Ignores(name string) bool {
	return slices.ContainsFunc(e.Ignore, func(pattern string) bool { return Glob(pattern, name) })
}

// Registry is the key `registry` of an environment.
type Registry struct {
	// URL such as https://registry.example.com; empty where the environment has none.
	URL Text
	// BasicAuth is user:password, BearerToken a token; at most one of them. Both must come from a variable: secrets
	// are not committed.
	BasicAuth, BearerToken Text
	// CA is the path of a PEM file with the certificates to trust instead of the system's. Cert and Key are those of
	// a certificate by which the client identifies itself, and of its key. Relative paths start at Config.Dir.
	CA, Cert, Key Text
}

// Text is a text that remembers its place, for what can only be judged when it is used.
type Text struct {
	Value string
	Pos   avsc.Pos
}

// Environment returns the environment with this name, its variables replaced by what lookup knows (os.LookupEnv). An
// unknown name is an error that lists the known ones, an unset variable one with its place.
func (c *Config) Environment(name string, lookup func(string) (string, bool)) (Environment, error) {
	names := make([]string, len(c.Environments))
	for i, e := range c.Environments {
		if names[i] = e.Name; e.Name == name {
			return e.expand(lookup)
		}
	}
	switch {
	case c.File == "":
		return Environment{}, fmt.Errorf("no environment %q: there is no %s", name, FileName)
	case len(names) == 0:
		return Environment{}, fmt.Errorf("no environment %q: %s has no environments", name, c.File)
	}
	return Environment{}, fmt.Errorf("no environment %q in %s, which has %s%s", name, c.File,
		strings.Join(names, ", "), suggest.DidYouMean(name, names))
}

func (e Environment) expand(lookup func(string) (string, bool)) (Environment, error) {
	var errs avsc.ErrorList
	replace := func(t Text) Text {
		expanded, err := expand(t.Value, lookup)
		if err != nil {
			errs = append(errs, &avsc.Error{Pos: t.Pos, Err: fmt.Errorf("environment %q: %w", e.Name, err)})
		}
		return Text{expanded, t.Pos}
	}
	r := &e.Registry
	for _, t := range []*Text{&r.URL, &r.BasicAuth, &r.BearerToken, &r.CA, &r.Cert, &r.Key} {
		*t = replace(*t)
	}
	e.Kafka = e.Kafka.expand(replace)
	return e, errs.Err()
}

// variable is ${NAME}; the bare ${ is here so that one that is not closed, or names nothing, is not passed on as text.
var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{`)

func expand(text string, lookup func(string) (string, bool)) (string, error) {
	var err error
	out := variable.ReplaceAllStringFunc(text, func(ref string) string {
		name := strings.TrimSuffix(strings.TrimPrefix(ref, "${"), "}")
		switch value, ok := lookup(name); {
		case name == "":
			err = fmt.Errorf("%q is no variable, write ${NAME}", text)
		case !ok:
			err = fmt.Errorf("the variable %s is not set", name)
		default:
			return value
		}
		return ref
	})
	return out, err
}
