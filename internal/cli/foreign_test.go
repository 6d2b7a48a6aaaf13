package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

// withForeign is a registry that also holds subjects of other types than Avro, answering as Confluent's does.
func withForeign(t *testing.T) *httptest.Server {
	t.Helper()
	r, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	foreign := map[string]string{
		"clicks-value": `"schemaType":"JSON","schema":"{\"type\":\"object\"}"`,
		"taps-value":   `"schemaType":"PROTOBUF","schema":"syntax = \"proto3\";\nmessage Tap {}\n"`,
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
		switch {
		case req.Method == http.MethodGet && req.URL.Path == "/subjects":
			recorded := httptest.NewRecorder()
			r.ServeHTTP(recorded, req)
			var names []string
			if err := json.Unmarshal(recorded.Body.Bytes(), &names); err != nil {
				t.Error(err)
			}
			for name := range foreign {
				names = append(names, name)
			}
			json.NewEncoder(w).Encode(names)
		case req.Method == http.MethodGet && parts[0] == "subjects" && len(parts) == 4 && foreign[parts[1]] != "":
			fmt.Fprintf(w, `{"subject":%q,"version":1,"id":%d,%s}`, parts[1], 900+len(parts[1]), foreign[parts[1]])
		case req.Method == http.MethodGet && parts[0] == "subjects" && len(parts) == 3 && foreign[parts[1]] != "":
			fmt.Fprint(w, `[1]`)
		default:
			r.ServeHTTP(w, req)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// Subjects of other types than Avro are told as what they are, and everything else goes on.
func TestSubjectsThatAreNoAvro(t *testing.T) {
	s, other := withForeign(t), withForeign(t)
	client, err := registry.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Register(t.Context(), "orders-value", `{"type":"record","name":"Order","fields":[]}`); err != nil {
		t.Fatal(err)
	}
	config := func(topics string) string {
		return fmt.Sprintf("version: v1\nenvironments:\n  here: {registry: %q}\n  there: {registry: %q}\n  calm: {registry: %q, ignore: [clicks-value, taps-value]}\ntopics:\n%s",
			s.URL, other.URL, s.URL, topics)
	}
	files := map[string]string{
		"avow.yaml":          config("  - {name: orders, events: [Order]}\n"),
		"schemas/Order.avsc": `{"type":"record","name":"Order","fields":[]}`,
	}
	repository(t, files)
	for _, tc := range []struct {
		args           string
		code           int
		stdout, stderr string // patterns
	}{
		{"plan --env here", 0, `^No changes\.`, ``},
		{"plan --env here --prune", 0, `clicks-value: it is a JSON schema, and left alone\n.*taps-value: it is a PROTOBUF schema`, ``},
		{"apply --env here --prune", 0, `✓ orders-value .*unchanged`, ``},
		{"drift --env here", 0, `note: clicks-value is not described by the repository: it is a JSON schema, of which avow takes no care`, ``},
		{"drift --env calm", 0, `no findings`, ``},
		{"compat --against registry://here", 0, `no findings`, ``},
		{"promote --from here --to there", 0, `✓ orders-value`, `clicks-value is left out: version 1 is a JSON schema\ntaps-value is left out: version 1 is a PROTOBUF schema`},
		{"promote --from here --to there clicks-value", 0, `No changes\.`, `clicks-value is left out`},
		{"pull --env here --out pulled", 100, ``, `✗ clicks-value is left out: version 1 is a JSON schema\n✗ taps-value is left out: version 1 is a PROTOBUF schema`},
		{"pull --env here --out pulled clicks-value", 100, ``, `✗ clicks-value is left out`},
		{"pull --env calm --out calm", 0, ``, `avow plan finds nothing to do`},
	} {
		code, stdout, stderr := run(t, strings.Fields(tc.args)...)
		if code != tc.code || !regexp.MustCompile(`(?m)`+tc.stdout).MatchString(stdout) || !regexp.MustCompile(`(?m)`+tc.stderr).MatchString(stderr) {
			t.Errorf("avow %s: exit %d\n%s----\n%s", tc.args, code, stdout, stderr)
		}
	}

	// Avro is meant for a subject that holds something else.
	files["avow.yaml"] = config("  - {name: orders, events: [Order]}\n  - {name: clicks, events: [Order]}\n")
	repository(t, files)
	code, stdout, stderr := run(t, "plan", "--env", "here")
	if code != 100 || !strings.Contains(stdout, "after 1, which is a JSON schema, INCOMPATIBLE at BACKWARD\n    Incompatible because of different schema type\n") {
		t.Errorf("plan: exit %d\n%s----\n%s", code, stdout, stderr)
	}
	if code, stdout, stderr = run(t, "drift", "--env", "here"); code != 100 || !strings.Contains(stdout, "clicks-value holds a JSON schema") {
		t.Errorf("drift: exit %d\n%s----\n%s", code, stdout, stderr)
	}
	want := "schemas/Order.avsc:1:1: error: subject clicks-value holds a JSON schema in version 1, and takes no Avro at level BACKWARD (SCHEMA_TYPE_CHANGED)"
	if code, stdout, stderr = run(t, "compat", "--against", "registry://here"); code != 100 || !strings.Contains(stdout, want) {
		t.Errorf("compat: exit %d\n%s----\n%s", code, stdout, stderr)
	}
	if code, stdout, stderr = run(t, "compat", "--against", "registry://here", "--level", "NONE"); code != 0 {
		t.Errorf("compat at NONE: exit %d\n%s----\n%s", code, stdout, stderr)
	}
}
