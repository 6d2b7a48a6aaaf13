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

func TestIgnoredLogicalTypes(t *testing.T) {
	of := func(typ string) string {
		return `{"type":"record","name":"R","fields":[{"name":"f","type":` + typ + `}]}`
	}
	for _, c := range []struct{ schema, want string }{
		{of(`{"type":"long","logicalType":"timestamp-milis"}`), `did you mean "timestamp-millis"?`},
		{of(`{"type":"long","logicalType":"timestampMicros"}`), `did you mean "timestamp-micros"?`},
		{of(`{"type":"long","logicalType":"timestamp"}`), `did you mean "timestamp-millis"?`},
		{of(`{"type":"long","logicaltype":"timestamp-millis"}`), `no attribute "logicaltype", did you mean "logicalType"?`},
		{of(`{"type":"long","logical_type":"timestamp-millis"}`), `did you mean "logicalType"?`},
		{of(`{"type":"long","logicalType":7}`), "it is no string"},
		{of(`{"type":"int","logicalType":"timestamp-millis"}`), "it stands on int, and may stand on long"},
		{of(`{"type":"fixed","name":"F","size":8,"logicalType":"uuid"}`), "a fixed of 8 bytes"},
		{of(`{"type":"bytes","logicalType":"decimal"}`), "needs a precision"},
		{of(`{"type":"bytes","logicalType":"decimal","precision":0}`), "from 1 on"},
		{of(`{"type":"bytes","logicalType":"decimal","precision":4,"scale":-1}`), "scale is -1"},
		{of(`{"type":"bytes","logicalType":"decimal","precision":9,"scale":10}`), "scale 10 is greater than its precision 9"},
		{of(`{"type":"fixed","name":"F","size":2,"logicalType":"decimal","precision":9}`), "2 bytes cannot hold 9 digits"},
		{of(`{"type":"string","logicalType":"decimal","precision":9}`), "may stand on bytes or a fixed"},
		{of(`{"type":"array","items":{"type":"int","logicalType":"dat"}}`), `did you mean "date"?`},
		{of(`"long","logicalType":"timestamp-millis"`), "beside the type"},
		{of(`{"type":"long","logicalType":"money"}`), ""},
		{of(`{"type":"bytes","logicalType":"big-decimal"}`), ""},
		{of(`{"type":"string","logicalType":"uuid","avro.java.string":"String"}`), ""},
		{of(`{"type":"bytes","logicalType":"decimal","precision":9}`), ""},
		{of(`"long","topological":"yes"`), ""},
	} {
		got := flawsOf(t, compat.LogicalTypeIgnored, "", c.schema)
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)) {
			t.Errorf("%s: got %q, want %q", c.schema, got, c.want)
		}
	}
	named := of(`{"type":"fixed","name":"F","size":8,"logicalType":"uuid"}},{"name":"g","type":"F"`)
	if got := flawsOf(t, compat.LogicalTypeIgnored, "", named); len(got) != 1 {
		t.Errorf("a type that is used twice: %q", got)
	}
}
