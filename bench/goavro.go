package main

import "github.com/linkedin/goavro/v2"

// goavro carries maps of any values; it has no generated types and no resolution.
func goavroCandidates() []*candidate {
	var all []*candidate
	for _, e := range []struct {
		name, schema string
		bytes        []byte
		want         message
	}{
		{"flat", flatSchema, flatBytes, flat},
		{"order", orderSchema, orderBytes, order},
	} {
		c := must(goavro.NewCodec(e.schema))
		native, _, err := c.NativeFromBinary(e.bytes)
		must(0, err)
		all = append(all,
			encoder(e.name, "goavro, maps", e.want, func(dst []byte) ([]byte, error) { return c.BinaryFromNative(dst, native) }),
			decoderOf(e.name, "goavro, maps", e.want, func(v *any) (err error) {
				*v, _, err = c.NativeFromBinary(e.bytes)
				return err
			}, func(v *any) ([]byte, error) { return c.BinaryFromNative(nil, *v) }))
	}
	return all
}
