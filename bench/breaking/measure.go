package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// tool is a command to measure.
type tool struct {
	name, path string
	args       []string
	// isBreak reports whether a line of its output tells of a break.
	isBreak func(line string) bool
}

// row is what was measured of one command on one state of the contracts.
type row struct {
	state, tool string
	wall, cpu   []time.Duration
	memory      int64 // the most of all runs, in bytes
	breaks      int
}

// compare runs the tools in turns, and once before that to see that they find what there is.
func compare(tools []tool, repo, state string, breaks, rounds int) ([]*row, error) {
	rows := make([]*row, len(tools))
	for i, t := range tools {
		rows[i] = &row{state: state, tool: t.name, breaks: breaks}
		text, err := rows[i].once(t, repo)
		if err != nil {
			return nil, err
		}
		found := 0
		for line := range strings.Lines(text) {
			if t.isBreak(strings.TrimSpace(line)) {
				found++
			}
		}
		if found != breaks {
			return nil, fmt.Errorf("%s, %s: %d breaks found, want %d:\n%.2000s", t.name, state, found, breaks, text)
		}
		*rows[i] = row{state: state, tool: t.name, breaks: breaks} // the first run warms caches
	}
	for range rounds {
		for i, t := range tools {
			if _, err := rows[i].once(t, repo); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// once runs a tool and adds what it took. Both end with 100 where they find breaks.
func (r *row) once(t tool, repo string) (string, error) {
	cmd := exec.Command(t.path, t.args...)
	cmd.Dir = repo
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	want := 0
	if r.breaks > 0 {
		want = 100
	}
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return "", err
	}
	if code := cmd.ProcessState.ExitCode(); code != want {
		return "", fmt.Errorf("%s, %s: exit code %d, want %d:\n%.2000s%.2000s", t.name, r.state, code, want, out.String(), stderr.String())
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage) // of git too, which both start
	r.wall = append(r.wall, wall)
	r.cpu = append(r.cpu, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	unit := int64(1 << 10)
	if runtime.GOOS == "darwin" { // which alone counts bytes
		unit = 1
	}
	r.memory = max(r.memory, int64(usage.Maxrss)*unit)
	return out.String(), nil
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
