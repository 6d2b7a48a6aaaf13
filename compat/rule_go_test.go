package compat_test

import (
	"strings"
	"testing"

	"github.com/avow-events/avow/compat"
)

// A Go name that goes over to another Avro field is told of, and a new field behind the others takes none.
func TestGoNamesStayWithTheirFields(t *testing.T) {
	rec := func(names ...string) string {
		fields := make([]string, len(names))
		for i, name := range names {
			fields[i] = `{"name":"` + name + `","type":"string","default":""}`
		}
		return `{"type":"record","name":"R","fields":[` + strings.Join(fields, ",") + `]}`
	}
	for _, c := range []struct {
		name, old, next string
		want            []string
	}{
		{"appended", rec("iban", "x"), rec("iban", "x", "IBAN"), nil},
		{"in front", rec("iban", "x"), rec("IBAN", "iban", "x"), []string{`Go field IBAN of R stands for "IBAN" now and not for "iban"`}},
		{"swapped", rec("iban", "IBAN"), rec("IBAN", "iban"), []string{`IBAN of R stands for "IBAN"`, `Go type R loses field IBAN2`}},
		{"replaced", rec("iban"), rec("IBAN"), nil},
		{"reordered", rec("a", "b"), rec("b", "a"), nil},
	} {
		got := flawsOf(t, compat.GoSourceBreak, c.old, c.next)
		if len(got) != len(c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			continue
		}
		for i := range got {
			if !strings.Contains(got[i], c.want[i]) {
				t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			}
		}
	}
}
