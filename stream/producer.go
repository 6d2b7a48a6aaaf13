package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/wire"
	"github.com/avow-events/avow/registry"
)

// Producer sends events of one type to one topic. It may be used by several goroutines at once.
//
// Records are idempotent and acknowledged by all in-sync replicas: a delivery that is reported without an error is
// durable and happened once. Records of one key keep their order. When one fails, those behind it in its partition
// fail too, so that there is never a gap.
type Producer[T any] struct {
	topic  string
	schema registry.Schema
	encode func(dst []byte, v *T) ([]byte, error)
	prefix []byte   // before every value
	header []Header // of every record with a value
	conn   *connection
	closed atomic.Bool

	// framesKeys is true where keys come from a KeyedProducer, which names their schema, in keyHeader or before them. Else
	// keys are the caller's, with the header by which a message that was consumed may name their schema.
	framesKeys bool
	keyHeader  []Header // of every tombstone; the others have it among header
}

// NewProducer connects to the brokers and looks up the schema of T under the topic's subject. The error says which of
// them cannot be reached, or which subject lacks the schema and what to run. ctx bounds the start alone.
func NewProducer[T any, P codec.Pointer[T]](ctx context.Context, topic string, opts ...ProducerOption) (*Producer[T], error) {
	cfg := newProducerConfig(opts)
	return newProducer[T, P](ctx, topic, &cfg)
}

func newProducer[T any, P codec.Pointer[T]](ctx context.Context, topic string, cfg *producerConfig) (*Producer[T], error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.timeout <= 0 {
		return nil, fmt.Errorf("stream: delivery timeout %v: want more than 0", cfg.timeout)
	}
	p := &Producer[T]{
		topic:  topic,
		encode: func(dst []byte, v *T) ([]byte, error) { return P(v).AppendAvro(dst) },
	}

	var err error
	if p.conn, err = cfg.connection(ctx, topic); err != nil {
		return nil, err
	}
	schema := P(new(T)).AvroSchema()
	if p.schema, err = cfg.find(ctx, cfg.naming(topic, schema.FullName()), schema); err == nil {
		err = p.frame(cfg.header)
	}
	if err != nil {
		p.Close(ctx)
		return nil, err
	}
	return p, nil
}

func (cfg *producerConfig) connection(ctx context.Context, topic string) (*connection, error) {
	if cfg.with != nil {
		conn := cfg.with.connection()
		if !conn.join() {
			return nil, errors.New("stream: the producer to share a connection with is closed")
		}
		return conn, nil
	}
	compress, err := kafka.Compress(string(cfg.compression))
	if err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	client, err := cfg.connect(ctx, []string{topic}, kgo.RequiredAcks(kgo.AllISRAcks()), compress, kgo.MaxBufferedBytes(64<<20))
	if err != nil {
		return nil, err
	}
	return &connection{client: client, users: 1, patience: patience{timeout: cfg.timeout}}, nil
}

// find returns the schema as the registry holds it under a subject.
func (cfg *producerConfig) find(ctx context.Context, subject string, s *codec.Schema) (registry.Schema, error) {
	found, err := cfg.registry.Lookup(ctx, subject, s.String())
	if errors.Is(err, registry.ErrNotFound) && cfg.register {
		found, err = cfg.registry.Register(ctx, subject, s.String())
	}
	if errors.Is(err, registry.ErrNotFound) {
		err = fmt.Errorf("run avow apply, or give stream.AutoRegister in development: %w", err)
	}
	if err != nil {
		return registry.Schema{}, fmt.Errorf("stream: subject %q does not give an id for %s: %w", subject, s.FullName(), err)
	}
	return found, nil
}

// frame prepares what goes before every value, or into a header of every record.
func (p *Producer[T]) frame(header bool) error {
	if !header {
		p.prefix = wire.AppendPrefix(nil, p.schema.ID)
		return nil
	}
	h, err := schemaHeader(wire.ValueHeader, p.schema)
	p.header = []Header{h}
	return err
}

// schemaHeader returns the header by which records name a schema.
func schemaHeader(key string, s registry.Schema) (Header, error) {
	guid, err := uuid.Parse(s.GUID)
	if err != nil {
		return Header{}, fmt.Errorf("stream: the registry gives no GUID for schema id %d of %s, which header framing needs: leave stream.HeaderFraming out",
			s.ID, s.Subject)
	}
	return Header{Key: key, Value: wire.AppendHeader(nil, wire.Ref{GUID: guid})}, nil
}

