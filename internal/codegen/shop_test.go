package codegen_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	hamba "github.com/hamba/avro/v2"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/inventory"
	"github.com/avow-events/avow/gen/notifications"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/gen/payments"
	"github.com/avow-events/avow/gen/telemetry"
	"github.com/avow-events/avow/gen/users"
	"github.com/avow-events/avow/internal/sample"
)

// event is what every generated type can do.
type event interface {
	codec.Message
	SizeAvro() int
}

// shop makes a value of each type of the shop that a document or another event refers to.
var shop = []func() event{
	func() event { return new(common.Address) },
	func() event { return new(common.EventMetadata) },
	func() event { return new(common.LineItem) },
	func() event { return new(common.Money) },
	func() event { return new(inventory.ReservationFailed) },
	func() event { return new(inventory.ReservationRequested) },
	func() event { return new(inventory.Reserved) },
	func() event { return new(notifications.Notification) },
	func() event { return new(orders.OrderCancelled) },
	func() event { return new(orders.OrderCreated) },
	func() event { return new(orders.OrderStatus) },
	func() event { return new(orders.OrderStatusChanged) },
	func() event { return new(payments.PaymentCompleted) },
	func() event { return new(payments.PaymentFailed) },
	func() event { return new(payments.PaymentRequested) },
	func() event { return new(telemetry.ApplicationEvent) },
	func() event { return new(telemetry.TraceID) },
	func() event { return new(users.UserRegistered) },
}

// Every way to cut a message or to change one of its bytes gives an error with a place, or a value that can be written.
func TestShopDamaged(t *testing.T) {
	t.Parallel()
	for _, make := range shop {
		v := make()
		maker := sample.New(v.AvroSchema().Parsed(), 5)
		for range 3 {
			src, _ := maker.Append(nil)
			if len(src) > 600 && testing.Short() {
				continue
			}
			for k := range src {
				decodeOrFail(t, v, src[:k])
				b := bytes.Clone(src)
				for c := range 256 {
					if b[k] = byte(c); len(src) < 200 || c%16 == k%16 {
						decodeOrFail(t, v, b)
					}
				}
			}
		}
	}
}

// FuzzDecodeShop decodes anything as each type of the shop.
func FuzzDecodeShop(f *testing.F) {
	for i, make := range shop {
		maker := sample.New(make().AvroSchema().Parsed(), uint64(i))
		for range 3 {
			src, _ := maker.Append(nil)
			f.Add(byte(i), src)
		}
	}
	for _, c := range sample.Hostile() {
		if len(c.Bytes) < 1000 {
			f.Add(byte(len(c.Name)), c.Bytes)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, src []byte) {
		decodeOrFail(t, shop[int(which)%len(shop)](), src)
	})
}

// decodeOrFail decodes src, which may be anything, and fails where that gives neither a value that can be written and
// read again nor an error with a place.
func decodeOrFail(t *testing.T, v event, src []byte) {
	t.Helper()
	schema := v.AvroSchema().Parsed()
	err := v.DecodeAvro(src)
	if err != nil {
		var e *codec.Error
		if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(src) {
			t.Fatalf("%x: %v has no place", src, err)
		}
		if valid := codec.Validate(schema, src); valid == nil && !errors.Is(err, codec.ErrLogical) {
			t.Fatalf("%x: %v, but Validate passes it", src, err)
		}
		return
	}
	if err := codec.Validate(schema, src); err != nil {
		t.Fatalf("%x is decoded, but Validate says %v", src, err)
	}
	b, err := v.AppendAvro(nil)
	if err != nil || len(b) != v.SizeAvro() {
		t.Fatalf("%x is decoded, then %v, %d bytes of %d", src, err, len(b), v.SizeAvro())
	}
	if err := v.DecodeAvro(b); err != nil {
		t.Fatalf("%x becomes %x: %v", src, b, err)
	}
}

func newOrder() *orders.OrderCreated {
	o := orders.NewOrderCreated()
	o.Metadata.EventID = uuid.MustParse("3f2504e0-4f89-41d3-9a0c-0305e82c3301")
	o.Metadata.OccurredAt = time.UnixMilli(1_700_000_000_123).UTC()
	o.Items = []common.LineItem{{SKU: "BOOK-1", Name: "Zoë's book", Quantity: 2, UnitPrice: common.Money{Amount: codec.NewDecimal(1999, 2), Currency: "EUR"}}}
	o.Total.Amount = codec.NewDecimal(3998, 2)
	o.ShippingAddress.Lines = []string{"Hauptstraße 1"}
	o.Attributes["campaign"] = "spring"
	return o
}

