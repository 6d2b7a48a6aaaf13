package cli

import (
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/config"
)

// localRegistry is where `avow dev` has its registry, which is what commands talk to when nothing says otherwise.
const localRegistry = "http://127.0.0.1:8081"

// localEnvironment is the environment of avow.yaml that is used when none is named.
const localEnvironment = "local"

// target is the flags that say which registry and which brokers a command talks to, and how.
type target struct {
	env, registry, kafka string
	propertyFlags
	timeout time.Duration // of a request to the registry, 0 for none
}

// registryTimeout is how long a request to a registry may take together with its repetitions: long enough for a registry
// that starts anew, and short enough for somebody who waits.
const registryTimeout = 30 * time.Second

func (t *target) addRegistryFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.env, "env", "", "environment `NAME` of avow.yaml (default local)")
	cmd.Flags().StringVarP(&t.registry, "registry", "r", "", "`URL` of the Schema Registry, else $SCHEMA_REGISTRY_URL")
	t.addPropertyFlags(cmd)
	addTimeoutFlag(cmd, &t.timeout)
}

func addTimeoutFlag(cmd *cobra.Command, timeout *time.Duration) {
	cmd.Flags().DurationVar(timeout, "timeout", registryTimeout,
		"give up on a request to the registry after this `TIME`, in which it is tried several times; 0 for never")
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
