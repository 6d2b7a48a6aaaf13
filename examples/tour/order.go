package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/orders"
)

// sequence is the attribute in which an order says how many were placed before it.
const sequence = "sequence"

// newOrder makes the nth order of this run.
func newOrder(runID, customer uuid.UUID, n int) *orders.OrderCreated {
	order := orders.NewOrderCreated() // with the defaults of the schema
	order.Metadata = common.EventMetadata{
		EventID:       uuid.New(),
		OccurredAt:    time.Now(),
		CorrelationID: runID,
	}
	order.OrderID = uuid.New()
	order.CustomerID = customer
	cents := int64(0)
	for i := range n%3 + 1 {
		price := int64(499 + 250*i)
		quantity := int32(i + 1)
		cents += price * int64(quantity)
		order.Items = append(order.Items, common.LineItem{
			SKU:       fmt.Sprintf("SKU-%04d", n%50+i),
			Name:      "Espresso beans, 250 g",
			Quantity:  quantity,
			UnitPrice: euros(price),
		})
	}
	order.Total = euros(cents)
	order.ShippingAddress = common.Address{
		Recipient:  "Ada Lovelace",
		Lines:      []string{"12 St James's Square"},
		PostalCode: "SW1Y 4JH",
		City:       "London",
		Country:    "GB",
	}
	order.Attributes[sequence] = strconv.Itoa(n)
	return order
}

func euros(cents int64) common.Money {
	return common.Money{Amount: codec.NewDecimal(cents, 2), Currency: "EUR"}
}
