package cli_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/avow-events/avow/internal/cli"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/registry/embedded"
)

var ruleID = regexp.MustCompile(`(?m)^(DRIFT|GATE)_[A-Z_]+`)

// Every rule of drift and of the deploy gate is explained, and named in the guide.
func TestRegistryRulesAreExplained(t *testing.T) {
	guide, err := os.ReadFile("../../docs/registry.md")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := run(t, "explain")
	listed := ruleID.FindAllString(list, -1)
	for _, r := range slices.Concat(cli.DriftRules(), cli.GateRules()) {
		id := r.ID
		if !slices.Contains(listed, id) {
			t.Errorf("%s is not listed", id)
		}
		code, text, stderr := run(t, "explain", id)
		if code != 0 || !strings.Contains(text, "\nRepair: ") || !strings.Contains(text, "\nSeverity: always error: ") {
			t.Errorf("%s: exit %d\n%s%s", id, code, text, stderr)
		}
		if !strings.Contains(string(guide), "`"+id+"`") {
			t.Errorf("docs/registry.md does not tell of %s", id)
		}
	}
}

// What avow explain shows as breaking a rule of drift breaks it, and what it shows as keeping it keeps it.
func TestCasesOfDrift(t *testing.T) {
	for _, r := range cli.DriftRules() {
		if r.Good == (finding.Case{}) {
			continue // about levels, versions or topics, of which a case has none
		}
		if got := driftOf(t, r.Bad); !slices.Equal(got, []string{r.ID}) {
			t.Errorf("breaks %s: found %q", r.ID, got)
		}
		if got := driftOf(t, r.Good); got != nil {
			t.Errorf("keeps %s: found %q", r.ID, got)
		}
	}
}

// driftOf returns the rules that avow drift finds broken where a registry holds one schema and a repository another one.
func driftOf(t *testing.T, c finding.Case) (rules []string) {
	t.Helper()
	const common = `{"type":"fixed","name":"Common","size":4}` // a repository is not empty
	r, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(r)
	defer s.Close()
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("schemas", 0o755); err != nil {
		t.Fatal(err)
	}
	name := func(text string) string {
		var v struct{ Name string }
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		return v.Name
	}
	client, err := registry.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{common, c.Old} {
		if text == "" {
			continue
		}
		if _, err := client.Register(t.Context(), name(text), text); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{common, c.New} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join("schemas", name(text)+".avsc"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, stdout, stderr := run(t, "drift", "--registry", s.URL, "--format", "json")
	for line := range strings.Lines(stdout) {
		var f struct{ Type, Rule string }
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%v in %s%s", err, line, stderr)
		}
		if id := f.Type + f.Rule; ruleID.MatchString(id) {
			rules = append(rules, id)
		}
	}
	return rules
}
