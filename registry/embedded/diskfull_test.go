//go:build unix

package embedded_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/avow-events/avow/registry/embedded"
)

func init() {
	if os.Getenv(killed) != "" {
		// A file that may not grow is to be an error like any other.
		signal.Ignore(syscall.SIGXFSZ)
	}
}

// TestAFullDisk lets the log grow to a few kilobytes.
func TestAFullDisk(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh to limit the size of files with")
	}
	dir := t.TempDir()
	victim, url := startCommand(t, dir, exec.Command(sh, "-c", `ulimit -f 32 && exec "$0"`, os.Args[0]))
	t.Cleanup(func() {
		_ = victim.Process.Kill()
		_ = victim.Wait()
	})
	call := func(path, body string) (int, string) {
		resp, err := http.Post(url+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
	subject := func(i int) string { return fmt.Sprintf("/subjects/s%d", i) }
	registered := 0
	for ; ; registered++ {
		status, answer := call(subject(registered)+"/versions", schemaBody(`"int"`))
		if status == http.StatusOK && registered < 1000 {
			continue
		}
		if status != http.StatusInternalServerError || !strings.Contains(answer, `"error_code":50001`) || !strings.Contains(answer, "too large") {
			t.Errorf("after %d: %d %s", registered, status, answer)
		}
		break
	}
	// What is in memory and not on the disk is shown to nobody.
	if status, answer := call(subject(registered), schemaBody(`"int"`)); status != http.StatusInternalServerError {
		t.Errorf("looked up: %d %s", status, answer)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait()
	r := newRegistry(t, embedded.Data(dir))
	for i := range registered {
		must(t, r, http.MethodGet, subject(i)+"/versions/1", "")
	}
	if w := do(r, http.MethodGet, subject(registered)+"/versions/1", ""); w.Code != http.StatusNotFound {
		t.Errorf("what was refused is there: %d %s", w.Code, w.Body)
	}
}
