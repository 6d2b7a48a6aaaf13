package properties_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/internal/properties"
)

const jaasKey = "sasl.jaas.config"

func jaas(value string) (properties.JAAS, error) {
	var p properties.Properties
	p.Set(jaasKey, value, "f:1:1")
	return p.JAAS(jaasKey)
}

func TestJAAS(t *testing.T) {
	for value, want := range map[string]map[string]string{
		`a.Plain required username="ann" password="hunter2";`:     {"username": "ann", "password": "hunter2"},
		`a.Plain required username='ann' password="a\"b\\c;=d" ;`: {"username": "ann", "password": `a"b\c;=d`},
		"a.Plain  REQUIRED\n\tusername = ann\n  password=x2;":     {"username": "ann", "password": "x2"},
		`a.Plain optional;`: {},
		`a.Plain required clientId="" scope="a b" extension_x-y="ä";`: {"clientId": "", "scope": "a b", "extension_x-y": "ä"},
	} {
		got, err := jaas(value)
		if d := cmp.Diff(properties.JAAS{Module: "a.Plain", Options: want}, got); err != nil || d != "" {
			t.Errorf("%s: %v (-want +got):\n%s", value, err, d)
		}
	}
}

func TestBadJAAS(t *testing.T) {
	for value, want := range map[string]string{
		``:                                                   "want the class of a login module at character 1",
		`a.Plain username="hunter2";`:                        "want required before this at character 17",
		`a.Plain required username="hunter2"`:                "want an option or a semicolon at character 36",
		`a.Plain required username "hunter2";`:               "want = at character 27",
		`a.Plain required username="hunter2;`:                "want a value in quotes at character 27",
		`a.Plain required username=;`:                        "want a value in quotes at character 27",
		`a.Plain required username="hunter2"; b.C required;`: "want the end of the value at character 38",
	} {
		_, err := jaas(value)
		if err == nil || !strings.HasPrefix(err.Error(), "f:1:1: sasl.jaas.config: "+want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s:\ngot  %v\nwant %s", value, err, want)
		}
	}
}

func TestJAASShowsNoSecret(t *testing.T) {
	got, err := jaas(`a.Plain required username="ann" password="hunter2";`)
	if text := fmt.Sprintf("%v %+v %#v %s", got, got, got, got); err != nil || strings.Contains(text, "hunter2") {
		t.Errorf("%s, %v", text, err)
	}
}

func FuzzJAAS(f *testing.F) {
	for _, seed := range []string{`a required b="c";`, `a required b='c\'' d=e;`, `a required b="\`, ` ; `, `a optional b=;`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := jaas(value)
		if err == nil && (got.Module == "" || !strings.HasSuffix(strings.TrimSpace(value), ";")) {
			t.Errorf("%q was read as %+v", value, got.Options)
		}
	})
}
