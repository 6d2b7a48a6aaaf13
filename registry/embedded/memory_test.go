package embedded_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkMemory says what avow registry serve takes with 50,000 schemas: in megabytes of memory after they were
// registered in one go, most of that at any time, and after a restart, and in milliseconds until it is ready then.
//
//	go test ./registry/embedded -run '^$' -bench Memory -benchtime 1x
func BenchmarkMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("the memory of another process is read from /proc")
	}
	command := filepath.Join(b.TempDir(), "avow")
	if out, err := exec.Command("go", "build", "-o", command, "github.com/avow-events/avow/cmd/avow").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, c := range []struct {
		name string
		text func(i int) string
	}{
		{"2.4 kB", func(i int) string { return wideSchema(fmt.Sprint("Event", i), 20) }},
		{"4.3 kB", func(i int) string { return wideSchema(fmt.Sprint("Event", i), 36) }},
		{"4.3 kB of many words", wordySchema},
	} {
		b.Run(c.name+" in memory", func(b *testing.B) {
			for b.Loop() {
				s := startServe(b, command, "--ephemeral")
				s.fill(b, c.text)
				s.reportMemory(b, "")
				s.stop(b)
			}
		})
		b.Run(c.name+" on disk", func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				s := startServe(b, command, "--data", dir)
				s.fill(b, c.text)
				s.reportMemory(b, "")
				s.stop(b)
				s = startServe(b, command, "--data", dir)
				b.ReportMetric(float64(s.ready.Milliseconds()), "ms-restart")
				s.reportMemory(b, "-restart")
				s.stop(b)
			}
		})
	}
}

// wordySchema returns a schema of about 4.3 kB that cannot be packed as well as one whose fields are alike.
func wordySchema(i int) string {
	random := rand.New(rand.NewPCG(1, uint64(i)))
	word := func() string { return strconv.FormatUint(random.Uint64(), 36) }
	var text strings.Builder
	fmt.Fprintf(&text, `{"type":"record","name":"Event%d","namespace":"org.example.%s","fields":[`, i, "n"+word())
	for f := range 36 {
		if f > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"name":"f%s","type":["null","string"],"doc":"%s %s %s","default":null}`, word(), word(), word(), word())
	}
	text.WriteString("]}")
	return text.String()
}

// serving is an avow registry serve of its own.
type serving struct {
	command *exec.Cmd
	url     string
	ready   time.Duration // from its start until it said so
}

func startServe(b *testing.B, command string, args ...string) *serving {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	s := &serving{url: "http://" + address}
	s.command = exec.Command(command, append([]string{"registry", "serve", "--registry", address}, args...)...)
	out, err := s.command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := s.command.Start(); err != nil {
		b.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("ready\n"))); err != nil {
		b.Fatal(err)
	}
	s.ready = time.Since(began)
	return s
}

func (s *serving) stop(b *testing.B) {
	b.Helper()
	if err := s.command.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := s.command.Wait(); err != nil {
		b.Fatal(err)
	}
}

// fill registers 50,000 schemas over 64 connections.
func (s *serving) fill(b *testing.B, text func(i int) string) {
	b.Helper()
	const schemas, clients = 50_000, 64
	client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	errs := make(chan error, clients)
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for i := c; i < schemas; i += clients {
				answer, err := client.Post(fmt.Sprintf("%s/subjects/event-%d-value/versions", s.url, i), "application/json",
					strings.NewReader(schemaBody(text(i))))
				if err == nil {
					_, err = io.Copy(io.Discard, answer.Body)
					answer.Body.Close()
				}
				if err == nil && answer.StatusCode != http.StatusOK {
					err = fmt.Errorf("schema %d: %s", i, answer.Status)
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		b.Fatal(err)
	}
}

// reportMemory reports what the process takes and what it took at most, in units that end as said.
func (s *serving) reportMemory(b *testing.B, unit string) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		kilobytes, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "VmRSS", "VmHWM":
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(kilobytes*1024/1_000_000), map[string]string{"VmRSS": "MB", "VmHWM": "MB-peak"}[name]+unit)
		}
	}
}
