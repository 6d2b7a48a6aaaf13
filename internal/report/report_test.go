package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/finding"
	"github.com/avow-events/avow/internal/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample holds one finding of each severity, one cause that reaches two contracts, one of a file that is gone, and every
// character that some format escapes.
func sample() *report.Report {
	money := finding.Finding{
		Rule: "READER_FIELD_MISSING_DEFAULT_VALUE", Severity: finding.Error,
		Pos:     avsc.Pos{File: "schemas/shared/Money.avsc", Line: 7, Col: 15},
		OldPos:  avsc.Pos{File: "schemas/shared/Money.avsc", Line: 3, Col: 11},
		Path:    "/fields/1",
		Subject: "shop.shared.Money",
		Message: `field "currency" is new and has no default`,
		Fix:     `add "default": "" to the field`,
		Example: `{"amount":100} as the old schema writes it, 50% off: a, b`,
	}
	order := money
	order.Subject, order.Via, order.Path = "shop.orders.OrderCreated", []string{"shop.orders.LineItem", "shop.shared.Money"}, "/fields/2/type/items/fields/1/type/fields/1"
	return &report.Report{
		Check: "compat", Version: "v1.2.3", Against: "main@1a2b3c4", Level: "BACKWARD", Elapsed: 210 * time.Millisecond,
		Files: []string{"schemas/orders/OrderCreated.avsc", "schemas/shared/Money.avsc", "schemas/odd name, 100%.avsc"},
		Notes: []string{"Deploy consumers first."},
		Findings: []finding.Finding{
			order,
			{
				Rule: "CONTRACT_REMOVED", Severity: finding.Error, Subject: "shop.Gone",
				OldPos:  avsc.Pos{File: "schemas/Gone.avsc", Line: 1, Col: 1},
				Message: "contract shop.Gone was removed",
			},
			money,
			{
				Rule: "DEFAULT_CHANGED", Severity: finding.Warning, Subject: "shop.Odd",
				Pos:     avsc.Pos{File: "schemas/odd name, 100%.avsc", Line: 2, Col: 4},
				Message: "default changed from \"<a|b>\" to \"c\"",
			},
			{
				Rule: "NOTED", Severity: finding.Note, Pos: avsc.Pos{File: "schemas/odd name, 100%.avsc"},
				Message: "nothing in particular",
			},
		},
		Rules: []finding.Rule{
			{
				ID: "READER_FIELD_MISSING_DEFAULT_VALUE", Severity: finding.Error, Purpose: "A new field has a default.",
				Why: "Readers have nothing to fill it with.", Repair: "Add a default.",
			},
			{ID: "UNBROKEN", Purpose: "Nobody broke this."},
		},
	}
}

func write(t *testing.T, f report.Format, r *report.Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, f, r); err != nil {
		t.Fatalf("%s: %v", f, err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	clean := &report.Report{
		Check: "compat", Against: "main@1a2b3c4", Level: "BACKWARD", Files: []string{"schemas/A.avsc"},
	}
	for _, name := range report.FormatNames() {
		for kind, r := range map[string]*report.Report{"sample": sample(), "clean": clean} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				f, err := report.ParseFormat(name)
				if err != nil {
					t.Fatal(err)
				}
				got := write(t, f, r)
				golden := filepath.Join("testdata", kind+"."+name)
				if *update {
					if err := os.WriteFile(golden, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", golden, diff)
				}
			})
		}
	}
}

