package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/avow-events/avow/internal/cli"
	"github.com/avow-events/avow/registry/embedded"
)

// faulty is a real registry behind a proxy that fails when a schema is registered: the second and all later ones, until
// it is mended.
type faulty struct {
	*httptest.Server
	behind http.Handler
	mu     sync.Mutex
	posts  int
	fail   func(w http.ResponseWriter, r *http.Request, forward func() *httptest.ResponseRecorder)
}

func newFaulty(t *testing.T, fail func(http.ResponseWriter, *http.Request, func() *httptest.ResponseRecorder)) *faulty {
	t.Helper()
	r, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	f := &faulty{behind: r, fail: fail}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	fail := f.fail
	if registers := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/versions") && !strings.HasPrefix(r.URL.Path, "/compatibility"); !registers {
		fail = nil
	} else if f.posts++; f.posts < 2 {
		fail = nil
	}
	f.mu.Unlock()
	if fail == nil {
		f.behind.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	fail(w, r, func() *httptest.ResponseRecorder {
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		recorded := httptest.NewRecorder()
		f.behind.ServeHTTP(recorded, again)
		return recorded
	})
}

func (f *faulty) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = nil
}

// get asks the registry itself.
func (f *faulty) get(t *testing.T, path string) string {
	t.Helper()
	recorded := httptest.NewRecorder()
	f.behind.ServeHTTP(recorded, httptest.NewRequest(http.MethodGet, path, nil))
	return strings.TrimSpace(recorded.Body.String())
}

// run is a command and what came of it.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = cli.Main(args, strings.NewReader(""), &out, &err, func(string) (string, bool) { return "", false })
	return code, out.String(), err.String()
}

