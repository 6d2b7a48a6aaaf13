package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	hambaavro "github.com/hamba/avro/v2"
	"github.com/twmb/avro"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/sample"
)

// errRefused wraps why a rival cannot do what the specification asks for.
var errRefused = errors.New("refused")

// rivals carry bytes through values of their own.
var rivals = map[string]func(schema string, src []byte) ([]byte, error){
	"hamba/avro": func(schema string, src []byte) ([]byte, error) {
		s, err := hambaavro.ParseWithCache(schema, "", &hambaavro.SchemaCache{})
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		api := hambaavro.Config{DisableBlockSizeHeader: true}.Freeze()
		var v any
		if err := api.Unmarshal(s, src, &v); err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		b, err := api.Marshal(s, v)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		return b, nil
	},
	"twmb/avro": func(schema string, src []byte) ([]byte, error) {
		s, err := avro.Parse(schema)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		var v any
		rest, err := s.Decode(src, &v, avro.TaggedUnions())
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		if len(rest) > 0 {
			return nil, fmt.Errorf("%d bytes left", len(rest))
		}
		b, err := s.Encode(v)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errRefused, err)
		}
		return b, nil
	},
}

// Random values of random schemas have the same bytes with the rivals, wherever those take them. One difference is known:
// hamba writes a decimal such as -1.28, whose unscaled value is the least that fits its bytes, with a byte too many.
// Avro Java does not.
func TestDifferential(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(600) {
		text := sample.Schema(seed)
		s, err := avsc.Parse("sample", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		maker := sample.New(s, seed)
		maker.MaxEntries = 1
		for range 5 {
			src, ok := maker.Append(nil)
			if !ok {
				break
			}
			for name, through := range rivals {
				got, err := guarded(through, text, src)
				switch {
				case errors.Is(err, errRefused):
					counts[name+" refuses"]++
					if testing.Verbose() {
						reason, _, _ := strings.Cut(err.Error(), "\n")
						counts[name+" "+reason[:min(len(reason), 90)]]++
					}
				case name == "hamba/avro" && strings.Contains(text, "decimal") && sameValue(s, got, src):
					counts[name+" agrees but for a needless byte"]++
				case err != nil || !bytes.Equal(got, src):
					counts[name+" differs"]++
					t.Errorf("%s makes %x of %x, %v\n%s", name, got, src, err, text)
				}
				if bytes.Equal(got, src) {
					counts[name+" agrees"]++
				}
			}
		}
	}
	for what, n := range counts {
		t.Log(n, what)
	}
}

// sameValue reports whether two messages are different bytes of one value.
func sameValue(s *avsc.Schema, a, b []byte) bool {
	x, errX := codec.ToJSON(s, a)
	y, errY := codec.ToJSON(s, b)
	return errX == nil && errY == nil && bytes.Equal(x, y) && !bytes.Equal(a, b)
}

// guarded turns a panic into a refusal.
func guarded(through func(string, []byte) ([]byte, error), schema string, src []byte) (b []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: panic: %v", errRefused, r)
		}
	}()
	return through(schema, src)
}
