// Package shop makes events of the shop that tests send through other people's code. They hold what implementations
// disagree about: negative and long decimals, times before 1970 and with fractions, nulls beside values, empty lists and
// maps, branches of one shape, text beyond ASCII, bytes beyond text. Longs stay well below 2^53, which is as far as
// JavaScript counts.
package shop

import (
	"time"

	"github.com/google/uuid"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/notifications"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/gen/telemetry"
)

func ptr[T any](v T) *T { return &v }

// number makes ids that are the same in every run.
func number(n byte) uuid.UUID { return uuid.UUID{0xAB, 6: 0x40, 8: 0x80, 15: n} }

func money(text, currency string) common.Money {
	return common.Money{Amount: codec.MustParseDecimal(text), Currency: currency}
}

func eventMetadata(n byte, at time.Time) common.EventMetadata {
	return common.EventMetadata{EventID: number(n), OccurredAt: at, CorrelationID: number(n + 1)}
}

// Orders returns orders by a key of the record.
func Orders() map[string]*orders.OrderCreated {
	address := common.Address{Recipient: "Zoë Ångström 🚲", Lines: []string{}, PostalCode: "", City: "東京", Country: "JP"}
	full := &orders.OrderCreated{
		Metadata:   eventMetadata(1, time.Date(2026, 2, 28, 23, 59, 59, 999e6, time.UTC)),
		OrderID:    number(3),
		CustomerID: number(4),
		Items: []common.LineItem{
			{SKU: "A-1", Name: "Beans", Quantity: 2, UnitPrice: money("4.99", "EUR"), WeightKg: ptr(float32(0.25))},
			{SKU: "", Name: "\u0000\"\\\n", Quantity: -2147483648, UnitPrice: money("-0.01", "¤"), WeightKg: nil},
		},
		Total: money("9999999999999999.99", "EUR"),
		ShippingAddress: common.Address{
			Recipient: "Ada", Lines: []string{"12 St James's Square", ""}, PostalCode: "SW1Y", City: "London", Country: "GB",
			Location: &common.GeoPoint{Latitude: 51.507351, Longitude: -0.1277583},
		},
		BillingAddress: &address,
		CouponCode:     ptr("ÄÖÜ€"),
		DeliverOn:      ptr(time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)),
		Attributes:     map[string]string{"": "empty key", "campaign": "", "ключ": "значение"},
	}
	full.Metadata.CausationID = ptr(number(9))
	return map[string]*orders.OrderCreated{
		"full": full,
		"bare": {
			Metadata:        eventMetadata(5, time.Date(1969, 7, 20, 20, 17, 40, 1e6, time.UTC)),
			Items:           []common.LineItem{},
			Total:           money("-9999999999999999.99", ""),
			ShippingAddress: address,
			DeliverOn:       ptr(time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC)),
			Attributes:      map[string]string{},
		},
		"zero": {
			Metadata:        eventMetadata(7, time.Unix(0, 0).UTC()),
			Items:           []common.LineItem{},
			Total:           money("0.00", "EUR"),
			ShippingAddress: address,
			Attributes:      map[string]string{"one": "1"},
		},
	}
}

// Notifications returns one for each channel.
func Notifications() map[string]*notifications.Notification {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	at := time.Date(2026, 11, 23, 5, 0, 0, 123e6, time.UTC)
	return map[string]*notifications.Notification{
		"email": {
			Metadata: eventMetadata(1, at), UserID: number(2), SendAfter: ptr(at.Add(time.Hour)), Attempts: 3,
			Channel: &notifications.NotificationChannelEmail{Value: notifications.Email{
				To: "ada@example.org", Subject: "Ihre Bestellung", Body: "# Grüße",
				Attachments: []notifications.Attachment{
					{FileName: "all.bin", MediaType: "application/octet-stream", Content: every},
					{FileName: "none", Content: []byte{}},
				},
			}},
		},
		"sms": {
			Metadata: eventMetadata(3, at), UserID: number(4), Attempts: 2147483647,
			Channel: &notifications.NotificationChannelSMS{Value: notifications.SMS{Phone: "+4912345678", Text: ""}},
		},
		"push": {
			Metadata: eventMetadata(5, at), UserID: number(6),
			Channel: &notifications.NotificationChannelPush{Value: notifications.Push{
				DeviceToken: "token", Title: "Sent", Data: map[string]string{"order": "7"},
			}},
		},
	}
}

// Telemetry returns events with every branch of their unions.
func Telemetry() map[string]*telemetry.ApplicationEvent {
	at := time.Date(2026, 11, 23, 5, 0, 0, 123456e3, time.UTC)
	return map[string]*telemetry.ApplicationEvent{
		"every branch": {
			Service: "shop", Instance: -1, Severity: telemetry.SeverityFatal, Message: "disk full", RecordedAt: at,
			TraceID:  ptr(telemetry.TraceID{0, 1, 0x7F, 0x80, 0xFF, 15: 0xAA}),
			UptimeNs: 1<<51 + 1, CPULoad: 0.75,
			Error: &telemetry.ErrorInfo{Kind: "io", Text: "no space", Cause: &telemetry.ErrorInfo{Kind: "os", Text: "ENOSPC"}},
			Metadata: map[string]telemetry.ApplicationEventMetadataValue{
				"null": nil,
				"bool": &telemetry.ApplicationEventMetadataValueBoolean{Value: true},
				"long": &telemetry.ApplicationEventMetadataValueLong{Value: -(1<<51 + 1)},
				"real": &telemetry.ApplicationEventMetadataValueDouble{Value: 2.5},
				"text": &telemetry.ApplicationEventMetadataValueString{Value: "1"},
			},
		},
		"least": {
			Severity: telemetry.SeverityDebug, RecordedAt: time.Date(1960, 1, 1, 0, 0, 0, 1e3, time.UTC),
			Metadata: map[string]telemetry.ApplicationEventMetadataValue{},
		},
		// A whole double and a long of the same value stay what they are.
		"whole": {
			Severity: telemetry.SeverityInfo, RecordedAt: at,
			Metadata: map[string]telemetry.ApplicationEventMetadataValue{
				"long": &telemetry.ApplicationEventMetadataValueLong{Value: 1},
				"real": &telemetry.ApplicationEventMetadataValueDouble{Value: 1},
			},
		},
	}
}
