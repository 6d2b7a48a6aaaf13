package judge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestGeneratedTypes has Java write values of schemas that nobody thought of, and generated types carry them: by every way
// to decode, in sized blocks, behind a prefix, into a used value, through JSON, damaged. The program that checks this is the
// one with which internal/codegen checks its types.
func TestGeneratedTypes(t *testing.T) {
	const rounds, values = 80, 8
	j := newJudge(t)
	m := newModule(t)
	var input, imports, types bytes.Buffer
	enc := json.NewEncoder(&input)
	for seed := range uint64(rounds) {
		random, _ := schemas(seed)
		schema := `{"type":"record","name":"Root","namespace":"judge","fields":[{"name":"value","type":` + random + `}]}`
		name := fmt.Sprintf("schema%d", seed)
		m.write(t, filepath.Join(name, "Root.avsc"), []byte(schema))
		m.run(t, nil, "./avow", "generate", "-q", "--schemas", name, "--out", "gen/"+name)
		fmt.Fprintf(&imports, "\t%s \"example.com/gen/%s/judge\"\n", name, name)
		fmt.Fprintf(&types, "\t\t%q: check.Of[%s.Root](),\n", name, name)
		v := j.ask(t, asked{Schema: schema, Reader: schema, Count: values, Seed: seed})
		if v.Error != "" {
			t.Fatalf("seed %d: Java says %s\n%s", seed, v.Error, schema)
		}
		for i, value := range v.Values {
			err := enc.Encode(map[string]any{"Type": name, "Name": fmt.Sprintf("value %d", i), "Bytes": value.Bytes, "Blocked": value.Blocked})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	m.write(t, "main.go", fmt.Appendf(nil, "package main\n\nimport (\n\t\"example.com/check\"\n%s)\n\nfunc main() {\n\tcheck.Main(map[string]check.Type{\n%s\t})\n}\n",
		&imports, &types))
	m.run(t, nil, "go", "vet", "-mod=mod", "./...")
	m.run(t, nil, "go", "build", "-mod=mod", "-o", "check.bin", ".")
	m.run(t, &input, "./check.bin")
}

// module is a Go module in a temporary folder, with avow and the program that checks types.
type module struct{ dir string }

func newModule(t *testing.T) module {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	m := module{t.TempDir()}
	m.write(t, "go.mod", []byte(`module example.com

go 1.26.0

require (
	github.com/avow-events/avow v0.0.0
	github.com/google/uuid v1.6.0
)

replace github.com/avow-events/avow => `+root+"\n"))
	copies := map[string]string{"go.sum": "go.sum"}
	for _, name := range []string{"check.go", "limit_linux.go", "limit_other.go"} {
		copies["internal/codegen/testdata/harness/"+name] = "check/" + name
	}
	for from, to := range copies {
		content, err := os.ReadFile(filepath.Join(root, from))
		if err != nil {
			t.Fatal(err)
		}
		m.write(t, to, content)
	}
	m.run(t, nil, "go", "build", "-C", root, "-o", filepath.Join(m.dir, "avow"), "./cmd/avow")
	return m
}

func (m module) write(t *testing.T, name string, content []byte) {
	t.Helper()
	file := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (m module) run(t *testing.T, stdin *bytes.Buffer, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOMEMLIMIT=1GiB")
	if stdin != nil {
		cmd.Stdin = stdin
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}
