package hamba_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/codec/hamba"
	"github.com/avow-events/avow/internal/sample"
)

func parsed(t testing.TB, text string) *avsc.Schema {
	t.Helper()
	s, err := avsc.Parse("test", []byte(text), avsc.Registered())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s
}

func newCodec(t testing.TB, text string, opts ...hamba.Option) *hamba.Codec {
	t.Helper()
	c, err := hamba.New(parsed(t, text), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What we wrote hamba reads, and writes again to the byte: in one block, with maps of at most one entry. The exception
// is a decimal of -128, -32768 and so on, for which hamba takes a byte more than it needs.
func TestSameBytesAsHamba(t *testing.T) {
	for seed := range uint64(500) {
		text := sample.Schema(seed)
		s := parsed(t, text)
		m := sample.New(s, seed)
		m.MaxEntries = 1
		src, ok := m.Append(nil)
		if !ok {
			continue
		}
		t.Run(fmt.Sprint("seed", seed), func(t *testing.T) {
			c := newCodec(t, text)
			for range 3 {
				v, err := c.Decode(src)
				if err != nil {
					t.Fatalf("%v\n%x\n%s", err, src, text)
				}
				b, err := c.Marshal(v)
				if err != nil {
					t.Fatalf("%v\n%v\n%s", err, v, text)
				}
				if !bytes.Equal(b, src) && !(strings.Contains(text, "decimal") && bytes.Equal(toJSON(t, s, b), toJSON(t, s, src))) {
					t.Fatalf("hamba writes %x, we wrote %x\n%s", b, src, text)
				}
				src, _ = m.Append(nil)
			}
		})
	}
}

func toJSON(t testing.TB, s *avsc.Schema, src []byte) []byte {
	t.Helper()
	text, err := codec.ToJSON(s, src)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
