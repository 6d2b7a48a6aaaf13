package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/avow-events/avow/bench/hamba"
)

// jsonCandidates are the standard library's JSON on the types that hamba's generator writes.
func jsonCandidates() []*candidate {
	var fl hamba.Flat
	must(0, remarshal(flat, &fl))
	or := rawOrderJSON()
	flatJSON, orderJSON := must(json.Marshal(&fl)), must(json.Marshal(&or))
	return []*candidate{
		jsonEncoder("flat", &fl), jsonEncoder("order", &or),
		jsonDecoder[hamba.Flat]("flat", flatJSON), jsonDecoder[rawOrder]("order", orderJSON),
	}
}

// remarshal carries the fields that have one name in both over to another type.
func remarshal(from, to any) error {
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

func rawOrderJSON() rawOrder {
	o := rawOrder{
		ID: order.ID.String(), CreatedAt: order.CreatedAt.UnixMilli(), Status: order.Status.String(), Tags: order.Tags,
		Customer: hamba.Customer{ID: order.Customer.ID, Name: order.Customer.Name, Email: order.Customer.Email, Vip: order.Customer.Vip},
		Coupon:   order.Coupon, ShippedAt: new(order.ShippedAt.UnixMilli()), Weight: order.Weight, Channel: order.Channel,
	}
	for _, l := range order.Lines {
		o.Lines = append(o.Lines, rawLine{SKU: l.SKU, Quantity: l.Quantity, Price: l.Price.Unscaled().Bytes()})
	}
	return o
}

func jsonEncoder(event string, v any) *candidate {
	return &candidate{
		event: event, task: "encode", codec: "encoding/json",
		op: func(n int) {
			for range n {
				sink = must(json.Marshal(v))
			}
		},
		check: func() error { return nil },
	}
}

func jsonDecoder[T any](event string, text []byte) *candidate {
	return &candidate{
		event: event, task: "decode", codec: "encoding/json",
		op: func(n int) {
			for range n {
				v := new(T)
				must(0, json.Unmarshal(text, v))
				sink = v
			}
		},
		check: func() error {
			v := new(T)
			if err := json.Unmarshal(text, v); err != nil {
				return err
			}
			if again, err := json.Marshal(v); err != nil || !bytes.Equal(again, text) {
				return fmt.Errorf("it carries %s instead of %s: %v", again, text, err)
			}
			return nil
		},
	}
}

const (
	memcpy   = "memcpy of the message"
	rangeMap = "ranging over the map of 4 alone"
	buildMap = "building the map of 4 alone"
)

// floorCandidates do less than any codec must: they copy the message, or do with its map what Go does.
func floorCandidates() []*candidate {
	unchecked := func() error { return nil }
	return append(memcpyCandidates(),
		&candidate{event: "order", task: "encode", codec: rangeMap, floor: true, check: unchecked, op: func(n int) {
			sum := 0
			for range n {
				for key, value := range order.Tags {
					sum += len(key) + len(value)
				}
			}
			sink = sum
		}},
		&candidate{event: "order", task: "decode", codec: buildMap, floor: true, check: unchecked, op: func(n int) {
			var entries [][2]string
			for key, value := range order.Tags {
				entries = append(entries, [2]string{key, value})
			}
			for range n {
				m := make(map[string]string, len(entries))
				for _, e := range entries {
					m[e[0]] = e[1]
				}
				sink = m
			}
		}})
}

func memcpyCandidates() (all []*candidate) {
	for _, e := range []struct {
		name  string
		bytes []byte
	}{{"flat", flatBytes}, {"order", orderBytes}} {
		all = append(all, &candidate{
			event: e.name, task: "encode", codec: memcpy, floor: true,
			op: func(n int) {
				buf := make([]byte, 0, len(e.bytes))
				for range n {
					buf = append(buf[:0], e.bytes...)
				}
				sink = buf
			},
			check: func() error { return nil },
		})
	}
	return all
}
