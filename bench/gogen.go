package main

import (
	"bytes"

	"github.com/actgardner/gogen-avro/v10/compiler"
	"github.com/actgardner/gogen-avro/v10/vm"
	"github.com/actgardner/gogen-avro/v10/vm/types"

	"github.com/avow-events/avow/bench/gogen"
)

// gogen-avro generates types that a virtual machine fills in. It knows no logical types, so its order is a raw one. Its
// program is compiled once here; the functions that it generates compile it for every message.
func gogenCandidates() []*candidate {
	compile := func(writer, reader string) *vm.Program {
		return must(compiler.CompileSchemaBytes([]byte(writer), []byte(reader)))
	}
	fl, or := gogen.NewFlat(), gogen.NewOrder()
	flatP, orderP := compile(flatSchema, fl.Schema()), compile(orderSchema, or.Schema())
	resolved := compile(orderV1Schema, or.Schema())
	read := func(b []byte, p *vm.Program, v types.Field) error { return vm.Eval(bytes.NewReader(b), p, v) }
	must(0, read(flatBytes, flatP, &fl))
	must(0, read(orderBytes, orderP, &or))

	encode := func(write func(*appender) error) func([]byte) ([]byte, error) {
		w := new(appender)
		return func(dst []byte) ([]byte, error) {
			w.b = dst
			err := write(w)
			return w.b, err
		}
	}
	orderAgain := func(v *gogen.Order) ([]byte, error) {
		return encode(func(w *appender) error { return v.Serialize(w) })(nil)
	}
	return []*candidate{
		encoder("flat", "gogen-avro", flat, encode(func(w *appender) error { return fl.Serialize(w) })),
		encoder("order", "gogen-avro, raw types", order, encode(func(w *appender) error { return or.Serialize(w) })),
		decoderOf("flat", "gogen-avro", flat,
			func(v *gogen.Flat) error { return read(flatBytes, flatP, v) },
			func(v *gogen.Flat) ([]byte, error) {
				return encode(func(w *appender) error { return v.Serialize(w) })(nil)
			}),
		decoderOf("order", "gogen-avro, raw types", order,
			func(v *gogen.Order) error { return read(orderBytes, orderP, v) }, orderAgain),
		resolving(decoderOf("order", "gogen-avro, raw types", resolvedOrder,
			func(v *gogen.Order) error { return read(orderV1, resolved, v) }, orderAgain)),
	}
}
