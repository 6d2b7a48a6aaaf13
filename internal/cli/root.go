package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/avow-events/avow/internal/suggest"
)

const rootLong = `avow makes a repository of Avro schemas the contract between services that talk over Kafka.

Exit codes
  0    done, or clean: warnings alone are clean
  100  findings: an incompatible change, stale generated code, a refused schema
  1    something could not be read, reached or understood, even beside findings

Results and findings go to stdout, failures to stderr. A flag comes before an environment
variable, and that before avow.yaml, which is looked for from here up to the repository's root.
Every key of it: https://github.com/avow-events/avow/blob/main/docs/avow-yaml.md

Environment
  AVOW_CONFIG                           path of avow.yaml (--config)
  KAFKA_BOOTSTRAP_SERVERS               brokers, host:port with commas between (--kafka)
  KAFKA_TLS_ENABLED                     true for TLS with them, which the next line stands for, too
  KAFKA_TLS_CA, _CERT, _KEY             PEM files for that, and KAFKA_TLS_SERVER_NAME
  KAFKA_SASL_MECHANISM                  PLAIN (the default), SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER
  KAFKA_SASL_USERNAME, _PASSWORD        for the first three; KAFKA_SASL_TOKEN for the last
  SCHEMA_REGISTRY_URL                   URL of the Schema Registry (--registry)
  SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO  user:password for it
  SCHEMA_REGISTRY_BEARER_AUTH_TOKEN     token for it
  SCHEMA_REGISTRY_CA, _CERT, _KEY       PEM files for TLS with it
  NO_COLOR                              no colour on a terminal`

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "avow",
		Short:         "Avro schemas as the contract between Kafka services",
		Long:          rootLong,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          groupRun,
	}
	root.PersistentFlags().StringVar(&a.configPath, "config", "", "read this `FILE` instead of looking for avow.yaml")
	root.PersistentFlags().BoolVarP(&a.quiet, "quiet", "q", false, "say nothing but findings and failures")
	root.SetFlagErrorFunc(flagError)

	root.AddGroup(
		&cobra.Group{ID: groupContracts, Title: "Contracts in the repository"},
		&cobra.Group{ID: groupRegistry, Title: "Contracts in the registry"},
		&cobra.Group{ID: groupEvents, Title: "Events"},
	)
	root.AddCommand(
		a.generateCommand(),
		a.planCommand(),
		a.applyCommand(),
		a.driftCommand(),
		a.pullCommand(),
		a.promoteCommand(),
		a.deployGateCommand(),
		a.compatCommand(),
		a.explainCommand(),
		a.registryCommand(),
		a.devCommand(),
		a.produceCommand(),
		a.consumeCommand(),
		a.completionCommand(),
		a.versionCommand(),
	)
	root.CompletionOptions.DisableDefaultCmd = true // ours refuses a shell that it does not know
	root.SetHelpCommand(helpCommand())
	return root
}

// helpCommand is `avow help COMMAND`, the same as `avow COMMAND --help`.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command",
		RunE: func(help *cobra.Command, args []string) error {
			cmd, rest, err := help.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return groupRun(cmd, rest)
			}
			return cmd.Help()
		},
	}
}

// Groups of commands in the help of avow.
const (
	groupContracts = "contracts"
	groupRegistry  = "registry"
	groupEvents    = "events"
)

// groupRun is what a command does that only groups others: it shows its help, or says which of them was meant.
func groupRun(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return hint(cmd, "unknown command %q%s", args[0], suggest.DidYouMean(args[0], names))
}

// flagError says in one line what is wrong with a flag, and which one was meant where it is unknown.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		collect := func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, "--"+f.Name)
			}
		}
		cmd.Flags().VisitAll(collect)
		cmd.InheritedFlags().VisitAll(collect)
		name := "--" + unknown.GetSpecifiedName()
		return hint(cmd, "unknown flag %s%s", name, suggest.DidYouMean(name, names))
	case errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &invalid):
		return hint(cmd, "--%s: %q is no %s", invalid.GetFlag().Name, invalid.GetValue(), invalid.GetFlag().Value.Type())
	}
	return hint(cmd, "%v", err)
}

// arguments returns the check of positional arguments that are named in words, such as "TOPIC", or "[PLAN]" for one that
// may be left out.
func arguments(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names) && !strings.HasPrefix(names[len(args)], "["):
			return hint(cmd, "%s is missing", strings.Join(names[len(args):], " "))
		case len(args) > len(names):
			return hint(cmd, "unexpected argument %q", args[len(names)])
		}
		return nil
	}
}

// hint returns an error about how a command was called, which ends with where to read more.
func hint(cmd *cobra.Command, format string, args ...any) error {
	return fmt.Errorf("%s\nRun %s --help to see how it is called", fmt.Sprintf(format, args...), cmd.CommandPath())
}
