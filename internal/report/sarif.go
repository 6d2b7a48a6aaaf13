package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
)

// The parts of SARIF 2.1.0 (OASIS standard) that a finding fills.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string             `json:"id"`
		ShortDescription     *sarifText         `json:"shortDescription,omitempty"`
		FullDescription      *sarifText         `json:"fullDescription,omitempty"`
		Help                 *sarifText         `json:"help,omitempty"`
		DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifText         `json:"message"`
		Locations           []sarifLocation   `json:"locations,omitempty"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		ID               int           `json:"id,omitempty"`
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
		Message          *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

// writeSARIF writes one run with the rules that were broken, and a result for each finding.
func writeSARIF(w io.Writer, r *Report) error {
	rules, index := sarifRules(r)
	results := make([]sarifResult, 0, len(r.Findings))
	for i, print := range fingerprints(r.Findings) {
		f := r.Findings[i]
		result := sarifResult{
			RuleID: f.Rule, RuleIndex: index[f.Rule], Level: f.Severity.String(), Message: sarifText{paragraph(f)},
			PartialFingerprints: map[string]string{"avow/v1": print},
		}
		if at := place(f); at.File != "" {
			result.Locations = []sarifLocation{{PhysicalLocation: sarifPlace(at)}}
		}
		if hasOld(f) {
			old := sarifLocation{ID: 1, PhysicalLocation: sarifPlace(f.OldPos), Message: &sarifText{"where the old schema has it"}}
			result.RelatedLocations = []sarifLocation{old}
		}
		results = append(results, result)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{sarifDriver{
				Name: "avow", Version: r.Version, InformationURI: "https://github.com/avow-events/avow", Rules: rules,
			}},
			ColumnKind: "utf16CodeUnits", Results: results,
		}},
	})
}

// sarifRules returns the rules behind the findings, sorted by id, and where each stands.
func sarifRules(r *Report) ([]sarifRule, map[string]int) {
	known := make(map[string]finding.Rule, len(r.Rules))
	for _, rule := range r.Rules {
		known[rule.ID] = rule
	}
	broken := make(map[string]finding.Rule)
	for _, f := range r.Findings {
		rule, ok := known[f.Rule]
		if !ok {
			rule = finding.Rule{ID: f.Rule, Severity: f.Severity}
		}
		broken[f.Rule] = rule
	}
	ids := make([]string, 0, len(broken))
	for id := range broken {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	index := make(map[string]int, len(ids))
	rules := make([]sarifRule, len(ids))
	for i, id := range ids {
		index[id] = i
		rule := broken[id]
		rules[i] = sarifRule{
			ID: id, ShortDescription: optionalText(rule.Purpose), FullDescription: optionalText(rule.Why),
			Help: optionalText(rule.Repair), DefaultConfiguration: sarifConfiguration{rule.Severity.String()},
		}
	}
	return rules, index
}

func optionalText(s string) *sarifText {
	if s == "" {
		return nil
	}
	return &sarifText{s}
}

func sarifPlace(p avsc.Pos) sarifPhysical {
	uri := url.URL{Path: filepath.ToSlash(p.File)}
	physical := sarifPhysical{ArtifactLocation: sarifArtifact{URI: uri.String()}}
	if p.IsValid() {
		physical.Region = &sarifRegion{StartLine: p.Line, StartColumn: p.Col}
	}
	return physical
}
