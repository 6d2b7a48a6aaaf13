package avsc_test

import (
	"bufio"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

func TestParseVectors(t *testing.T) {
	type vector struct {
		Text       string `json:"schema_text"`
		Strict     string
		Registered string
	}
	lines(t, "parse_cases.jsonl.gz", func(n int, v vector) {
		for _, mode := range []struct {
			want string
			opts []avsc.Option
		}{{v.Strict, nil}, {v.Registered, []avsc.Option{avsc.Registered()}}} {
			_, err := avsc.Parse("", []byte(v.Text), mode.opts...)
			got := "ok"
			if err != nil {
				got = avsc.JavaMessage(err)
			}
			if got != mode.want {
				t.Errorf("line %d: %s\n got %s (%v)\nwant %s", n, v.Text, got, err, mode.want)
			}
		}
	})
}
