package rules_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/inventory"
	"github.com/avow-events/avow/gen/notifications"
	"github.com/avow-events/avow/gen/orders"
	"github.com/avow-events/avow/gen/payments"
	"github.com/avow-events/avow/gen/users"
	"github.com/avow-events/avow/internal/sample"
	"github.com/avow-events/avow/rules"
)

func euros(cents int64) common.Money {
	return common.Money{Amount: codec.NewDecimal(cents, 2), Currency: "EUR"}
}

// order returns an order that keeps to all rules, of so many items.
func order(items int) *orders.OrderCreated {
	o := orders.NewOrderCreated()
	o.Metadata = common.EventMetadata{EventID: uuid.New(), OccurredAt: time.UnixMilli(1_700_000_000_000), CorrelationID: uuid.New()}
	o.OrderID, o.CustomerID = uuid.New(), uuid.New()
	total := int64(0)
	for i := range items {
		price, quantity := int64(499+250*i), int32(i%3+1)
		total += price * int64(quantity)
		o.Items = append(o.Items, common.LineItem{SKU: fmt.Sprintf("SKU-%04d", i), Name: "Espresso beans, 250 g", Quantity: quantity, UnitPrice: euros(price)})
	}
	o.Total = euros(total)
	o.ShippingAddress = common.Address{
		Recipient: "Ada Lovelace", Lines: []string{"12 St James's Square"}, PostalCode: "SW1Y 4JH", City: "London", Country: "GB",
		Location: &common.GeoPoint{Latitude: 51.5072, Longitude: -0.1338},
	}
	o.Attributes = map[string]string{"campaign": "spring"}
	return o
}

func lines(err error) []string {
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), "\n")
}

