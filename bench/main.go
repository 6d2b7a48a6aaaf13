// Command bench measures the codec of generated types beside its rivals and writes RESULTS.md.
//
// All candidates run in one process, one after the other, in rounds: the whole list, then again. What counts is CPU time
// per operation, garbage collection included, as the kernel accounts it (getrusage): wall time on a machine with
// neighbours is inflated. Before anything is timed, every candidate must show that it carries the same event.
//
//	go run . [-rounds 20] [-time 80ms] [-only TEXT] [-out RESULTS.md]
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 20, "how often the whole list is measured")
	each := flag.Duration("time", 80*time.Millisecond, "how long one candidate runs in a round")
	only := flag.String("only", "", "measure only candidates whose name contains this")
	out := flag.String("out", "RESULTS.md", "the file to write; empty writes none")
	flag.Parse()
	if err := run(*rounds, *each, *only, *out); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds int, each time.Duration, only, out string) error {
	runtime.GOMAXPROCS(1)
	var chosen []*candidate
	for _, c := range candidates() {
		if !strings.Contains(c.String(), only) {
			continue
		}
		if err := c.check(); err != nil {
			return fmt.Errorf("%s does not carry the event: %w", c, err)
		}
		chosen = append(chosen, c)
	}
	for round := range rounds {
		for _, c := range chosen {
			c.measure(each)
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
	}
	report := newReport(chosen, rounds, each)
	fmt.Print(report.tables())
	if out == "" {
		return nil
	}
	return os.WriteFile(out, []byte(report.page()), 0o644)
}