// Schema returns the schema that the events are written with, as the registry holds it.
func (p *Producer[T]) Schema() registry.Schema { return p.schema }

func (p *Producer[T]) connection() *connection { return p.conn }

// Produce encodes the event and sends it, and calls done when its delivery is settled: with nil when all in-sync
// replicas have it. The error that Produce itself returns is one of encoding, a [*codec.Error] with the path of the
// value that does not fit the schema; done is not called then.
//
// Key and event are the caller's again when Produce returns. done, which may be nil, is called once, from one goroutine
// for all records, which it holds up, and from another where the time is over ([DeliveryTimeout]). Produce blocks while 50,000 records or 64 MiB wait for acknowledgement. ctx ends
// that wait; later it only ends the delivery of a record that no broker has seen yet.
func (p *Producer[T]) Produce(ctx context.Context, key []byte, event *T, done func(error)) error {
	return p.ProduceMessage(ctx, Message[T]{Key: key, Value: event}, done)
}

// ProduceMessage is Produce for an event with headers or a timestamp of its own. The message may be one that was
// consumed.
func (p *Producer[T]) ProduceMessage(ctx context.Context, m Message[T], done func(error)) error {
	switch {
	case p.closed.Load():
		return errClosed
	case m.Value == nil:
		return errors.New("stream: no value: Tombstone is what deletes a key")
	}
	memory := slabs.Get().(*slab)
	b, err := p.encode(append(append(memory.room(), m.Key...), p.prefix...), m.Value)
	if err != nil {
		slabs.Put(memory)
		return fmt.Errorf("stream: encode for topic %s: %w", p.topic, err)
	}
	b = memory.keep(b)
	r := memory.record()
	slabs.Put(memory)

	*r = kgo.Record{Topic: p.topic, Value: b[len(m.Key):], Headers: p.headers(m.Headers), Timestamp: m.Timestamp}
	if m.Key != nil { // Kafka tells no key from an empty one
		r.Key = b[:len(m.Key):len(m.Key)]
	}
	p.conn.send(ctx, r, done)
	return nil
}

// Tombstone sends a record without a value, which deletes the key from a compacted topic.
func (p *Producer[T]) Tombstone(ctx context.Context, key []byte, done func(error)) error {
	switch {
	case p.closed.Load():
		return errClosed
	case len(key) == 0:
		return errors.New("stream: a tombstone without a key deletes nothing")
	}
	p.conn.send(ctx, &kgo.Record{Topic: p.topic, Key: bytes.Clone(key), Headers: p.keyHeader}, done)
	return nil
}

var errClosed = errors.New("stream: the producer is closed")

// headers returns the record's headers: the message's, then the schema's where the framing is by header.
func (p *Producer[T]) headers(own []Header) []Header {
	if len(own) == 0 {
		return p.header
	}
	if slices.ContainsFunc(own, p.ours) { // of a message that was consumed
		own = slices.DeleteFunc(slices.Clone(own), p.ours)
	}
	if p.header == nil {
		return own
	}
	return append(own[:len(own):len(own)], p.header...)
}

// ours reports whether a header names a schema that the producer names itself.
func (p *Producer[T]) ours(h Header) bool {
	return h.Key == wire.ValueHeader || p.framesKeys && h.Key == wire.KeyHeader
}

// ProduceSync sends the event and waits until its delivery is settled. Each call costs a round trip: use Produce for
// more than a few.
func (p *Producer[T]) ProduceSync(ctx context.Context, key []byte, event *T) error {
	return settled(func(done func(error)) error { return p.Produce(ctx, key, event, done) })
}

// settled waits until the delivery of what produce sends is settled.
func settled(produce func(done func(error)) error) error {
	end := make(chan error, 1)
	if err := produce(func(err error) { end <- err }); err != nil {
		return err
	}
	return <-end
}

// Flush waits until the delivery of everything produced so far is settled. Which deliveries failed is told to their
// done functions alone.
func (p *Producer[T]) Flush(ctx context.Context) error {
	if err := p.conn.client.Flush(ctx); err != nil {
		return fmt.Errorf("stream: flush %s: %w", p.topic, err)
	}
	return nil
}

// Close flushes, for as long as ctx allows, and disconnects; what has not been acknowledged by then is reported as
// failed. The error is Flush's. Nothing may be produced after Close, which may be called more than once.
func (p *Producer[T]) Close(ctx context.Context) error {
	if p.closed.Swap(true) {
		return nil
	}
	err := p.Flush(ctx)
	if p.conn.leave() {
		p.conn.client.Close()
	}
	return err
}