func TestErrorsOnTheWayOut(t *testing.T) {
	cycle := &telemetry.ErrorInfo{}
	cycle.Cause = cycle
	var noBranch *notifications.NotificationChannelEmail
	for _, c := range []struct {
		v    event
		want string
	}{
		{&orders.OrderCreated{Items: []common.LineItem{{}, {Name: "\xff"}}}, "avro: items[1].name: string is not UTF-8"},
		{&orders.OrderCreated{Attributes: map[string]string{"a\xc3": ""}}, `avro: attributes["a\xc3"]: string is not UTF-8`},
		{&orders.OrderCreated{Attributes: map[string]string{"a": "\xc3"}}, `avro: attributes["a"]: string is not UTF-8`},
		{&orders.OrderCreated{Total: common.Money{Amount: codec.MustParseDecimal("1.005")}},
			"avro: total.amount: value outside its logical type: 1.005 has more than 2 digits behind the point"},
		{&orders.OrderCreated{Total: common.Money{Amount: codec.MustParseDecimal("10000000000000000")}},
			"avro: total.amount: value outside its logical type: 10000000000000000 has more than 18 digits at scale 2"},
		{&orders.OrderCreated{DeliverOn: new(time.Unix(math.MaxInt64/2, 0).UTC())}, "avro: deliver_on: value outside its logical type: "},
		{&notifications.Notification{}, "avro: channel: required value is not set"},
		{&notifications.Notification{Channel: noBranch}, "avro: channel: required value is not set"},
		{&notifications.Notification{Channel: &notifications.NotificationChannelEmail{Value: notifications.Email{To: "\xff"}}},
			"avro: channel.to: string is not UTF-8"},
		{&telemetry.ApplicationEvent{Severity: 5}, "avro: severity: no such enum symbol: number 5, of 5"},
		{&telemetry.ApplicationEvent{Severity: -1}, "avro: severity: no such enum symbol: number -1, of 5"},
		{new(orders.OrderStatus(100)), "avro: (root): no such enum symbol: number 100, of "},
		{cycle, "avro: cause.cause.cause."},
	} {
		before := []byte("before")
		b, err := c.v.AppendAvro(before)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%T: got %v, want %s", c.v, err, c.want)
		}
		if string(b) != "before" {
			t.Errorf("%T: buffer is %q after an error", c.v, b)
		}
		var e *codec.Error
		if !errors.As(err, &e) || e.Offset != -1 {
			t.Errorf("%T: %#v", c.v, err)
		}
		_ = c.v.SizeAvro() // must come to an end
	}
}

// Strings and bytes belong to the value, unless the caller says by name that they may be parts of the message.
func TestModes(t *testing.T) {
	email := &notifications.Notification{Channel: &notifications.NotificationChannelEmail{Value: notifications.Email{
		To: "zoe@example.com", Attachments: []notifications.Attachment{{FileName: "a.pdf", Content: []byte("content")}},
	}}}
	src, err := email.AppendAvro(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		decode func([]byte, *notifications.Notification) error
		parts  bool
	}{
		"DecodeAvro":    {func(b []byte, v *notifications.Notification) error { return v.DecodeAvro(b) }, false},
		"DecodeCopying": {func(b []byte, v *notifications.Notification) error { return codec.DecodeCopying(b, v) }, false},
		"DecodeAliasing": {func(b []byte, v *notifications.Notification) error {
			return codec.DecodeAliasingInputThatNeverChanges(b, v)
		}, true},
	} {
		b := bytes.Clone(src)
		v := &notifications.Notification{Attempts: 5}
		if err := c.decode(b, v); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(email, v); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
		got := v.Channel.(*notifications.NotificationChannelEmail).Value
		for i := range b {
			b[i] = 'x'
		}
		if changed := got.To == strings.Repeat("x", 15) && string(got.Attachments[0].Content) == "xxxxxxx"; changed != c.parts {
			t.Errorf("%s: a change of the input changes the value: %t", name, changed)
		}
		if grown := append(got.Attachments[0].Content, "more"...); c.parts && !bytes.Equal(b, bytes.Repeat([]byte("x"), len(b))) {
			t.Errorf("%s: appending to bytes writes into the message: %q", name, grown)
		}
		if err := c.decode(b, v); err == nil || v.Channel != nil || v.Attempts != 0 {
			t.Errorf("%s: %v leaves %+v", name, err, v)
		}
	}
}

// What a type with a default reads as text is a symbol or the default, what it writes is a symbol.
func TestEnumText(t *testing.T) {
	var s telemetry.Severity
	if err := s.UnmarshalText([]byte("FATAL")); err != nil || s != telemetry.SeverityFatal || s.String() != "FATAL" {
		t.Error(s, err)
	}
	if err := s.UnmarshalText([]byte("NEWER")); err != nil || s != telemetry.SeverityInfo {
		t.Error(s, err)
	}
	if text, err := telemetry.Severity(9).MarshalText(); !errors.Is(err, codec.ErrSymbol) || telemetry.Severity(9).String() != "Severity(9)" {
		t.Errorf("%s, %v", text, err)
	}
	var r orders.CancelReason
	if err := r.UnmarshalText([]byte("NEVER_HEARD_OF")); r.AvroSchema().Parsed().Root.Default == nil && !errors.Is(err, codec.ErrSymbol) {
		t.Error(err)
	}
}

