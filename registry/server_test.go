package registry_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/avow-events/avow/registry"
)

// server is a registry that answers by a table, with answers as Confluent 8.1.5 gives them, and remembers what it was
// asked.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	answers  map[string][]reply
	requests []request
}

// reply is one answer. Status 0 closes the connection without any.
type reply struct {
	status int
	body   string
	header map[string]string
}

type request struct {
	line, body string
	header     http.Header
}

// serve starts a server. The keys of answers are method and URI; several replies are given one after the other, the
// last one from then on.
func serve(t *testing.T, answers map[string][]reply) *server {
	t.Helper()
	s := &server{answers: answers}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	line := r.Method + " " + r.URL.RequestURI()
	s.mu.Lock()
	s.requests = append(s.requests, request{line, string(body), r.Header.Clone()})
	replies := s.answers[line]
	if len(replies) > 1 {
		s.answers[line] = replies[1:]
	}
	s.mu.Unlock()
	if len(replies) == 0 {
		replies = []reply{{404, `{"error_code":404,"message":"HTTP 404 Not Found"}`, nil}}
	}
	answer := replies[0]
	if answer.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	for name, value := range answer.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(answer.status)
	io.WriteString(w, answer.body)
}

// asked returns the request lines so far.
func (s *server) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := make([]string, len(s.requests))
	for i, r := range s.requests {
		lines[i] = r.line
	}
	return lines
}

// last returns the last request.
func (s *server) last(t *testing.T) request {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == 0 {
		t.Fatal("nothing was asked")
	}
	return s.requests[len(s.requests)-1]
}

// connect returns a client whose pauses are short.
func connect(t *testing.T, url string, opts ...registry.Option) *registry.Client {
	t.Helper()
	c, err := registry.New(url, append([]registry.Option{registry.Retries(2, time.Millisecond)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func ok(body string, args ...any) []reply {
	return []reply{{200, fmt.Sprintf(body, args...), nil}}
}

func refuse(status, code int, message string) []reply {
	return []reply{{status, fmt.Sprintf(`{"error_code":%d,"message":%q}`, code, message), nil}}
}
