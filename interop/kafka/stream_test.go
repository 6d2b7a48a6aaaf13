package kafka_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avow-events/avow/gen/telemetry"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/kafka"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

const events, keys = 100_000, 500

// TestNothingIsLost has a group read what was produced while members come and one is killed: everything is handled at
// least once, and what is handled of a key for the first time comes in its order.
func TestNothingIsLost(t *testing.T) {
	broker := kafka.Start(t)
	url := dev.Serve(t)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	produce(ctx, t, broker, url, events/2)

	file, err := os.Create(filepath.Join(t.TempDir(), "handled"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	g := &group{t: t, kafka: broker, registry: url, file: file, log: bufio.NewReader(file), seen: map[string]int64{}, members: map[string]int{}}
	g.start("first")
	g.until(ctx, func() bool { return g.count >= events/10 })
	second := g.start("second") // and so a rebalance
	produce(ctx, t, broker, url, events/2)
	g.until(ctx, func() bool { return g.members["second"] >= 1000 })
	if err := second.Process.Kill(); err != nil { // SIGKILL: what it had not committed comes again
		t.Fatal(err)
	}
	g.start("third")
	g.until(ctx, func() bool { return g.count >= events })
	for key, last := range g.seen {
		if last != events/keys-1 {
			t.Errorf("%s ends with %d, want %d", key, last, events/keys-1)
		}
	}
	if len(g.seen) != keys {
		t.Errorf("got %d keys, want %d", len(g.seen), keys)
	}
	t.Logf("%d events handled by %v, %d of them again", events, g.members, g.again)
}

var produced int64

// produce sends more events, which each key counts by itself.
func produce(ctx context.Context, t *testing.T, broker, url string, n int) {
	t.Helper()
	reg, err := registry.New(url)
	if err != nil {
		t.Fatal(err)
	}
	p, err := stream.NewProducer[telemetry.ApplicationEvent](ctx, topic, stream.Brokers(broker), stream.Registry(reg),
		stream.CreateTopics(), stream.AutoRegister())
	if err != nil {
		t.Fatal(err)
	}
	var failed atomic.Int64
	event := telemetry.NewApplicationEvent()
	event.RecordedAt = time.Now()
	for range n {
		event.UptimeNs = produced / keys
		key := fmt.Sprintf("key-%d", produced%keys)
		produced++
		err := p.Produce(ctx, []byte(key), event, func(err error) {
			if err != nil {
				failed.Add(1)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(ctx); err != nil || failed.Load() > 0 {
		t.Fatalf("%d events were not delivered, %v", failed.Load(), err)
	}
}

// group is processes that read together, and what they handled.
type group struct {
	t               *testing.T
	kafka, registry string
	file            *os.File
	log             *bufio.Reader // of the file
	partial         string        // of a line that is still being written

	seen    map[string]int64 // the last of each key
	members map[string]int   // how much each handled
	count   int              // of what was handled for the first time
	again   int
}

// start adds a member, which is killed when the test ends.
func (g *group) start(name string) *exec.Cmd {
	g.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), memberEnv+"="+name, kafkaEnv+"="+g.kafka, registryEnv+"="+g.registry, logEnv+"="+g.file.Name())
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd
}

// read takes note of what was handled since.
func (g *group) read() {
	g.t.Helper()
	for {
		text, err := g.log.ReadString('\n')
		g.partial += text
		if err != nil {
			return // the end, for now
		}
		var member, key string
		var n int64
		if _, err := fmt.Sscanf(g.partial, "%s %s %d\n", &member, &key, &n); err != nil {
			g.t.Fatalf("%q: %v", g.partial, err)
		}
		g.partial = ""
		g.handled(member, key, n)
	}
}

func (g *group) handled(member, key string, n int64) {
	g.t.Helper()
	last, known := g.seen[key]
	if !known {
		last = -1
	}
	g.members[member]++
	switch {
	case n == last+1:
		g.seen[key] = n
		g.count++
	case n <= last:
		g.again++
	default:
		g.t.Fatalf("%s: %d follows %d", key, n, last)
	}
}

// until waits for what the group is to come to.
func (g *group) until(ctx context.Context, done func() bool) {
	g.t.Helper()
	for {
		g.read()
		if done() {
			return
		}
		select {
		case <-ctx.Done():
			g.t.Fatalf("%d events handled by %v: %v", g.count, g.members, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
