package codec_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

const idText = `{"type":"fixed","name":"Id","namespace":"x","doc":"An id.","size":2}`

// What a schema is made with is what it says: nothing is parsed for it.
func TestSchema(t *testing.T) {
	s := codec.NewSchema(codec.SchemaConstants{
		FullName: "x.Id", Fingerprint: 0x1234, Canonical: "canonical", Text: idText,
		MD5:    "403627f500000000000000000000000f",
		SHA256: "a5522d410000000000000000000000000000000000000000000000000000000f",
	})
	if s.FullName() != "x.Id" || s.Fingerprint() != 0x1234 || s.String() != idText || string(s.Canonical()) != "canonical" {
		t.Error(s.FullName(), s.Fingerprint(), s, string(s.Canonical()))
	}
	if sha, md5 := s.SHA256(), s.MD5(); sha != [32]byte{0: 0xa5, 0x52, 0x2d, 0x41, 31: 0x0f} || md5 != [16]byte{0: 0x40, 0x36, 0x27, 0xf5, 15: 0x0f} {
		t.Errorf("%x %x", sha, md5)
	}
	var all sync.WaitGroup
	for range 8 { // parsed once, whoever asks first
		all.Go(func() {
			if got := s.Parsed(); got != s.Parsed() || got.Root.Size != 2 {
				t.Error("parsed twice")
			}
		})
	}
	all.Wait()
}

func TestSchemaOf(t *testing.T) {
	parsed, err := avsc.Parse("id.avsc", []byte(idText))
	if err != nil {
		t.Fatal(err)
	}
	s := codec.SchemaOf(parsed)
	if s.FullName() != "x.Id" || s.String() != idText || s.Fingerprint() != parsed.Fingerprint() {
		t.Error(s.FullName(), s.Fingerprint(), s)
	}
	if got := string(s.Canonical()); got != `{"name":"x.Id","type":"fixed","size":2}` {
		t.Error(got)
	}
	sha, md5 := s.SHA256(), s.MD5()
	if hex.EncodeToString(sha[:4]) != "a5522d41" || hex.EncodeToString(md5[:4]) != "403627f5" {
		t.Errorf("%x %x", sha, md5)
	}
}

// Code that somebody changed by hand says so, every time.
func TestSchemaThatIsNone(t *testing.T) {
	s := codec.NewSchema(codec.SchemaConstants{FullName: "x.Id", MD5: "40", SHA256: strings.Repeat("x", 64), Text: "{"})
	for name, call := range map[string]func(){
		"Parsed": func() { s.Parsed() }, "Parsed again": func() { s.Parsed() }, "MD5": func() { s.MD5() }, "SHA256": func() { s.SHA256() },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if r := recover(); !strings.Contains(fmt.Sprint(r), "run avow generate") {
					t.Error(r)
				}
			}()
			call()
		})
	}
}
