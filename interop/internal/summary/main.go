// Command summary reads what go test -json says and tells what somebody wants to know who waits for it: each package when it
// is done, everything that a test said that failed, and why a test was skipped, which go test keeps to itself.
//
//	go test -json ./... | go run ./internal/summary
//
// It fails if a test failed, or if nothing was tested.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// event is what go doc test2json says, and what cmd/go adds.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64 // seconds
}

func main() {
	if err := summarize(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

func summarize(in io.Reader, out io.Writer) error {
	type test struct{ pkg, name string }
	said := map[test]*strings.Builder{}
	passed, failed := 0, 0
	for events := json.NewDecoder(in); ; {
		var e event
		switch err := events.Decode(&e); {
		case errors.Is(err, io.EOF) && failed > 0:
			return fmt.Errorf("packages that failed: %d", failed)
		case errors.Is(err, io.EOF) && passed == 0:
			return errors.New("nothing was tested")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		of := test{e.Package, e.Test}
		switch e.Action {
		case "build-output":
			fmt.Fprint(out, e.Output)
		case "output":
			if said[of] == nil {
				said[of] = new(strings.Builder)
			}
			said[of].WriteString(e.Output)
		case "pass", "fail", "skip":
			words := ""
			if b := said[of]; b != nil {
				words = b.String()
			}
			delete(said, of)
			name := e.Package[strings.LastIndexByte(e.Package, '/')+1:]
			switch {
			case e.Action == "fail":
				fmt.Fprint(out, words)
			case e.Action == "skip" && e.Test != "":
				fmt.Fprintf(out, "skipped %s: %s\n", e.Test, reason(words))
			}
			switch {
			case e.Test != "":
			case e.Action == "pass":
				passed++
				fmt.Fprintf(out, "ok      %s in %.0f s\n", name, e.Elapsed)
			case e.Action == "fail":
				failed++
				fmt.Fprintf(out, "FAIL    %s after %.0f s\n", name, e.Elapsed)
			}
		}
	}
}

// reason returns the last words of a test that was skipped, without file and line.
func reason(said string) string {
	var last string
	for line := range strings.Lines(said) {
		if _, words, found := strings.Cut(line, ".go:"); found && strings.HasPrefix(line, "    ") {
			_, last, _ = strings.Cut(words, ": ")
		}
	}
	const most = 300
	if last = strings.TrimSpace(last); len(last) > most {
		last = strings.ToValidUTF8(last[:most], "") + "…"
	}
	return last
}
