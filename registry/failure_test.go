package registry_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/registry"
)

// What a user sees when a registry refuses or is none: the whole message, with the server's address as URL.
func TestMessages(t *testing.T) {
	for _, tc := range []struct {
		name    string
		reply   []reply
		is      error
		message string
	}{
		{"missing subject", refuse(404, 40401, "Subject 's' not found."), registry.ErrNotFound,
			`registry URL: GET /subjects/s/versions: HTTP 404, code 40401: Subject 's' not found.`},
		{"wrong path", []reply{{404, "<html><body><h1>Not here</h1></body></html>", nil}}, nil,
			`registry URL: GET /subjects/s/versions: HTTP 404: "<html><body><h1>Not here</h1></body></html>" (is this the URL of a schema registry, with its whole path?)`},
		{"something else answers", ok("<!doctype html>\n<html>\n<head><title>Grafana</title>"), nil,
			`registry URL: GET /subjects/s/versions: unreadable answer (HTTP 200): not JSON but "<!doctype html> <html> <head><title>Grafana</title>" (is this the URL of a schema registry?)`},
		{"JSON of something else", ok(`{"status":"UP"}`), nil,
			`registry URL: GET /subjects/s/versions: unreadable answer (HTTP 200): json: cannot unmarshal object into Go value of type []int (is this the URL of a schema registry?)`},
		{"nothing at all", ok(`null`), nil,
			`registry URL: GET /subjects/s/versions: unreadable answer (HTTP 200): it is null (is this the URL of a schema registry?)`},
		{"no credentials", refuse(401, 401, "Unauthorized"), registry.ErrUnauthorized,
			`registry URL: GET /subjects/s/versions: HTTP 401: Unauthorized (give or check the credentials)`},
		{"no credentials, from 8.1.5", refuse(401, 401, "HTTP 401 Unauthorized"), registry.ErrUnauthorized,
			`registry URL: GET /subjects/s/versions: HTTP 401: Unauthorized (give or check the credentials)`},
		{"not allowed", refuse(403, 40301, "User is denied operation Read on Subject: s"), registry.ErrUnauthorized,
			`registry URL: GET /subjects/s/versions: HTTP 403, code 40301: User is denied operation Read on Subject: s (these credentials may not do that)`},
		{"incompatible, from 8.1.2", refuse(409, 40901, "Schema being registered is incompatible"), registry.ErrIncompatible,
			`registry URL: GET /subjects/s/versions: HTTP 409, code 40901: Schema being registered is incompatible`},
		{"incompatible, older", refuse(409, 409, "Schema being registered is incompatible"), registry.ErrIncompatible,
			`registry URL: GET /subjects/s/versions: HTTP 409: Schema being registered is incompatible`},
		{"invalid", refuse(422, 42201, "Invalid schema"), registry.ErrInvalid,
			`registry URL: GET /subjects/s/versions: HTTP 422, code 42201: Invalid schema`},
		{"read-only", refuse(422, 42205, "Subject s in context  is in read-only mode"), registry.ErrNotPermitted,
			`registry URL: GET /subjects/s/versions: HTTP 422, code 42205: Subject s in context  is in read-only mode (look at the mode of registry and subject)`},
		{"redirect", []reply{{302, "", map[string]string{"Location": "https://user:pw@elsewhere/login?token=x"}}}, nil,
			`registry URL: GET /subjects/s/versions: HTTP 302: redirects to https://elsewhere/login (give the URL it redirects to)`},
		{"store is down", refuse(500, 50001, "Error in the backend datastore"), registry.ErrUnavailable,
			`registry URL: GET /subjects/s/versions: HTTP 500, code 50001: Error in the backend datastore`},
		{"too busy", []reply{{429, "", nil}}, registry.ErrUnavailable,
			`registry URL: GET /subjects/s/versions: HTTP 429`},
		{"connection cut", []reply{{}}, registry.ErrUnavailable,
			`registry URL: GET /subjects/s/versions: no answer: EOF (is the registry running, and is this its URL?)`},
		{"answer cut short", []reply{{200, `[1`, map[string]string{"Content-Length": "100"}}}, registry.ErrUnavailable,
			`registry URL: GET /subjects/s/versions: no answer: unexpected EOF (is the registry running, and is this its URL?)`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, map[string][]reply{"GET /subjects/s/versions": tc.reply})
			_, err := connect(t, s.URL).Versions(t.Context(), "s")
			if err == nil {
				t.Fatal("no error")
			}
			if got := strings.ReplaceAll(err.Error(), s.URL, "URL"); got != tc.message {
				t.Errorf("\ngot  %s\nwant %s", got, tc.message)
			}
			for _, sentinel := range []error{
				registry.ErrNotFound, registry.ErrIncompatible, registry.ErrInvalid, registry.ErrNotPermitted,
				registry.ErrUnauthorized, registry.ErrUnavailable,
			} {
				if errors.Is(err, sentinel) != (sentinel == tc.is) {
					t.Errorf("errors.Is(err, %q) = %v", sentinel, errors.Is(err, sentinel))
				}
			}
			wantTries := 1
			if tc.is == registry.ErrUnavailable {
				wantTries = 3
			}
			if got := len(s.asked()); got != wantTries {
				t.Errorf("asked %d times, want %d", got, wantTries)
			}
		})
	}
}

