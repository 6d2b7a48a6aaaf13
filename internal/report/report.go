package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/suggest"
)

// Report is what a check found, and what it looked at.
type Report struct {
	// Check is the command's name, such as compat.
	Check string
	// Version of avow, for formats that name the tool.
	Version string
	// Findings in any order; they are written sorted by place.
	Findings []finding.Finding
	// Files are the paths that were looked at, with or without findings.
	Files []string
	// Unreadable is how many files could not be looked at.
	Unreadable int
	// Against says what they were compared with, such as main@1a2b3c4; empty where a check compares nothing.
	Against string
	// Level is the compatibility level, empty where there is none or they differ.
	Level string
	// Elapsed is how long it took; less than 10 ms are left out.
	Elapsed time.Duration
	// Notes are what else a reader should know, a sentence each.
	Notes []string
	// Rules are those behind the findings and others of the check, for formats that list them.
	Rules []finding.Rule
	// Quiet leaves notes and summary out of text.
	Quiet bool
	// Color turns on terminal colours in text.
	Color bool
}

// writers holds a function for each format.
var writers = map[Format]func(io.Writer, *Report) error{
	Text: writeText, JSON: writeJSON, GitHub: writeGitHub, JUnit: writeJUnit, SARIF: writeSARIF, GitLab: writeGitLab,
	Markdown: writeMarkdown,
}

// Write writes the report in a format. Its findings are sorted first: by file, the errors of a file before its
// warnings and notes, then by line, column, rule and subject.
func Write(w io.Writer, f Format, r *Report) error {
	write, ok := writers[f]
	if !ok {
		return fmt.Errorf("report: no such format: %d", uint8(f))
	}
	sortFindings(r.Findings)
	buffered := bufio.NewWriter(w)
	if err := write(buffered, r); err != nil {
		return err
	}
	return buffered.Flush()
}

// Summary returns the line that says how many findings there are and what was compared, such as
// "3 errors in 2 of 1,000 files, compared with main@1a2b3c4 at BACKWARD, 0.21 s".
func (r *Report) Summary() string {
	var b strings.Builder
	counts, files := r.counts()
	switch {
	case len(r.Findings) == 0 && len(r.Files) == 0:
		b.WriteString("nothing to check")
	case len(r.Findings) == 0:
		fmt.Fprintf(&b, "no findings in %s", plural(len(r.Files), "file"))
	default:
		fmt.Fprintf(&b, "%s in %s of %s", counts, thousands(files), plural(max(files, len(r.Files)), "file"))
	}
	if r.Unreadable > 0 {
		fmt.Fprintf(&b, ", %s could not be read", plural(r.Unreadable, "file"))
	}
	if r.Against != "" {
		b.WriteString(", compared with " + r.Against)
	}
	if r.Level != "" {
		b.WriteString(" at " + r.Level)
	}
	if r.Elapsed >= 10*time.Millisecond {
		fmt.Fprintf(&b, ", %.2f s", r.Elapsed.Seconds())
	}
	return b.String()
}

// counts returns "2 errors, 1 warning", and the number of files with findings.
func (r *Report) counts() (words string, files int) {
	var n [finding.Error + 1]int
	seen := make(map[string]bool)
	for _, f := range r.Findings {
		n[f.Severity]++
		if file := place(f).File; file != "" {
			seen[file] = true
		}
	}
	var parts []string
	for s := finding.Error; ; s-- {
		if n[s] > 0 {
			parts = append(parts, plural(n[s], s.String()))
		}
		if s == finding.Note {
			return strings.Join(parts, ", "), len(seen)
		}
	}
}

// place is where a finding is shown: of what is gone, where it was.
func place(f finding.Finding) avsc.Pos {
	if f.Pos.File == "" && f.OldPos.IsValid() {
		return f.OldPos
	}
	return f.Pos
}

// hasOld reports whether a finding has a place in the old schema besides the one where it is shown.
func hasOld(f finding.Finding) bool { return f.Pos.File != "" && f.OldPos.IsValid() }

func sortFindings(findings []finding.Finding) {
	slices.SortStableFunc(findings, func(a, b finding.Finding) int {
		p, q := place(a), place(b)
		return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(b.Severity, a.Severity), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(len(a.Via), len(b.Via)), cmp.Compare(a.Subject, b.Subject))
	})
}

// sentence joins what a finding says with the way from its subject to the place, for formats without room for both.
func sentence(f finding.Finding) string {
	if len(f.Via) == 0 {
		return f.Message
	}
	return fmt.Sprintf("%s (reached from %s)", f.Message, chain(f))
}

// chain returns the way from a finding's subject to its place, such as "shop.Order → shop.Money".
func chain(f finding.Finding) string {
	return strings.Join(append([]string{f.Subject}, f.Via...), " → ")
}

// plural returns "1 file", "2 files", "1,000 files".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

func thousands(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Format says how a report is written. The zero Format is [Text].
type Format uint8

// The formats.
const (
	Text     Format = iota // file:line:col: error: message (RULE_ID), for people
	JSON                   // one object a line
	GitHub                 // workflow commands that annotate a pull request
	JUnit                  // XML that most CI systems show as tests
	SARIF                  // 2.1.0, for code scanning
	GitLab                 // code quality report
	Markdown               // a table for a comment or a job summary
)

var formatNames = [...]string{
	Text: "text", JSON: "json", GitHub: "github", JUnit: "junit", SARIF: "sarif", GitLab: "gitlab", Markdown: "markdown",
}

// FormatNames returns the names of all formats.
func FormatNames() []string { return slices.Clone(formatNames[:]) }

// ParseFormat returns the format of that name. The error lists the names.
func ParseFormat(name string) (Format, error) {
	if i := slices.Index(formatNames[:], strings.ToLower(name)); i >= 0 {
		return Format(i), nil
	}
	return Text, fmt.Errorf("unknown format %q%s: want one of %s", name,
		suggest.DidYouMean(name, formatNames[:]), strings.Join(formatNames[:], ", "))
}

// String returns the format's name.
func (f Format) String() string {
	if int(f) < len(formatNames) {
		return formatNames[f]
	}
	return fmt.Sprintf("Format(%d)", uint8(f))
}
