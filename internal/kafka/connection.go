package kafka

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl"
)

// Connection says where brokers are and how to identify oneself to them. The zero Connection is a broker on this machine
// that asks for nothing.
type Connection struct {
	// Brokers are the addresses, as host:port, of those that are asked first; each text may be several with commas. Default
	// [DefaultBroker].
	Brokers []string
	// TLS is nil where connections are not encrypted.
	TLS *tls.Config
	// SASL is nil where the brokers do not ask who it is, or know it by its certificate.
	SASL sasl.Mechanism
}

// DefaultBroker is where a broker on this machine listens.
const DefaultBroker = "localhost:9092"

// addresses returns Brokers one by one, or what stands for none.
func (c Connection) addresses() []string {
	if out := addresses(strings.Join(c.Brokers, ",")); len(out) > 0 {
		return out
	}
	return []string{DefaultBroker}
}

// String returns the addresses, with commas.
func (c Connection) String() string { return strings.Join(c.addresses(), ",") }

// options returns the connection in the words of the client.
func (c Connection) options() []kgo.Opt {
	opts := []kgo.Opt{kgo.SeedBrokers(c.addresses()...), kgo.SoftwareNameAndVersion("avow", "v1")}
	if c.TLS != nil {
		opts = append(opts, kgo.DialTLSConfig(c.TLS))
	}
	if c.SASL != nil {
		opts = append(opts, kgo.SASL(c.SASL))
	}
	return opts
}

// startTimeout bounds how long the first question may take.
const startTimeout = 5 * time.Second

var errSilent = fmt.Errorf("no answer within %v", startTimeout)

// Connect returns a client of brokers that answer. opts come after those of the connection. Where none answers within
// five seconds, or none lets us in, the error says what is most likely to mend it; one of ctx's own is ctx's.
func Connect(ctx context.Context, c Connection, opts ...kgo.Opt) (*kgo.Client, error) {
	client, err := kgo.NewClient(append(c.options(), opts...)...)
	if err != nil {
		return nil, err
	}
	if err := c.Ping(ctx, client); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

// Ping asks the brokers of a client anything, and returns what Connect does.
func (c Connection) Ping(ctx context.Context, client *kgo.Client) error {
	start, cancel := context.WithTimeoutCause(ctx, startTimeout, errSilent)
	defer cancel()
	_, err := Ask(start, client, func() *kmsg.MetadataRequest {
		req := kmsg.NewPtrMetadataRequest()
		req.Topics = []kmsg.MetadataRequestTopic{} // none, where nil is all
		return req
	})
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return c.Explain(err)
}

// Ask sends a question that any broker can answer to all that are asked first, each its own, and returns the first
// answer: franz-go asks one after the other, and waits ten seconds for one that accepts and says nothing, as a broker
// does whose machine hangs. The error is that of the broker that failed last, or ctx's cause.
func Ask(ctx context.Context, client *kgo.Client, question func() *kmsg.MetadataRequest) (*kmsg.MetadataResponse, error) {
	type answer struct {
		resp *kmsg.MetadataResponse
		err  error
	}
	brokers := client.SeedBrokers()
	answers := make(chan answer, len(brokers)) // room for those that nobody waits for
	for _, b := range brokers {
		go func() {
			resp, err := b.Request(ctx, question())
			if err != nil {
				answers <- answer{err: err}
				return
			}
			answers <- answer{resp: resp.(*kmsg.MetadataResponse)}
		}()
	}
	var last error
	for range brokers {
		select {
		case a := <-answers:
			if a.err == nil {
				return a.resp, nil
			}
			last = a.err
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, last
}

// Explain adds to the error of a client of this connection what is most likely to mend it.
func (c Connection) Explain(err error) error {
	if errors.Is(err, io.EOF) || isTLSAlert(err) {
		err = &hungUp{err}
	}
	return fmt.Errorf("cannot connect to Kafka at %v: %w: %s", c, err, c.advice(err))
}
