package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/avow-events/avow/internal/finding"
)

// writeText writes `file:line:col: error: message (RULE_ID)`, with what helps below it, indented. Findings that have one
// cause are written once, with a line for each contract that they reach.
func writeText(w io.Writer, r *Report) error {
	paint := painter(r.Color)
	for i := 0; i < len(r.Findings); {
		f := r.Findings[i]
		severity := f.Severity.String() + ": "
		fmt.Fprintf(w, "%s %s%s %s\n", paint.place(place(f).String()+":"), paint.severity(f.Severity, severity), f.Message,
			paint.faint("("+f.Rule+")"))
		if hasOld(f) {
			fmt.Fprintf(w, "    old: %s\n", f.OldPos)
		}
		if f.Example != "" {
			fmt.Fprintf(w, "    example: %s\n", shortenValues(f.Example))
		}
		for ; i < len(r.Findings) && sameCause(f, r.Findings[i]); i++ {
			if len(r.Findings[i].Via) > 0 {
				fmt.Fprintf(w, "    breaks: %s\n", chain(r.Findings[i]))
			}
		}
		if f.Fix != "" {
			fmt.Fprintf(w, "    %s %s\n", paint.fix("fix:"), f.Fix)
		}
	}
	if r.Quiet {
		return nil
	}
	for _, note := range r.Notes {
		fmt.Fprintln(w, note)
	}
	_, err := fmt.Fprintln(w, r.Summary())
	return err
}

// maxValue is how many characters of a value in an example a terminal shows; the formats for machines have it whole.
const maxValue = 200

// shortenValues shortens the JSON values in an example, and leaves the sentence around them as it is.
func shortenValues(example string) string {
	var b strings.Builder
	for rest := example; rest != ""; {
		n := 1
		if rest[0] == '{' || rest[0] == '[' || rest[0] == '"' {
			value := json.NewDecoder(strings.NewReader(rest))
			if err := value.Decode(new(json.RawMessage)); err == nil {
				n = int(value.InputOffset())
			}
		}
		b.WriteString(middleOut(rest[:n], maxValue))
		rest = rest[n:]
	}
	return b.String()
}

// middleOut shortens a text to n characters by leaving out its middle.
func middleOut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n/2]) + " … " + string(runes[len(runes)-n/2:])
}

// sameCause reports whether two findings say the same of different subjects.
func sameCause(a, b finding.Finding) bool {
	return a.Rule == b.Rule && a.Pos == b.Pos && a.OldPos == b.OldPos && a.Message == b.Message && a.Severity == b.Severity
}

type painter bool

func (p painter) with(s string, attributes ...color.Attribute) string {
	if !p || s == "" {
		return s
	}
	c := color.New(attributes...)
	c.EnableColor()
	return c.Sprint(s)
}

func (p painter) place(s string) string { return p.with(s, color.Bold) }
func (p painter) faint(s string) string { return p.with(s, color.Faint) }
func (p painter) fix(s string) string   { return p.with(s, color.FgGreen) }

func (p painter) severity(s finding.Severity, word string) string {
	switch s {
	case finding.Error:
		return p.with(word, color.FgRed)
	case finding.Warning:
		return p.with(word, color.FgYellow)
	}
	return p.with(word, color.FgCyan)
}
