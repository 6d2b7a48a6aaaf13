package compat_test

import (
	"strings"
	"testing"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/finding"
)

// flawsOf returns the messages of one rule about a file, which is new where old is empty.
func flawsOf(t *testing.T, rule, old, next string) []string {
	t.Helper()
	var out []string
	for _, f := range findings(t, compat.Backward, map[string]string{"a.avsc": old}, map[string]string{"a.avsc": next}) {
		if f.Rule == rule {
			out = append(out, f.Message)
		}
	}
	return out
}

func TestUnusableDefaults(t *testing.T) {
	rec := func(field string) string {
		return `{"type":"record","name":"R","fields":[{"name":"id","type":"int"}` + field + `]}`
	}
	bad := rec(`,{"name":"e","type":{"type":"enum","name":"E","symbols":["NEW","OLD"]},"default":"NEWW"}`)
	for _, c := range []struct{ name, old, next, want string }{
		{"new contract", "", bad, `enum E has no such symbol, did you mean "NEW"?`},
		{"new field", rec(""), bad, "cannot be read"},
		{"was so before", bad, strings.Replace(bad, `"int"`, `"long"`, 1), ""},
		{"deep inside", "", rec(`,{"name":"m","type":{"type":"map","values":{"type":"enum","name":"E","symbols":["A"]}},"default":{"k":"Z"}}`), "default does not fit E"},
		{"union whose first record could fit", "", rec(`,{"name":"u","type":[{"type":"record","name":"S","fields":[{"name":"x","type":"int"}]},"null"],"default":null}`), `field "u"`},
		{"good one", rec(""), rec(`,{"name":"u","type":["null","string"],"default":"x"}`), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := flawsOf(t, compat.DefaultUnusable, c.old, c.next)
			if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A type of another file is that file's to mend: a new contract that refers to it is not blamed.
func TestFlawsAreReportedWhereTheyAre(t *testing.T) {
	enum := `{"type":"record","name":"Shared","fields":[{"name":"e","type":{"type":"enum","name":"E","symbols":["A"]},"default":"Z"}]}`
	user := `{"type":"record","name":"User","fields":[{"name":"s","type":"Shared"}]}`
	old, next := map[string]string{"shared.avsc": enum}, map[string]string{"shared.avsc": enum, "user.avsc": user}
	if got := findings(t, compat.Backward, old, next); len(got) > 0 {
		t.Errorf("what was there before is found in the new contract: %+v", got)
	}
	all := findings(t, compat.Backward, nil, next)
	if len(all) != 1 || all[0].Subject != "Shared" || all[0].Severity != finding.Error {
		t.Errorf("got %+v", all)
	}
	if got := findings(t, compat.None, nil, next); len(got) > 0 {
		t.Errorf("at NONE: %+v", got)
	}
}
