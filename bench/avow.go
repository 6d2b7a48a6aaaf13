package main

import (
	"github.com/avow-events/avow/bench/events"
	"github.com/avow-events/avow/codec"
)

const (
	avow   = "**avow**"
	onHeap = "avow, value on the heap"
)

func avowCandidates() []*candidate {
	return append(avowVariants(),
		encoder("flat", avow, flat, flat.AppendAvro),
		encoder("order", avow, order, order.AppendAvro),
		decoder("flat", avow, flat, func(n int) {
			for range n {
				var v events.Flat
				must(0, v.DecodeAvro(flatBytes))
			}
		}, again(func(v *events.Flat) error { return v.DecodeAvro(flatBytes) })),
		decoder("order", avow, order, func(n int) {
			for range n {
				var v events.Order
				must(0, v.DecodeAvro(orderBytes))
			}
		}, again(func(v *events.Order) error { return v.DecodeAvro(orderBytes) })),
	)
}

// avowVariants are other ways to do it, and resolution.
func avowVariants() []*candidate {
	resolver := must(codec.NewResolver[events.Order](orderV1Schema))
	return []*candidate{
		decoder("flat", onHeap, flat, func(n int) {
			for range n {
				v := new(events.Flat)
				must(0, v.DecodeAvro(flatBytes))
				sink = v
			}
		}, again(func(v *events.Flat) error { return v.DecodeAvro(flatBytes) })),
		decoder("order", onHeap, order, func(n int) {
			for range n {
				v := new(events.Order)
				must(0, v.DecodeAvro(orderBytes))
				sink = v
			}
		}, again(func(v *events.Order) error { return v.DecodeAvro(orderBytes) })),
		decoder("order", "avow, strings copied singly", order, func(n int) {
			for range n {
				var v events.Order
				must(0, codec.DecodeCopying(orderBytes, &v))
			}
		}, again(func(v *events.Order) error { return codec.DecodeCopying(orderBytes, v) })),
		decoder("flat", "avow, aliasing its input", flat, func(n int) {
			for range n {
				var v events.Flat
				must(0, codec.DecodeAliasingInputThatNeverChanges(flatBytes, &v))
			}
		}, again(func(v *events.Flat) error { return codec.DecodeAliasingInputThatNeverChanges(flatBytes, v) })),
		decoder("order", "avow, aliasing its input", order, func(n int) {
			for range n {
				var v events.Order
				must(0, codec.DecodeAliasingInputThatNeverChanges(orderBytes, &v))
			}
		}, again(func(v *events.Order) error { return codec.DecodeAliasingInputThatNeverChanges(orderBytes, v) })),
		resolving(decoder("order", avow, resolvedOrder, func(n int) {
			for range n {
				var v events.Order
				must(0, resolver.Decode(orderV1, &v))
			}
		}, again(func(v *events.Order) error { return resolver.Decode(orderV1, v) }))),
	}
}

// again decodes once and encodes what came of it.
func again[T any, P codec.Pointer[T]](decode func(v P) error) func() ([]byte, error) {
	return func() ([]byte, error) {
		v := P(new(T))
		if err := decode(v); err != nil {
			return nil, err
		}
		return v.AppendAvro(nil)
	}
}
