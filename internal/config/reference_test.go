package config_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/avow-events/avow/internal/config"
)

// TestReference holds docs/avow-yaml.md to what is read: its examples are good, and it has every key and no other.
func TestReference(t *testing.T) {
	page, err := os.ReadFile("../../docs/avow-yaml.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(page, -1)
	if len(examples) != 2 {
		t.Errorf("%d examples, want 2", len(examples))
	}
	for _, example := range examples {
		if _, err := config.Parse("avow.yaml", t.TempDir(), example[1]); err != nil {
			t.Errorf("%v in the example\n%s", err, example[1])
		}
	}
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_.*\\[\\]]+)` \\|").FindAllSubmatch(page, -1) {
		documented = append(documented, string(row[1]))
	}

	// Where an object has a key that nothing is like, the error lists those that it may have.
	var known []string
	for prefix, src := range map[string]string{
		"":                         "%",
		"schemas.":                 "schemas: {%}",
		"generate.":                "generate: {%}",
		"compat.":                  "compat: {%}",
		"compat.levels[].":         "compat: {levels: [{%}]}",
		"topics[].":                "topics: [{%}]",
		"subjects[].":              "subjects: [{%}]",
		"references[].":            "references: [{%}]",
		"lock.":                    "lock: {%}",
		"environments.*.":          "environments: {a: {%}}",
		"environments.*.registry.": "environments: {a: {registry: {%}}}",
		"environments.*.kafka.":    "environments: {a: {kafka: {%}}}",

		"environments.*.kafka.tls.":  "environments: {a: {kafka: {tls: {%}}}}",
		"environments.*.kafka.sasl.": "environments: {a: {kafka: {sasl: {%}}}}",
	} {
		_, err := config.Parse("avow.yaml", t.TempDir(), []byte(strings.ReplaceAll(src, "%", "zzzzzz: 1")))
		if err == nil {
			t.Fatalf("no error for an unknown key in %q", prefix)
		}
		list := regexp.MustCompile(`"zzzzzz", known are (.*)`).FindStringSubmatch(err.Error())
		if list == nil {
			t.Fatalf("%v: no list of keys", err)
		}
		for key := range strings.SplitSeq(list[1], ", ") {
			known = append(known, prefix+key)
		}
	}
	for _, key := range known {
		if !slices.Contains(documented, key) {
			t.Errorf("%s is not in docs/avow-yaml.md", key)
		}
	}
	for _, key := range documented {
		if !slices.Contains(known, key) {
			t.Errorf("docs/avow-yaml.md has %s, which avow.yaml does not", key)
		}
	}
}
