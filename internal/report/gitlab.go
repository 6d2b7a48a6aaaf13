package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/avow-events/avow/internal/finding"
)

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

var gitlabSeverity = [...]string{finding.Note: "info", finding.Warning: "minor", finding.Error: "major"}

// writeGitLab writes a code quality report: one array, empty where there is nothing.
func writeGitLab(w io.Writer, r *Report) error {
	issues := make([]gitlabIssue, 0, len(r.Findings))
	for i, print := range fingerprints(r.Findings) {
		f := r.Findings[i]
		description := sentence(f)
		if f.Fix != "" {
			description += ". Fix: " + f.Fix
		}
		issues = append(issues, gitlabIssue{
			Description: description, CheckName: f.Rule, Fingerprint: print, Severity: gitlabSeverity[f.Severity],
			Location: gitlabLocation{Path: place(f).File, Lines: gitlabLines{Begin: max(1, place(f).Line)}},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(issues)
}

// fingerprints returns what tells the findings apart from one run to the next: everything but line and column, which an
// edit above them moves. Of equal ones the second and further are numbered.
func fingerprints(findings []finding.Finding) []string {
	prints := make([]string, len(findings))
	seen := make(map[string]int)
	for i, f := range findings {
		key := strings.Join([]string{f.Rule, place(f).File, f.Subject, f.Path, f.Message}, "\x00")
		seen[key]++
		if n := seen[key]; n > 1 {
			key = fmt.Sprintf("%s\x00%d", key, n)
		}
		sum := sha256.Sum256([]byte(key))
		prints[i] = hex.EncodeToString(sum[:])
	}
	return prints
}
