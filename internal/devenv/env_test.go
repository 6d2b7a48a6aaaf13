package devenv_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/avow-events/avow/internal/devenv"
)

// start runs an environment on free ports until the test ends.
func start(t *testing.T, cfg devenv.Config) *devenv.Env {
	t.Helper()
	env, err := devenv.Start(t.Context(), free(cfg))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := env.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return env
}

// free fills the addresses that cfg leaves empty with free ports.
func free(cfg devenv.Config) devenv.Config {
	for _, addr := range []*string{&cfg.Kafka, &cfg.Registry, &cfg.UI} {
		if *addr == "" {
			*addr = "127.0.0.1:0"
		}
	}
	return cfg
}

func client(t *testing.T, env *devenv.Env, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	cl, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(env.Kafka), kgo.AllowAutoTopicCreation()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.Close)
	return cl
}

func produce(t *testing.T, env *devenv.Env, topic string, values ...string) {
	t.Helper()
	cl := client(t, env)
	for _, v := range values {
		if err := cl.ProduceSync(t.Context(), &kgo.Record{Topic: topic, Key: []byte("k"), Value: []byte(v)}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
}

func get(t *testing.T, url string) (int, []byte) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

func TestTopicsAreCreatedOnFirstUse(t *testing.T) {
	env := start(t, devenv.Config{})
	produce(t, env, "orders", "a", "b", "c")

	var status struct {
		Kafka  string
		Topics []struct {
			Name                string
			Partitions, Records int
		}
	}
	_, body := get(t, env.UI+"/status.json")
	if err := json.Unmarshal(body, &status); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if status.Kafka != env.Kafka || len(status.Topics) != 1 {
		t.Fatalf("got %s", body)
	}
	if topic := status.Topics[0]; topic.Name != "orders" || topic.Partitions != 6 || topic.Records != 3 {
		t.Errorf("got %+v, want orders with 6 partitions and 3 records", topic)
	}
	code, page := get(t, env.UI+"/")
	if code != 200 || !bytes.Contains(page, []byte("<td>orders</td>")) || !bytes.Contains(page, []byte(env.Kafka)) {
		t.Errorf("page: %d\n%s", code, page)
	}
	if code, _ := get(t, env.UI+"/nothing"); code != 404 {
		t.Errorf("unknown page: %d", code)
	}
}

func TestDataSurvivesARestart(t *testing.T) {
	cfg := devenv.Config{DataDir: filepath.Join(t.TempDir(), "new", "data")}
	env := start(t, cfg)
	produce(t, env, "orders", "kept")
	if err := env.Close(); err != nil {
		t.Fatal(err)
	}

	env = start(t, cfg)
	cl := client(t, env, kgo.ConsumeTopics("orders"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	fetches := cl.PollFetches(ctx)
	if err := fetches.Err(); err != nil {
		t.Fatal(err)
	}
	if got := fetches.Records(); len(got) != 1 || string(got[0].Value) != "kept" {
		t.Errorf("got %d records", len(got))
	}
	info, err := os.Stat(filepath.Join(env.DataDir, "kafka"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("broker's directory: %v, %v", info.Mode(), err)
	}
}

// The registry is the embedded one: franz-go's client registers and looks up, what breaks a level is refused, and a
// restart forgets nothing.
func TestRegistry(t *testing.T) {
	cfg := devenv.Config{DataDir: t.TempDir()}
	env := start(t, cfg)
	ctx := t.Context()
	schema := sr.Schema{Schema: `{"type":"record","name":"T","fields":[{"name":"a","type":"int"}]}`}
	registered, err := srClient(t, env).CreateSchema(ctx, "orders-value", schema)
	if err != nil || registered.ID != 1 || registered.Version != 1 {
		t.Fatalf("got %+v, %v", registered, err)
	}
	breaking := sr.Schema{Schema: `{"type":"record","name":"T","fields":[{"name":"b","type":"int"}]}`}
	var refused *sr.ResponseError
	if _, err := srClient(t, env).CreateSchema(ctx, "orders-value", breaking); !errors.As(err, &refused) || refused.StatusCode != http.StatusConflict {
		t.Errorf("a breaking schema: %v", err)
	}
	if _, page := get(t, env.UI); !bytes.Contains(page, []byte("<li>orders-value</li>")) {
		t.Errorf("page without the subject:\n%s", page)
	}
	if err := env.Close(); err != nil {
		t.Fatal(err)
	}

	env = start(t, cfg)
	found, err := srClient(t, env).LookupSchema(ctx, "orders-value", schema)
	if err != nil || found.ID != 1 {
		t.Errorf("after a restart: %+v, %v", found, err)
	}
}

func srClient(t *testing.T, env *devenv.Env) *sr.Client {
	t.Helper()
	c, err := sr.NewClient(sr.URLs(env.Registry))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEphemeralDataIsRemoved(t *testing.T) {
	env := start(t, devenv.Config{})
	if !env.Ephemeral {
		t.Error("not ephemeral")
	}
	produce(t, env, "orders", "forgotten")
	if err := env.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(env.DataDir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", env.DataDir, err)
	}
	if _, err := net.Dial("tcp", env.Kafka); err == nil {
		t.Error("broker still answers")
	}
}

func TestCompactionAndRetention(t *testing.T) {
	env := start(t, devenv.Config{CleanEvery: 20 * time.Millisecond})
	cl := client(t, env)
	createCompacted(t, cl, "state")
	produce(t, env, "state", "1", "2", "3", "4", "5")
	deadline := time.Now().Add(10 * time.Second)
	for {
		_, body := get(t, env.UI+"/status.json")
		left := count(t, env, "state")
		if left < 5 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still %d records: %s", left, body)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestAnAddressInUse(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	taken := ln.Addr().String()
	for flag, cfg := range map[string]devenv.Config{
		"--kafka":    {Kafka: taken},
		"--registry": {Registry: taken},
		"--ui":       {UI: taken},
	} {
		_, err := devenv.Start(t.Context(), free(cfg))
		want := flag + " " + taken + ": the address is in use (another avow dev?): choose another port, or " + flag + " 127.0.0.1:0 for any free one"
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestBadAddresses(t *testing.T) {
	for addr, want := range map[string]string{
		"nonsense":       `--kafka "nonsense": listen tcp: address nonsense: missing port in address: want HOST:PORT, such as 127.0.0.1:9092`,
		"127.0.0.1:x":    `want HOST:PORT`,
		"203.0.113.1:0":  `--kafka 203.0.113.1:0: this machine has no such address`,
		"127.0.0.1:9e99": `want HOST:PORT`,
	} {
		_, err := devenv.Start(t.Context(), free(devenv.Config{Kafka: addr}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want it to say %q", addr, err, want)
		}
	}
}

func TestDirectoryInUse(t *testing.T) {
	dir := t.TempDir()
	first := start(t, devenv.Config{DataDir: dir})
	_, err := devenv.Start(t.Context(), free(devenv.Config{DataDir: dir}))
	if err == nil || !strings.Contains(err.Error(), "is in use by process ") || !strings.Contains(err.Error(), "--data") {
		t.Errorf("got %v", err)
	}
	produce(t, first, "orders", "the first one goes on")
}

func TestAdvertisedName(t *testing.T) {
	env := start(t, devenv.Config{Kafka: "0.0.0.0:0"})
	if host, _, _ := net.SplitHostPort(env.Kafka); host != "localhost" {
		t.Errorf("got %s, want localhost", env.Kafka)
	}
	produce(t, env, "orders", "through localhost")

	named := start(t, devenv.Config{Advertise: "localhost"})
	brokers, err := kadm.NewClient(client(t, named)).ListBrokers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(brokers) != 1 || brokers[0].Host != "localhost" || !strings.HasPrefix(named.Kafka, "localhost:") {
		t.Errorf("got brokers %v at %s, want one at localhost", brokers, named.Kafka)
	}
}

func TestKcatListsTopicsAndReadsFraming(t *testing.T) {
	kcat, err := exec.LookPath("kcat")
	if err != nil {
		t.Skip("kcat is not installed (Debian: apt-get install kcat): not tried with a foreign client")
	}
	env := start(t, devenv.Config{})
	produce(t, env, "orders", "\x00\x00\x00\x00\x2apayload")

	list, err := exec.CommandContext(t.Context(), kcat, "-b", env.Kafka, "-L").CombinedOutput()
	if err != nil || !bytes.Contains(list, []byte(`topic "orders" with 6 partitions`)) {
		t.Errorf("kcat -L: %v\n%s", err, list)
	}
	got, err := exec.CommandContext(t.Context(), kcat, "-b", env.Kafka, "-C", "-t", "orders", "-e", "-q", "-D", "").Output()
	if err != nil || string(got) != "\x00\x00\x00\x00\x2apayload" {
		t.Errorf("kcat -C: %v, %q", err, got)
	}
}
