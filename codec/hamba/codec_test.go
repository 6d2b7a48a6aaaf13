package hamba_test

import (
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/codec/hamba"
)

const paymentSchema = `{"type":"record","name":"Payment","namespace":"shop","fields":[
	{"name":"id","type":{"type":"string","logicalType":"uuid"}},
	{"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
	{"name":"fee","type":["null",{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}],"default":null},
	{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
	{"name":"method","type":[
		{"type":"record","name":"Card","fields":[{"name":"last_four","type":"string"}]},
		{"type":"record","name":"Cash","fields":[{"name":"given","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}}]}]},
	{"name":"tags","type":{"type":"map","values":"string"},"default":{}}]}`

type payment struct {
	ID     string            `avro:"id"`
	Amount *big.Rat          `avro:"amount"`
	Fee    **big.Rat         `avro:"fee"`
	At     time.Time         `avro:"at"`
	Method any               `avro:"method"`
	Tags   map[string]string `avro:"tags"`
}

type card struct {
	LastFour string `avro:"last_four"`
}

type cash struct {
	Given *big.Rat `avro:"given"`
}

type unsafeCash struct {
	Given codec.Decimal `avro:"given"`
}

func aPayment() payment {
	fee := big.NewRat(1, 2)
	return payment{
		ID: "0cbe8c14-0b25-4d3a-9d0e-8a1c0f3b5d77", Amount: big.NewRat(1999, 100), Fee: &fee,
		At: time.UnixMilli(1763800000123).UTC(), Method: card{"1234"}, Tags: map[string]string{"a": "b"},
	}
}

var sameRat = cmp.Comparer(func(a, b *big.Rat) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 })

func TestStruct(t *testing.T) {
	c := newCodec(t, paymentSchema, hamba.Branch("shop.Card", card{}), hamba.Branch("shop.Cash", &cash{}))
	for _, method := range []any{card{"1234"}, &cash{big.NewRat(20, 1)}} {
		want := aPayment()
		want.Method = method
		b, err := c.Marshal(&want)
		if err != nil {
			t.Fatal(err)
		}
		got := payment{Tags: map[string]string{"left": "over"}}
		if err := c.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, sameRat); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if got := string(toJSON(t, c.Schema(), b)); !strings.Contains(got, `"amount":"19.99","fee":"0.50","at":"2025-11-22T08:26:40.123Z"`) {
			t.Errorf("hamba wrote %s", got)
		}
		if err := c.Unmarshal(b[:len(b)-1], &got); !errors.Is(err, codec.ErrTruncated) {
			t.Errorf("cut short: %v", err)
		}
		if !reflect.ValueOf(got).IsZero() {
			t.Errorf("cut short, it leaves %+v", got)
		}
	}
}

// hamba would cast whatever struct stands at the place of a decimal to a big.Rat.
func TestDecimalsThatAreNone(t *testing.T) {
	decimal := `{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}`
	fixed := `{"type":"fixed","name":"F","size":9,"logicalType":"decimal","precision":9,"scale":2}`
	record := `{"type":"record","name":"R","fields":[{"name":"d","type":` + decimal + `}]}`
	type byValue struct {
		D big.Rat `avro:"d"`
	}
	type generated struct {
		D codec.Decimal `avro:"d"`
	}
	type embedded struct{ generated }
	type nested struct {
		D []map[string]*generated `avro:"d"`
	}
	type hidden struct {
		D any `avro:"d"`
	}
	for name, c := range map[string]struct {
		schema string
		value  any
	}{
		"the value":        {decimal, codec.NewDecimal(1, 2)},
		"a string":         {decimal, "1.00"},
		"a fixed":          {fixed, struct{ A, B int }{}},
		"big.Rat by value": {record, byValue{}},
		"a generated type": {record, generated{}},
		"a pointer to it":  {record, &generated{}},
		"embedded":         {record, embedded{}},
		"in containers":    {`{"type":"record","name":"O","fields":[{"name":"d","type":{"type":"array","items":{"type":"map","values":` + record + `}}}]}`, nested{}},
		"nullable": {`{"type":"record","name":"R","fields":[{"name":"d","type":["null",` + decimal + `]}]}`, struct {
			D *codec.Decimal `avro:"d"`
		}{}},
		"nullable, as Rat": {`{"type":"record","name":"R","fields":[{"name":"d","type":["null",` + decimal + `]}]}`, struct {
			D *big.Rat `avro:"d"`
		}{}},
		"behind any":        {record, hidden{codec.NewDecimal(1, 2)}},
		"in a dynamic map":  {record, map[string]any{"d": codec.NewDecimal(1, 2)}},
		"in a dynamic list": {`{"type":"array","items":` + decimal + `}`, []any{big.NewRat(1, 2), codec.NewDecimal(1, 2)}},
		"in a named branch": {`["string",` + decimal + `]`, map[string]any{"bytes.decimal": codec.NewDecimal(1, 2)}},
		"in a registered branch": {`["string",{"type":"record","name":"shop.Cash","fields":[{"name":"given","type":` + decimal + `}]}]`,
			[]any{unsafeCash{}}[0]},
	} {
		t.Run(name, func(t *testing.T) {
			var opts []hamba.Option
			if strings.Contains(name, "registered") {
				opts = append(opts, hamba.Branch("shop.Cash", unsafeCash{}))
			}
			_, err := newCodec(t, c.schema, opts...).Marshal(c.value)
			if err == nil || !strings.Contains(err.Error(), "want *big.Rat") {
				t.Errorf("Marshal: %v", err)
			}
		})
	}
	if err := newCodec(t, record).Unmarshal([]byte{0}, &byValue{}); err == nil || !strings.Contains(err.Error(), "d is a decimal, want *big.Rat") {
		t.Errorf("Unmarshal: %v", err)
	}
	if _, err := newCodec(t, decimal).Marshal((*big.Rat)(nil)); err == nil {
		t.Error("a nil *big.Rat is encoded")
	}
}

