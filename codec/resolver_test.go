package codec_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/gen/telemetry"
)

// order returns an order of some 500 bytes.
func order() *orders.OrderCreated {
	id := uuid.MustParse("0cbe8c14-0b25-4d3a-9d0e-8a1c0f3b5d77")
	coupon := "SPRING-10"
	weight := float32(0.25)
	o := orders.NewOrderCreated()
	o.Metadata = common.EventMetadata{
		EventID: id, OccurredAt: time.UnixMilli(1763800000123).UTC(), CorrelationID: id, CausationID: &id,
	}
	o.OrderID, o.CustomerID = id, id
	for _, sku := range []string{"TEA-001", "CUP-017", "POT-003", "MUG-090"} {
		o.Items = append(o.Items, common.LineItem{
			SKU: sku, Name: "Article " + sku, Quantity: 3, WeightKg: &weight,
			UnitPrice: common.Money{Amount: codec.NewDecimal(1250, 2), Currency: "EUR"},
		})
	}
	o.Total = common.Money{Amount: codec.NewDecimal(15000, 2), Currency: "EUR"}
	o.ShippingAddress = common.Address{
		Recipient: "Zoë Jansen", Lines: []string{"Lange Straße 12", "Hinterhaus"}, PostalCode: "10115", City: "Berlin", Country: "DE",
	}
	o.CouponCode = &coupon
	o.Attributes = map[string]string{"campaign": "newsletter-47", "channel": "web", "locale": "de-DE", "ab": "B"}
	return o
}

// fieldsOf edits the fields of a record schema, given as JSON.
func fieldsOf(t testing.TB, schema string, edit func(fields []map[string]any) []map[string]any) string {
	t.Helper()
	var s map[string]any
	if err := json.Unmarshal([]byte(schema), &s); err != nil {
		t.Fatal(err)
	}
	var fields []map[string]any
	for _, f := range s["fields"].([]any) {
		fields = append(fields, f.(map[string]any))
	}
	s["fields"] = edit(fields)
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func without(names ...string) func([]map[string]any) []map[string]any {
	return func(fields []map[string]any) (kept []map[string]any) {
		for _, f := range fields {
			drop := false
			for _, n := range names {
				drop = drop || f["name"] == n
			}
			if !drop {
				kept = append(kept, f)
			}
		}
		return kept
	}
}

// olderOrder is a schema of OrderCreated before coupons, delivery dates and attributes, when a customer was a client.
func olderOrder(t testing.TB) string {
	old := fieldsOf(t, new(orders.OrderCreated).AvroSchema().String(), without("coupon_code", "deliver_on"))
	return strings.Replace(old, `"customer_id"`, `"client_id"`, 1)
}

// written returns a message of the schema, made from an order.
func written(t testing.TB, schema string, o *orders.OrderCreated) []byte {
	t.Helper()
	now, err := o.AppendAvro(nil)
	if err != nil {
		t.Fatal(err)
	}
	// There and back: what the old schema knows of the new event.
	text, err := codec.NewPlan(o.AvroSchema().Parsed(), withAliasesBack(t, schema))
	if err != nil {
		t.Fatal(err)
	}
	src, err := text.Resolve(nil, now)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// withAliasesBack lets the older schema read the newer one's customer_id.
func withAliasesBack(t testing.TB, schema string) *avsc.Schema {
	return registered(t, []byte(fieldsOf(t, schema, func(fields []map[string]any) []map[string]any {
		for _, f := range fields {
			if f["name"] == "client_id" {
				f["aliases"] = []string{"customer_id"}
			}
		}
		return fields
	})))
}

func TestResolverReadsOlderWriter(t *testing.T) {
	old := olderOrder(t)
	want := order()
	src := written(t, old, want)
	r, err := codec.NewResolver[orders.OrderCreated](old)
	if err != nil {
		t.Fatal(err)
	}
	want.CouponCode, want.DeliverOn = nil, nil
	got := orders.OrderCreated{CouponCode: new(string), Items: make([]common.LineItem, 9)}
	if err := r.Decode(src, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*want, got, cmp.Comparer(codec.Decimal.Equal)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for n := range src {
		if err := r.Decode(src[:n], &got); err == nil {
			t.Fatalf("first %d bytes decoded", n)
		}
		if got.Items != nil || got.Attributes != nil {
			t.Fatalf("first %d bytes left something behind", n)
		}
	}
	if err := r.Decode(append(src, 0), &got); !errors.Is(err, codec.ErrTrailing) {
		t.Errorf("a byte too many: %v", err)
	}
}

func BenchmarkResolver(b *testing.B) {
	o := order()
	direct, _ := o.AppendAvro(nil)
	full := o.AvroSchema().String()
	writers := []struct{ name, schema string }{
		{"same", full},
		{"older", olderOrder(b)},
		{"before_attributes", fieldsOf(b, full, without("attributes"))},
		{"before_metadata", fieldsOf(b, full, without("coupon_code"))},
		{"reordered", fieldsOf(b, full, func(f []map[string]any) []map[string]any { return append(f[4:], f[:4]...) })},
	}
	b.Run("direct", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v orders.OrderCreated
			if err := v.DecodeAvro(direct); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, w := range writers {
		src := written(b, w.schema, o)
		r, err := codec.NewResolver[orders.OrderCreated](w.schema)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var v orders.OrderCreated
				if err := r.Decode(src, &v); err != nil {
					b.Fatal(err)
				}
			}
		})
		p, _ := codec.NewPlan(registered(b, []byte(w.schema)), o.AvroSchema().Parsed())
		var dst []byte
		b.Run(w.name+"_resolve", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if dst, err = p.Resolve(dst[:0], src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("validate", func(b *testing.B) {
		b.ReportAllocs()
		s := o.AvroSchema().Parsed()
		for b.Loop() {
			if err := codec.Validate(s, direct); err != nil {
				b.Fatal(err)
			}
		}
	})
	_ = telemetry.ApplicationEvent{}
}
