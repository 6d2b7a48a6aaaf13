package codec_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// vector is one resolution as Apache Avro Java did it.
type vector struct {
	ID             string
	Writer, Reader json.RawMessage
	Hex            string
	Result         result
	// Fast is what Java's newer reader says where its older one says something else: the words of an error, as a rule,
	// but the older one also stumbles over recursive records that it skips.
	Fast *result
	// InvalidUTF8 marks bytes that are not UTF-8, which Java reads as a string.
	InvalidUTF8 bool `json:"invalid_utf8"`
}

type result struct {
	JSON      string
	ReaderHex string `json:"reader_hex"`
	Error     string
}

// vectors reads what lies in testdata, or the file that AVOW_RESOLVE_VECTORS names: schemas that evolved as schemas do,
// and schemas that were changed at random, with many unions, aliases and mismatches.
func vectors(t testing.TB) []vector {
	t.Helper()
	names := []string{"testdata/resolve.jsonl.gz", "testdata/resolve_mutated.jsonl.gz"}
	if fresh := os.Getenv("AVOW_RESOLVE_VECTORS"); fresh != "" {
		names = []string{fresh}
	}
	var out []vector
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		for lines := json.NewDecoder(z); lines.More(); {
			var v vector
			if err := lines.Decode(&v); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if v.Fast != nil {
				v.Result = *v.Fast
			}
			out = append(out, v)
		}
		f.Close()
	}
	if len(out) == 0 {
		t.Fatal("no vectors")
	}
	return out
}

func registered(t testing.TB, text []byte) *avsc.Schema {
	t.Helper()
	s, err := avsc.Parse("", text, avsc.Registered())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func toJSON(t testing.TB, s *avsc.Schema, src []byte, opts ...codec.JSONOption) []byte {
	t.Helper()
	text, err := codec.ToJSON(s, src, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestResolveAsJava(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			w, r, src := registered(t, v.Writer), registered(t, v.Reader), unhex(t, v.Hex)
			p, err := codec.NewPlan(w, r)
			var got []byte
			if err == nil {
				got, err = p.Resolve([]byte("before"), src)
			}
			switch {
			case v.InvalidUTF8:
				if !errors.Is(err, codec.ErrUTF8) {
					t.Errorf("got %x, %v; want ErrUTF8", got, err)
				}
			case v.Result.Error != "":
				if err == nil {
					t.Errorf("resolved to %x; Java says %s", got, v.Result.Error)
				}
			case err != nil:
				t.Errorf("%v; Java reads %s", err, v.Result.JSON)
			case !bytes.HasPrefix(got, []byte("before")):
				t.Errorf("%q does not begin with what was there", got)
			default:
				got, want := got[len("before"):], unhex(t, v.Result.ReaderHex)
				// Java has had the entries of maps in a HashMap, in whose order it writes them.
				if !bytes.Equal(got, want) && (len(got) != len(want) || !sameJSON(t, toJSON(t, r, got, codec.AvroJSON()), toJSON(t, r, want, codec.AvroJSON()))) {
					t.Errorf("got  %x\nwant %x\n%s", got, want, v.Result.JSON)
				}
			}
		})
	}
}
