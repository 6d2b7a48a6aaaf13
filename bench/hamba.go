package main

import (
	"slices"

	hambaavro "github.com/hamba/avro/v2"

	"github.com/avow-events/avow/bench/hamba"
)

// rawOrder is Order for the hand that tunes: what hamba/avro and twmb/avro carry fastest, uuid, times and decimals as
// the plain types that they annotate.
type rawOrder struct {
	ID        string            `avro:"id"`
	CreatedAt int64             `avro:"created_at"`
	Status    string            `avro:"status"`
	Customer  hamba.Customer    `avro:"customer"`
	Lines     []rawLine         `avro:"lines"`
	Tags      map[string]string `avro:"tags"`
	Coupon    *string           `avro:"coupon"`
	ShippedAt *int64            `avro:"shipped_at"`
	Weight    *float64          `avro:"weight"`
	Channel   string            `avro:"channel"`
}

type rawLine struct {
	SKU      string `avro:"sku"`
	Quantity int32  `avro:"quantity"`
	Price    []byte `avro:"price"`
}

func hambaCandidates() []*candidate {
	parse := func(schema string) hambaavro.Schema {
		return must(hambaavro.ParseWithCache(schema, "", &hambaavro.SchemaCache{}))
	}
	api := hambaavro.Config{DisableBlockSizeHeader: true}.Freeze()
	flatS, orderS := parse(flatSchema), parse(orderSchema)
	rawS := parse(withoutLogicalTypes(orderSchema))
	resolved := must(hambaavro.NewSchemaCompatibility().Resolve(orderS, parse(orderV1Schema)))
	resolvedRaw := must(hambaavro.NewSchemaCompatibility().Resolve(rawS, parse(withoutLogicalTypes(orderV1Schema))))

	var hFlat hamba.Flat
	var hOrder hamba.Order
	var raw rawOrder
	must(0, api.Unmarshal(flatS, flatBytes, &hFlat))
	must(0, api.Unmarshal(orderS, orderBytes, &hOrder))
	must(0, api.Unmarshal(rawS, orderBytes, &raw))

	encode := func(s hambaavro.Schema, v any) func([]byte) ([]byte, error) {
		w := new(appender)
		enc := api.NewEncoder(s, w)
		return func(dst []byte) ([]byte, error) {
			w.b = dst
			err := enc.Encode(v)
			return w.b, err
		}
	}
	orderAgain := func(v *hamba.Order) ([]byte, error) { return api.Marshal(orderS, v) }
	rawAgain := func(v *rawOrder) ([]byte, error) { return api.Marshal(rawS, v) }
	return []*candidate{
		encoder("flat", "hamba/avro, generated types", flat, encode(flatS, &hFlat)),
		encoder("order", "hamba/avro, generated types", order, encode(orderS, &hOrder)),
		encoder("order", "hamba/avro, raw types", order, encode(rawS, &raw)),
		decoderOf("flat", "hamba/avro, generated types", flat,
			func(v *hamba.Flat) error { return api.Unmarshal(flatS, flatBytes, v) },
			func(v *hamba.Flat) ([]byte, error) { return api.Marshal(flatS, v) }),
		decoderOf("order", "hamba/avro, generated types", order,
			func(v *hamba.Order) error { return api.Unmarshal(orderS, orderBytes, v) }, orderAgain),
		decoderOf("order", "hamba/avro, raw types", order,
			func(v *rawOrder) error { return api.Unmarshal(rawS, orderBytes, v) }, rawAgain),
		resolving(decoderOf("order", "hamba/avro, generated types", resolvedOrder,
			func(v *hamba.Order) error { return api.Unmarshal(resolved, orderV1, v) }, orderAgain)),
		resolving(decoderOf("order", "hamba/avro, raw types", resolvedOrder,
			func(v *rawOrder) error { return api.Unmarshal(resolvedRaw, orderV1, v) }, rawAgain)),
	}
}

// appender is a writer into a slice, with all that makes a codec fast that wants a writer.
type appender struct{ b []byte }

func (a *appender) Grow(n int) { a.b = slices.Grow(a.b, n) }

func (a *appender) WriteByte(c byte) error {
	a.b = append(a.b, c)
	return nil
}

func (a *appender) WriteString(s string) (int, error) {
	a.b = append(a.b, s...)
	return len(s), nil
}

func (a *appender) Write(p []byte) (int, error) {
	a.b = append(a.b, p...)
	return len(p), nil
}
