package compat_test

import (
	"os"
	"strings"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/finding"
)

// What docs/evolution.md says of changes, row by row.
func TestGuideToChanges(t *testing.T) {
	rec := func(fields string) string {
		return `{"type":"record","name":"R","fields":[{"name":"id","type":"int"}` + fields + `]}`
	}
	of := func(typ string) string { return rec(`,{"name":"f","type":` + typ + `}`) }
	enum := func(rest string) string { return of(`{"type":"enum","name":"E","symbols":` + rest + `}`) }
	plain, defaulted := `,{"name":"f","type":"string"}`, `,{"name":"f","type":"string","default":""}`
	for _, c := range []struct {
		change            string
		old, next         string
		backward, forward bool
	}{
		{"add a field with a default", rec(``), rec(defaulted), true, true},
		{"add a field without one", rec(``), rec(plain), false, true},
		{"remove a field that has a default", rec(defaulted), rec(``), true, true},
		{"remove a field that has none", rec(plain), rec(``), true, false},
		{"rename a field, with the former name as alias", rec(plain), rec(`,{"name":"g","type":"string","aliases":["f"]}`), true, false},
		{"rename a field, without one", rec(plain), rec(`,{"name":"g","type":"string"}`), false, false},
		{"¹", rec(defaulted), rec(`,{"name":"g","type":"string","aliases":["f"]}`), true, true},
		{"²", rec(plain), rec(`,{"name":"g","type":"string","default":""}`), true, false},
		{"int to long", of(`"int"`), of(`"long"`), true, false},
		{"float to double", of(`"float"`), of(`"double"`), true, false},
		{"string to bytes", of(`"string"`), of(`"bytes"`), true, true},
		{"any other change of type", of(`"long"`), of(`"string"`), false, false},
		{"string to nullable", of(`"string"`), of(`["null","string"]`), true, false},
		{"nullable to string", of(`["null","string"]`), of(`"string"`), false, true},
		{"add a symbol", enum(`["A"]`), enum(`["A","B"]`), true, false},
		{"add a symbol ³", enum(`["A"],"default":"A"`), enum(`["A","B"],"default":"A"`), true, true},
		{"remove a symbol", enum(`["A","B"]`), enum(`["A"]`), false, true},
		{"remove a symbol ³", enum(`["A","B"],"default":"A"`), enum(`["A"],"default":"A"`), true, true},
		{"rename a record, with an alias", rec(``), `{"type":"record","name":"S","aliases":["R"],"fields":[]}`, true, false},
		{"change a default", rec(defaulted), rec(`,{"name":"f","type":"string","default":"x"}`), true, true},
		{"change a logical type", of(`"long"`), of(`{"type":"long","logicalType":"timestamp-millis"}`), true, true},
	} {
		old, next := parse(t, c.old), parse(t, c.next)
		for level, want := range map[compat.Level]bool{compat.Backward: c.backward, compat.Forward: c.forward} {
			result, err := compat.Check(level, next, []*avsc.Schema{old})
			if err != nil {
				t.Fatal(err)
			}
			if result.Compatible != want {
				t.Errorf("%s: %s is %t, the guide says %t", c.change, level, result.Compatible, want)
			}
		}
	}
}

// The guide lists every rule that a registry does not know, and promises none that is not there.
func TestGuideToRules(t *testing.T) {
	guide, err := os.ReadFile("../docs/evolution.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(guide), "\n## What a registry does not see\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, rule := range compat.Rules() {
		if listed := strings.Contains(section, "`"+rule.ID+"`"); listed == rule.Fixed {
			t.Errorf("%s: the verdict's own: %t, in the guide: %t", rule.ID, rule.Fixed, listed)
		}
		if rule.Fixed && rule.Severity != finding.Error {
			t.Errorf("%s is always %s", rule.ID, rule.Severity)
		}
	}
}
