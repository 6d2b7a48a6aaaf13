package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/kafka"
)

// localKafka is where `avow dev` has its broker, which is what commands talk to when nothing says otherwise.
const localKafka = "127.0.0.1:9092"

func (t *target) addKafkaFlag(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&t.kafka, "kafka", "b", "", "`ADDRESSES` of brokers, else $KAFKA_BOOTSTRAP_SERVERS")
}

// brokers returns how to reach the brokers that the command is to talk to.
func (a *app) brokers(c *config.Config, t *target) (kafka.Settings, error) {
	var e config.Environment
	s, err := a.brokersOf(c, t, func() (_ config.Environment, err error) {
		e, err = a.environment(c, t)
		return e, err
	})
	if err != nil {
		return kafka.Settings{}, err
	}
	if s.Brokers == "" && t.env != "" {
		return kafka.Settings{}, fmt.Errorf("%v: the environment %q has no brokers", e.Pos, e.Name)
	}
	s.Brokers = cmp.Or(s.Brokers, localKafka)
	return s, nil
}

// brokersOf returns how to reach brokers, without addresses where nobody gives any. It comes from --kafka, from properties,
// from the environment if --env names it, from variables, and from the local environment, in this order: what stands on the
// command line comes first. The environment is asked for only where nothing before it gives addresses: its credentials are
// for its own alone.
func (a *app) brokersOf(c *config.Config, t *target, environment func() (config.Environment, error)) (kafka.Settings, error) {
	p, err := t.properties()
	if err != nil {
		return kafka.Settings{}, err
	}
	s, err := kafka.FromProperties(p)
	if err != nil {
		return kafka.Settings{}, err
	}
	s.Brokers = cmp.Or(t.kafka, s.Brokers)
	variables, err := kafka.FromVariables(a.lookupEnv)
	switch {
	case err != nil:
		return kafka.Settings{}, err
	case s.Brokers != "" || t.env == "" && variables.Brokers != "":
		return s.Else(variables), nil
	}
	e, err := environment()
	if err != nil {
		return kafka.Settings{}, err
	}
	if t.env == "" {
		return s.Else(variables).Else(environmentBrokers(c, e.Kafka)), nil
	}
	variables.Brokers = ""
	return s.Else(environmentBrokers(c, e.Kafka)).Else(variables), nil
}

// environmentBrokers returns how avow.yaml says that brokers are reached.
func environmentBrokers(c *config.Config, k config.Kafka) kafka.Settings {
	addresses := make([]string, len(k.Brokers))
	for i, b := range k.Brokers {
		addresses[i] = b.Value
	}
	file := func(t config.Text) string {
		if t.Value == "" {
			return ""
		}
		return c.Path(t.Value)
	}
	return kafka.Settings{
		Brokers: strings.Join(addresses, ","),
		TLS:     k.TLS, TLSSet: k.TLSSet, CA: file(k.CA), Cert: file(k.Cert), Key: file(k.Key), ServerName: k.ServerName.Value,
		Mechanism: k.Mechanism, Username: k.Username.Value, Password: kafka.Secret(k.Password.Value), Token: kafka.Secret(k.Token.Value),
		Compression: k.Compression,
	}
}
