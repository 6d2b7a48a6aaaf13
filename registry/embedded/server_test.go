package embedded_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/avow-events/avow/registry/embedded"
)

// newRegistry returns a registry that is closed at the end of the test.
func newRegistry(t testing.TB, opts ...embedded.Option) *embedded.Registry {
	t.Helper()
	r, err := embedded.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// serve starts a server with a registry of its own.
func serve(t testing.TB, opts ...embedded.Option) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(newRegistry(t, opts...))
	t.Cleanup(server.Close)
	return server
}

// do hands a request straight to a registry.
func do(r *embedded.Registry, method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

// must is do for a request that succeeds. It returns the answer's body.
func must(t testing.TB, r *embedded.Registry, method, path, body string) string {
	t.Helper()
	w := do(r, method, path, body)
	if w.Code >= 300 {
		t.Fatalf("%s %s %s: %d %s", method, path, body, w.Code, w.Body)
	}
	return w.Body.String()
}

// schemaBody returns the body of a request that registers a text or asks about it.
func schemaBody(text string) string { return `{"schema":` + strconv.Quote(text) + `}` }

// readLines reads a compressed file with a JSON object on each line.
func readLines[T any](t testing.TB, name string) (all []T) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for lines := json.NewDecoder(z); ; {
		var line T
		err := lines.Decode(&line)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, line)
	}
}
