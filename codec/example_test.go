package codec_test

import (
	"errors"
	"fmt"
	"log"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/payments"
)

// A generated type writes and reads its own encoding. NewMoney sets the default of the schema.
func Example() {
	price := common.NewMoney()
	var err error
	if price.Amount, err = codec.ParseDecimal("19.99"); err != nil {
		log.Fatal(err)
	}
	message, err := price.AppendAvro(nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d bytes: %x\n", price.SizeAvro(), message)

	var got common.Money
	if err := got.DecodeAvro(message); err != nil {
		log.Fatal(err)
	}
	fmt.Println(got.Amount, got.Currency)
	// Output:
	// 7 bytes: 0407cf06455552
	// 19.99 EUR
}

// A union is an interface: a pointer to one of its branches, or nil for null.
func Example_union() {
	event := payments.NewPaymentFailed()
	event.ProviderCode = &payments.PaymentFailedProviderCodeString{Value: "E42"}

	switch code := event.ProviderCode.(type) {
	case nil:
		fmt.Println("no answer")
	case *payments.PaymentFailedProviderCodeInt:
		fmt.Println("number", code.Value)
	case *payments.PaymentFailedProviderCodeString:
		fmt.Println("text", code.Value)
	}
	// Output: text E42
}

// An error names the field, and wraps the reason.
func ExampleError() {
	var m common.Money
	err := m.DecodeAvro([]byte("\x04\x07\xcf\x06EU"))
	fmt.Println(err)
	fmt.Println(errors.Is(err, codec.ErrTruncated))
	// Output:
	// avro: currency at byte 3: message ends too early
	// true
}

// What an older version of the contract wrote is read by a resolver, which is made once.
func ExampleResolver() {
	const older = `{"type":"record","name":"shop.common.Money","fields":[
		{"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":2}}]}`
	resolver, err := codec.NewResolver[common.Money](older)
	if err != nil {
		log.Fatal(err)
	}
	var m common.Money
	if err := resolver.Decode([]byte("\x04\x07\xcf"), &m); err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Amount, m.Currency)
	// Output: 19.99 EUR
}

// Events without a generated type pass between JSON and Avro by their schema alone.
func ExampleFromJSON() {
	schema, err := avsc.Parse("", []byte(`{"type":"record","name":"Price","fields":[
		{"name":"cents","type":"long"},
		{"name":"valid_until","type":["null",{"type":"int","logicalType":"date"}],"default":null}]}`))
	if err != nil {
		log.Fatal(err)
	}
	message, err := codec.FromJSON(schema, []byte(`{"cents": 1999, "valid_until": "2026-01-31"}`))
	if err != nil {
		log.Fatal(err)
	}
	for _, options := range [][]codec.JSONOption{nil, {codec.AvroJSON()}} {
		text, err := codec.ToJSON(schema, message, options...)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n", text)
	}
	// Output:
	// {"cents":1999,"valid_until":"2026-01-31"}
	// {"cents":1999,"valid_until":{"int":20484}}
}
