package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/avow-events/avow/internal/finding"
)

// What GitHub Actions unescapes in workflow commands: in the text, and further in properties.
var (
	githubText     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// writeGitHub writes one workflow command a finding, which GitHub shows beside the line in a pull request, with the rule
// as its title.
func writeGitHub(w io.Writer, r *Report) error {
	for _, f := range r.Findings {
		at := place(f)
		properties := []string{}
		if at.File != "" {
			properties = append(properties, "file="+githubProperty.Replace(at.File))
		}
		if at.IsValid() {
			properties = append(properties, fmt.Sprintf("line=%d", at.Line), fmt.Sprintf("col=%d", at.Col))
		}
		properties = append(properties, "title="+githubProperty.Replace(f.Rule))
		if _, err := fmt.Fprintf(w, "::%s %s::%s\n", githubCommand(f.Severity), strings.Join(properties, ","),
			githubText.Replace(paragraph(f))); err != nil {
			return err
		}
	}
	return nil
}

func githubCommand(s finding.Severity) string {
	if s == finding.Note {
		return "notice"
	}
	return s.String()
}

// paragraph returns everything that a finding says, a line each.
func paragraph(f finding.Finding) string {
	lines := []string{sentence(f)}
	if hasOld(f) {
		lines = append(lines, "old: "+f.OldPos.String())
	}
	if f.Example != "" {
		lines = append(lines, "example: "+f.Example)
	}
	if f.Fix != "" {
		lines = append(lines, "fix: "+f.Fix)
	}
	return strings.Join(lines, "\n")
}
