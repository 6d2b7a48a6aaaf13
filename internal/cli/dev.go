package cli

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/devenv"
)

// defaultData is where `avow dev` keeps its data, relative to the folder of avow.yaml.
const defaultData = dataFolder + "/dev"

// nothingKept is what servers say of their data when they keep none.
const nothingKept = "none, all is forgotten on exit"

func (a *app) devCommand() *cobra.Command {
	var cfg devenv.Config
	var ephemeral bool
	cmd := &cobra.Command{
		Use:     "dev",
		GroupID: groupEvents,
		Short:   "Run a Kafka broker, a Schema Registry and a status page in this process",
		Long: `Run a Kafka broker, a Schema Registry and a status page in this process, for development.

It prints one line "ready" on stdout when all three answer; addresses, and the variables by
which other commands and programs find them, go to stderr. The broker creates a topic when a
client that asks for that first uses it; the topics of avow.yaml are created by avow apply. SIGINT
(Ctrl-C) and SIGTERM stop it; data is kept in --data for the next time.`,
		Example: `  avow dev
  avow dev --ephemeral
  avow dev --kafka 127.0.0.1:0 --registry 127.0.0.1:0 --ui 127.0.0.1:0 --ephemeral   # any free ports`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.DataDir != "" && ephemeral {
				return hint(cmd, "--data and --ephemeral exclude each other")
			}
			if cfg.DataDir == "" && !ephemeral {
				c, err := a.config()
				if err != nil {
					return err
				}
				cfg.DataDir = c.Path(defaultData)
			}
			cfg.Log = a.logger()
			return a.dev(cmd.Context(), cfg)
		},
	}
	cmd.Flags().StringVar(&cfg.Kafka, "kafka", devenv.DefaultKafka, "`ADDRESS` that the broker listens on")
	cmd.Flags().StringVar(&cfg.Registry, "registry", devenv.DefaultRegistry, "`ADDRESS` that the Schema Registry listens on")
	cmd.Flags().StringVar(&cfg.UI, "ui", devenv.DefaultUI, "`ADDRESS` that the status page listens on")
	cmd.Flags().StringVar(&cfg.DataDir, "data", "", "keep data in `DIR` (default "+defaultData+" beside "+config.FileName+")")
	cmd.Flags().BoolVar(&ephemeral, "ephemeral", false, "forget everything on exit")
	return cmd
}

func (a *app) dev(ctx context.Context, cfg devenv.Config) error {
	if err := keepFromGit(cfg.DataDir); err != nil {
		return err
	}
	env, err := devenv.Start(ctx, cfg)
	if err != nil {
		if ctx.Err() != nil {
			return nil // told to stop before it had begun
		}
		return err
	}
	if !a.quiet {
		data := shortPath(env.DataDir)
		if env.Ephemeral {
			data = nothingKept
		}
		a.err.linef("%s  %s", a.err.bold("Kafka   "), env.Kafka)
		a.err.linef("%s  %s", a.err.bold("Registry"), env.Registry)
		a.err.linef("%s  %s", a.err.bold("Page    "), env.UI)
		a.err.linef("%s  %s", a.err.bold("Data    "), data)
		a.err.linef("export KAFKA_BOOTSTRAP_SERVERS=%s SCHEMA_REGISTRY_URL=%s", env.Kafka, env.Registry)
	}
	a.out.linef("ready")
	<-ctx.Done()
	if err := env.Close(); err != nil {
		return errors.Join(errors.New("stopped, but not everything went well"), err)
	}
	if !a.quiet {
		a.err.linef("stopped")
	}
	return nil
}

// logger returns where servers tell their warnings and errors: stderr.
func (a *app) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
