package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"runtime"
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
const defaultRegistryData = dataFolder + "/registry"

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

// registryFlags say how avow registry serve serves.
type registryFlags struct {
	address, data, profile string
	ephemeral              bool
	// basicAuth is a file with USER:PASSWORD; cert and key are files in PEM.
	basicAuth, cert, key string
}

func (a *app) registryServeCommand() *cobra.Command {
	var f registryFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve a Schema Registry from this process",
		Long: `Serve a Schema Registry from this process, with the answers of Confluent Schema Registry 8.1,
for Avro.

It prints one line "ready" on stdout when it answers; its address, and the variable by which
other programs find it, go to stderr. Every change is on the disk before it is acknowledged.
SIGINT (Ctrl-C) and SIGTERM stop it. Whoever reaches the address may do everything: without
another word it listens on this machine alone. To serve others, ask them for a password with
--basic-auth and encrypt it with --tls-cert and --tls-key.`,
		Example: `  avow registry serve
  avow registry serve --registry 127.0.0.1:0 --ephemeral   # any free port
  avow registry serve --profile cp7                        # for clients of older registries
  avow registry serve --registry 0.0.0.0:8081 --basic-auth users.txt --tls-cert cert.pem --tls-key key.pem`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case f.data != "" && f.ephemeral:
				return hint(cmd, "--data and --ephemeral exclude each other")
			case !slices.Contains(profiles, f.profile):
				return hint(cmd, "--profile: %q is not one of %s%s", f.profile, strings.Join(profiles, ", "),
					suggest.DidYouMean(f.profile, profiles))
			case (f.cert == "") != (f.key == ""):
				return hint(cmd, "--tls-cert and --tls-key need each other")
			}
			if f.data == "" && !f.ephemeral {
				c, err := a.config()
				if err != nil {
					return err
				}
				f.data = c.Path(defaultRegistryData)
			}
			return a.serveRegistry(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.address, "registry", devenv.DefaultRegistry, "`ADDRESS` to listen on")
	flags.StringVar(&f.data, "data", "", "keep data in `DIR` (default "+defaultRegistryData+" beside "+config.FileName+")")
	flags.BoolVar(&f.ephemeral, "ephemeral", false, "forget everything on exit")
	flags.StringVar(&f.profile, "profile", profiles[0], "`SERVER` whose answers to give: cp8 or cp7")
	flags.StringVar(&f.basicAuth, "basic-auth", "", "ask for the USER:PASSWORD that `FILE` holds")
	flags.StringVar(&f.cert, "tls-cert", "", "serve HTTPS with the certificates in `FILE`, in PEM")
	flags.StringVar(&f.key, "tls-key", "", "the key of --tls-cert is in `FILE`, in PEM")
	completeWith(cmd, "profile", profiles)
	return cmd
}

// options returns what the registry itself is told.
func (f registryFlags) options() ([]embedded.Option, error) {
	opts := []embedded.Option{embedded.Profile(f.profile)}
	if f.data != "" {
		opts = append(opts, embedded.Data(f.data))
	}
	if f.basicAuth != "" {
		text, err := os.ReadFile(f.basicAuth)
		if err != nil {
			return nil, fmt.Errorf("--basic-auth %s: %w", f.basicAuth, withoutPath(err))
		}
		user, password, ok := strings.Cut(strings.TrimRight(string(text), "\r\n"), ":")
		if !ok || user == "" || strings.ContainsAny(password, "\r\n") {
			return nil, fmt.Errorf("--basic-auth %s: want one line USER:PASSWORD", f.basicAuth)
		}
		opts = append(opts, embedded.BasicAuth(user, password))
	}
	return opts, nil
}

// encryption returns how to speak TLS, nil for not at all.
func (f registryFlags) encryption() (*tls.Config, error) {
	if f.cert == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert %s, --tls-key %s: %w", f.cert, f.key, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}, nil
}

// slack is how many bytes of garbage may gather beyond what the collector would let pass on a small heap, which it
// otherwise goes through many times a second under load. Nobody writes to them, so they take no memory until then.
const slack = 32 << 20

// serveRegistry serves until ctx ends. Without a folder nothing is kept.
func (a *app) serveRegistry(ctx context.Context, f registryFlags) error {
	opts, err := f.options()
	if err != nil {
		return err
	}
	encryption, err := f.encryption()
	if err != nil {
		return err
	}
	listener, err := devenv.Listen("--registry", f.address)
	if err != nil {
		return err
	}
	scheme := "http://"
	if encryption != nil {
		listener, scheme = tls.NewListener(listener, encryption), "https://"
	}
	if err := keepFromGit(f.data); err != nil {
		listener.Close()
		return err
	}
	r, err := embedded.New(append(opts, embedded.Log(a.logger()))...)
	if err != nil {
		listener.Close()
		return err
	}
	ballast := make([]byte, slack)
	defer runtime.KeepAlive(ballast)
	server := &http.Server{
		Handler: r, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: slog.NewLogLogger(a.logger().Handler(), slog.LevelWarn), // of clients that do not speak TLS, or not ours
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	a.tellServing(f, scheme, listener.Addr().String())
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

// tellServing says where the registry is, what it keeps, and by which variable others find it.
func (a *app) tellServing(f registryFlags, scheme, address string) {
	if a.quiet {
		return
	}
	kept := shortPath(f.data)
	if f.data == "" {
		kept = nothingKept
	}
	a.err.linef("%s  %s%s", a.err.bold("Registry"), scheme, address)
	a.err.linef("%s  %s", a.err.bold("Data    "), kept)
	if f.basicAuth == "" && !isLoopback(address) {
		a.err.linef("warning: whoever reaches this machine may change everything in it: --basic-auth asks for a password")
	}
	a.err.linef("export SCHEMA_REGISTRY_URL=%s%s", scheme, fromHere(address))
}

// isLoopback reports whether nobody but this machine reaches a listener's address.
func isLoopback(address string) bool {
	at, err := netip.ParseAddrPort(address)
	return err == nil && at.Addr().Unmap().IsLoopback()
}

// fromHere returns where this machine reaches a listener: one of all addresses has none to call it by.
func fromHere(address string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsUnspecified() {
		return address
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
}
