package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"

	"github.com/avow-events/avow/internal/finding"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Time     string       `xml:"time,attr,omitempty"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure"`
	// Output holds warnings and notes: tests that pass and say something.
	Output string `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes a suite for each file: a case for each finding, which fails if it is an error, and one passing case
// for a file without findings.
func writeJUnit(w io.Writer, r *Report) error {
	byFile := make(map[string][]finding.Finding)
	for _, f := range r.Findings {
		file := place(f).File
		byFile[file] = append(byFile[file], f)
	}
	files := slices.Clone(r.Files)
	for file := range byFile {
		files = append(files, file)
	}
	slices.Sort(files)

	all := junitSuites{Name: "avow " + r.Check}
	if r.Elapsed > 0 {
		all.Time = fmt.Sprintf("%.3f", r.Elapsed.Seconds())
	}
	for _, file := range slices.Compact(files) {
		suite := junitSuite{Name: file}
		for _, f := range byFile[file] {
			c := junitCase{Name: f.Rule, Class: file, File: file, Line: place(f).Line}
			if at := place(f); at.IsValid() {
				c.Name = fmt.Sprintf("%s_%d_%d", f.Rule, at.Line, at.Col)
			}
			if f.Severity == finding.Error {
				c.Failure = &junitFailure{Type: f.Rule, Message: sentence(f), Text: at(f) + paragraph(f)}
				suite.Failures++
			} else {
				c.Output = f.Severity.String() + ": " + at(f) + paragraph(f)
			}
			suite.Cases = append(suite.Cases, c)
		}
		if len(suite.Cases) == 0 {
			suite.Cases = []junitCase{{Name: r.Check, Class: file, File: file}}
		}
		suite.Tests = len(suite.Cases)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func at(f finding.Finding) string {
	if p := place(f).String(); p != "" {
		return p + ": "
	}
	return ""
}