// A registry without contexts answers as any server does that is asked for a path it does not know.
func TestRegistryWithoutContexts(t *testing.T) {
	s := serve(t, nil)
	_, err := connect(t, s.URL, registry.Context("staging")).Versions(t.Context(), "s")
	want := "registry URL/contexts/.staging: GET /subjects/s/versions: HTTP 404: Not Found " +
		"(is this the URL of a schema registry that has contexts?)"
	if err == nil || strings.ReplaceAll(err.Error(), s.URL, "URL") != want {
		t.Errorf("\ngot  %v\nwant %s", err, want)
	}
}

func TestErrorCarriesStatusAndCode(t *testing.T) {
	s := serve(t, map[string][]reply{"POST /subjects/s/versions": refuse(409, 40901, "no")})
	_, err := connect(t, s.URL).Register(t.Context(), "s", `"int"`)
	var e *registry.Error
	if !errors.As(err, &e) {
		t.Fatalf("%T: %v", err, err)
	}
	want := registry.Error{Request: "POST /subjects/s/versions", URL: s.URL, Status: 409, Code: 40901, Message: "no"}
	if *e != want {
		t.Errorf("got %+v, want %+v", *e, want)
	}
}

func TestRegistryIsDown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	_, err = connect(t, "http://"+ln.Addr().String()).Subjects(t.Context())
	if !errors.Is(err, registry.ErrUnavailable) || !strings.Contains(err.Error(), "connection refused (is the registry running, and is this its URL?)") {
		t.Errorf("got %v", err)
	}
}

func TestTriesAgainUntilItWorks(t *testing.T) {
	s := serve(t, map[string][]reply{
		"GET /subjects":             {{503, "", nil}, {}, {200, `["s"]`, nil}},
		"POST /subjects/s/versions": {{500, `{"error_code":50002,"message":"timeout"}`, nil}, {200, `{"id":1,"version":1,"schema":"1"}`, nil}},
		"GET /schemas/ids/1":        ok(`{"schema":"1"}`),
	})
	c := connect(t, s.URL)
	if got, err := c.Subjects(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := c.Register(t.Context(), "s", `"int"`); err != nil || got.Version != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	if first, again := s.requests[3], s.requests[4]; first.body != `{"schema":"\"int\""}` || first.body != again.body {
		t.Errorf("sent %q, then %q", first.body, again.body)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for name, header := range map[string]string{
		"seconds": "1", "time": time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat), // whole seconds, so 1 to 2
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string][]reply{"GET /subjects": {{429, "", map[string]string{"Retry-After": header}}, {200, `[]`, nil}}})
			start := time.Now()
			if _, err := connect(t, s.URL).Subjects(t.Context()); err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took < 900*time.Millisecond || took > 4*time.Second {
				t.Errorf("waited %v, want a second or two", took)
			}
		})
	}
	for _, header := range []string{"soon", "-1", "99999999999999999999", "Mon, 01 Jan 2001 00:00:00 GMT"} {
		s := serve(t, map[string][]reply{"GET /subjects": {{503, "", map[string]string{"Retry-After": header}}, {200, `[]`, nil}}})
		start := time.Now()
		if _, err := connect(t, s.URL).Subjects(t.Context()); err != nil || time.Since(start) > time.Second {
			t.Errorf("%s: %v after %v", header, err, time.Since(start))
		}
	}
}

