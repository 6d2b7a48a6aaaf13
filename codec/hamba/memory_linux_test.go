package hamba_test

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/codec/hamba"
	"github.com/avow-events/avow/gen/notifications"
	"github.com/avow-events/avow/internal/sample"
)

const (
	mostMemory = 64 << 20
	mostTime   = 50 * time.Millisecond
	// hardLimit is where the process dies. It leaves room for what the runtime takes: its heap grows by 64 MiB at once.
	hardLimit = mostMemory + 128<<20
)

// Every message that kills other decoders is an error here within 50 ms of CPU and 64 MiB, on every way to read it, in
// a process that dies if it asks for much more.
func TestHostileInLittleMemory(t *testing.T) {
	if underRace {
		t.Skip("the race detector maps far more memory than the test allows")
	}
	if os.Getenv("AVOW_LITTLE_MEMORY") != "" {
		readHostile(t)
		return
	}
	if out, err := littleMemory("too much").CombinedOutput(); err == nil || !strings.Contains(string(out), "out of memory") {
		t.Fatalf("the limit does not hold: %v\n%.1000s", err, out)
	}
	for _, way := range []string{"validate", "resolved", "resolved from the front", "json", "typed", "dynamic", "struct", "file"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			out, err := littleMemory(way).CombinedOutput()
			if n := strings.Count(string(out), "refused: "); err != nil || n != len(sample.Hostile()) {
				t.Errorf("%d of %d refused, %v\n%s", n, len(sample.Hostile()), err, failures(out))
			}
		})
	}
}

// littleMemory is this test in a process of its own, which reads in one of the ways.
func littleMemory(way string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run", "^TestHostileInLittleMemory$", "-test.v", "-test.timeout", "60s")
	cmd.Env = append(os.Environ(), "AVOW_LITTLE_MEMORY="+way)
	return cmd
}

// failures returns what a process said beside what it refused.
func failures(out []byte) string {
	var kept []string
	for line := range strings.Lines(string(out)) {
		if !strings.Contains(line, "refused: ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept[:min(len(kept), 40)], "")
}

func readHostile(t *testing.T) {
	type prepared struct {
		sample.Case
		read func() error
	}
	var cases []prepared
	for _, c := range sample.Hostile() {
		cases = append(cases, prepared{c, reader(t, os.Getenv("AVOW_LITTLE_MEMORY"), c)})
	}
	limitMemory(t, hardLimit)
	if os.Getenv("AVOW_LITTLE_MEMORY") == "too much" {
		for _, c := range cases {
			c.Bytes = make([]byte, 2*hardLimit)
		}
		return
	}
	for _, c := range cases {
		took, memory, err := cost(t, c.read)
		// A machine with neighbours can be slow for once; what is slow by itself is slow every time.
		for again := 0; took > mostTime && again < 5; again++ {
			took, _, _ = cost(t, c.read)
		}
		if took > mostTime || memory > mostMemory {
			t.Errorf("%s took %v and %d bytes", c.Name, took, memory)
		}
		if err == nil {
			t.Errorf("%s is accepted", c.Name)
			continue
		}
		t.Logf("refused: %s: %.200s", c.Name, err)
	}
}

// reader returns a function that reads a case in one of the ways. What depends on the schema alone is done before.
func reader(t *testing.T, way string, c sample.Case) func() error {
	s, err := avsc.Parse("hostile", []byte(c.Schema), avsc.Registered())
	if err != nil {
		t.Fatal(err)
	}
	switch way {
	case "validate":
		return func() error { return codec.Validate(s, c.Bytes) }
	case "resolved", "resolved from the front":
		p, err := codec.NewPlan(s, readerOf(t, c.Schema, way != "resolved"))
		if err != nil {
			t.Fatal(err)
		}
		return func() error { _, err := p.Resolve(nil, c.Bytes); return err }
	case "json":
		return func() error { _, err := codec.ToJSON(s, c.Bytes); return err }
	case "typed":
		// The same bytes, as what they claim to be for a type of the shop: garbage, but not a value.
		return func() error { return new(notifications.Notification).DecodeAvro(c.Bytes) }
	case "file":
		b := handmade("null", c.Schema, 1, c.Bytes)
		return func() error {
			r, err := hamba.NewFileReader(bytes.NewReader(b))
			if err != nil {
				return err
			}
			if r.Next() {
				_, err = r.Value()
			}
			if err == nil {
				err = r.Err()
			}
			return err
		}
	}
	h, err := hamba.New(s)
	if err != nil {
		return func() error { return err }
	}
	if way == "struct" {
		return func() error {
			var v struct {
				F []string `avro:"f"`
			}
			return h.Unmarshal(c.Bytes, &v)
		}
	}
	return func() error { _, err := h.Decode(c.Bytes); return err }
}

// readerOf returns another version of a record schema, with a field more before its own or behind them.
func readerOf(t *testing.T, schema string, before bool) *avsc.Schema {
	const added = `{"name":"added","type":"string","default":"here"}`
	const fields = `"fields":[`
	if at := strings.Index(schema, fields); at >= 0 && before {
		at += len(fields)
		comma := ","
		if schema[at] == ']' {
			comma = ""
		}
		schema = schema[:at] + added + comma + schema[at:]
	} else if end := strings.LastIndex(schema, "]}"); end >= 0 && !before {
		schema = schema[:end] + "," + added + schema[end:]
	}
	return parsed(t, schema)
}

// cost returns what one call of read takes of CPU time and of memory, and its error.
func cost(t *testing.T, read func() error) (took time.Duration, memory uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpuTime(t)
	err = read()
	took = cpuTime(t) - start
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc, err
}

// cpuTime returns what the process has computed so far. A clock would count what others do on a busy machine, too.
func cpuTime(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// limitMemory lets the process map so many bytes more than it has mapped now.
func limitMemory(t *testing.T, more uint64) {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("no /proc to read the size of the process from")
	}
	pages, err := strconv.ParseUint(strings.Fields(string(statm))[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	limit := pages*uint64(os.Getpagesize()) + more
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
		t.Fatal(err)
	}
}
