package stream

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/registry"
)

// ProducerOption changes how [NewProducer] makes a producer.
type ProducerOption interface{ applyProducer(*producerConfig) }

// ConsumerOption changes how [NewConsumer] makes a consumer.
type ConsumerOption interface{ applyConsumer(*consumerConfig) }

// HandlerOption changes what [Handle] does with the records of a handler.
type HandlerOption interface{ applyHandler(*policy) }

// Option is for producers and consumers alike.
type Option interface {
	ProducerOption
	ConsumerOption
}

// shared is what producers and consumers have in common.
type shared struct {
	to          kafka.Connection
	registry    *registry.Client
	create      bool
	compression Compression
	kafka       []kgo.Opt
	wrong       error // what is wrong with the options
}

// check reports what is wrong with the options.
func (s *shared) check() error {
	switch {
	case s.wrong != nil:
		return fmt.Errorf("stream: %w", s.wrong)
	case s.registry == nil:
		return errors.New("stream: no registry: give one with stream.Registry")
	}
	return nil
}

type sharedOption func(*shared)

func (o sharedOption) applyProducer(c *producerConfig) { o(&c.shared) }
func (o sharedOption) applyConsumer(c *consumerConfig) { o(&c.shared) }

// Brokers gives the addresses, as host:port, of the brokers that are asked first for where the others are; each may be
// several with commas. The default is localhost:9092.
func Brokers(addrs ...string) Option {
	return sharedOption(func(s *shared) { s.to.Brokers = slices.Clone(addrs) })
}

// Registry gives the schema registry. Every producer and consumer needs one, and may share it with others.
func Registry(c *registry.Client) Option {
	return sharedOption(func(s *shared) { s.registry = c })
}

// CreateTopics lets the brokers create a topic that does not exist, if they are set up so, with the number of
// partitions that is their default. Without it a missing topic is an error. It is meant for development.
func CreateTopics() Option {
	return sharedOption(func(s *shared) { s.create = true })
}

// KafkaOptions passes options on to franz-go: hooks, a dialer and the like. They come last, so they can break what this
// package guarantees. How to reach the brokers has options of its own: [TLS], [SASL], [FromEnv] and others.
func KafkaOptions(opts ...kgo.Opt) Option {
	return sharedOption(func(s *shared) { s.kafka = append(s.kafka, opts...) })
}

type producerConfig struct {
	shared
	register  bool
	header    bool
	naming    registry.Naming
	keyNaming registry.Naming
	timeout   time.Duration
	with      sharer
}

func newProducerConfig(opts []ProducerOption) producerConfig {
	cfg := producerConfig{naming: registry.TopicName, keyNaming: keyTopicName, timeout: 2 * time.Minute}
	for _, opt := range opts {
		opt.applyProducer(&cfg)
	}
	return cfg
}

type producerOption func(*producerConfig)

func (o producerOption) applyProducer(c *producerConfig) { o(c) }

// AutoRegister registers the schema at start if its subject does not hold it. It is meant for development: in
// production schemas are registered by avow apply, after a check, and the producer only looks them up.
func AutoRegister() ProducerOption {
	return producerOption(func(c *producerConfig) { c.register = true })
}

// HeaderFraming puts the schema's GUID into the record header __value_schema_id and leaves the value the bare Avro
// bytes, instead of putting magic byte and schema id before them; with keys of a [KeyedProducer] it does the same, by
// __key_schema_id. The registry has to know GUIDs (Confluent 8.0 and
// newer, registry/embedded).
func HeaderFraming() ProducerOption {
	return producerOption(func(c *producerConfig) { c.header = true })
}

// Subject names the subject under which the schema is looked up. The default is [registry.TopicName]: orders-value.
func Subject(naming registry.Naming) ProducerOption {
	return producerOption(func(c *producerConfig) { c.naming = naming })
}

// DeliveryTimeout bounds how long a record waits for its acknowledgement before its delivery is reported as failed,
// 2 minutes by default. Less than 15 s fails records whenever the leader of a partition dies.
func DeliveryTimeout(d time.Duration) ProducerOption {
	return producerOption(func(c *producerConfig) { c.timeout = d })
}

// Compression is how batches of records are compressed.
type Compression string

// The compressions, as Kafka writes them.
const (
	NoCompression Compression = "none"
	Gzip          Compression = "gzip"
	Snappy        Compression = "snappy"
	LZ4           Compression = "lz4"
	Zstd          Compression = "zstd"
)

// Compress sets how records are compressed, [Snappy] by default. Not every client reads every one: kafkajs reads nothing
// but [Gzip] without further packages.
func Compress(c Compression) ProducerOption {
	return producerOption(func(p *producerConfig) { p.compression = c })
}

// SharedWith makes the producer send through the connection of another one, *Producer or *KeyedProducer of whatever type: records of
// several types then keep the order in which they were produced, key by key, and need the memory and the sockets of
// one. Options that concern the connection are the other's.
func SharedWith(other sharer) ProducerOption {
	return producerOption(func(c *producerConfig) { c.with = other })
}

type consumerConfig struct {
	shared
	policy  policy
	log     *slog.Logger
	observe func(Event)
	atEnd   bool
	drain   time.Duration
	commit  time.Duration
	buffer  int64
}

type consumerOption func(*consumerConfig)

func (o consumerOption) applyConsumer(c *consumerConfig) { o(c) }

// Logger receives what is worth knowing and no error of any call, such as a registry that cannot be reached while the
// consumer waits for it. The default is slog.Default().
func Logger(log *slog.Logger) ConsumerOption {
	return consumerOption(func(c *consumerConfig) { c.log = log })
}

// Observe has fn called for everything that happens to partitions and records, for metrics. It is called by several
// goroutines at once, in the midst of their work, and must return quickly. The default is to call nothing. Producers
// report through the done functions of their deliveries.
func Observe(fn func(Event)) ConsumerOption {
	return consumerOption(func(c *consumerConfig) { c.observe = fn })
}

// StartAtEnd has a group that has committed nothing yet begin with what is produced from now on. The default is to
// begin with the oldest record. Mind that a partition which is added to the topic later is begun at its end too: what is
// produced to it before the group notices is not handled.
func StartAtEnd() ConsumerOption {
	return consumerOption(func(c *consumerConfig) { c.atEnd = true })
}

// DrainTimeout bounds how long a handler may take for the record in hand when its partition is taken away or the
// consumer stops; then its context ends. The default is 20 s. It should be well under the group's rebalance timeout,
// which is a minute.
func DrainTimeout(d time.Duration) ConsumerOption {
	return consumerOption(func(c *consumerConfig) { c.drain = d })
}

// CommitInterval is how often offsets are committed while all goes well, 1 s by default. They are committed besides
// when a partition is taken away and when the consumer stops. A longer interval repeats more records after a crash.
func CommitInterval(d time.Duration) ConsumerOption {
	return consumerOption(func(c *consumerConfig) { c.commit = d })
}

// BufferBytes bounds how many bytes of records are fetched ahead of their handlers, 128 MiB by default, of all
// partitions together and counting 200 bytes for each record itself. A partition whose handler is slow is paused, so
// that it does not hold up the others.
func BufferBytes(n int64) ConsumerOption {
	return consumerOption(func(c *consumerConfig) { c.buffer = n })
}
