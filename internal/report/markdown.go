package report

import (
	"fmt"
	"io"
	"strings"
)

var markdownCell = strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", ">", "&gt;")

// writeMarkdown writes a heading, a table of the findings and the summary, for a comment or a job summary.
func writeMarkdown(w io.Writer, r *Report) error {
	mark := "✅"
	if counts, _ := r.counts(); strings.Contains(counts, "error") {
		mark = "❌"
	} else if counts != "" {
		mark = "⚠️"
	}
	fmt.Fprintf(w, "### %s avow %s\n\n", mark, r.Check)
	if len(r.Findings) > 0 {
		fmt.Fprint(w, "| | where | what | rule |\n|---|---|---|---|\n")
		for _, f := range r.Findings {
			what := markdownCell.Replace(sentence(f))
			if f.Example != "" {
				what += "<br>example: " + markdownCell.Replace(f.Example)
			}
			if f.Fix != "" {
				what += "<br>**fix:** " + markdownCell.Replace(f.Fix)
			}
			fmt.Fprintf(w, "| %s | `%s` | %s | `%s` |\n", f.Severity, place(f), what, f.Rule)
		}
		fmt.Fprintln(w)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(w, "%s\n\n", markdownCell.Replace(note))
	}
	_, err := fmt.Fprintf(w, "%s\n", markdownCell.Replace(r.Summary()))
	return err
}
