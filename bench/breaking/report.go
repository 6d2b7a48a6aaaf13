package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// table returns a line for each row.
func table(rows []*row) string {
	var b strings.Builder
	b.WriteString("| contracts | command | wall s, median | min … max | CPU s, median | memory MB | breaks found |\n|---|---|--:|--:|--:|--:|--:|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %.2f | %.2f … %.2f | %.2f | %d | %d |\n", r.state, r.tool, median(r.wall).Seconds(),
			slices.Min(r.wall).Seconds(), slices.Max(r.wall).Seconds(), median(r.cpu).Seconds(), r.memory>>20, r.breaks)
	}
	return b.String()
}

// page returns RESULTS.md: what was measured, how and where.
func page(rows []*row, rounds int, tools []tool) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# avow compat beside buf breaking

1,000 contracts in one git repository, as Avro schemas for avow and as equivalent protos for buf: %d domains, in each one
shared type and %d events of 16 fields, with a type and an enum of their own, that refer to it. Both compare the work tree
with the branch main. Where 100 files changed, one field of each has become a string.

%s
Both run in turns, %d rounds after one to warm up; each had to find exactly the breaks that there are, and to end with the
right exit code. CPU time and memory are the kernel's figures for the process and the git that it starts; memory is the most
of all runs.

`, domains, perDomain-1, table(rows), rounds)
	if len(tools) == 1 {
		b.WriteString("buf could not be built on this machine, so avow was measured alone.\n\n")
	} else {
		fmt.Fprintf(&b, "buf is `%s`, built by go install with the same Go. It checks its\ndefault rules (FILE), "+
			"avow the level BACKWARD and its semantic rules.\n\n", bufModule)
	}
	fmt.Fprintf(&b, "%s, %s/%s, %d CPUs%s. Again: `cd bench && go run ./breaking`.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), load())
	return b.String()
}

// load says how busy the machine was at the end, where that can be read.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	average, _, _ := strings.Cut(string(text), " ")
	return ", load average " + average
}
