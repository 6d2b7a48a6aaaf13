package embedded_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avow-events/avow/registry/embedded"
)

// FuzzServe holds that no request makes the registry panic, fail or answer what is no JSON, and that the registry goes
// on answering after it.
func FuzzServe(f *testing.F) {
	for _, seed := range []struct{ name, method, path, body string }{
		{"register", "POST", "/subjects/s/versions", schemaBody(userV2)},
		{"register what is incompatible", "POST", "/subjects/s/versions", schemaBody(userV3)},
		{"register in a context", "POST", "/contexts/.x/subjects/s/versions?normalize=true", schemaBody(userV2)},
		{"register under the wildcard", "POST", "/subjects/:*:t/versions", schemaBody(userV3)},
		{"import", "POST", "/subjects/s/versions", `{"schema":"\"int\"","id":7,"version":-1}`},
		{"refer to the latest", "POST", "/subjects/t/versions",
			`{"references":[{"name":"shop.User","subject":"s","version":-1}],"schema":"{\"type\":\"array\",\"items\":\"shop.User\"}"}`},
		{"refer to itself", "POST", "/subjects/s/versions",
			`{"references":[{"name":"shop.User","subject":"s","version":1}],"schema":"\"shop.User\""}`},
		{"metadata and rules", "POST", "/subjects/s/versions", `{"schema":"\"int\"","metadata":{"tags":{"a":["b"]},"properties":{"confluent:version":"x"}},
			"ruleSet":{"domainRules":[{"name":"r","kind":"CONDITION","mode":"WRITE","type":"CEL","expr":"true"}]}}`},
		{"look up", "POST", "/subjects/s?format=resolved", schemaBody(userV1)},
		{"check", "POST", "/compatibility/subjects/s/versions?verbose=true", schemaBody(userV3)},
		{"tag", "POST", "/subjects/s/versions/latest/tags",
			`{"tagsToAdd":[{"schemaEntity":{"entityPath":"shop.User.name","entityType":"sr_field"},"tags":["PII"]}]}`},
		{"configure", "PUT", "/config/s", `{"alias":"s","compatibility":"FULL","compatibilityGroup":"g","defaultMetadata":{}}`},
		{"set a mode", "PUT", "/mode/:.x:?force=true", `{"mode":"IMPORT"}`},
		{"delete for good", "DELETE", "/subjects/s/versions/1?permanent=true", ""},
		{"delete a context", "DELETE", "/contexts/.x", ""},
		{"list", "GET", "/subjects/:*:s/versions?deleted=true&offset=1&limit=-1", ""},
		{"by id", "GET", "/schemas/ids/1?subject=:.x:s&fetchMaxId=true&findTags=*", ""},
		{"by GUID", "GET", "/schemas/guids/1-2-3-4-5/ids", ""},
		{"an odd path", "GET", "/contexts/:.:/subjects/%2e%2F;a=b/versions/latest/schema", ""},
	} {
		f.Add(seed.method, seed.path, seed.body)
	}
	f.Fuzz(func(t *testing.T, method, path, body string) {
		r, err := embedded.New()
		if err != nil {
			t.Fatal(err)
		}
		must(t, r, http.MethodPost, "/subjects/s/versions", schemaBody(userV1))
		for range 2 {
			request, err := http.NewRequest(method, "http://registry/"+strings.TrimPrefix(path, "/"), strings.NewReader(body))
			if err != nil {
				return
			}
			w := httptest.NewRecorder()
			r.ServeHTTP(w, request)
			if w.Code >= http.StatusInternalServerError && w.Code != http.StatusNotImplemented {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			text := strings.HasSuffix(strings.TrimRight(request.URL.Path, "/"), "schema") || method == http.MethodOptions
			if w.Code == http.StatusOK && method != http.MethodHead && !text && !json.Valid(w.Body.Bytes()) {
				t.Errorf("answered %q", w.Body)
			}
		}
		must(t, r, http.MethodGet, "/schemas?deleted=true&subjectPrefix=:*:", "")
		must(t, r, http.MethodGet, "/subjects?subjectPrefix=:*:s", "")
	})
}

// FuzzLog opens a log that ends in anything. With its checksum put right a line gets as far as the changes in it. A
// registry that opens it answers, and opens it again.
func FuzzLog(f *testing.F) {
	put := `{"put":":.x:s","version":2,"id":3,"guid":"095d71cf-1255-6b9d-5e33-0ad575b3df5d","time":1,"deleted":true,` +
		`"references":[{"name":"N","subject":"n","version":1}],"metadata":{"properties":{"a":"b"}},"ruleSet":{},"schema":"\"string\""}`
	for _, seed := range []struct{ name, changes string }{
		{"nothing", ""},
		{"no change", "[]"},
		{"a version", "[" + put + "]"},
		{"a version without anything", `[{"put":""}]`},
		{"versions that go", "[" + put + `,{"delete":":.x:s","version":9},{"drop":":.x:s","version":2},{"drop":"t","version":1}]`},
		{"settings", `[{"config":"s","value":{"compatibility":"FULL"}},{"config":"s"},{"mode":"","value":"READONLY"},{"mode":"","value":""}]`},
		{"contexts", `[{"context":".x","listed":true},{"raise":".x","id":7},{"context":".x","listed":false}]`},
		{"an unknown change", `[{"forget":"s"}]`},
		{"an open list", `[` + put},
	} {
		f.Add(seed.changes, true)
		f.Add("00000000 "+seed.changes+"\n", false)
	}
	f.Fuzz(func(t *testing.T, text string, sum bool) {
		if sum {
			text = fmt.Sprintf("%08x %s\n", crc32.Checksum([]byte(text), crc32.MakeTable(crc32.Castagnoli)), text)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, logName), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var answers [2]bytes.Buffer
		for i := range answers {
			r, err := embedded.New(embedded.Data(dir), embedded.Log(slog.New(slog.NewTextHandler(io.Discard, nil))))
			if err != nil {
				if i > 0 {
					t.Error(err)
				}
				return
			}
			for _, path := range []string{"/schemas?deleted=true&subjectPrefix=:*:", "/subjects?deleted=true", "/contexts", "/config/s", "/mode"} {
				w := do(r, http.MethodGet, path, "")
				if w.Code >= http.StatusInternalServerError {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
				answers[i].Write(w.Body.Bytes())
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
		if !bytes.Equal(answers[0].Bytes(), answers[1].Bytes()) {
			t.Errorf("answers %s, and opened again %s", &answers[0], &answers[1])
		}
	})
}
