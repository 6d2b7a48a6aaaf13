package codec_test

import (
	"encoding/hex"
	"sync"
	"testing"

	"github.com/avow-events/avow/codec"
)

func TestSchema(t *testing.T) {
	const text = `{"type":"fixed","name":"Id","namespace":"x","doc":"An id.","size":2}`
	s := codec.NewSchema("x.Id", 0x1234, text)
	if s.FullName() != "x.Id" || s.Fingerprint() != 0x1234 || s.String() != text {
		t.Error(s.FullName(), s.Fingerprint(), s)
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
	if got := string(s.Canonical()); got != `{"name":"x.Id","type":"fixed","size":2}` {
		t.Error(got)
	}
	sha, md5 := s.SHA256(), s.MD5()
	if hex.EncodeToString(sha[:4]) != "a5522d41" || hex.EncodeToString(md5[:4]) != "403627f5" {
		t.Errorf("%x %x", sha, md5)
	}
}
