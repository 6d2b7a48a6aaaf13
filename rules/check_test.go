package rules_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/rules"
)

var update = flag.Bool("update", false, "write what the tests got to testdata, for review")

func event(t testing.TB) string {
	t.Helper()
	src, err := os.ReadFile("testdata/event.avsc")
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// withRules returns a schema with rules, given as JSON, on the field of that name; on its record where the name is "record".
func withRules(t testing.TB, schema, on, attribute string) string {
	t.Helper()
	at := `"name": "` + on + `"`
	if on == "record" {
		at = `"type": "record"`
	}
	before, after, ok := strings.Cut(schema, at)
	if !ok {
		t.Fatalf("the schema has no field %s", on)
	}
	return before + at + `, "` + rules.Attribute + `": ` + attribute + after
}

// quote returns s as a JSON string with no more escapes than JSON demands.
func quote(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// TestExpressions checks every expression of testdata/expressions.txt. Below each stands what Check says about it, with
// the column inside the expression.
func TestExpressions(t *testing.T) {
	src, err := os.ReadFile("testdata/expressions.txt")
	if err != nil {
		t.Fatal(err)
	}
	schema := event(t)
	var got strings.Builder
	for line := range strings.Lines(string(src)) {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		got.WriteString(line)
		on, expr, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		text := withRules(t, schema, on, quote(t, expr))
		s, err := avsc.Parse("event.avsc", []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		err = rules.Check(s)
		if err == nil {
			got.WriteString("\tok\n")
		}
		for _, e := range avsc.AsErrorList(err) {
			fmt.Fprintf(&got, "\t%s%v\n", column(t, text, expr, e.Pos), e.Err)
		}
	}
	if *update {
		if err := os.WriteFile("testdata/expressions.txt", []byte(got.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(src), got.String()); diff != "" && !*update {
		t.Errorf("(-want +got; go test -update, then review):\n%s", diff)
	}
}

// column shows a place in the file as the rest of the expression that begins there.
func column(t *testing.T, text, expr string, pos avsc.Pos) string {
	t.Helper()
	line := strings.Split(text, "\n")[pos.Line-1]
	if pos.Col < 1 || pos.Col > len(line) {
		t.Fatalf("%v is no place in %s", pos, line)
	}
	raw := quote(t, expr)
	at := pos.Col - 1 - strings.Index(line, raw)
	if at < 0 || at > len(raw) {
		t.Fatalf("%v is no place in %s", pos, raw)
	}
	switch rest := strings.TrimSuffix(raw[at:], `"`); {
	case at == 0:
		return "all of it: "
	case rest == "":
		return "at the end: "
	default:
		return "at " + strings.TrimSpace(rest[:min(len(rest), 12)]) + ": "
	}
}
