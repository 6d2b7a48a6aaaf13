package stream

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/subject"
	"github.com/avow-events/avow/internal/wire"
	"github.com/avow-events/avow/registry"
)

// KeyedProducer is a [Producer] of a topic whose keys have a contract of their own: it sends events of type T with keys
// of type K. It may be used by several goroutines at once.
//
// The same key always has the same bytes, and so the same partition. With the default framing the id of the key's schema
// is part of these bytes, as it is with Confluent's serializers: a new version of the key's schema moves keys to other
// partitions, once. With [HeaderFraming] the bytes are the key's alone.
type KeyedProducer[K, T any] struct {
	events *Producer[T]
	schema registry.Schema
	encode func(dst []byte, key *K) ([]byte, error)
	prefix []byte
}

// NewKeyedProducer is [NewProducer] for a topic whose keys have a contract: the schema of K is looked up under the subject
// of the topic's keys (see [KeySubject]) as that of T is under the topic's. A K with a map in it is refused: its bytes
// would not be the same every time.
func NewKeyedProducer[K, T any, PK codec.Pointer[K], P codec.Pointer[T]](ctx context.Context, topic string, opts ...ProducerOption) (*KeyedProducer[K, T], error) {
	schema := PK(new(K)).AvroSchema()
	if err := kafka.CheckKey(schema.Parsed()); err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	cfg := newProducerConfig(opts)
	events, err := newProducer[T, P](ctx, topic, &cfg)
	if err != nil {
		return nil, err
	}
	p := &KeyedProducer[K, T]{
		events: events,
		encode: func(dst []byte, key *K) ([]byte, error) { return PK(key).AppendAvro(dst) },
	}
	if p.schema, err = cfg.find(ctx, cfg.keyNaming(topic, schema.FullName()), schema); err == nil {
		err = p.frame(cfg.header)
	}
	if err != nil {
		p.Close(ctx)
		return nil, err
	}
	return p, nil
}

// frame prepares what goes before every key, or into a header of every record.
func (p *KeyedProducer[K, T]) frame(header bool) error {
	p.events.framesKeys = true
	if !header {
		p.prefix = wire.AppendPrefix(nil, p.schema.ID)
		return nil
	}
	h, err := schemaHeader(wire.KeyHeader, p.schema)
	p.events.keyHeader = []Header{h}
	p.events.header = append(p.events.header, h)
	return err
}

// KeySubject names the subject under which the schema of keys is looked up, for [NewKeyedProducer]. The default is
// orders-key for the topic orders, whatever [Subject] says; [registry.RecordName] and [registry.TopicRecordName] serve for
// keys too.
func KeySubject(naming registry.Naming) ProducerOption {
	return producerOption(func(c *producerConfig) { c.keyNaming = naming })
}

// keyTopicName is the default naming of keys.
func keyTopicName(topic, fullName string) string { return subject.TopicName.Key(topic, fullName) }

// Schema returns the schema that the events are written with, as the registry holds it.
func (p *KeyedProducer[K, T]) Schema() registry.Schema { return p.events.schema }

// KeySchema returns the schema that the keys are written with, as the registry holds it.
func (p *KeyedProducer[K, T]) KeySchema() registry.Schema { return p.schema }

func (p *KeyedProducer[K, T]) connection() *connection { return p.events.conn }

// keys holds memory to encode keys in.
var keys = sync.Pool{New: func() any { return new([]byte) }}

// bytes calls use with the bytes of a key, which are taken back when it returns.
func (p *KeyedProducer[K, T]) bytes(key *K, use func([]byte) error) error {
	if key == nil {
		return errors.New("stream: no key: the topic's keys have a contract")
	}
	memory := keys.Get().(*[]byte)
	defer keys.Put(memory)
	b, err := p.encode(append((*memory)[:0], p.prefix...), key)
	if err != nil {
		return fmt.Errorf("stream: encode key for topic %s: %w", p.events.topic, err)
	}
	*memory = b
	return use(b)
}

// Produce is [Producer.Produce] with a key of type K, which must not be nil.
func (p *KeyedProducer[K, T]) Produce(ctx context.Context, key *K, event *T, done func(error)) error {
	return p.ProduceMessage(ctx, key, Message[T]{Value: event}, done)
}

// ProduceMessage is Produce for an event with headers or a timestamp of its own. The message's Key does not count.
func (p *KeyedProducer[K, T]) ProduceMessage(ctx context.Context, key *K, m Message[T], done func(error)) error {
	return p.bytes(key, func(b []byte) error {
		m.Key = b
		return p.events.ProduceMessage(ctx, m, done)
	})
}

// ProduceSync is [Producer.ProduceSync] with a key of type K.
func (p *KeyedProducer[K, T]) ProduceSync(ctx context.Context, key *K, event *T) error {
	return settled(func(done func(error)) error { return p.Produce(ctx, key, event, done) })
}

// Tombstone sends a record without a value, which deletes the key from a compacted topic.
func (p *KeyedProducer[K, T]) Tombstone(ctx context.Context, key *K, done func(error)) error {
	return p.bytes(key, func(b []byte) error { return p.events.Tombstone(ctx, b, done) })
}

// Flush is [Producer.Flush].
func (p *KeyedProducer[K, T]) Flush(ctx context.Context) error { return p.events.Flush(ctx) }

// Close is [Producer.Close].
func (p *KeyedProducer[K, T]) Close(ctx context.Context) error { return p.events.Close(ctx) }
