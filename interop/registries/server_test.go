package registries_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/interop/internal/dev"
	"github.com/avow-events/avow/interop/internal/tool"
	"github.com/avow-events/avow/registry"
)

const (
	apicurio     = "io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all"
	confluentEnv = "AVOW_INTEROP_CONFLUENT"
)

// readyTimeout is generous: Apicurio starts in four seconds on a machine that does nothing else.
const readyTimeout = time.Minute

func TestMain(m *testing.M) { dev.Main(m) }

// server is a registry that runs until the test ends.
type server struct {
	url string
	// confluent: it has what Apicurio lacks, which are GUIDs, modes, contexts, and reasons of a verdict.
	confluent bool
}

func (s server) client(t *testing.T, opts ...registry.Option) *registry.Client {
	t.Helper()
	c, err := registry.New(s.url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// empty deletes every subject for good, also those that are deleted softly, whatever refers to it first, and puts the
// registry's level back.
func (s server) empty(t *testing.T, level compat.Level) {
	t.Helper()
	c, ctx := s.client(t), t.Context()
	for {
		var subjects []string
		s.ask(t, http.MethodGet, "/subjects?deleted=true", "").into(t, &subjects)
		if len(subjects) == 0 {
			break
		}
		var err error
		deleted := 0
		for _, subject := range subjects {
			if err = c.Delete(ctx, subject, true); err == nil {
				deleted++
			}
		}
		if deleted == 0 {
			t.Fatalf("none of %q can be deleted: %v", subjects, err)
		}
	}
	if err := c.SetLevel(ctx, "", level); err != nil {
		t.Fatal(err)
	}
}

// answer is what a registry said to a request that our client does not make.
type answer struct {
	status int
	body   []byte
}

func (s server) ask(t *testing.T, method, path, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, text}
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil || a.status != http.StatusOK {
		t.Fatalf("HTTP %d, %v: %s", a.status, err, a.body)
	}
}

func startEmbedded(t *testing.T) server {
	t.Helper()
	return server{url: dev.Serve(t), confluent: true}
}

// runningConfluent is the registry that the environment names.
func runningConfluent(t *testing.T) server {
	t.Helper()
	s := server{url: os.Getenv(confluentEnv), confluent: true}
	if s.url == "" {
		t.Skipf("no Confluent Schema Registry is named: start deploy/compose.yaml and set $%s=http://localhost:8081", confluentEnv)
	}
	subjects, err := s.client(t).Subjects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(subjects) > 0 {
		t.Fatalf("%s holds %q, and these tests delete what they find: name an empty registry", s.url, subjects)
	}
	return s
}

func startApicurio(t *testing.T, level compat.Level) server {
	t.Helper()
	java, dir := tool.Java(t, 21), tool.Archive(t, apicurio)
	addr := dev.FreeAddr(t)
	cmd := exec.Command(java, "-Xmx512m", "-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port="+port(t, addr),
		"-Dquarkus.management.host=127.0.0.1", "-Dquarkus.management.port="+port(t, dev.FreeAddr(t)),
		"-Dapicurio.rules.global.compatibility="+level.String(), "-jar", filepath.Join(dir, "quarkus-run.jar"))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
	})
	s := server{url: "http://" + addr + "/apis/ccompat/v7"}
	for deadline := time.After(readyTimeout); ; {
		if answer, err := http.Get(s.url + "/subjects"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return s
			}
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("Apicurio ended: %v\n%s", err, said.String())
		case <-deadline:
			t.Fatalf("Apicurio is not up after %s", readyTimeout)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func port(t *testing.T, addr string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
