package embedded_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// testdata/recorded.jsonl.gz holds requests with the answers of a real Confluent Schema Registry 8.1.5, and
// testdata/beside.jsonl.gz requests made up at random that were sent to it and to this registry side by side. Each
// scenario began on an empty registry.

// request is a line of the file.
type request struct {
	Scenario string             `json:"scenario"`
	Theme    string             `json:"theme"`
	I        int                `json:"i"`
	Server   string             `json:"server"` // 8.1.5+rules keeps rule sets, as this registry does
	Method   string             `json:"m"`
	Path     string             `json:"p"`
	Headers  map[string]*string `json:"h"`
	Body     json.RawMessage    `json:"b"`
	Raw      *string            `json:"raw"`
	Base64   *string            `json:"b64"`

	answer
	AnswerHeaders map[string]string `json:"rh"`
}

// answer is what was or is answered: JSON or text.
type answer struct {
	Status int             `json:"status"`
	JSON   json.RawMessage `json:"resp"`
	Text   string          `json:"resp_text"`
}

// counts leaves out what this registry answers otherwise on purpose: where the real one failed with 500, other schema
// types, and rule sets as the community edition drops them.
func (r *request) counts() bool {
	return r.Status != http.StatusInternalServerError && r.Theme != "other schema types" &&
		(r.Theme != "rule sets" || strings.Contains(r.Server, "rules"))
}

// TestReplay holds how many of the requests are answered exactly as recorded, of those that count. The numbers only ever
// rise. What is left is in docs/registry-differences.md.
func TestReplay(t *testing.T) {
	for name, exactly := range map[string]int{"recorded": 7373, "beside": 3779} {
		t.Run(name, func(t *testing.T) {
			var scenarios [][]request
			at := map[string]int{}
			for _, r := range readLines[request](t, "testdata/"+name+".jsonl.gz") {
				i, ok := at[r.Scenario]
				if !ok {
					i = len(scenarios)
					at[r.Scenario] = i
					scenarios = append(scenarios, nil)
				}
				scenarios[i] = append(scenarios[i], r)
			}
			replay(t, scenarios, exactly)
		})
	}
}

func replay(t *testing.T, scenarios [][]request, exactly int) {
	type tally struct{ requests, exact int }
	var mu sync.Mutex
	themes := map[string]*tally{}
	total := tally{}
	var wrong []string
	t.Run("scenarios", func(t *testing.T) {
		for _, scenario := range scenarios {
			t.Run(scenario[0].Scenario, func(t *testing.T) {
				t.Parallel()
				server := serve(t)
				for _, r := range scenario {
					got, header := r.send(t, server)
					if !r.counts() {
						continue
					}
					same := got.equal(r.answer, r.Path)
					for _, name := range []string{"content-type", "allow"} {
						if want, sent := r.AnswerHeaders[name], header.Get(name); same && sent != want {
							t.Errorf("#%d: %s %s: %s is %q, want %q", r.I, r.Method, clip(r.Path), name, sent, want)
						}
					}
					mu.Lock()
					th := themes[r.Theme]
					if th == nil {
						th = &tally{}
						themes[r.Theme] = th
					}
					th.requests++
					total.requests++
					if same {
						th.exact++
						total.exact++
					} else {
						wrong = append(wrong, fmt.Sprintf("%s: %s#%d: %s %s\n\twant %s\n\tgot  %s",
							r.Theme, r.Scenario, r.I, r.Method, clip(r.Path), r.answer, got))
					}
					mu.Unlock()
				}
			})
		}
	})

	slices.Sort(wrong)
	for _, w := range wrong {
		t.Log(w)
	}
	for _, theme := range slices.Sorted(maps.Keys(themes)) {
		if th := themes[theme]; th.exact < th.requests {
			t.Logf("%-40s %d of %d exact", theme, th.exact, th.requests)
		}
	}
	t.Logf("%d of %d exact (%.2f %%)", total.exact, total.requests, 100*float64(total.exact)/float64(total.requests))
	if total.exact < exactly {
		t.Errorf("%d requests are answered as recorded, want at least %d", total.exact, exactly)
	}
}

func (r *request) send(t *testing.T, server *httptest.Server) (answer, http.Header) {
	t.Helper()
	var body []byte
	switch {
	case r.Body != nil:
		body = r.Body
	case r.Raw != nil:
		body = []byte(*r.Raw)
	case r.Base64 != nil:
		var err error
		if body, err = base64.StdEncoding.DecodeString(*r.Base64); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequest(r.Method, server.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	// The path is sent as it is, whatever a client would make of it.
	path, query, _ := strings.Cut(r.Path, "?")
	req.URL.Opaque = "//" + req.URL.Host + path
	req.URL.RawQuery = query
	if body != nil {
		req.Header.Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	}
	req.Header.Set("Accept-Encoding", "identity")
	for name, value := range r.Headers {
		req.Header.Del(name)
		if value != nil {
			req.Header[name] = []string{*value}
		}
	}
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer{Status: resp.StatusCode}
	isText := got.Status < 400 && strings.HasSuffix(strings.TrimSuffix(path, "/"), "/schema")
	if !isText && json.Valid(text) {
		got.JSON = text
	} else {
		got.Text = string(text)
	}
	return got, resp.Header
}

// What differs from one run of the real server to the next.
var (
	standIn   = regexp.MustCompile(`UnresolvedSchema_\d+`)
	hostPort  = regexp.MustCompile(`(127\.0\.0\.1|localhost):\d+`)
	unordered = regexp.MustCompile(`/schemas/(ids/[^/]+/(subjects|versions)|types)/?$`)
)

func (a answer) equal(b answer, path string) bool {
	return a.Status == b.Status && reflect.DeepEqual(a.comparable(path), b.comparable(path))
}

func (a answer) comparable(path string) any {
	if a.JSON == nil {
		return stable(a.Text)
	}
	var v any
	if err := json.Unmarshal(a.JSON, &v); err != nil {
		return err
	}
	path, _, _ = strings.Cut(path, "?")
	switch v := v.(type) {
	case []any:
		if unordered.MatchString(path) {
			slices.SortFunc(v, func(x, y any) int { return strings.Compare(fmt.Sprint(x), fmt.Sprint(y)) })
		}
	case map[string]any:
		if scope, ok := v["scope"].(map[string]any); ok && strings.HasSuffix(path, "/v1/metadata/id") {
			scope["clusters"] = len(scope["clusters"].(map[string]any))
		}
		if a.Status == http.StatusOK && strings.HasSuffix(path, "/v1/metadata/version") {
			return slices.Sorted(maps.Keys(v))
		}
	}
	return withoutTimes(v)
}

func withoutTimes(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = withoutTimes(x)
		}
		if _, ok := v["ts"].(float64); ok {
			v["ts"] = "some time"
		}
		return v
	case []any:
		for i, x := range v {
			v[i] = withoutTimes(x)
		}
		return v
	case string:
		return stable(v)
	}
	return v
}

func stable(s string) string {
	return hostPort.ReplaceAllString(standIn.ReplaceAllString(s, "UnresolvedSchema_N"), "HOST:PORT")
}

func (a answer) String() string {
	if a.JSON != nil {
		return fmt.Sprintf("%d %s", a.Status, clip(string(a.JSON)))
	}
	return fmt.Sprintf("%d %s", a.Status, clip(a.Text))
}

func clip(s string) string {
	const most = 500
	if len(s) > most {
		return fmt.Sprintf("%s… (%d bytes)", s[:most], len(s))
	}
	return s
}
