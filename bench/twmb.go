package main

import (
	"encoding/json"

	"github.com/twmb/avro"

	"github.com/avow-events/avow/bench/hamba"
)

func twmbCandidates() []*candidate {
	flatS, orderS := avro.MustParse(flatSchema), avro.MustParse(orderSchema)
	rawS := avro.MustParse(withoutLogicalTypes(orderSchema))
	resolved := must(avro.Resolve(avro.MustParse(orderV1Schema), orderS))
	resolvedRaw := must(avro.Resolve(avro.MustParse(withoutLogicalTypes(orderV1Schema)), rawS))

	// The types that hamba's generator writes suit twmb/avro as well.
	var tFlat hamba.Flat
	var tOrder hamba.Order
	var raw rawOrder
	must(flatS.Decode(flatBytes, &tFlat))
	must(orderS.Decode(orderBytes, &tOrder))
	must(rawS.Decode(orderBytes, &raw))

	encode := func(s *avro.Schema, v any) func([]byte) ([]byte, error) {
		return func(dst []byte) ([]byte, error) { return s.AppendEncode(dst, v) }
	}
	orderAgain := func(v *hamba.Order) ([]byte, error) { return orderS.Encode(v) }
	rawAgain := func(v *rawOrder) ([]byte, error) { return rawS.Encode(v) }
	decode := func(s *avro.Schema, b []byte, v any) error {
		_, err := s.Decode(b, v)
		return err
	}
	return []*candidate{
		encoder("flat", "twmb/avro, generated types", flat, encode(flatS, &tFlat)),
		encoder("order", "twmb/avro, generated types", order, encode(orderS, &tOrder)),
		encoder("order", "twmb/avro, raw types", order, encode(rawS, &raw)),
		decoderOf("flat", "twmb/avro, generated types", flat,
			func(v *hamba.Flat) error { return decode(flatS, flatBytes, v) },
			func(v *hamba.Flat) ([]byte, error) { return flatS.Encode(v) }),
		decoderOf("order", "twmb/avro, generated types", order,
			func(v *hamba.Order) error { return decode(orderS, orderBytes, v) }, orderAgain),
		decoderOf("order", "twmb/avro, raw types", order,
			func(v *rawOrder) error { return decode(rawS, orderBytes, v) }, rawAgain),
		decoderOf("order", "twmb/avro, raw types, aliasing its input", order, func(v *rawOrder) error {
			_, err := rawS.Decode(orderBytes, v, avro.AliasInput())
			return err
		}, rawAgain),
		resolving(decoderOf("order", "twmb/avro, generated types", resolvedOrder,
			func(v *hamba.Order) error { return decode(resolved, orderV1, v) }, orderAgain)),
		resolving(decoderOf("order", "twmb/avro, raw types", resolvedOrder,
			func(v *rawOrder) error { return decode(resolvedRaw, orderV1, v) }, rawAgain)),
	}
}

// withoutLogicalTypes returns a schema whose values are what logical types annotate.
func withoutLogicalTypes(schema string) string {
	var v any
	must(0, json.Unmarshal([]byte(schema), &v))
	return string(must(json.Marshal(plain(v))))
}

func plain(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		if _, ok := v["logicalType"]; ok {
			return v["type"]
		}
		for key := range v {
			v[key] = plain(v[key])
		}
	}
	return v
}
