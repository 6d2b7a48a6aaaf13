package hamba_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec/hamba"
	"github.com/avow-events/avow/internal/sample"
)

func TestDiff(t *testing.T) {
	var n, refused, decodeErr, encodeErr, differ int
	for seed := range uint64(1500) {
		text := sample.Schema(seed)
		s, err := avsc.Parse(fmt.Sprint("seed", seed), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		m := sample.New(s, seed)
		m.MaxEntries = 1
		src, ok := m.Append(nil)
		if !ok {
			continue
		}
		n++
		c, err := hamba.New(s)
		if err != nil {
			refused++
			fmt.Println("REFUSED", err)
			continue
		}
		for range 3 {
			v, err := c.Decode(src)
			if err != nil {
				decodeErr++
				fmt.Println("DECODE", err, len(text))
				break
			}
			b, err := c.Marshal(v)
			if err != nil {
				encodeErr++
				fmt.Println("ENCODE", err, len(text))
				break
			}
			if !bytes.Equal(b, src) {
				differ++
				fmt.Println("DIFFER", len(text), text, fmt.Sprintf("\n%x\n%x %v", src, b, v))
				break
			}
			src, _ = m.Append(nil)
		}
	}
	t.Log(n, refused, decodeErr, encodeErr, differ)
}
