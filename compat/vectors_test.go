package compat_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// answer is what Avro Java says of one reader and one writer.
type answer struct {
	Compatible        bool
	Error             string
	Incompatibilities []incompatibility
}

type incompatibility struct{ Type, Location, Message string }

// vectorPair is a line of the pair files: new reads old is backward, old reads new is forward.
type vectorPair struct {
	ID                string
	Old, New          json.RawMessage
	Backward, Forward answer
}

// vectorChain is a line of the chain files, oldest version first.
type vectorChain struct {
	ID       string
	Previous []json.RawMessage
	New      json.RawMessage
	Levels   map[string]struct {
		Compatible bool
		Messages   []string
	}
}

// pairFiles hold pairs that a generator made, with few and with many shared and recursive types, pairs made by hand, one
// rule each, and every pair of 44 odd schemas.
var pairFiles = []string{"compat_pairs.jsonl.gz", "compat_pairs_dense.jsonl.gz", "hand_cases.jsonl.gz", "odd_cases.jsonl.gz"}

// vectorDir is where the vectors are: AVOW_COMPAT_VECTORS points the tests at fresh ones.
func vectorDir() string {
	if dir := os.Getenv("AVOW_COMPAT_VECTORS"); dir != "" {
		return dir
	}
	return "testdata"
}

// readVectors calls use for every line of a file of JSON lines.
func readVectors[T any](t testing.TB, name string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join(vectorDir(), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 16<<20)
	var all []T
	for lines.Scan() {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s:%d: %v", name, len(all)+1, err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return all
}

func parse(t testing.TB, text string, opts ...avsc.Option) *avsc.Schema {
	t.Helper()
	s, err := avsc.Parse("schema.avsc", []byte(text), opts...)
	if err != nil {
		t.Fatalf("parse %s: %v", text, err)
	}
	return s
}

func ask(reader, writer *avsc.Schema) answer {
	found, err := compat.CheckReaderWriter(reader, writer)
	if err != nil {
		return answer{Error: err.Error()}
	}
	a := answer{Compatible: len(found) == 0, Incompatibilities: []incompatibility{}}
	for _, f := range found {
		a.Incompatibilities = append(a.Incompatibilities, incompatibility{f.Type, f.Location, f.Message})
	}
	return a
}

func TestPairsAgreeWithJava(t *testing.T) {
	for _, name := range pairFiles {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(filepath.Join(vectorDir(), name)); err != nil && vectorDir() != "testdata" {
				t.Skip("these fresh vectors hold no " + name)
			}
			for _, v := range readVectors[vectorPair](t, name) {
				older, newer := parse(t, string(v.Old)), parse(t, string(v.New))
				if diff := cmp.Diff(v.Backward, ask(newer, older)); diff != "" {
					t.Errorf("%s: new reads old (-Java +avow):\n%s", v.ID, diff)
				}
				if diff := cmp.Diff(v.Forward, ask(older, newer)); diff != "" {
					t.Errorf("%s: old reads new (-Java +avow):\n%s", v.ID, diff)
				}
			}
		})
	}
}

func TestLevelsAgreeWithTheRegistry(t *testing.T) {
	for _, v := range readVectors[vectorChain](t, "level_chains.jsonl.gz") {
		next := parse(t, string(v.New))
		var history []*avsc.Schema
		for _, text := range v.Previous {
			history = append(history, parse(t, string(text), avsc.Registered()))
		}
		for _, level := range compat.Levels() {
			want, ok := v.Levels[level.String()]
			if !ok {
				t.Fatalf("%s holds no %s", v.ID, level)
			}
			got, err := compat.Check(level, next, history)
			if err != nil {
				t.Fatal(err)
			}
			if got.Compatible != want.Compatible {
				t.Errorf("%s: %s: compatible = %t, want %t", v.ID, level, got.Compatible, want.Compatible)
			}
			if diff := cmp.Diff(append([]string{}, want.Messages...), append([]string{}, got.Messages...)); diff != "" {
				t.Errorf("%s: %s: messages (-registry +avow):\n%s", v.ID, level, diff)
			}
		}
	}
}

// BenchmarkPairs parses and compares the vectors' pairs in both directions, as the bar of 5,000 pairs a second on one
// core has it.
func BenchmarkPairs(b *testing.B) {
	var pairs []vectorPair
	for _, name := range []string{"compat_pairs.jsonl.gz", "compat_pairs_dense.jsonl.gz"} {
		pairs = append(pairs, readVectors[vectorPair](b, name)...)
	}
	checked := 0
	for b.Loop() {
		for _, v := range pairs {
			older, newer := parse(b, string(v.Old)), parse(b, string(v.New))
			ask(newer, older)
			ask(older, newer)
		}
		checked += len(pairs)
	}
	b.ReportMetric(float64(checked)/b.Elapsed().Seconds(), "pairs/s")
	b.ReportMetric(0, "ns/op")
}
