package embedded_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/avow-events/avow/registry/embedded"
)

func TestBasicAuth(t *testing.T) {
	r := newRegistry(t, embedded.BasicAuth("me", "secret"))
	for _, c := range []struct {
		user, password string
		status         int
	}{{"", "", 401}, {"me", "", 401}, {"me", "secre", 401}, {"you", "secret", 401}, {"secret", "me", 401}, {"me", "secret", 200}} {
		request := httptest.NewRequest(http.MethodGet, "/subjects", nil)
		if c.user != "" {
			request.SetBasicAuth(c.user, c.password)
		}
		w := httptest.NewRecorder()
		if r.ServeHTTP(w, request); w.Code != c.status {
			t.Errorf("%s:%s: %d %s", c.user, c.password, w.Code, w.Body)
		}
		if c.status == http.StatusUnauthorized && !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s:%s: no challenge", c.user, c.password)
		}
	}
	if _, err := embedded.New(embedded.BasicAuth("", "")); err == nil {
		t.Error("no user and no password are taken")
	}
}

func TestABodyTooLarge(t *testing.T) {
	r := newRegistry(t)
	for size, want := range map[int]int{2 << 20: http.StatusUnprocessableEntity, 33 << 20: http.StatusRequestEntityTooLarge} {
		body := schemaBody(`{"type":"enum","name":"E","symbols":["A"],"doc":"` + strings.Repeat("x", size) + `"}`)
		if w := do(r, http.MethodPost, "/subjects/s/versions", body); w.Code != want {
			t.Errorf("%d bytes: %d %.200s", size, w.Code, w.Body)
		}
	}
	must(t, r, http.MethodPost, "/subjects/s/versions", schemaBody(`"int"`))
}

// TestTheWildcardAsAContext registers under ":*:" as if that were a context like others, which the real server lets pass.
func TestTheWildcardAsAContext(t *testing.T) {
	r := newRegistry(t)
	must(t, r, http.MethodPost, "/subjects/:.x:a/versions", schemaBody(`"int"`))
	must(t, r, http.MethodPost, "/subjects/:*:a/versions", schemaBody(`"long"`))
	for _, path := range []string{
		"/subjects?subjectPrefix=:*:a", "/subjects?subjectPrefix=:*::*:a", "/schemas?subjectPrefix=:*:a", "/schemas?subjectPrefix=:*:a&aliases=true",
		"/contexts", "/config/:*:a?defaultToGlobal=true", "/mode/:*:a?defaultToGlobal=true", "/schemas/ids/1?subject=:*:a", "/schemas/ids/1?subject=a",
	} {
		if w := do(r, http.MethodGet, path, ""); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if got, want := must(t, r, http.MethodGet, "/subjects?subjectPrefix=:*:a", ""), `[":*:a",":.x:a"]`; got != want {
		t.Errorf("lists %s, want %s", got, want)
	}
}

func TestRequestIDs(t *testing.T) {
	r := newRegistry(t)
	request := httptest.NewRequest(http.MethodGet, "/subjects", nil)
	request.Header.Set("X-Request-ID", "mine")
	w := httptest.NewRecorder()
	if r.ServeHTTP(w, request); w.Header().Get("X-Request-ID") != "mine" {
		t.Errorf("answered %v", w.Header())
	}
	if one, other := do(r, "GET", "/", "").Header().Get("X-Request-ID"), do(r, "GET", "/", "").Header().Get("X-Request-ID"); one == "" || one == other {
		t.Errorf("made up %q and %q", one, other)
	}
}

// TestManyAtOnce lets clients register the same schemas under the same subjects. Each must be told the same.
func TestManyAtOnce(t *testing.T) {
	for name, opts := range map[string][]embedded.Option{"in memory": nil, "on disk": {embedded.Data(t.TempDir())}} {
		t.Run(name, func(t *testing.T) {
			r := newRegistry(t, opts...)
			const clients, subjects = 16, 20
			var answers [clients][subjects]string
			var all sync.WaitGroup
			for c := range clients {
				all.Go(func() {
					for i := range subjects {
						subject := fmt.Sprintf("/subjects/s%d", i)
						do(r, http.MethodPost, subject+"/versions", schemaBody(wideSchema(fmt.Sprint("N", i), 3)))
						answers[c][i] = do(r, http.MethodGet, subject+"/versions/latest", "").Body.String()
						do(r, http.MethodGet, "/subjects", "")
						do(r, http.MethodPost, "/compatibility"+subject+"/versions?verbose=true", schemaBody(userV1))
						do(r, http.MethodPut, "/config"+subject[len("/subjects"):], `{"compatibility":"FULL"}`)
					}
				})
			}
			all.Wait()
			for c := range clients {
				if answers[c] != answers[0] {
					t.Errorf("client %d was told\n%q\nand client 0\n%q", c, answers[c], answers[0])
				}
			}
			if ids := must(t, r, http.MethodGet, fmt.Sprintf("/schemas/ids/%d/versions", subjects), ""); !strings.Contains(ids, `"version":1`) {
				t.Errorf("the last id has %s", ids)
			}
			if w := do(r, http.MethodGet, fmt.Sprintf("/schemas/ids/%d", subjects+1), ""); w.Code != http.StatusNotFound {
				t.Errorf("too many ids: %s", w.Body)
			}
		})
	}
}
