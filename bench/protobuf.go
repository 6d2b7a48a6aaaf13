package main

import (
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"github.com/avow-events/avow/bench/events"
	"github.com/avow-events/avow/bench/protobuf"
	"github.com/avow-events/avow/codec"
)

// protobufCandidates carry the same information in another format: vtprotobuf is the fastest generated code there, and
// the honest rival.
func protobufCandidates() []*candidate {
	pFlat, pOrder := flatToProto(), orderToProto()
	flatPB, orderPB := must(pFlat.MarshalVT()), must(pOrder.MarshalVT())
	return []*candidate{
		protoEncoder("flat", "protobuf, vtprotobuf", flat, pFlat.SizeVT, pFlat.MarshalToSizedBufferVT),
		protoEncoder("order", "protobuf, vtprotobuf", order, pOrder.SizeVT, pOrder.MarshalToSizedBufferVT),
		decoder("flat", "protobuf, vtprotobuf", flat, func(n int) {
			for range n {
				var v protobuf.Flat
				must(0, v.UnmarshalVT(flatPB))
			}
		}, func() ([]byte, error) {
			v := new(protobuf.Flat)
			must(0, v.UnmarshalVT(flatPB))
			return flatFromProto(v)
		}),
		decoder("order", "protobuf, vtprotobuf", order, func(n int) {
			for range n {
				var v protobuf.Order
				must(0, v.UnmarshalVT(orderPB))
			}
		}, func() ([]byte, error) {
			v := new(protobuf.Order)
			must(0, v.UnmarshalVT(orderPB))
			return orderFromProto(v)
		}),
		{
			event: "order", task: "encode", codec: "protobuf, google",
			op: func(n int) {
				var buf []byte
				for range n {
					buf = must(proto.MarshalOptions{}.MarshalAppend(buf[:0], pOrder))
				}
			},
			check: func() error { return nil },
		},
		decoderOf("order", "protobuf, google", order, func(v *protobuf.Order) error { return proto.Unmarshal(orderPB, v) }, orderFromProto),
	}
}

// protoEncoder is an encoder whose bytes are protobuf. vtprotobuf writes from the end of a buffer of the right size.
func protoEncoder(event, codec string, want message, size func() int, write func([]byte) (int, error)) *candidate {
	encode := func(buf []byte) []byte {
		n := size()
		if cap(buf) < n {
			buf = make([]byte, n)
		}
		must(write(buf[:n]))
		return buf[:n]
	}
	return &candidate{
		event: event, task: "encode", codec: codec,
		op: func(n int) {
			var buf []byte
			for range n {
				buf = encode(buf)
			}
		},
		check: func() error {
			b := encode(nil)
			if event == "flat" {
				var v protobuf.Flat
				if err := v.UnmarshalVT(b); err != nil {
					return err
				}
				return sameAvro(must(flatFromProto(&v)), want)
			}
			var v protobuf.Order
			if err := v.UnmarshalVT(b); err != nil {
				return err
			}
			return sameAvro(must(orderFromProto(&v)), want)
		},
	}
}

func flatToProto() *protobuf.Flat {
	return &protobuf.Flat{
		Id: flat.ID, UserId: flat.UserID, Session: flat.Session, Url: flat.URL, Status: flat.Status, DurationMs: flat.DurationMs,
		Ratio: flat.Ratio, Cached: flat.Cached, BytesSent: flat.BytesSent, Agent: flat.Agent,
	}
}

func flatFromProto(v *protobuf.Flat) ([]byte, error) {
	f := events.Flat{
		ID: v.Id, UserID: v.UserId, Session: v.Session, URL: v.Url, Status: v.Status, DurationMs: v.DurationMs,
		Ratio: v.Ratio, Cached: v.Cached, BytesSent: v.BytesSent, Agent: v.Agent,
	}
	return f.AppendAvro(nil)
}

func orderToProto() *protobuf.Order {
	v := &protobuf.Order{
		Id: order.ID.String(), CreatedAt: order.CreatedAt.UnixMilli(), Status: protobuf.Status(order.Status),
		Customer: &protobuf.Customer{
			Id: order.Customer.ID, Name: order.Customer.Name, Email: order.Customer.Email, Vip: order.Customer.Vip,
		},
		Tags: order.Tags, Coupon: order.Coupon, ShippedAt: new(order.ShippedAt.UnixMilli()), Weight: order.Weight, Channel: order.Channel,
	}
	for _, l := range order.Lines {
		v.Lines = append(v.Lines, &protobuf.Line{Sku: l.SKU, Quantity: l.Quantity, PriceCents: l.Price.Unscaled().Int64()})
	}
	return v
}

func orderFromProto(v *protobuf.Order) ([]byte, error) {
	id, err := uuid.Parse(v.Id)
	if err != nil {
		return nil, err
	}
	shipped := time.UnixMilli(v.GetShippedAt()).UTC()
	o := events.Order{
		ID: id, CreatedAt: time.UnixMilli(v.CreatedAt).UTC(), Status: events.Status(v.Status),
		Customer: events.Customer{ID: v.Customer.Id, Name: v.Customer.Name, Email: v.Customer.Email, Vip: v.Customer.Vip},
		Tags:     v.Tags, Coupon: v.Coupon, ShippedAt: &shipped, Weight: v.Weight, Channel: v.Channel,
	}
	for _, l := range v.Lines {
		o.Lines = append(o.Lines, events.Line{SKU: l.Sku, Quantity: l.Quantity, Price: codec.NewDecimal(l.PriceCents, 2)})
	}
	return o.AppendAvro(nil)
}
