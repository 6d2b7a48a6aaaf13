package cli

import (
	"context"
	"errors"

	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/devenv"
	"github.com/avow-events/avow/internal/suggest"
	"github.com/avow-events/avow/registry/embedded"
)

// defaultRegistryData is where `avow registry serve` keeps its data, relative to the folder of avow.yaml.
const defaultRegistryData = ".avow/registry"

// profiles are the servers whose answers the registry can give; the first is the default.
var profiles = []string{"cp8", "cp7"}

func (a *app) registryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "registry",
		GroupID: groupRegistry,
		Short:   "Run the embedded Schema Registry alone",
		Args:    cobra.ArbitraryArgs,
		RunE:    groupRun,
	}
	cmd.AddCommand(a.registryServeCommand())
	return cmd
}

func (a *app) registryServeCommand() *cobra.Command {
	var address, data, profile string
	var ephemeral bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve a Schema Registry from this process",
		Long: `Serve a Schema Registry from this process, with the answers of Confluent Schema Registry 8.1,
for Avro.

It prints one line "ready" on stdout when it answers; its address, and the variable by which
other programs find it, go to stderr. Every change is on the disk before it is acknowledged.
SIGINT (Ctrl-C) and SIGTERM stop it. Whoever reaches the address may do everything: without
another word it listens on this machine alone.`,
		Example: `  avow registry serve
  avow registry serve --registry 127.0.0.1:0 --ephemeral   # any free port
  avow registry serve --profile cp7                        # for clients of older registries`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if data != "" && ephemeral {
				return hint(cmd, "--data and --ephemeral exclude each other")
			}
			if !slices.Contains(profiles, profile) {
				return hint(cmd, "--profile: %q is not one of %s%s", profile, strings.Join(profiles, ", "),
					suggest.DidYouMean(profile, profiles))
			}
			if data == "" && !ephemeral {
				c, err := a.config()
				if err != nil {
					return err
				}
				data = c.Path(defaultRegistryData)
			}
			return a.serveRegistry(cmd.Context(), address, data, profile)
		},
	}
	cmd.Flags().StringVar(&address, "registry", devenv.DefaultRegistry, "`ADDRESS` to listen on")
	cmd.Flags().StringVar(&data, "data", "", "keep data in `DIR` (default "+defaultRegistryData+" beside "+config.FileName+")")
	cmd.Flags().BoolVar(&ephemeral, "ephemeral", false, "forget everything on exit")
	cmd.Flags().StringVar(&profile, "profile", profiles[0], "`SERVER` whose answers to give: cp8 or cp7")
	completeWith(cmd, "profile", profiles)
	return cmd
}

// serveRegistry serves until ctx ends. Without a folder nothing is kept.
func (a *app) serveRegistry(ctx context.Context, address, data string, profile string) error {
	listener, err := devenv.Listen("--registry", address)
	if err != nil {
		return err
	}
	opts := []embedded.Option{embedded.Profile(profile), embedded.Log(a.logger())}
	if data != "" {
		opts = append(opts, embedded.Data(data))
	}
	r, err := embedded.New(opts...)
	if err != nil {
		listener.Close()
		return err
	}
	server := &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	if !a.quiet {
		kept := shortPath(data)
		if data == "" {
			kept = nothingKept
		}
		url := "http://" + listener.Addr().String()
		a.err.linef("%s  %s", a.err.bold("Registry"), url)
		a.err.linef("%s  %s", a.err.bold("Data    "), kept)
		a.err.linef("export SCHEMA_REGISTRY_URL=%s", url)
	}
	a.out.linef("ready")
	select {
	case <-ctx.Done():
	case err := <-served:
		return errors.Join(err, r.Close())
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		server.Close()
	}
	if err := r.Close(); err != nil {
		return err
	}
	if !a.quiet {
		a.err.linef("stopped")
	}
	return nil
}
