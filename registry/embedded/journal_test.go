package embedded_test

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/registry/embedded"
)

const logName = "schemas.log"

// everything returns what a registry answers to questions about all it holds.
func everything(t *testing.T, r *embedded.Registry) map[string]string {
	t.Helper()
	paths := []string{
		"/subjects?deleted=true", "/schemas?deleted=true&subjectPrefix=:*:", "/contexts", "/config", "/mode",
		"/config/orders?defaultToGlobal=true", "/config/users", "/mode/users", "/config/:.staging:", "/mode/:.staging:",
		"/subjects/users/versions/1/referencedby", "/schemas/ids/1?fetchMaxId=true", "/schemas/ids/1/versions?deleted=true",
		"/schemas/ids/1?subject=:.staging:&fetchMaxId=true",
	}
	answers := map[string]string{}
	for _, path := range paths {
		w := do(r, http.MethodGet, path, "")
		answers[path] = fmt.Sprint(w.Code, w.Body)
	}
	return answers
}

// fill makes changes of every kind.
func fill(t *testing.T, r *embedded.Registry) {
	t.Helper()
	for _, step := range [][3]string{
		{"PUT", "/config", `{"compatibility":"FULL","defaultMetadata":{"properties":{"owner":"shop"}}}`},
		{"PUT", "/config/users", `{"compatibility":"NONE","alias":"","compatibilityGroup":"major"}`},
		{"PUT", "/config/gone", `{"compatibility":"NONE"}`},
		{"DELETE", "/config/gone", ""},
		{"POST", "/subjects/users/versions", `{"schema":"{\"type\":\"enum\",\"name\":\"Kind\",\"doc\":\"Ü\",\"symbols\":[\"K\"]}"}`},
		{"POST", "/subjects/orders/versions", `{"schema":"{\"type\":\"array\",\"items\":\"Kind\"}",
			"references":[{"name":"Kind","subject":"users","version":1}],
			"metadata":{"tags":{"a":["PII"]},"sensitive":["p"],"properties":{"p":"\u0001\"\\"}},
			"ruleSet":{"domainRules":[{"name":"r","kind":"CONDITION","mode":"WRITE","type":"CEL","expr":"true","params":{"k":"v"}}]}}`},
		{"POST", "/subjects/users/versions", schemaBody(`"int"`)},
		{"POST", "/subjects/users/versions", schemaBody(`"long"`)},
		{"DELETE", "/subjects/users/versions/2", ""},
		{"DELETE", "/subjects/users/versions/2?permanent=true", ""},
		{"POST", "/subjects/dead/versions", schemaBody(`"bytes"`)},
		{"DELETE", "/subjects/dead", ""},
		{"POST", "/subjects/:.staging:users/versions", schemaBody(`"string"`)},
		{"PUT", "/config/:.staging:", `{"compatibility":"BACKWARD_TRANSITIVE"}`},
		{"PUT", "/mode/:.staging:", `{"mode":"READONLY"}`},
		{"PUT", "/mode/users", `{"mode":"READWRITE"}`},
		{"PUT", "/mode/imported", `{"mode":"IMPORT"}`},
		{"POST", "/subjects/imported/versions", `{"schema":"\"double\"","id":4711,"version":7}`},
	} {
		must(t, r, step[0], step[1], step[2])
	}
}

// reopen closes a registry and opens its directory again.
func reopen(t *testing.T, r *embedded.Registry, dir string) *embedded.Registry {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return newRegistry(t, embedded.Data(dir))
}

func TestDataOutliveARegistry(t *testing.T) {
	dir := t.TempDir()
	r := newRegistry(t, embedded.Data(dir))
	fill(t, r)
	want := everything(t, r)
	for range 2 {
		r = reopen(t, r, dir)
		if diff := cmp.Diff(want, everything(t, r)); diff != "" {
			t.Errorf("-before +after\n%s", diff)
		}
	}
	// What is new goes on from there.
	if got := must(t, r, "POST", "/subjects/imported/versions", `{"schema":"\"float\"","id":4712}`); !strings.Contains(got, `"version":8`) {
		t.Errorf("registered %s", got)
	}
}

func TestAnInterruptedWriteIsCut(t *testing.T) {
	dir := t.TempDir()
	r := newRegistry(t, embedded.Data(dir))
	fill(t, r)
	before := everything(t, r)
	path := filepath.Join(dir, logName)
	good := readFile(t, path)
	must(t, r, "POST", "/subjects/last/versions", schemaBody(`"boolean"`))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	last := bytes.TrimPrefix(readFile(t, path), good)
	if bytes.Count(last, []byte("\n")) != 1 {
		t.Fatalf("the last write is no line: %q", last)
	}
	broken := map[string][]byte{"zeros": make([]byte, 4096), "a line that lost its end": append(last[:20:20], '\n')}
	for n := 1; n < len(last); n += 7 {
		broken[fmt.Sprintf("%d bytes", n)] = last[:n]
	}
	for name, tail := range broken {
		t.Run(name, func(t *testing.T) {
			writeFile(t, path, append(bytes.Clone(good), tail...))
			var log bytes.Buffer
			r := newRegistry(t, embedded.Data(dir), embedded.Log(slog.New(slog.NewTextHandler(&log, nil))))
			if diff := cmp.Diff(before, everything(t, r)); diff != "" {
				t.Errorf("-before +after\n%s", diff)
			}
			if want := fmt.Sprintf("bytes=%d", len(tail)); !strings.Contains(log.String(), want) || !strings.Contains(log.String(), path) {
				t.Errorf("the log does not say %s: %s", want, &log)
			}
			if now := readFile(t, path); !bytes.Equal(now, good) {
				t.Errorf("the file has %d bytes, want %d", len(now), len(good))
			}
			must(t, r, "POST", "/subjects/next/versions", schemaBody(`"boolean"`))
			r = reopen(t, r, dir)
			must(t, r, "GET", "/subjects/next/versions/1", "")
		})
	}
}

