package avsc_test

import (
	"bufio"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
)

// lines calls test with each line of a gzipped file of JSON lines.
func lines[T any](t *testing.T, name string, test func(n int, line T)) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(z)
	n := 0
	for {
		text, err := r.ReadBytes('\n')
		if len(text) == 0 && err != nil {
			break
		}
		n++
		var line T
		if err := json.Unmarshal(text, &line); err != nil {
			t.Fatalf("%s:%d: %v", name, n, err)
		}
		test(n, line)
	}
	if n == 0 {
		t.Fatalf("%s is empty", name)
	}
}

func TestCanonicalVectors(t *testing.T) {
	type vector struct {
		ID                                    string
		Schema                                json.RawMessage
		Canonical, CRC64, MD5, SHA256, String string
	}
	lines(t, "canonical.jsonl.gz", func(_ int, v vector) {
		s, err := avsc.Parse(v.ID, v.Schema)
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			return
		}
		md5, sha := s.MD5(), s.SHA256()
		got := []string{
			s.String(), string(s.Canonical()), fmt.Sprintf("%016x", s.Fingerprint()),
			hex.EncodeToString(md5[:]), hex.EncodeToString(sha[:]),
		}
		want := []string{v.String, v.Canonical, v.CRC64, v.MD5, v.SHA256}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: text, canonical form, fingerprints (-want +got):\n%s", v.ID, diff)
		}
	})
}

func TestNormalizedVectors(t *testing.T) {
	type vector struct {
		ID                 string
		Schema             json.RawMessage
		Stored, Normalized string
	}
	lines(t, "normalized.jsonl.gz", func(_ int, v vector) {
		s, err := avsc.Parse(v.ID, v.Schema)
		if err != nil {
			t.Errorf("%s: %v", v.ID, err)
			return
		}
		if diff := cmp.Diff([]string{v.Stored, v.Normalized}, []string{s.String(), s.Normalized()}); diff != "" {
			t.Errorf("%s: stored and normalized text (-want +got):\n%s", v.ID, diff)
		}
	})
}

// A verdict is what Avro Java says of a text: "ok" or the message of its exception.
type verdict struct {
	Text               string `json:"schema_text"`
	Strict, Registered string
	// String and Canonical of the schema, if it parses as one that is registered.
	String, Canonical string
}

func TestParseVectors(t *testing.T) {
	lines(t, "parse_cases.jsonl.gz", func(n int, v verdict) { v.check(t, n) })
}

// TestJavaVerdicts holds thousands of schemas, most of them damaged in some way, against what Avro Java 1.12.2 said.
func TestJavaVerdicts(t *testing.T) {
	lines(t, "java_verdicts.jsonl.gz", func(n int, v verdict) { v.check(t, n) })
}

func (v verdict) check(t *testing.T, n int) {
	t.Helper()
	for _, mode := range []struct {
		want string
		opts []avsc.Option
	}{{v.Strict, nil}, {v.Registered, []avsc.Option{avsc.Registered()}}} {
		s, err := avsc.Parse("", []byte(v.Text), mode.opts...)
		got := "ok"
		if err != nil {
			got = withoutNumbers(avsc.JavaMessage(err))
		}
		if got != mode.want {
			t.Errorf("line %d: %s\n got %s (%v)\nwant %s", n, v.Text, got, err, mode.want)
			continue
		}
		if err != nil || v.String == "" {
			continue
		}
		if diff := cmp.Diff([]string{v.String, v.Canonical}, []string{s.String(), string(s.Canonical())}); diff != "" {
			t.Errorf("line %d: %s\ntext and canonical form (-want +got):\n%s", n, v.Text, diff)
		}
	}
}

var counted = regexp.MustCompile(`UnresolvedSchema_\d+`)

// withoutNumbers hides how many forward references Java has seen since it started.
func withoutNumbers(message string) string {
	return counted.ReplaceAllString(message, "UnresolvedSchema_N")
}

// TestJavaSyntaxMessages holds texts that are not JSON against what Java's JSON reader said.
func TestJavaSyntaxMessages(t *testing.T) {
	type vector struct {
		Text    string `json:"schema_text"`
		Message string
	}
	lines(t, "java_syntax.jsonl.gz", func(n int, v vector) {
		_, err := avsc.Parse("", []byte(v.Text))
		if got := withoutNumbers(avsc.JavaMessage(err)); got != v.Message {
			t.Errorf("line %d: %.60q (%v)\n got %s\nwant %s", n, v.Text, err, got, v.Message)
		}
	})
}
