// Command breaking measures avow compat beside buf breaking on 1,000 equivalent contracts in one git repository, once as
// Avro schemas and once as protos, and writes RESULTS.md.
//
// Both look at the work tree against the branch main, first with nothing changed, then with one field of 100 files made
// another type. They run in turns, in rounds. Before anything is timed each must have found what there is to find: nothing,
// then 100 breaks. avow is built from this checkout, buf once by go install at a fixed version, outside of every go.mod; its
// own time is what counts, not that of go run.
//
//	go run ./breaking [-rounds 5] [-buf PATH] [-out breaking/RESULTS.md]
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// bufModule is the rival, at the version that is measured.
const bufModule = "github.com/bufbuild/buf/cmd/buf@v1.75.0"

func main() {
	rounds := flag.Int("rounds", 5, "how often each command is measured")
	buf := flag.String("buf", "", "path of a buf that is built already; empty builds "+bufModule)
	out := flag.String("out", "breaking/RESULTS.md", "the file to write; empty writes none")
	flag.Parse()
	if err := run(*rounds, *buf, *out); err != nil {
		fmt.Fprintln(os.Stderr, "breaking:", err)
		os.Exit(1)
	}
}

func run(rounds int, buf, out string) error {
	dir, err := os.MkdirTemp("", "avow-breaking-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tools, err := build(dir, buf)
	if err != nil {
		return err
	}
	repo := filepath.Join(dir, "contracts")
	if err := writeContracts(repo, nil); err != nil {
		return err
	}
	if err := commit(repo); err != nil {
		return err
	}
	var rows []*row
	for _, s := range []struct {
		name    string
		changed func(file int) bool
		breaks  int
	}{
		{"nothing changed", nil, 0},
		{"100 of 1,000 changed", everyTenth, 100},
	} {
		if err := writeContracts(repo, s.changed); err != nil {
			return err
		}
		measured, err := compare(tools, repo, s.name, s.breaks, rounds)
		if err != nil {
			return err
		}
		rows = append(rows, measured...)
	}
	fmt.Print(table(rows))
	if out == "" {
		return nil
	}
	return os.WriteFile(out, []byte(page(rows, rounds, tools)), 0o644)
}

// build makes the commands to compare. Without buf ours is measured alone.
func build(dir, buf string) ([]tool, error) {
	root, err := output("", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/avow-events/avow")
	if err != nil {
		return nil, err
	}
	avow := filepath.Join(dir, "avow")
	if _, err := output(root, "go", "build", "-o", avow, "./cmd/avow"); err != nil {
		return nil, err
	}
	tools := []tool{{
		name: "avow compat", path: avow, args: []string{"compat", "--against", "main", "--format", "json", "--quiet"},
		isBreak: func(line string) bool { return strings.Contains(line, `"severity":"error"`) },
	}}
	if buf == "" {
		cmd := exec.Command("go", "install", bufModule)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOBIN="+dir)
		if text, err := cmd.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "%s cannot be built, so avow is measured alone: %v\n%s", bufModule, err, text)
			return tools, nil
		}
		buf = filepath.Join(dir, "buf")
	}
	return append(tools, tool{
		name: "buf breaking", path: buf, args: []string{"breaking", "--against", ".git#branch=main"},
		isBreak: func(line string) bool { return line != "" },
	}), nil
}

// commit makes a git repository of a folder whose one commit is the branch main.
func commit(repo string) error {
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main"},
		{"add", "--all"},
		{"-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "--quiet", "--message=contracts"},
	} {
		if _, err := output(repo, "git", args...); err != nil {
			return err
		}
	}
	return nil
}

// output runs a command in a folder and returns what it prints.
func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	text, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, text)
	}
	return strings.TrimSpace(string(text)), nil
}