func TestOrder(t *testing.T) {
	if err := order(5).Validate(); err != nil {
		t.Errorf("a valid order: %v", err)
	}
	o := order(3)
	weight := float32(-1)
	o.Items[1].Quantity, o.Items[1].WeightKg = 0, &weight
	o.Items[2].UnitPrice = common.Money{Amount: codec.NewDecimal(0, 2), Currency: "usd"}
	o.BillingAddress = &common.Address{Country: "GB", Location: &common.GeoPoint{Latitude: math.NaN(), Longitude: 181}}
	o.Total = common.Money{Amount: codec.MustParseDecimal("4.98"), Currency: "EUR"}
	want := []string{
		"(root): the total is the sum of the items (total-is-sum: total.amount == sum(items.map(i, i.unit_price.amount * i.quantity)))",
		"(root): all prices are in the currency of the total (one-currency: items.all(i, i.unit_price.currency == total.currency))",
		"items[1].quantity: at least one of each (quantity-positive: this > 0)",
		"items[1].weight_kg: breaks a rule (this > 0)",
		"items[2].unit_price: nothing is for free (price-positive: this.amount > 0)",
		"items[2].unit_price.currency: three capital letters, as in ISO 4217 (this.matches('^[A-Z]{3}$'))",
		"billing_address.lines: breaks a rule (size(this) > 0)",
		"billing_address.location.latitude: breaks a rule (this >= -90 && this <= 90)",
		"billing_address.location.longitude: breaks a rule (this >= -180 && this <= 180)",
	}
	if diff := cmp.Diff(want, lines(o.Validate())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	o.Items, o.Total, o.BillingAddress = nil, euros(0), nil
	if diff := cmp.Diff([]string{"items: an order has at least one item (not-empty: size(this) > 0)"}, lines(o.Validate())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The total is compared exactly: not even the hundredth part of a cent is lost in sums that floating point gets wrong.
func TestExactSum(t *testing.T) {
	o := order(0)
	for range 1000 {
		o.Items = append(o.Items, common.LineItem{Quantity: 3, UnitPrice: euros(10)}) // 0.1 + 0.1 + …
	}
	o.Total = euros(30_000)
	if err := o.Validate(); err != nil {
		t.Error(err)
	}
	o.Total = euros(30_001)
	if len(lines(o.Validate())) != 1 {
		t.Error("a cent too much is valid")
	}
}

// Rules reach into unions, maps and nested records.
func TestOtherEvents(t *testing.T) {
	soon := time.UnixMilli(1000)
	for name, c := range map[string]struct {
		event interface{ Validate() error }
		want  []string
	}{
		"union branch": {
			&payments.PaymentRequested{
				Metadata: common.EventMetadata{OccurredAt: soon}, Amount: euros(1), ExpiresAt: &soon,
				Method: &payments.PaymentRequestedMethodBankTransfer{Value: payments.BankTransfer{IBAN: "nope"}},
			},
			[]string{
				"(root): a request lapses after it was made (expires_at == null || expires_at > metadata.occurred_at)",
				"method.iban: an IBAN without spaces (this.matches('^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$'))",
			},
		},
		"union branch without rules": {
			&payments.PaymentRequested{Amount: euros(1), Method: &payments.PaymentRequestedMethodCardPayment{}}, nil,
		},
		"another union": {
			&notifications.Notification{Attempts: -1, Channel: &notifications.NotificationChannelSMS{Value: notifications.SMS{Phone: "+49 1", Text: strings.Repeat("ä", 161)}}},
			[]string{
				"channel.phone: an E.164 number (this.matches('^[+][1-9][0-9]{1,14}$'))",
				"channel.text: breaks a rule (size(this) <= 160)",
				"attempts: breaks a rule (this >= 0)",
			},
		},
		"map": {
			&inventory.ReservationRequested{Quantities: map[string]int32{"a": 1, "b": 0}, HoldSeconds: 1},
			[]string{"quantities: breaks a rule (size(this) > 0 && this.all(sku, n, n > 0))"},
		},
		"enum": {
			&orders.OrderStatusChanged{From: orders.OrderStatusPaid, To: orders.OrderStatusPaid},
			[]string{"(root): a change leads to another status (from != to)"},
		},
		"array of records": {
			&users.UserRegistered{Email: "a@b", Addresses: []common.Address{{Country: "DE", Lines: []string{"1"}}, {Country: "Germany", Lines: []string{"1"}}}},
			[]string{"addresses[1].country: two capital letters, as in ISO 3166-1 (this.matches('^[A-Z]{2}$'))"},
		},
	} {
		if diff := cmp.Diff(c.want, lines(c.event.Validate())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A value that does not fit its schema is not judged.
func TestUnencodable(t *testing.T) {
	o := order(1)
	o.Items[0].UnitPrice.Amount = codec.MustParseDecimal("0.001")
	err := o.Validate()
	var place *codec.Error
	if !errors.As(err, &place) || place.Path != "items[0].unit_price.amount" {
		t.Errorf("got %v", err)
	}
}

// validator is a generated type with rules.
type validator interface {
	codec.Message
	Validate() error
}

// TestRandomShop judges random events of the shop. A generated type and its encoding are judged alike.
func TestRandomShop(t *testing.T) {
	for _, v := range []validator{
		&orders.OrderCreated{}, &orders.OrderCancelled{}, &orders.OrderStatusChanged{}, &payments.PaymentRequested{},
		&payments.PaymentCompleted{}, &notifications.Notification{}, &users.UserRegistered{}, &inventory.Reserved{},
		&inventory.ReservationFailed{}, &inventory.ReservationRequested{}, &common.Money{}, &common.Address{}, &notifications.SMS{},
	} {
		s := v.AvroSchema().Parsed()
		r, err := rules.New(s)
		if err != nil {
			t.Fatal(err)
		}
		values := sample.New(s, 1)
		for range 200 {
			src, _ := values.Append(nil)
			if err := v.DecodeAvro(src); err != nil {
				t.Fatal(err)
			}
			typed, encoded := v.Validate(), r.Validate(src)
			if diff := cmp.Diff(lines(encoded), lines(typed)); diff != "" {
				t.Fatalf("%s %x (-encoded +typed):\n%s", s.Root.Name, src, diff)
			}
			if strings.Contains(fmt.Sprint(typed), "cannot be judged") {
				t.Fatal(typed)
			}
		}
	}
}

// Many goroutines compile, and share what was compiled and the memory for encodings.
func TestConcurrent(t *testing.T) {
	var group sync.WaitGroup
	text := order(1).AvroSchema().String()
	for n := range 8 {
		group.Go(func() {
			if _, err := rules.New(parse(t, text)); err != nil {
				t.Error(err)
			}
			o := order(n + 1)
			o.Items[n].Quantity = -1
			want := fmt.Sprintf("items[%d].quantity: at least one of each (quantity-positive: this > 0)", n)
			for range 200 {
				if got := lines(o.Validate()); len(got) != 2 || got[1] != want {
					t.Errorf("got %q", got)
					return
				}
			}
		})
	}
	group.Wait()
}

func BenchmarkValidate(b *testing.B) {
	for _, items := range []int{3, 30} {
		o := order(items)
		b.Run(fmt.Sprintf("OrderCreated of %d items", items), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := o.Validate(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEncode is the part of BenchmarkValidate in which the event is encoded.
func BenchmarkEncode(b *testing.B) {
	o := order(3)
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buffer, err = o.AppendAvro(buffer[:0]); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNew compiles the rules of OrderCreated, which a program does once.
func BenchmarkNew(b *testing.B) {
	text := order(1).AvroSchema().String()
	for b.Loop() {
		if _, err := rules.New(parse(b, text)); err != nil {
			b.Fatal(err)
		}
	}
}