// What happens in the middle of an apply is told, and the next one goes on: nothing is lost, and nothing done twice.
func TestApplyThatFailsInTheMiddle(t *testing.T) {
	answer := func(status int, body string) func(http.ResponseWriter, *http.Request, func() *httptest.ResponseRecorder) {
		return func(w http.ResponseWriter, _ *http.Request, _ func() *httptest.ResponseRecorder) {
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for name, tc := range map[string]struct {
		fail func(http.ResponseWriter, *http.Request, func() *httptest.ResponseRecorder)
		want string // of stderr, with the server's address as URL
	}{
		"the connection breaks": {
			func(http.ResponseWriter, *http.Request, func() *httptest.ResponseRecorder) {
				panic(http.ErrAbortHandler)
			},
			`registry URL: POST /subjects/shop.Order/versions: no answer: EOF \(is the registry running, and is this its URL\?\)`},
		"the connection breaks after the work was done": {
			func(_ http.ResponseWriter, _ *http.Request, forward func() *httptest.ResponseRecorder) {
				forward()
				panic(http.ErrAbortHandler)
			},
			`POST /subjects/shop.Order/versions: no answer: EOF`},
		"HTML as answer": {answer(200, "<html><title>Maintenance</title></html>"),
			`unreadable answer \(HTTP 200\): not JSON but "<html><title>Maintenance</title></html>" \(is this the URL of a schema registry\?\)`},
		"HTML of a gateway": {answer(502, "<html><title>Bad Gateway</title></html>"),
			`HTTP 502: "<html><title>Bad Gateway</title></html>"`},
		"401": {answer(401, `{"error_code":40101,"message":"Unauthorized"}`),
			`HTTP 401, code 40101: Unauthorized \(give or check the credentials\)`},
		"409": {answer(409, `{"error_code":40901,"message":"Schema being registered is incompatible with an earlier schema"}`),
			`HTTP 409, code 40901: Schema being registered is incompatible with an earlier schema`},
		"422 of a schema": {answer(422, `{"error_code":42201,"message":"Invalid schema"}`),
			`HTTP 422, code 42201: Invalid schema`},
		"422": {answer(422, `{"error_code":42205,"message":"Subject shop.Order is in read-only mode"}`),
			`HTTP 422, code 42205: Subject shop.Order is in read-only mode \(look at the mode of registry and subject\)`},
		"500": {answer(500, `{"error_code":50001,"message":"Error in the backend datastore"}`),
			`HTTP 500, code 50001: Error in the backend datastore`},
		"500 after the work was done": {
			func(w http.ResponseWriter, _ *http.Request, forward func() *httptest.ResponseRecorder) {
				forward()
				answer(500, `{"error_code":50002,"message":"Timed out"}`)(w, nil, nil)
			},
			`HTTP 500, code 50002: Timed out`},
		"an answer that is cut short": {
			func(w http.ResponseWriter, _ *http.Request, forward func() *httptest.ResponseRecorder) {
				body := forward().Body.Bytes()
				w.Header().Set("Content-Length", "1000")
				w.Write(body[:len(body)/2])
			},
			`no answer: unexpected EOF`},
		"redirects in a circle": {
			func(w http.ResponseWriter, r *http.Request, _ func() *httptest.ResponseRecorder) {
				http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
			},
			`HTTP 307: redirects to URL/subjects/shop.Order/versions \(give the URL it redirects to\)`},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFaulty(t, tc.fail)
			repository(t, map[string]string{
				"avow.yaml":          "version: v1\nenvironments: {test: {registry: " + f.URL + "}}\n",
				"schemas/Money.avsc": `{"type":"record","name":"shop.Money","fields":[{"name":"cents","type":"long"}]}`,
				"schemas/Order.avsc": `{"type":"record","name":"shop.Order","fields":[{"name":"total","type":"shop.Money"}]}`,
				"schemas/Paid.avsc":  `{"type":"record","name":"shop.Paid","fields":[{"name":"total","type":"shop.Money"}]}`,
			})
			code, stdout, stderr := run(t, "apply", "--env", "test")
			stderr = strings.ReplaceAll(stderr, f.URL, "URL")
			wantCode := 1
			if name == "409" || name == "422 of a schema" { // a verdict
				wantCode = 100
			}
			if code != wantCode {
				t.Errorf("exit code %d, want %d", code, wantCode)
			}
			for _, want := range []string{
				`^not done: create of shop.Paid\n`, `Failure: stopped at step 2 of 3, create of shop.Order: `, tc.want,
				`\nsteps done: 1, not begun: 1(, whether this one happened is not known)?; run it again to go on from there\n`,
			} {
				if !regexp.MustCompile(want).MatchString(stderr) {
					t.Errorf("stderr lacks %q:\n%s", want, stderr)
				}
			}
			if want := "✓ shop.Money → version 1 → id 1\n"; stdout != want {
				t.Errorf("stdout %q, want %q", stdout, want)
			}

			f.mend()
			if code, stdout, stderr := run(t, "apply", "--env", "test"); code != 0 || strings.Count(stdout, "✓") != 3 {
				t.Errorf("the next run: exit code %d\n%s%s", code, stdout, stderr)
			}
			if code, stdout, _ := run(t, "plan", "--env", "test", "--exit-code"); code != 0 {
				t.Errorf("the plan is not empty:\n%s", stdout)
			}
			if got := f.get(t, "/subjects"); got != `["shop.Money","shop.Order","shop.Paid"]` {
				t.Errorf("subjects %s", got)
			}
			for _, subject := range []string{"shop.Money", "shop.Order", "shop.Paid"} {
				if got := f.get(t, "/subjects/"+subject+"/versions"); got != "[1]" {
					t.Errorf("%s has versions %s", subject, got)
				}
			}
			locked, err := os.ReadFile("avow.lock")
			if err != nil || strings.Count(string(locked), "@test") != 3 {
				t.Errorf("avow.lock: %v\n%s", err, locked)
			}
		})
	}
}

// Of a long list of what is left to do the first few steps are enough, and avow.lock is only told of where it was written.
func TestApplyThatLeavesMuchUndone(t *testing.T) {
	f := newFaulty(t, func(w http.ResponseWriter, _ *http.Request, _ func() *httptest.ResponseRecorder) {
		w.WriteHeader(http.StatusConflict)
	})
	files := map[string]string{"avow.yaml": "version: v1\nlock: {path: there/avow.lock}\nenvironments: {test: {registry: " + f.URL + "}}\n"}
	for i := range 9 {
		files[fmt.Sprintf("schemas/R%d.avsc", i)] = fmt.Sprintf(`{"type":"record","name":"R%d","fields":[]}`, i)
	}
	repository(t, files)
	if err := os.Symlink("missing", "there"); err != nil { // avow.lock is not there, and cannot be
		t.Fatal(err)
	}
	code, _, stderr := run(t, "apply", "--env", "test")
	want := `not done: create of R2
not done: create of R3
not done: create of R4
not done: create of R5
not done: create of R6
not done: 2 steps more
`
	if code != 1 || !strings.HasPrefix(stderr, want) || strings.Contains(stderr, "commit it") || !strings.Contains(stderr, "there: file exists") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
}

// repository writes files into a folder of their own and works there.
func repository(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
