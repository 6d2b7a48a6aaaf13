// The command line is tested by scripts that a user could have typed: testdata/script/*.txtar, each a session with
// its files inside. Beside testscript's own commands (go doc github.com/rogpeppe/go-internal/testscript) they have
//
//	exits CODE avow ARGS…   runs avow and demands this exit code
//	addresses NAME…         sets each variable to a free address, host:port, of this machine
//	await ADDRESS           waits until something listens there
//	awaitlines COUNT FILE   waits until a file has that many lines
//	rawrecord ADDRESS TOPIC KEY VALUE
//	                        sends a record that is no Avro to a broker
//
// the variable CHECKOUT, the folder of this repository, and the condition modules, which holds if the module cache has
// all that the module needs.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"avow": main}) }

func TestScripts(t *testing.T) {
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	forGo := goVariables(t)
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		RequireUniqueNames: true,
		Condition:          modules(checkout),
		UpdateScripts:      os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("CHECKOUT", checkout)
			env.Vars = append(env.Vars, forGo...)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      exits,
			"addresses":  addresses,
			"await":      await,
			"awaitlines": awaitLines,
			"rawrecord":  rawRecord,
		},
	})
}

// goVariables returns the environment in which scripts run go: with the caches of this machine and nothing else.
func goVariables(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	values := strings.Split(string(out), "\n")
	return []string{
		"GOMODCACHE=" + values[0], "GOCACHE=" + values[1], "GOPROXY=off", "GOSUMDB=off", "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local",
	}
}

// modules reports whether the module cache holds all that this module needs, on any system: building this test has
// brought only what it needs on this one, and the rest comes now.
func modules(checkout string) func(string) (bool, error) {
	download := sync.OnceValue(func() bool {
		cmd := exec.Command("go", "mod", "download")
		cmd.Dir = checkout
		return cmd.Run() == nil
	})
	return func(condition string) (bool, error) {
		if condition != "modules" {
			return false, fmt.Errorf("unknown condition %q", condition)
		}
		return download(), nil
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// nextPort is where the search for a free port goes on. It is below the ports that systems choose by themselves, so that
// nothing takes one between its choice and its use; other runs of this test begin elsewhere.
var nextPort atomic.Int32

func init() { nextPort.Store(int32(20000 + os.Getpid()%1000*10)) }

func addresses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: addresses NAME…")
	}
	for _, name := range args {
		for {
			address := fmt.Sprintf("127.0.0.1:%d", nextPort.Add(1))
			if ln, err := net.Listen("tcp", address); err == nil {
				ln.Close()
				ts.Setenv(name, address)
				break
			}
		}
	}
}

func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await ADDRESS")
	}
	eventually(ts, func() error {
		conn, err := net.Dial("tcp", args[0])
		if err == nil {
			conn.Close()
		}
		return err
	})
}

func awaitLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: awaitlines COUNT FILE")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	eventually(ts, func() error {
		content, err := os.ReadFile(ts.MkAbs(args[1]))
		if got := strings.Count(string(content), "\n"); err == nil && got < want {
			err = fmt.Errorf("%s has %d lines, want %d", args[1], got, want)
		}
		return err
	})
}

// eventually fails the script if try still fails after ten seconds.
func eventually(ts *testscript.TestScript, try func() error) {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%v", err)
		}
	}
}

func rawRecord(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: rawrecord ADDRESS TOPIC KEY VALUE")
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(args[0]), kgo.DefaultProduceTopic(args[1]))
	ts.Check(err)
	defer client.Close()
	ts.Check(client.ProduceSync(context.Background(), &kgo.Record{Key: []byte(args[2]), Value: []byte(args[3])}).FirstErr())
}
