// Package cli is the command avow: flags in, exit code out. There is one file per command, and each is only the
// reading of flags, the call into the package that does the work, and the telling of what came of it.
//
// Start with [Main], which is the whole program but for the process around it. What goes where is the same for all
// commands: results and findings to stdout, everything else to stderr, where a failure begins with "Failure: ". A
// flag comes before an environment variable, and that before avow.yaml.
package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/registry"
)

// Exit codes of every command. The help of avow itself shows this table.
const (
	exitOK       = 0   // done, or clean
	exitFailure  = 1   // something could not be read, reached or understood
	exitFindings = 100 // the command did its work, and what it found is not as it should be
)

// errFindings is what a command returns for exitFindings, once it has printed what it found.
var errFindings = errors.New("there are findings")

// Main runs avow with the arguments after the program's name and returns its exit code. lookupEnv is how environment
// variables are read; all else of the outside world is the working directory, files and the network. On SIGINT and
// SIGTERM the command in hand is told to stop.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer, lookupEnv func(string) (string, bool)) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the process at once, whatever the first one is still waiting for.
	context.AfterFunc(ctx, stop)

	a := &app{
		stdin:     stdin,
		out:       newPrinter(stdout, lookupEnv),
		err:       newPrinter(stderr, lookupEnv),
		lookupEnv: lookupEnv,
	}
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	patient, enough := withPatience(ctx, patience, func(address string) {
		if !a.quiet {
			a.err.linef("Still waiting for an answer of the registry %s: is this its address?", address)
		}
	})
	err := root.ExecuteContext(patient)
	enough()
	return a.exit(ctx, err)
}

// app is what the commands share.
type app struct {
	stdin io.Reader
	// out is for results, err for what is told beside them.
	out, err  *printer
	lookupEnv func(string) (string, bool)

	configPath string // --config
	quiet      bool   // --quiet
}

// env returns an environment variable, empty where it is not set.
func (a *app) env(name string) string {
	value, _ := a.lookupEnv(name)
	return value
}

// exit tells a failure and returns the exit code for what a command returned.
func (a *app) exit(ctx context.Context, err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		a.err.failure(errors.New("interrupted"))
	default:
		a.err.failure(err)
		a.adviseCA(err)
	}
	return exitFailure
}

// adviseCA says where a CA goes in avow.yaml if it is a registry's that is not trusted: the registry's client knows options
// and variables alone.
func (a *app) adviseCA(err error) {
	var answer *registry.Error
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &answer) && errors.As(answer.Err, &untrusted) {
		a.err.linef("In %s it is ca, a PEM file, of an environment: {registry: {url: %s, ca: FILE}}", config.FileName, answer.URL)
	}
}
