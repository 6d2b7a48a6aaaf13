package codec_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/sample"
)

// randomSchemas calls each with random schemas that have values.
func randomSchemas(t *testing.T, n int, each func(t *testing.T, s *avsc.Schema, m *sample.Maker)) {
	for seed := range uint64(n) {
		text := sample.Schema(seed)
		s, err := avsc.Parse(fmt.Sprint("seed", seed), []byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		m := sample.New(s, seed)
		if _, ok := m.Append(nil); !ok {
			continue
		}
		t.Run(fmt.Sprint("seed", seed), func(t *testing.T) {
			each(t, s, m)
			if t.Failed() {
				t.Log(text)
			}
		})
	}
}

func identity(t testing.TB, s *avsc.Schema) *codec.Plan {
	t.Helper()
	p, err := codec.NewPlan(s, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRandomValues(t *testing.T) {
	randomSchemas(t, 600, func(t *testing.T, s *avsc.Schema, m *sample.Maker) {
		p := identity(t, s)
		for range 5 {
			src, _ := m.Append(nil)
			if err := codec.Validate(s, src); err != nil {
				t.Fatalf("Validate(%x): %v", src, err)
			}
			if same, err := p.Resolve(nil, src); err != nil || !bytes.Equal(same, src) {
				t.Fatalf("Resolve(%x) against itself is %x, %v", src, same, err)
			}
			for _, opts := range [][]codec.JSONOption{nil, {codec.AvroJSON()}} {
				text, err := codec.ToJSON(s, src, opts...)
				if err != nil {
					t.Fatalf("ToJSON(%x): %v", src, err)
				}
				back, err := codec.FromJSON(s, text, opts...)
				if err != nil || !bytes.Equal(back, src) {
					t.Fatalf("FromJSON(%s) is %x, %v, want %x", text, back, err, src)
				}
			}
		}
	})
}

// Blocks and sizes are for writers that do not know yet how much will come. A value has the same meaning with them
// and without, and Resolve writes what Avro's own encoder would.
func TestRandomBlocks(t *testing.T) {
	randomSchemas(t, 300, func(t *testing.T, s *avsc.Schema, m *sample.Maker) {
		m.Blocks = true
		p := identity(t, s)
		for range 5 {
			src, _ := m.Append(nil)
			if err := codec.Validate(s, src); err != nil {
				t.Fatalf("Validate(%x): %v", src, err)
			}
			want, err := codec.FromJSON(s, toJSON(t, s, src))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := p.Resolve(nil, src); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("Resolve(%x) is %x, %v, want %x", src, got, err, want)
			}
		}
	})
}

// Every message that is cut short is an error, and one that is damaged is an error for all of them or for none.
func TestRandomDamage(t *testing.T) {
	randomSchemas(t, 60, func(t *testing.T, s *avsc.Schema, m *sample.Maker) {
		p := identity(t, s)
		src, _ := m.Append(nil)
		for n := range src {
			if err := codec.Validate(s, src[:n]); err == nil {
				t.Fatalf("%x cut after %d bytes is valid", src, n)
			}
		}
		for at := range src {
			for _, bit := range []byte{1, 2, 0x80} {
				bad := bytes.Clone(src)
				bad[at] ^= bit
				agree(t, s, p, bad)
			}
		}
	})
}

// agree makes sure that all ways to read a message judge it alike.
func agree(t testing.TB, s *avsc.Schema, p *codec.Plan, src []byte) {
	t.Helper()
	err := codec.Validate(s, src)
	out, err2 := p.Resolve(nil, src)
	if (err == nil) != (err2 == nil) || err != nil && err.Error() != err2.Error() {
		t.Fatalf("%x: Validate says %v, Resolve %v", src, err, err2)
	}
	text, err3 := codec.ToJSON(s, src, codec.AvroJSON())
	if (err == nil) != (err3 == nil) {
		t.Fatalf("%x: Validate says %v, ToJSON %v", src, err, err3)
	}
	if err != nil {
		return
	}
	if err := codec.Validate(s, out); err != nil {
		t.Fatalf("%x was resolved to %x: %v", src, out, err)
	}
	if again := toJSON(t, s, out, codec.AvroJSON()); !bytes.Equal(text, again) {
		t.Fatalf("%x is %s, resolved it is %s", src, text, again)
	}
}
