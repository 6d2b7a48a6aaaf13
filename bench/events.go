package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/avow-events/avow/bench/events"
	"github.com/avow-events/avow/codec"
)

var (
	//go:embed schemas/Flat.avsc
	flatSchema string
	//go:embed schemas/Order.avsc
	orderSchema string
	//go:embed schemas/OrderV1.json
	orderV1Schema string
)

// The events that every candidate carries.
var (
	flat  = newFlat()
	order = newOrder()
)

func newFlat() *events.Flat {
	return &events.Flat{
		ID: 9182736455, UserID: 4711, Session: "s-7f3a9c0e5b", URL: "/products/4711?ref=home", Status: 200,
		DurationMs: 12.75, Ratio: 0.5, Cached: true, BytesSent: 48213, Agent: "Mozilla/5.0 (X11; Linux x86_64)",
	}
}

func newOrder() *events.Order {
	coupon, weight := "SPRING-10", 3.25
	shipped := time.UnixMilli(1_700_000_900_000).UTC()
	return &events.Order{
		ID:        uuid.MustParse("3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
		CreatedAt: time.UnixMilli(1_700_000_000_123).UTC(),
		Status:    events.StatusPaid,
		Customer:  events.Customer{ID: 884422, Name: "Zoë Müller", Email: "zoe.mueller@example.com", Vip: true},
		Lines: []events.Line{
			{SKU: "BOOK-1234567", Quantity: 2, Price: codec.NewDecimal(1999, 2)},
			{SKU: "LAMP-7654321", Quantity: 1, Price: codec.NewDecimal(12950, 2)},
			{SKU: "CABLE-000042", Quantity: 10, Price: codec.NewDecimal(499, 2)},
			{SKU: "DESK-0000001", Quantity: 1, Price: codec.NewDecimal(49900, 2)},
		},
		Tags: map[string]string{
			"campaign": "spring-sale", "source": "newsletter", "region": "eu-central", "experiment": "checkout-b",
		},
		Coupon: &coupon, ShippedAt: &shipped, Weight: &weight, Channel: "app",
	}
}

// message is a generated type of ours, against which all others are checked.
type message interface {
	codec.Message
	json.Marshaler
}

// same reports why v is not the event want.
func same(v, want message) error {
	got, err := v.MarshalJSON()
	if err != nil {
		return err
	}
	wanted, err := want.MarshalJSON()
	if err != nil {
		return err
	}
	var a, b any // maps have no order
	if err := json.Unmarshal(got, &a); err != nil {
		return err
	}
	if err := json.Unmarshal(wanted, &b); err != nil {
		return err
	}
	got, _ = json.Marshal(a)
	wanted, _ = json.Marshal(b)
	if !bytes.Equal(got, wanted) {
		return fmt.Errorf("it carries %s instead of %s", got, wanted)
	}
	return nil
}

// sameAvro reports why the message is not the event want.
func sameAvro(b []byte, want message) error {
	var v message = new(events.Flat)
	if _, ok := want.(*events.Order); ok {
		v = new(events.Order)
	}
	if err := v.DecodeAvro(b); err != nil {
		return err
	}
	return same(v, want)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The events in Avro's binary encoding.
var (
	flatBytes  = must(flat.AppendAvro(nil))
	orderBytes = must(order.AppendAvro(nil))
)

// orderV1 is the event as an older producer writes it, and resolvedOrder what a newer consumer makes of that.
var (
	orderV1       = newOrderV1()
	resolvedOrder = func() *events.Order {
		o := newOrder()
		o.Channel = "web"
		return o
	}()
)

func newOrderV1() []byte {
	// The encoding of an order with the note behind its first two fields and without the channel, its last field.
	head := must((&events.Order{ID: order.ID, CreatedAt: order.CreatedAt}).AppendAvro(nil))
	at := 1 + 36 + codec.SizeTimestampMillis(order.CreatedAt)
	b := bytes.Clone(head[:at])
	b = must(codec.AppendString(b, "leave it at the door, the bell is broken"))
	return append(b, orderBytes[at:len(orderBytes)-codec.SizeBytes(order.Channel)]...)
}
