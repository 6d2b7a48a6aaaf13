package rules_test

import (
	"errors"
	"fmt"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/rules"
)

func Example() {
	order := orders.NewOrderCreated()
	order.Items = []common.LineItem{
		{SKU: "A-1", Quantity: 2, UnitPrice: common.Money{Amount: codec.MustParseDecimal("4.99"), Currency: "EUR"}},
		{SKU: "B-2", Quantity: 0, UnitPrice: common.Money{Amount: codec.MustParseDecimal("7.49"), Currency: "EUR"}},
	}
	order.Total.Amount = codec.MustParseDecimal("9.98")
	order.ShippingAddress = common.Address{Lines: []string{"12 St James's Square"}, Country: "GB"}

	err := order.Validate()
	fmt.Println(err)

	var broken *rules.Error
	if errors.As(err, &broken) {
		fmt.Println(broken.Violations[0].ID)
	}
	// Output:
	// items[1].quantity: at least one of each (quantity-positive: this > 0)
	// quantity-positive
}

func ExampleCheck() {
	schema, err := avsc.Parse("Order.avsc", []byte(`{
		"type": "record", "name": "Order", "avow.rules": "quantiy > 0",
		"fields": [{"name": "quantity", "type": "int"}]
	}`))
	if err != nil {
		panic(err)
	}
	fmt.Println(rules.Check(schema))
	// Output:
	// Order.avsc:2:53: unknown name quantiy, did you mean "quantity"?
}

func ExampleRules_Validate() {
	schema, err := avsc.Parse("Order.avsc", []byte(`{
		"type": "record", "name": "Order",
		"fields": [{"name": "quantity", "type": "int", "avow.rules": "this > 0"}]
	}`))
	if err != nil {
		panic(err)
	}
	r, err := rules.New(schema)
	if err != nil {
		panic(err)
	}
	event, err := codec.FromJSON(schema, []byte(`{"quantity": 0}`))
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Validate(event))
	// Output:
	// quantity: breaks a rule (this > 0)
}
