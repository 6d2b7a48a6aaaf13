package avow_test

import (
	"strings"
	"testing"

	"github.com/avow-events/avow/internal/cli"
)

// TestGenIsCurrent asks the command itself whether generated code is what the schemas give. It runs in-process, so
// that Go's test cache sees the files it reads.
func TestGenIsCurrent(t *testing.T) {
	for name, args := range map[string][]string{
		"gen": {"generate", "--check"},
		"examples/tour/next/gen": {"generate", "--check", "--schemas", "examples/tour/next/schemas", "--out", "examples/tour/next/gen",
			"--package-prefix", module + "/examples/tour/next/gen"},
		"bench/events": {"generate", "--check", "--schemas", "bench/schemas", "--out", "bench/events", "--strip-prefix", "bench"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs strings.Builder
			noEnv := func(string) (string, bool) { return "", false }
			if code := cli.Main(args, strings.NewReader(""), &out, &errs, noEnv); code != 0 {
				t.Errorf("exit %d, run make generate\n%s%s", code, &out, &errs)
			}
		})
	}
}