// Every format but Markdown and text is read back by a machine: each must hold every finding and its rule.
func TestMachinesCanReadIt(t *testing.T) {
	findings := len(sample().Findings)

	lines := strings.Split(strings.TrimSpace(string(write(t, report.JSON, sample()))), "\n")
	if len(lines) != findings {
		t.Errorf("json: %d lines for %d findings", len(lines), findings)
	}
	for _, line := range lines {
		var v struct{ Rule, Severity, File, Message string }
		if err := json.Unmarshal([]byte(line), &v); err != nil || v.Rule == "" || v.Severity == "" || v.File == "" || v.Message == "" {
			t.Errorf("json: %s: %+v, %v", line, v, err)
		}
	}

	for line := range strings.Lines(string(write(t, report.GitHub, sample()))) {
		command, text, ok := strings.Cut(strings.TrimPrefix(line, "::"), "::")
		if !ok || strings.TrimSpace(text) == "" || !strings.Contains(command, "title=") || strings.Count(command, "file=") != 1 {
			t.Errorf("github: %q is no workflow command", line)
		}
	}

	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Cases []struct {
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(write(t, report.JUnit, sample()), &suites); err != nil {
		t.Fatal(err)
	}
	cases, failures := 0, 0
	for _, s := range suites.Suites {
		for _, c := range s.Cases {
			cases++
			if c.Failure != nil {
				failures++
			}
		}
	}
	if cases != suites.Tests || failures != suites.Failures || failures != 3 || cases != findings+1 {
		t.Errorf("junit: %d cases and %d failures, says %d and %d", cases, failures, suites.Tests, suites.Failures)
	}

	var issues []struct {
		CheckName   string `json:"check_name"`
		Fingerprint string
		Severity    string
		Location    struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal(write(t, report.GitLab, sample()), &issues); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, i := range issues {
		if i.CheckName == "" || i.Location.Path == "" || i.Location.Lines.Begin < 1 || seen[i.Fingerprint] {
			t.Errorf("gitlab: %+v", i)
		}
		seen[i.Fingerprint] = true
	}
	if len(issues) != findings {
		t.Errorf("gitlab: %d issues for %d findings", len(issues), findings)
	}
}

// What the SARIF 2.1.0 schema and GitHub's upload ask of the parts that are written. Beyond that both golden files were
// valid under the standard's own JSON schema (oasis-tcs/sarif-spec, sarif-schema-2.1.0.json, errata 01) when it was last
// run over them. Do so again when a part is added, with any validator that knows draft 4:
//
//	python3 -m jsonschema -i internal/report/testdata/sample.sarif sarif-schema-2.1.0.json
func TestSARIFStructure(t *testing.T) {
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct{ ID string }
				}
			}
			ColumnKind string
			Results    []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn int }
					}
				}
				PartialFingerprints map[string]string
			}
		}
	}
	dec := json.NewDecoder(bytes.NewReader(write(t, report.SARIF, sample())))
	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || log.Schema == "" || len(log.Runs) != 1 {
		t.Fatalf("version %q, schema %q, %d runs", log.Version, log.Schema, len(log.Runs))
	}
	run := log.Runs[0]
	if run.Tool.Driver.Name != "avow" || len(run.Results) != len(sample().Findings) {
		t.Errorf("driver %q, %d results", run.Tool.Driver.Name, len(run.Results))
	}
	prints := make(map[string]bool)
	for _, r := range run.Results {
		if r.RuleIndex >= len(run.Tool.Driver.Rules) || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s: rule index %d names another rule", r.RuleID, r.RuleIndex)
		}
		if r.Level != "error" && r.Level != "warning" && r.Level != "note" {
			t.Errorf("%s: no such level: %s", r.RuleID, r.Level)
		}
		if r.Message.Text == "" || len(r.Locations) != 1 {
			t.Errorf("%s: message %q at %d locations", r.RuleID, r.Message.Text, len(r.Locations))
			continue
		}
		place := r.Locations[0].PhysicalLocation
		if strings.ContainsAny(place.ArtifactLocation.URI, " \\") || place.ArtifactLocation.URI == "" {
			t.Errorf("%s: %q is no URI", r.RuleID, place.ArtifactLocation.URI)
		}
		if place.Region != nil && (place.Region.StartLine < 1 || place.Region.StartColumn < 1) {
			t.Errorf("%s: region %+v", r.RuleID, *place.Region)
		}
		print := r.PartialFingerprints["avow/v1"]
		if print == "" || prints[print] {
			t.Errorf("%s: fingerprint %q is empty or not the only one", r.RuleID, print)
		}
		prints[print] = true
	}
}

func TestColorOnlyAddsEscapes(t *testing.T) {
	plain := string(write(t, report.Text, sample()))
	colored := sample()
	colored.Color = true
	got := string(write(t, report.Text, colored))
	if !strings.Contains(got, "\x1b[") {
		t.Error("no colour")
	}
	for i := strings.Index(got, "\x1b["); i >= 0; i = strings.Index(got, "\x1b[") {
		got = got[:i] + got[i+strings.IndexByte(got[i:], 'm')+1:]
	}
	if diff := cmp.Diff(plain, got); diff != "" {
		t.Errorf("colours change the text (-plain +colored):\n%s", diff)
	}
}

func TestParseFormatNamesTheFormats(t *testing.T) {
	_, err := report.ParseFormat("jsn")
	if err == nil || !strings.Contains(err.Error(), `did you mean "json"?`) || !strings.Contains(err.Error(), "sarif") {
		t.Errorf("got %v", err)
	}
}

// A long example loses the middle of its values, and nothing of the sentence around them.
func TestLongExamples(t *testing.T) {
	value := `{"a":"` + strings.Repeat("x", 500) + `","z":[1]}`
	r := &report.Report{Check: "compat", Quiet: true, Findings: []finding.Finding{
		{Rule: "B", Severity: finding.Warning, Pos: avsc.Pos{File: "a.avsc", Line: 1, Col: 1}, Message: "first"},
		{
			Rule: "A", Severity: finding.Error, Pos: avsc.Pos{File: "a.avsc", Line: 9, Col: 1}, Message: "last",
			Example: value + ", written with the old schema, is read as " + value + ` with the new one: field "z" {is] gone`,
		},
	}}
	got := string(write(t, report.Text, r))
	short := `{"a":"` + strings.Repeat("x", 94) + " … " + strings.Repeat("x", 90) + `","z":[1]}`
	want := "a.avsc:9:1: error: last (A)\n    example: " + short + ", written with the old schema, is read as " + short +
		" with the new one: field \"z\" {is] gone\na.avsc:1:1: warning: first (B)\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