func TestConstructorsAreFresh(t *testing.T) {
	a, b := orders.NewOrderCreated(), orders.NewOrderCreated()
	a.Attributes["x"] = "y"
	if len(b.Attributes) > 0 || b.Attributes == nil {
		t.Errorf("two orders share a map: %v", b.Attributes)
	}
	if b.Total.Currency != "EUR" {
		t.Errorf("the default of a record within is %q", b.Total.Currency)
	}
}

// hamba writes the same bytes, by struct where it can take the types.
func TestHambaByStruct(t *testing.T) {
	api := hamba.Config{DisableBlockSizeHeader: true}.Freeze()
	address := common.Address{
		Recipient: "Zoë", Lines: []string{"Hauptstraße 1", "2nd floor"}, PostalCode: "12345", City: "Berlin", Country: "DE",
		Location: &common.GeoPoint{Latitude: 52.5, Longitude: 13.4},
	}
	for _, v := range []event{
		&address,
		&common.Address{},
		&common.EventMetadata{
			EventID: uuid.New(), OccurredAt: time.UnixMilli(1_700_000_000_123).UTC(), CausationID: new(uuid.New()),
		},
		&users.UserRegistered{Email: "a@b.example", Addresses: []common.Address{address}, BirthDate: new(time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)), Newsletter: true},
		&telemetry.ErrorInfo{Kind: "io", Text: "broken", Cause: &telemetry.ErrorInfo{Kind: "net", Text: "reset"}},
		&notifications.Attachment{FileName: "a.pdf", MediaType: "application/pdf", Content: []byte{0, 1, 0xff}},
		&notifications.Push{DeviceToken: "t", Title: "Hello", Data: map[string]string{"k": "v"}},
	} {
		schema, err := hamba.ParseWithCache(v.AvroSchema().String(), "", &hamba.SchemaCache{})
		if err != nil {
			t.Fatal(err)
		}
		want, err := v.AppendAvro(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := api.Marshal(schema, v)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%T: hamba writes %x, %v; we write %x", v, got, err, want)
		}
	}
}

// hamba reads what we write into values of its own, and writes the same bytes again: decimals, unions and enums as well.
func TestHambaByValue(t *testing.T) {
	api := hamba.Config{DisableBlockSizeHeader: true}.Freeze()
	for _, make := range shop {
		v := make()
		schema, err := hamba.ParseWithCache(v.AvroSchema().String(), "", &hamba.SchemaCache{})
		if err != nil {
			t.Fatal(err)
		}
		maker := sample.New(v.AvroSchema().Parsed(), 11)
		maker.MaxEntries = 1
		for range 20 {
			src, _ := maker.Append(nil)
			if err := v.DecodeAvro(src); err != nil {
				t.Fatal(err)
			}
			want, err := v.AppendAvro(nil)
			if err != nil {
				t.Fatal(err)
			}
			var dynamic any
			if err := api.Unmarshal(schema, want, &dynamic); err != nil {
				t.Fatalf("%T: hamba reads %x: %v", v, want, err)
			}
			got, err := api.Marshal(schema, dynamic)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%T: hamba writes %x, %v; we write %x", v, got, err, want)
			}
		}
	}
}

func TestOrderRoundTrip(t *testing.T) {
	o := newOrder()
	b, err := o.AppendAvro(nil)
	if err != nil {
		t.Fatal(err)
	}
	var got orders.OrderCreated
	if err := got.DecodeAvro(b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(o, &got, cmp.Comparer(codec.Decimal.Equal)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if n := testing.AllocsPerRun(100, func() { b, _ = o.AppendAvro(b[:0]) }); n != 0 {
		t.Errorf("%v allocations to encode into a buffer that is there", n)
	}
}

// What generated code says of a schema is what the schema says when it is parsed.
func TestShopSchemas(t *testing.T) {
	for _, make := range shop {
		s := make().AvroSchema()
		parsed := s.Parsed()
		embedded := []any{s.FullName(), s.String(), string(s.Canonical()), s.Fingerprint(), s.MD5(), s.SHA256()}
		computed := []any{parsed.Root.FullName(), parsed.SelfContained(), string(parsed.Canonical()), parsed.Fingerprint(), parsed.MD5(), parsed.SHA256()}
		if diff := cmp.Diff(computed, embedded); diff != "" {
			t.Errorf("%s, -computed +embedded\n%s", s.FullName(), diff)
		}
	}
}
