package stream

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/codec"
)

// Handle has fn called for every event of type T on the topic. It must come before [Consumer.Run], which reports what
// is wrong with it.
//
// A topic may carry several types, each with its handler: a record goes to the one whose full name is that of the
// schema it was written with, or has it as an alias. A single handler without [SkipOthers] gets every record of its
// topic, whatever its schema is called, as registries hold a renamed type to be compatible.
//
// fn is called by one goroutine for each partition. An offset is committed only after fn returned nil; on an error it
// is called again with the same message, decoded anew, after a pause (see [Retries] and [Permanent]). A panic counts
// as an error. Its context ends when the partition was taken away or the consumer stops and [DrainTimeout] is over,
// not before: so that the record in hand can be brought to an end.
func Handle[T any, P codec.Pointer[T]](c *Consumer, topic string, fn func(context.Context, Message[T]) error, opts ...HandlerOption) {
	c.add(topic, newRoute[T, P](c, func(ctx context.Context, _ any, m Message[T]) error { return fn(ctx, m) }, opts))
}

// HandleKeyed is [Handle] for a topic whose keys have a contract: every key is decoded, resolved to K, by the schema that
// it names. A key that cannot be, or that is missing, makes its record one that cannot be decoded. The message's Key holds
// the bytes of the key as they came. With [Tombstones] fn learns which key was deleted.
func HandleKeyed[K, T any, PK codec.Pointer[K], P codec.Pointer[T]](c *Consumer, topic string, fn func(context.Context, *K, Message[T]) error, opts ...HandlerOption) {
	r := newRoute[T, P](c, func(ctx context.Context, key any, m Message[T]) error { return fn(ctx, key.(*K), m) }, opts)
	r.keys = newDispatcher(topic, c.cfg.registry)
	r.keys.routes = []*route{{
		schema: PK(new(K)).AvroSchema(),
		compile: func(writer string) (runner, error) {
			resolver, err := codec.NewResolver[K, PK](writer)
			if err != nil {
				return nil, err
			}
			return &keyReader[K]{resolver.Decode}, nil
		},
	}}
	c.add(topic, r)
}

func newRoute[T any, P codec.Pointer[T]](c *Consumer, handle func(context.Context, any, Message[T]) error, opts []HandlerOption) *route {
	r := &route{
		schema: P(new(T)).AvroSchema(),
		policy: c.cfg.policy,
		compile: func(writer string) (runner, error) {
			resolver, err := codec.NewResolver[T, P](writer)
			if err != nil {
				return nil, err
			}
			return &typed[T]{decode: resolver.Decode, handle: handle}, nil
		},
		tombstone: &typed[T]{handle: handle},
	}
	for _, opt := range opts {
		opt.applyHandler(&r.policy)
	}
	return r
}

// route is one handler.
type route struct {
	schema *codec.Schema
	policy policy
	// keys finds the way to decode keys, nil where they are bytes.
	keys *dispatcher
	// compile prepares for records that were written with a schema, given as self-contained text.
	compile   func(writer string) (runner, error)
	tombstone runner
}

// runner decodes a record and hands it to a handler.
type runner interface {
	run(ctx context.Context, in *incoming) error
}

// incoming is a record on its way to a handler.
type incoming struct {
	record  *kgo.Record
	payload []byte // without framing; of no meaning for a tombstone
	id      int
	attempt int
	key     any // the decoded key, where the route has keys
}

// keyReader is the runner that decodes keys into *K.
type keyReader[K any] struct {
	decode func(src []byte, v *K) error
}

// run sets in.key to what in.payload holds.
func (k *keyReader[K]) run(_ context.Context, in *incoming) error {
	key := new(K)
	in.key = key
	return k.decode(in.payload, key)
}

// typed is the runner for events of type T. decode is nil for tombstones.
type typed[T any] struct {
	decode func(src []byte, v *T) error
	handle func(ctx context.Context, key any, m Message[T]) error
}

// run returns the handler's error, or a *failure where the payload cannot be decoded.
func (t *typed[T]) run(ctx context.Context, in *incoming) (err error) {
	r := in.record
	m := Message[T]{
		Key: r.Key, Headers: r.Headers, Timestamp: r.Timestamp,
		Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, SchemaID: in.id, Attempt: in.attempt,
	}
	if t.decode != nil {
		m.Value = new(T)
		if err := t.decode(in.payload, m.Value); err != nil {
			return &failure{Undecodable, err}
		}
	}
	defer func() {
		if value := recover(); value != nil {
			err = &panicError{value, debug.Stack()}
		}
	}()
	return t.handle(ctx, in.key, m)
}

// failure is why a record cannot be handed to a handler at all.
type failure struct {
	reason Reason
	err    error
}

func (f *failure) Error() string { return fmt.Sprintf("%s: %v", f.reason, f.err) }
func (f *failure) Unwrap() error { return f.err }
