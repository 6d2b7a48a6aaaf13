package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/registry"
)

// Where `avow dev` listens, which is what commands talk to when nothing says otherwise.
const (
	localRegistry = "http://127.0.0.1:8081"
	localKafka    = "127.0.0.1:9092"
)

// localEnvironment is the environment of avow.yaml that is used when none is named.
const localEnvironment = "local"

// target is the flags that say which registry and which brokers a command talks to.
type target struct{ env, registry, kafka string }

func (t *target) addRegistryFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.env, "env", "", "environment `NAME` of avow.yaml (default local)")
	cmd.Flags().StringVarP(&t.registry, "registry", "r", "", "`URL` of the Schema Registry, else $SCHEMA_REGISTRY_URL")
}

func (t *target) addKafkaFlag(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&t.kafka, "kafka", "b", "", "`ADDRESSES` of brokers, else $KAFKA_BOOTSTRAP_SERVERS")
}

// environment returns the environment of avow.yaml that --env names, or else the local one, or an empty one.
func (a *app) environment(c *config.Config, t *target) (config.Environment, error) {
	name := t.env
	if name == "" {
		name = localEnvironment
		if !slices.ContainsFunc(c.Environments, func(e config.Environment) bool { return e.Name == name }) {
			return config.Environment{}, nil
		}
	}
	return c.Environment(name, a.lookupEnv)
}

// registryClient returns a client of the registry that the command is to talk to.
func (a *app) registryClient(c *config.Config, t *target) (*registry.Client, error) {
	var r config.Registry
	url := t.registry
	if url == "" && t.env == "" {
		url = a.env("SCHEMA_REGISTRY_URL")
	}
	if url == "" {
		e, err := a.environment(c, t)
		if err != nil {
			return nil, err
		}
		if t.env != "" && e.Registry.URL.Value == "" {
			return nil, fmt.Errorf("%v: the environment %q has no registry", e.Pos, e.Name)
		}
		r, url = e.Registry, cmp.Or(e.Registry.URL.Value, localRegistry)
	}
	opts, err := a.registryOptions(c, r)
	if err != nil {
		return nil, err
	}
	return registry.New(url, append(opts, registry.UserAgent("avow/"+version()))...)
}

// registryOptions returns how to identify oneself to a registry: as its environment says, where it does, else as the
// variables do.
func (a *app) registryOptions(c *config.Config, r config.Registry) ([]registry.Option, error) {
	var opts []registry.Option
	basic := r.BasicAuth.Value
	if basic == "" && r.BearerToken.Value == "" {
		basic = a.env("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO")
	}
	if basic != "" {
		user, password, ok := strings.Cut(basic, ":")
		if !ok {
			return nil, errors.New("the registry's credentials have no colon, write user:password")
		}
		opts = append(opts, registry.BasicAuth(user, password))
	}
	if token := r.BearerToken.Value; token != "" {
		opts = append(opts, registry.BearerToken(token))
	}
	if ca := a.file(c, r.CA, "SCHEMA_REGISTRY_CA"); ca != "" {
		opts = append(opts, registry.CAFile(ca))
	}
	cert, key := a.file(c, r.Cert, "SCHEMA_REGISTRY_CERT"), a.file(c, r.Key, "SCHEMA_REGISTRY_KEY")
	if cert != "" || key != "" {
		opts = append(opts, registry.ClientCertificate(cert, key))
	}
	return opts, nil
}

// file returns the path that avow.yaml gives, from where it starts there, or else that of the variable.
func (a *app) file(c *config.Config, configured config.Text, variable string) string {
	if configured.Value != "" {
		return c.Path(configured.Value)
	}
	return a.env(variable)
}

// brokers returns the addresses of the brokers that the command is to talk to.
func (a *app) brokers(c *config.Config, t *target) ([]string, error) {
	list := t.kafka
	if list == "" && t.env == "" {
		list = cmp.Or(a.env("KAFKA_BOOTSTRAP_SERVERS"), a.env("KAFKA_BROKERS"))
	}
	if list != "" {
		return config.Addresses(list), nil
	}
	e, err := a.environment(c, t)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, b := range e.Kafka.Brokers {
		out = append(out, config.Addresses(b.Value)...)
	}
	switch {
	case len(out) > 0:
		return out, nil
	case t.env != "":
		return nil, fmt.Errorf("%v: the environment %q has no brokers", e.Pos, e.Name)
	}
	return []string{localKafka}, nil
}
