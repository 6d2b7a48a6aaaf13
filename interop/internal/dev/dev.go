// Package dev builds the avow command of the checkout and runs it as users do, for tests.
package dev

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// readyTimeout is generous, as the tests may share the machine with much else.
const readyTimeout = 30 * time.Second

// Root is the checkout, seen from a package of interop.
const Root = "../.."

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "avow-interop-")
	if err != nil {
		return "", err
	}
	avow := filepath.Join(dir, "avow")
	cmd := exec.Command("go", "build", "-o", avow, "./cmd/avow")
	cmd.Dir = Root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return avow, nil
})

// Main runs the tests of a package and removes the command that they built.
func Main(m *testing.M) {
	code := m.Run()
	if avow, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(avow))
	}
	os.Exit(code)
}

// Avow runs the command in the checkout and returns what it wrote to stdout. Any exit code but 0 ends the test.
func Avow(t testing.TB, args ...string) string {
	t.Helper()
	return AvowIn(t, Root, 0, args...)
}

// AvowIn runs the command in a folder and returns what it wrote to stdout. Any exit code but the one wanted ends the test.
func AvowIn(t testing.TB, dir string, want int, args ...string) string {
	t.Helper()
	cmd := command(t, args...)
	cmd.Dir = dir
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != want {
		t.Fatalf("avow %s: %v, want exit code %d\n%s%s", strings.Join(args, " "), err, want, out.String(), said.String())
	}
	return out.String()
}

// command makes a process in the checkout that no context ends.
func command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	avow, err := build()
	if err != nil {
		t.Fatalf("building avow: %v", err)
	}
	cmd := exec.Command(avow, args...)
	cmd.Dir = Root
	return cmd
}

// Env is a running avow dev.
type Env struct {
	Kafka    string // host:port
	Registry string // URL
}

// Start runs avow dev on free ports until the test ends.
func Start(t testing.TB) Env {
	t.Helper()
	kafka, registry := FreeAddr(t), FreeAddr(t)
	serve(t, "dev", "--ephemeral", "--kafka", kafka, "--registry", registry, "--ui", FreeAddr(t))
	return Env{Kafka: kafka, Registry: "http://" + registry}
}

// Serve runs avow registry serve on a free port until the test ends, and returns its URL.
func Serve(t testing.TB, flags ...string) string {
	t.Helper()
	addr := FreeAddr(t)
	serve(t, append([]string{"registry", "serve", "--ephemeral", "--registry", addr}, flags...)...)
	return "http://" + addr
}

// serve starts the command and waits for its line "ready". When the test ends it is asked to stop, and has to.
func serve(t testing.TB, args ...string) {
	t.Helper()
	cmd := command(t, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(stdout).ReadString('\n')
		ready <- line
	}()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("avow %s: %v\n%s", strings.Join(args, " "), err, said.String())
		}
	})
	select {
	case line := <-ready:
		if line != "ready\n" {
			t.Fatalf("avow %s: got %q, want ready", strings.Join(args, " "), line)
		}
	case <-time.After(readyTimeout):
		t.Fatalf("avow %s: not ready after %s", strings.Join(args, " "), readyTimeout)
	}
}

// FreeAddr returns an address of this machine that nothing listens on at the moment.
func FreeAddr(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
