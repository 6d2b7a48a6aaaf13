package report

import (
	"encoding/json"
	"io"

	"github.com/avow-events/avow/avsc"
)

// jsonFinding is one line of the JSON format. Names are kept stable; empty ones are left out.
type jsonFinding struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"`
	Column   int      `json:"column,omitempty"`
	Old      *jsonPos `json:"old,omitempty"`
	Path     string   `json:"path,omitempty"`
	Subject  string   `json:"subject,omitempty"`
	Via      []string `json:"via,omitempty"`
	Message  string   `json:"message"`
	Fix      string   `json:"fix,omitempty"`
	Example  string   `json:"example,omitempty"`
	Against  string   `json:"against,omitempty"`
}

type jsonPos struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// writeJSON writes one object a line for each finding, and nothing where there is none.
func writeJSON(w io.Writer, r *Report) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, f := range r.Findings {
		at := place(f)
		line := jsonFinding{
			Rule: f.Rule, Severity: f.Severity.String(), File: at.File, Line: at.Line, Column: at.Col, Old: oldPos(f.OldPos),
			Path: f.Path, Subject: f.Subject, Via: f.Via, Message: f.Message, Fix: f.Fix, Example: f.Example, Against: r.Against,
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

func oldPos(p avsc.Pos) *jsonPos {
	if !p.IsValid() {
		return nil
	}
	return &jsonPos{File: p.File, Line: p.Line, Column: p.Col}
}
