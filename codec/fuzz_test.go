package codec_test

import (
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/sample"
)

// parsed returns a schema that a fuzzer made up, or skips what is none.
func parsed(t *testing.T, text string) *avsc.Schema {
	s, err := avsc.Parse("fuzz", []byte(text), avsc.Registered())
	if err != nil {
		t.Skip()
	}
	return s
}

// seeds adds every hostile case, and random schemas with one of their values.
func seeds(f *testing.F, add func(schema string, src []byte)) {
	for _, c := range sample.Hostile() {
		if len(c.Bytes) < 1000 {
			add(c.Schema, c.Bytes)
		}
	}
	for seed := range uint64(40) {
		text := sample.Schema(seed)
		if src, ok := sample.New(registered(f, []byte(text)), seed).Append(nil); ok {
			add(text, src)
		}
	}
}

// FuzzValidate: all ways to read a message judge it alike, and what one resolves the others read.
func FuzzValidate(f *testing.F) {
	seeds(f, func(schema string, src []byte) { f.Add(schema, src) })
	f.Fuzz(func(t *testing.T, schema string, src []byte) {
		s := parsed(t, schema)
		p, err := codec.NewPlan(s, s)
		if err != nil {
			t.Skip() // a default that fits nothing
		}
		agree(t, s, p, src)
	})
}

// FuzzResolve: what comes out is a message of the reader's schema, and nothing comes out of what the writer's refuses.
func FuzzResolve(f *testing.F) {
	seeds(f, func(schema string, src []byte) {
		f.Add(schema, schema, src)
		if more, ok := withDefault(schema); ok {
			f.Add(schema, more, src)
		}
	})
	for _, v := range vectors(f)[:60] {
		f.Add(string(v.Writer), string(v.Reader), unhex(f, v.Hex))
	}
	f.Fuzz(func(t *testing.T, writer, reader string, src []byte) {
		w, r := parsed(t, writer), parsed(t, reader)
		p, err := codec.NewPlan(w, r)
		if err != nil {
			t.Skip()
		}
		out, err := p.Resolve(nil, src)
		if err != nil {
			return
		}
		if err := codec.Validate(w, src); err != nil {
			t.Errorf("the writer's schema refuses %x: %v", src, err)
		}
		if err := codec.Validate(r, out); err != nil {
			t.Errorf("%x was resolved to %x: %v", src, out, err)
		}
	})
}

// FuzzFromJSON: what is read as JSON is a message, whose JSON is read as the same message.
func FuzzFromJSON(f *testing.F) {
	seeds(f, func(schema string, src []byte) {
		s := registered(f, []byte(schema))
		for _, avro := range []bool{false, true} {
			if text, err := codec.ToJSON(s, src, form(avro)...); err == nil {
				f.Add(schema, text, avro)
			}
		}
	})
	f.Add(`["string","double"]`, []byte(`{"double":"NaN"}`), false)
	f.Add(`{"type":"long","logicalType":"timestamp-millis"}`, []byte(`"-292275055-05-16T16:47:04.192Z"`), false)
	f.Add(`{"type":"fixed","name":"F","size":12,"logicalType":"duration"}`, []byte(`"P1Y2M3W4DT5H6M7.089S"`), false)
	f.Fuzz(func(t *testing.T, schema string, text []byte, avro bool) {
		s := parsed(t, schema)
		src, err := codec.FromJSON(s, text, form(avro)...)
		if err != nil {
			return
		}
		if err := codec.Validate(s, src); err != nil {
			t.Fatalf("%s is read as %x: %v", text, src, err)
		}
		again, err := codec.ToJSON(s, src, form(avro)...)
		if err != nil {
			t.Fatalf("%s is read as %x, which has no JSON: %v", text, src, err)
		}
		if back, err := codec.FromJSON(s, again, form(avro)...); err != nil || string(back) != string(src) {
			t.Fatalf("%s is written as %s and read as %x, %v", text, again, back, err)
		}
	})
}

func form(avro bool) []codec.JSONOption {
	if avro {
		return []codec.JSONOption{codec.AvroJSON()}
	}
	return nil
}
