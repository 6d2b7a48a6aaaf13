package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/registry"
)

// ownRegistry reports whether the registry that the command is to talk to is the environment's: no flag, no property and,
// unless --env names the environment, no variable gives another.
func (a *app) ownRegistry(t *target) (bool, error) {
	p, err := t.properties()
	if err != nil {
		return false, err
	}
	named := t.registry != "" || p.Value(registry.PropertyURL) != ""
	return !named && (t.env != "" || a.env(registry.VariableURL) == ""), nil
}

// registryClient returns a client of the registry that the command is to talk to. What says how to reach it comes from
// --registry, from properties, from the environment of avow.yaml if --env names it, from variables, and from the local
// environment, in this order: what stands on the command line comes first. An environment's credentials are for its own
// URL alone.
func (a *app) registryClient(c *config.Config, t *target) (*registry.Client, error) {
	own, err := a.ownRegistry(t)
	if err != nil {
		return nil, err
	}
	opts := []registry.Option{registry.UserAgent("avow/" + version())}
	if t.timeout < 0 {
		return nil, fmt.Errorf("--timeout %v: want more than 0, or 0 for never", t.timeout)
	}
	if t.timeout != 0 {
		opts = append(opts, registry.Within(t.timeout))
	}
	variables := registry.FromVariables(a.lookupEnv)
	if t.env != "" {
		opts = append(opts, variables)
	}
	if own {
		e, err := a.environment(c, t)
		if err != nil {
			return nil, err
		}
		if t.env != "" && e.Registry.URL.Value == "" {
			return nil, fmt.Errorf("%v: the environment %q has no registry", e.Pos, e.Name)
		}
		of, err := environmentOptions(c, e.Registry)
		if err != nil {
			return nil, err
		}
		opts = append(opts, of...)
	}
	if t.env == "" {
		opts = append(opts, variables)
	}
	single, err := t.single()
	if err != nil {
		return nil, err
	}
	opts = append(opts, registry.FromProperties(t.file, single))
	if t.registry != "" {
		opts = append(opts, registry.At(t.registry))
	}
	return registry.New("", opts...)
}

// environmentOptions returns how avow.yaml says that a registry is reached.
func environmentOptions(c *config.Config, r config.Registry) ([]registry.Option, error) {
	opts := []registry.Option{registry.At(cmp.Or(r.URL.Value, localRegistry))}
	if basic := r.BasicAuth; basic.Value != "" {
		user, password, ok := strings.Cut(basic.Value, ":")
		if !ok {
			return nil, fmt.Errorf("%v: the registry's credentials have no colon, want user:password in the variable", basic.Pos)
		}
		opts = append(opts, registry.BasicAuth(user, password))
	}
	if r.BearerToken.Value != "" {
		opts = append(opts, registry.BearerToken(r.BearerToken.Value))
	}
	if r.CA.Value != "" {
		opts = append(opts, registry.CAFile(c.Path(r.CA.Value)))
	}
	if r.Cert.Value != "" || r.Key.Value != "" {
		opts = append(opts, registry.ClientCertificate(c.Path(r.Cert.Value), c.Path(r.Key.Value)))
	}
	return opts, nil
}
