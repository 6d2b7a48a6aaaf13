package properties_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/internal/properties"
)

// java.jsonl.gz holds files and what java.util.Properties.load of OpenJDK makes of them.
func TestParseAsJavaDoes(t *testing.T) {
	f, err := os.Open("testdata/java.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(z); lines.Scan(); n++ {
		var want struct {
			File    string
			Entries map[string]string
			Error   string
		}
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		p, err := properties.Parse("f", []byte(want.File))
		if (err != nil) != (want.Error != "") {
			t.Errorf("%q: got %v, Java says %q", want.File, err, want.Error)
			continue
		}
		for key, value := range want.Entries { // Kafka trims what Properties.load leaves
			want.Entries[key] = strings.TrimSpace(value)
		}
		if d := cmp.Diff(want.Entries, all(p)); err == nil && d != "" {
			t.Errorf("%q (-Java +got):\n%s", want.File, d)
		}
	}
	if n < 900 {
		t.Errorf("only %d files", n)
	}
}

func all(p *properties.Properties) map[string]string {
	out := map[string]string{}
	for _, key := range p.Keys() {
		out[key] = p.Value(key)
	}
	return out
}

func TestEncodings(t *testing.T) {
	for name, src := range map[string]string{
		"UTF-8": "a=gr\u00fcn", "UTF-8 with a mark": "\ufeffa=gr\u00fcn", "ISO-8859-1": "a=gr\xfcn", "escapes": `a=gr\u00fcn`,
	} {
		p, err := properties.Parse("f", []byte(src))
		if err != nil || p.Value("a") != "grün" {
			t.Errorf("%s: %q, %v", name, p.Value("a"), err)
		}
	}
}

func TestPlaces(t *testing.T) {
	const src = "# Kafka\r\n\r\nbootstrap.servers=a:9092,\\\r\n  b:9092\r\n  security.protocol = SSL\r\n"
	p, err := properties.Parse("client.properties", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	p.Set("x", "1", "-X")
	if got := p.Keys(); !cmp.Equal(got, []string{"bootstrap.servers", "security.protocol", "x"}) {
		t.Errorf("keys %q", got)
	}
	for key, want := range map[string]string{
		"bootstrap.servers": "client.properties:3:1: bootstrap.servers: no",
		"security.protocol": "client.properties:5:3: security.protocol: no",
		"x":                 "-X: x: no",
		"missing":           "missing: no",
	} {
		if got := p.Errorf(key, "%s", "no").Error(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	_, err = properties.Parse("client.properties", []byte("a=1\n  password=hunter2\\u00\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "client.properties:2:3: ") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestPropertiesShowNoSecret(t *testing.T) {
	p, err := properties.Parse("f", []byte("password=hunter2"))
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", p, p, p, p); strings.Contains(text, "hunter2") {
		t.Error(text)
	}
}

func TestNoProperties(t *testing.T) {
	var p *properties.Properties
	if _, ok := p.Lookup("a"); ok || len(p.Keys()) != 0 {
		t.Error("there is something in nothing")
	}
	if tc, err := p.TLS(""); tc != nil || err != nil {
		t.Errorf("got %v, %v", tc, err)
	}
}

// Every file can be written such that it is read again, and no text makes the parser fail in another way than by an error.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a=b", "a\\\n b", "a=\\u0041", "a=\\u", "\\", "a=\\ud83d\\ude00", "#\\\na=b", "a\\=b\\ c:d", "\xff=\xfe", "a=\\\r\n\tb", "\ufeff!",
	} {
		f.Add([]byte(seed))
	}
	escape := strings.NewReplacer(`\`, `\\`, " ", `\ `, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\f", `\f`, "=", `\=`, ":", `\:`, "#", `\#`, "!", `\!`)
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := properties.Parse("f", src)
		if err != nil {
			return
		}
		var b strings.Builder
		want := all(p)
		for key, value := range want {
			b.WriteString(escape.Replace(key) + "=" + escape.Replace(value) + "\n")
		}
		again, err := properties.Parse("f", []byte(b.String()))
		if err != nil || !maps.Equal(all(again), want) {
			t.Errorf("%q was read as %q, and written and read again as %q, %v", src, want, all(again), err)
		}
	})
}
