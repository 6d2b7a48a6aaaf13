package embedded_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avow-events/avow/registry/embedded"
)

// killed says to a copy of the test binary in which directory it is to serve a registry until it is killed.
const killed = "AVOW_TEST_SERVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killed); dir != "" {
		serveUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// serveUntilKilled serves a registry and prints its address.
func serveUntilKilled(dir string) {
	r, err := embedded.New(embedded.Data(dir))
	if err != nil {
		fmt.Println("cannot start:", err)
		os.Exit(1)
	}
	fmt.Println(httptest.NewServer(r).URL)
	select {}
}

// startVictim starts a registry in another process.
func startVictim(t *testing.T, dir string) (victim *exec.Cmd, url string) {
	t.Helper()
	return startCommand(t, dir, exec.Command(os.Args[0]))
}

// startCommand starts what runs the test binary, as a registry.
func startCommand(t *testing.T, dir string, victim *exec.Cmd) (started *exec.Cmd, url string) {
	t.Helper()
	victim.Env = append(os.Environ(), killed+"="+dir)
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	url, err = bufio.NewReader(out).ReadString('\n')
	if url = strings.TrimSpace(url); err != nil || !strings.HasPrefix(url, "http") {
		t.Fatalf("the registry says %q: %v", url, err)
	}
	return victim, url
}

// acknowledged is what a registry answered before it was killed: versions by their subject, with their id.
type acknowledged struct {
	mu  sync.Mutex
	ids map[string]int // by "subject/version"
	// deleted are those of the same that were deleted softly.
	deleted map[string]bool
	levels  map[string]string
}

// TestKill kills a registry a hundred times while several clients write, and looks after each time whether all is there
// that was acknowledged.
func TestKill(t *testing.T) {
	kills := 100
	if testing.Short() {
		kills = 10
	}
	dir := t.TempDir()
	seen := &acknowledged{ids: map[string]int{}, deleted: map[string]bool{}, levels: map[string]string{}}
	for round := range kills {
		victim, url := startVictim(t, dir)
		if round%10 == 0 {
			seen.check(t, url)
		}
		var clients sync.WaitGroup
		for c := range 4 {
			clients.Add(1)
			go func() {
				defer clients.Done()
				seen.write(url, fmt.Sprintf("round%d-client%d", round, c))
			}()
		}
		time.Sleep(time.Duration(5+rand.IntN(25)) * time.Millisecond)
		if err := victim.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = victim.Wait() // killed
		clients.Wait()
	}
	victim, url := startVictim(t, dir)
	defer func() {
		_ = victim.Process.Kill()
		_ = victim.Wait()
	}()
	if len(seen.ids) < kills || len(seen.deleted) == 0 || len(seen.levels) == 0 {
		t.Fatalf("too little was written: %d versions, %d deletions, %d levels", len(seen.ids), len(seen.deleted), len(seen.levels))
	}
	t.Logf("%d versions, %d deletions and %d levels were acknowledged", len(seen.ids), len(seen.deleted), len(seen.levels))
	seen.check(t, url)
}

// write registers, deletes and configures until the registry is gone, and notes what was acknowledged.
func (a *acknowledged) write(url, subject string) {
	call := func(method, path, body string, into any) bool {
		req, err := http.NewRequest(method, url+path, strings.NewReader(body))
		if err != nil {
			return false
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		return err == nil && resp.StatusCode == http.StatusOK && json.Unmarshal(answer, into) == nil
	}
	for version := 1; ; version++ {
		var registered struct{ ID int }
		text := fmt.Sprintf(`{"type":"enum","name":"E","symbols":[%q]}`, fmt.Sprintf("S%d", version))
		if version == 1 {
			var config struct{ Compatibility string }
			if !call(http.MethodPut, "/config/"+subject, `{"compatibility":"NONE"}`, &config) {
				return
			}
			a.mu.Lock()
			a.levels[subject] = config.Compatibility
			a.mu.Unlock()
		}
		if !call(http.MethodPost, "/subjects/"+subject+"/versions", schemaBody(text), &registered) {
			return
		}
		key := fmt.Sprintf("%s/versions/%d", subject, version)
		a.mu.Lock()
		a.ids[key] = registered.ID
		a.mu.Unlock()
		if version%3 != 0 {
			continue
		}
		var gone int
		if !call(http.MethodDelete, "/subjects/"+key, "", &gone) {
			return
		}
		a.mu.Lock()
		a.deleted[key] = true
		a.mu.Unlock()
	}
}

// check compares what a registry holds with what was acknowledged. It may hold more: what was written and not answered.
func (a *acknowledged) check(t *testing.T, url string) {
	t.Helper()
	get := func(path string, into any) {
		resp, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %v", path, resp.Status, err)
		}
	}
	held := map[string]int{}
	for offset := 0; offset == len(held); offset += 1000 {
		var page []struct {
			Subject     string
			Version, ID int
			Deleted     bool
		}
		get(fmt.Sprintf("/schemas?deleted=true&offset=%d", offset), &page)
		for _, v := range page {
			key := fmt.Sprintf("%s/versions/%d", v.Subject, v.Version)
			held[key] = v.ID
			if a.deleted[key] && !v.Deleted {
				t.Errorf("%s is back after it was deleted", key)
			}
		}
	}
	for key, id := range a.ids {
		if held[key] != id {
			t.Errorf("%s had the id %d and has %d", key, id, held[key])
		}
	}
	for subject, level := range a.levels {
		var config struct{ CompatibilityLevel string }
		if get("/config/"+subject, &config); config.CompatibilityLevel != level {
			t.Errorf("%s had the level %s and has %s", subject, level, config.CompatibilityLevel)
		}
	}
}