func TestTheContextBoundsRetries(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": refuse(503, 50301, "not yet")})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := connect(t, s.URL, registry.Retries(1000, 10*time.Millisecond)).Subjects(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, registry.ErrUnavailable) || !strings.Contains(err.Error(), "not yet") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestASlowRegistry(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0") // accepts, never answers
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	c := connect(t, "http://"+ln.Addr().String(), registry.Timeout(20*time.Millisecond), registry.Retries(1, time.Millisecond))
	_, err = c.Subjects(t.Context())
	if !errors.Is(err, registry.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "nothing within 20ms") {
		t.Errorf("got %v", err)
	}
}

// A registry that begins to answer and does not get on is a slow one too.
func TestAnAnswerThatTrickles(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "[")
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
		}
	}))
	defer s.Close()
	_, err := connect(t, s.URL, registry.Timeout(30*time.Millisecond), registry.Retries(0, 1)).Subjects(t.Context())
	if !errors.Is(err, registry.ErrUnavailable) || !strings.Contains(err.Error(), "nothing within 30ms") {
		t.Errorf("got %v", err)
	}
}

// An answer without end is given up.
func TestAnAnswerWithoutEnd(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		block := bytes.Repeat([]byte(" "), 1<<20)
		for r.Context().Err() == nil {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	defer s.Close()
	if _, err := connect(t, s.URL).Subjects(t.Context()); err == nil || !strings.Contains(err.Error(), "longer than 64 MiB") {
		t.Errorf("got %v", err)
	}
}

func TestFailover(t *testing.T) {
	down := serve(t, map[string][]reply{"GET /subjects": refuse(503, 50301, "starting")})
	gone := serve(t, nil)
	gone.Close()
	up := serve(t, map[string][]reply{"GET /subjects": ok(`["s"]`)})
	c := connect(t, gone.URL+", "+down.URL+","+up.URL)
	for range 3 {
		if got, err := c.Subjects(t.Context()); err != nil || len(got) != 1 {
			t.Fatalf("got %q, %v", got, err)
		}
	}
	if n, m := len(down.asked()), len(up.asked()); n != 1 || m != 3 {
		t.Errorf("asked the one that is starting %d times and the one that is up %d times, want 1 and 3: it stays with what works", n, m)
	}
	if c.URL() != up.URL {
		t.Errorf("URL = %s, want %s", c.URL(), up.URL)
	}
}

func TestARefusalIsNoReasonToAskAnother(t *testing.T) {
	first := serve(t, map[string][]reply{"GET /subjects": refuse(401, 401, "Unauthorized")})
	second := serve(t, map[string][]reply{"GET /subjects": ok(`[]`)})
	_, err := connect(t, first.URL+","+second.URL).Subjects(t.Context())
	if !errors.Is(err, registry.ErrUnauthorized) || len(second.asked()) != 0 {
		t.Errorf("got %v, asked the second %d times", err, len(second.asked()))
	}
}

func TestBadURLs(t *testing.T) {
	for url, want := range map[string]string{
		"":                                   "registry: URL is empty",
		"localhost:8081":                     "registry: URL begins neither with http:// nor with https://: want http://HOST:PORT or https://HOST:PORT",
		"127.0.0.1:8081":                     "registry: URL begins neither with http:// nor with https://: want http://HOST:PORT or https://HOST:PORT",
		"ftp://host":                         "begins neither with http:// nor with https://",
		"http://":                            "names no host",
		"http://a,":                          "registry: URL 2 of 2 is empty",
		"http://u:hunter2@host:port":         `registry: URL cannot be read: invalid port ":port" after host`,
		"http://host,http://u:hunter2@h/%zz": `registry: URL 2 of 2 cannot be read: invalid URL escape "%zz"`,
		"http://host?x=1":                    "has a query or a fragment",
		"http://u:hunter2/%@host:8081":       "registry: URL cannot be read: in user and password write %25 for %, %2F for /",
		"http://u:4/hunter2@host:8081":       "registry: URL cannot be read: in user and password write",
		"http://u:%hunter2@host:8081":        "registry: URL cannot be read: in user and password write",
	} {
		_, err := registry.New(url)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v, want it to say %q", url, err, want)
		}
	}
}