func TestDynamic(t *testing.T) {
	c := newCodec(t, paymentSchema)
	v := map[string]any{
		"id": "0cbe8c14-0b25-4d3a-9d0e-8a1c0f3b5d77", "amount": big.NewRat(1999, 100), "fee": nil,
		"at": time.UnixMilli(5).UTC(), "method": map[string]any{"shop.Cash": map[string]any{"given": big.NewRat(20, 1)}},
		"tags": map[string]any{},
	}
	b, err := c.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(any(v), got, sameRat); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The most common evolution, which hamba's own resolution cannot read into a generated type.
func TestUnmarshalFrom(t *testing.T) {
	writer := parsed(t, `{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}`)
	c := newCodec(t, `{"type":"record","name":"R","fields":[{"name":"a","type":["null","string"]},{"name":"b","type":"int","default":7}]}`)
	plan, err := codec.NewPlan(writer, c.Schema())
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		A *string `avro:"a"`
		B int     `avro:"b"`
	}
	if err := c.UnmarshalFrom(plan, []byte("\x02x"), &got); err != nil || got.A == nil || *got.A != "x" || got.B != 7 {
		t.Errorf("got %+v, %v", got, err)
	}
}

// What hamba reads as another schema than it is, or what would cost memory that no message pays for.
func TestSchemasThatAreRefused(t *testing.T) {
	var nulls strings.Builder
	for i := range 30 {
		fmt.Fprintf(&nulls, `{"name":"f%d","type":"null"},`, i)
	}
	for name, c := range map[string]struct{ schema, want string }{
		"an alias that hides a type": {
			`{"type":"record","name":"R","fields":[
				{"name":"b","type":{"type":"record","name":"B","fields":[{"name":"y","type":"string"}]}},
				{"name":"a","type":{"type":"record","name":"A","aliases":["B"],"fields":[{"name":"x","type":"int"}]}},
				{"name":"c","type":"B"}]}`,
			"hamba/avro misreads it",
		},
		"an empty namespace": {
			`{"type":"record","name":"a.R","fields":[{"name":"f","type":{"type":"enum","name":"E","namespace":"","symbols":["A"]}}]}`,
			"hamba/avro misreads it",
		},
		"a huge fixed": {`{"type":"fixed","name":"F","size":2147483639}`, "larger than the 1048576"},
		"a huge scale": {`{"type":"bytes","logicalType":"decimal","precision":2000000000,"scale":1999999999}`, "scale 1999999999"},
		"items without bytes": {
			`{"type":"array","items":{"type":"record","name":"R","fields":[` + nulls.String() + `{"name":"z","type":"int"}]}}`,
			"more than 16 values without a byte",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := hamba.New(parsed(t, c.schema)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestWrongUse(t *testing.T) {
	c := newCodec(t, `"string"`)
	var nowhere *string
	for _, target := range []any{nil, "x", nowhere, 3} {
		if err := c.Unmarshal([]byte{0}, target); err == nil {
			t.Errorf("decoded into %T", target)
		}
	}
	for _, v := range []any{nil, 3, "\xff"} {
		if b, err := c.Marshal(v); err == nil {
			t.Errorf("%#v is encoded as %x", v, b)
		}
	}
	if _, err := hamba.New(c.Schema(), hamba.Branch("R", 3)); err == nil {
		t.Error("an int stands for a record")
	}
}