func TestADamagedLogIsRefused(t *testing.T) {
	dir := t.TempDir()
	r := newRegistry(t, embedded.Data(dir))
	fill(t, r)
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, logName)
	text := readFile(t, path)
	second := bytes.IndexByte(text, '\n') + 1
	text[second+29] ^= 1
	writeFile(t, path, text)
	_, err := embedded.New(embedded.Data(dir))
	want := fmt.Sprintf("%s:2: damaged: wrong checksum in the line that begins at byte %d", path, second)
	if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "backup") {
		t.Errorf("opened a damaged log: %v", err)
	}
	if !bytes.Equal(readFile(t, path), text) {
		t.Error("the damaged file was changed")
	}
	// A refused directory is not kept locked.
	text[second+29] ^= 1
	writeFile(t, path, text)
	newRegistry(t, embedded.Data(dir))
}

// TestALogOfTheFuture has a last line that is whole and says what nobody here understands. It must not be cut off.
func TestALogOfTheFuture(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, logName)
	for changes, want := range map[string]string{
		`[{"forget":"s"}]`:                        `a change has no "forget"`,
		`[{"put":"s","guid":"x"}]`:                `"x" is no GUID`,
		`[{"context":".x","listed":true}] [null]`: "something follows the changes",
		`[{}]`: "a change that does nothing",
	} {
		text := fmt.Appendf(nil, "%08x %s\n", crc32.Checksum([]byte(changes), crc32.MakeTable(crc32.Castagnoli)), changes)
		writeFile(t, path, text)
		_, err := embedded.New(embedded.Data(dir))
		if err == nil || !strings.Contains(err.Error(), path+":1: "+want) || !strings.Contains(err.Error(), "newer version") {
			t.Errorf("%s: %v", changes, err)
		}
		if !bytes.Equal(readFile(t, path), text) {
			t.Errorf("%s: the file was changed", changes)
		}
	}
}

func TestOneRegistryPerDirectory(t *testing.T) {
	dir := t.TempDir()
	first := newRegistry(t, embedded.Data(dir))
	if _, err := embedded.New(embedded.Data(dir)); err == nil || !strings.Contains(err.Error(), dir+" is in use by another registry") {
		t.Errorf("a second registry got %v", err)
	}
	reopen(t, first, dir)
}

// TestADirectoryThatIsNone names in its errors the directory and what to do.
func TestADirectoryThatIsNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, nil)
	occupied := t.TempDir()
	if err := os.Mkdir(filepath.Join(occupied, logName), 0o755); err != nil {
		t.Fatal(err)
	}
	readOnly := t.TempDir()
	if err := os.Chmod(readOnly, 0o555); err != nil {
		t.Fatal(err)
	}
	dirs := []string{file, filepath.Join(file, "below"), occupied}
	if os.Geteuid() > 0 { // root may write everywhere
		dirs = append(dirs, readOnly)
	}
	for _, dir := range dirs {
		_, err := embedded.New(embedded.Data(dir))
		if err == nil || !strings.Contains(err.Error(), "data directory "+dir+": ") || !strings.Contains(err.Error(), "choose one") {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestAClosedRegistryAnswersNoMore(t *testing.T) {
	r := newRegistry(t, embedded.Data(t.TempDir()))
	must(t, r, "POST", "/subjects/s/versions", schemaBody(`"int"`))
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for _, request := range [][3]string{{"GET", "/subjects", ""}, {"POST", "/subjects/s/versions", schemaBody(`"long"`)}} {
		w := do(r, request[0], request[1], request[2])
		if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), `{"error_code":50001,"message":"Error in the backend data store: the registry is closed"}`) {
			t.Errorf("%s: %d %s", request, w.Code, w.Body)
		}
	}
}

// TestCompaction changes one setting again and again until the log is written anew.
func TestCompaction(t *testing.T) {
	dir := t.TempDir()
	r := newRegistry(t, embedded.Data(dir))
	fill(t, r)
	path := filepath.Join(dir, logName)
	small := len(readFile(t, path))
	// Several clients share a write to the disk.
	done := make(chan string)
	const clients, each = 100, 110
	for c := range clients {
		go func() {
			for i := range each {
				level := []string{"NONE", "FULL"}[i%2]
				if w := do(r, "PUT", fmt.Sprintf("/config/s%d", c%10), `{"compatibility":"`+level+`"}`); w.Code != http.StatusOK {
					done <- w.Body.String()
					return
				}
			}
			done <- ""
		}()
	}
	for range clients {
		if failed := <-done; failed != "" {
			t.Error(failed)
		}
	}
	if size, most := len(readFile(t, path)), small+clients*each*20; size > most {
		t.Errorf("the log has %d bytes after compaction, want at most %d", size, most)
	}
	want := everything(t, r)
	r = reopen(t, r, dir)
	if diff := cmp.Diff(want, everything(t, r)); diff != "" {
		t.Errorf("-before +after\n%s", diff)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("the directory holds %q, %v", left, err)
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func writeFile(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
