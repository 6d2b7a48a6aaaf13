package embedded_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// probes reads testdata/probe.txt: what is known of the real server, sentence by sentence, as requests with its answers.
// A line == begins on an empty registry. A request is a line with its method, its path and its body, before which a
// header may stand; after it come the answer's status and body, and its Content-Type and Allow where they are not as
// ever.
func probes(t *testing.T) (sections map[string][]request) {
	t.Helper()
	text, err := os.ReadFile("testdata/probe.txt")
	if err != nil {
		t.Fatal(err)
	}
	sections = map[string][]request{}
	var title string
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		if rest, ok := strings.CutPrefix(block, "== "); ok {
			title = rest
			continue
		}
		lines := strings.Split(block, "\n")
		r, err := readProbe(lines)
		if err != nil {
			t.Fatalf("%s: %v", lines[0], err)
		}
		r.I = len(sections[title])
		sections[title] = append(sections[title], r)
	}
	return sections
}

func readProbe(lines []string) (r request, err error) {
	parts := strings.SplitN(lines[0], " ", 3)
	r.Method, r.Path = parts[0], parts[1]
	r.AnswerHeaders = map[string]string{"content-type": "application/vnd.schemaregistry.v1+json", "allow": ""}
	if len(parts) == 3 {
		body := parts[2]
		for _, name := range []string{"Accept", "Content-Type"} {
			if rest, ok := strings.CutPrefix(body, name+":"); ok {
				value, rest, _ := strings.Cut(rest, " ")
				r.Headers, body = map[string]*string{name: &value}, rest
			}
		}
		if body != "" || r.Headers == nil {
			r.Raw = &body
		}
	}
	if r.Raw == nil && (r.Method == "POST" || r.Method == "PUT") {
		r.Raw = new(string)
	}
	status, body, _ := strings.Cut(lines[1], " ")
	if r.Status, err = strconv.Atoi(status); err != nil {
		return r, fmt.Errorf("its answer begins with no status: %w", err)
	}
	isText := r.Status < 400 && strings.HasSuffix(strings.TrimSuffix(r.Path, "/"), "/schema")
	switch {
	case isText || !json.Valid([]byte(body)):
		r.Text = body
	default:
		r.JSON = []byte(body)
	}
	for _, line := range lines[2:] {
		name, value, _ := strings.Cut(line, ":")
		r.AnswerHeaders[strings.ToLower(name)] = value
	}
	return r, nil
}

// TestProbe holds the registry to every one of them.
func TestProbe(t *testing.T) {
	requests := 0
	for title, section := range probes(t) {
		requests += len(section)
		t.Run(title, func(t *testing.T) {
			server := serve(t)
			for _, r := range section {
				got, header := r.send(t, server)
				if !got.equal(r.answer, r.Path) {
					t.Errorf("#%d: %s %s\n\twant %s\n\tgot  %s", r.I, r.Method, r.Path, r.answer, got)
				}
				for name, want := range r.AnswerHeaders {
					if sent := header.Get(name); sent != want {
						t.Errorf("#%d: %s %s: %s is %q, want %q", r.I, r.Method, r.Path, name, sent, want)
					}
				}
			}
		})
	}
	if requests < 290 {
		t.Errorf("only %d requests were read", requests)
	}
}
