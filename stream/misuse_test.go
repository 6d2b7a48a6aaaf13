package stream_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/registry"
	"github.com/avow-events/avow/stream"
)

func TestEncodeErrorsComeAtOnce(t *testing.T) {
	w := newWorld(t)
	p := producer[order](w, "orders")
	err := p.Produce(t.Context(), nil, &order{ID: "\xff"}, func(error) { t.Error("delivery reported") })
	var e *codec.Error
	if !errors.As(err, &e) || e.Path != "id" || !strings.Contains(err.Error(), "encode for topic orders") {
		t.Errorf("got %v", err)
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAProducerOfAnUnregisteredSchema(t *testing.T) {
	w := newWorld(t)
	opts := []stream.ProducerOption{w.options[0], w.options[1], w.options[2]}
	_, err := stream.NewProducer[order](t.Context(), "orders", opts...)
	if !errors.Is(err, registry.ErrNotFound) || !strings.Contains(err.Error(), `subject "orders-value" does not give an id for test.Order: run avow apply, or give stream.AutoRegister in development`) {
		t.Errorf("got %v", err)
	}
	producer[order](w, "orders") // registers it
	if _, err := stream.NewProducer[order](t.Context(), "orders", opts...); err != nil {
		t.Errorf("registered meanwhile: %v", err)
	}
}

func TestNothingIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := ln.Addr().String()
	ln.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()

	for addr, want := range map[string]string{refused: "connection refused", silent.Addr().String(): "no answer within 5s"} {
		began := time.Now()
		_, err := stream.NewProducer[order](t.Context(), "orders", stream.Brokers(addr), w.options[1])
		if err == nil || !strings.Contains(err.Error(), "stream: cannot connect to Kafka at "+addr) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "is Kafka running there?") {
			t.Errorf("producer: %v", err)
		}
		if took := time.Since(began); took > 8*time.Second {
			t.Errorf("took %v", took)
		}
	}
	c, err := stream.NewConsumer("g", stream.Brokers(refused), w.options[1])
	if err != nil {
		t.Fatal(err)
	}
	stream.Handle(c, "orders", func(context.Context, stream.Message[order]) error { return nil })
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "stream: cannot connect to Kafka at "+refused) {
		t.Errorf("consumer: %v", err)
	}

	_, err = stream.NewProducer[order](t.Context(), "missing", w.options[0], w.options[1])
	if err == nil || !strings.Contains(err.Error(), "topic missing does not exist at "+w.env.Kafka+": create it (avow apply creates the topics of avow.yaml), or let the brokers do so with stream.CreateTopics") {
		t.Errorf("missing topic: %v", err)
	}
	w.down.Store(true)
	_, err = stream.NewProducer[order](t.Context(), "orders", w.options[0], w.options[1], w.options[2])
	if !errors.Is(err, registry.ErrUnavailable) || !strings.Contains(err.Error(), `subject "orders-value"`) {
		t.Errorf("registry down: %v", err)
	}
}

func TestMisuse(t *testing.T) {
	w := newWorld(t)
	noop := func(context.Context, stream.Message[order]) error { return nil }
	if _, err := stream.NewConsumer(""); err == nil || !strings.Contains(err.Error(), "group") {
		t.Errorf("no group: %v", err)
	}
	if _, err := stream.NewConsumer("g"); err == nil || !strings.Contains(err.Error(), "stream.Registry") {
		t.Errorf("no registry: %v", err)
	}
	if _, err := stream.NewProducer[order](t.Context(), "orders", w.options[0]); err == nil || !strings.Contains(err.Error(), "stream.Registry") {
		t.Errorf("no registry: %v", err)
	}
	if _, err := stream.NewConsumer("g", w.options[1], stream.DrainTimeout(0)); err == nil || !strings.Contains(err.Error(), "drain timeout") {
		t.Errorf("no drain timeout: %v", err)
	}
	idle, _ := stream.NewConsumer("g", w.consumerOptions()...)
	if err := idle.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing to consume") {
		t.Errorf("no handlers: %v", err)
	}
	twice, _ := stream.NewConsumer("g", w.consumerOptions()...)
	stream.Handle(twice, "orders", noop, stream.Tombstones())
	stream.Handle(twice, "orders", noop, stream.Tombstones())
	if err := twice.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "topic orders has two handlers for test.Order") || !strings.Contains(err.Error(), "two handlers for tombstones") {
		t.Errorf("two handlers: %v", err)
	}
	loop, _ := stream.NewConsumer("g", w.consumerOptions(stream.DeadLetter("b"))...)
	stream.Handle(loop, "a", noop)
	stream.Handle(loop, "b", noop, stream.DeadLetter("c"))
	if err := loop.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "topic b is the dead-letter topic of a and consumed by the same group") {
		t.Errorf("dead letters that come back: %v", err)
	}
	letters, _ := stream.NewConsumer("g", w.options[0], w.options[1], stream.DeadLetter("nowhere"))
	producer[order](w, "orders")
	stream.Handle(letters, "orders", noop)
	if err := letters.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "topic nowhere does not exist") {
		t.Errorf("missing dead-letter topic: %v", err)
	}
	again := consumer(w, "g", newSeen())
	r := run(t, again)
	time.Sleep(50 * time.Millisecond)
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if err := again.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "runs once") {
		t.Errorf("run twice: %v", err)
	}
	p := producer[order](w, "orders")
	if err := errors.Join(p.Close(t.Context()), p.Close(t.Context())); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if err := errors.Join(p.Produce(t.Context(), nil, &order{}, nil), p.Tombstone(t.Context(), []byte("k"), nil)); err == nil || strings.Count(err.Error(), "the producer is closed") != 2 {
		t.Errorf("after Close: %v", err)
	}
	if _, err := stream.NewProducer[order](t.Context(), "orders", w.options[0], w.options[1], stream.DeliveryTimeout(0)); err == nil || !strings.Contains(err.Error(), "delivery timeout") {
		t.Errorf("no delivery timeout: %v", err)
	}
	if _, err := stream.NewProducer[order](t.Context(), "orders", w.options[0], w.options[1], stream.SharedWith(p)); err == nil || !strings.Contains(err.Error(), "is closed") {
		t.Errorf("shared with a closed one: %v", err)
	}
}
