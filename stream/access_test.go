package stream_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/avow-events/avow/internal/kafka/kafkatest"
	"github.com/avow-events/avow/stream"
)

const secret = "hunter2"

// secured starts a broker that wants TLS, a client's certificate and a password.
func secured(t *testing.T, pki *kafkatest.Certificates) string {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "orders"), kfake.TLS(pki.Server(t, true)), kfake.EnableSASL(),
		kfake.Superuser("SCRAM-SHA-256", "ann", secret))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster.ListenAddrs()[0]
}

// However a service says how brokers are reached, its producers and consumers reach them.
func TestReach(t *testing.T) {
	w := newWorld(t)
	pki := kafkatest.New(t)
	address := secured(t, pki)
	file := filepath.Join(t.TempDir(), "client.properties")
	store := filepath.Join(t.TempDir(), "store.pem")
	cert, _ := os.ReadFile(pki.Cert)
	key, _ := os.ReadFile(pki.Key)
	if err := os.WriteFile(store, append(cert, key...), 0o600); err != nil {
		t.Fatal(err)
	}
	properties := fmt.Sprintf("security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-256\nssl.truststore.location=%s\nssl.keystore.location=%s\n"+
		"sasl.jaas.config=a.ScramLoginModule required username=\"ann\" password=\"%s\";\ncompression.type=gzip\n", pki.CA, store, secret)
	if err := os.WriteFile(file, []byte(properties), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"KAFKA_BOOTSTRAP_SERVERS": address, "KAFKA_TLS_CA": pki.CA, "KAFKA_TLS_CERT": pki.Cert, "KAFKA_TLS_KEY": pki.Key,
		"KAFKA_SASL_MECHANISM": "SCRAM-SHA-256", "KAFKA_SASL_USERNAME": "ann", "KAFKA_SASL_PASSWORD": secret,
	} {
		t.Setenv(name, value)
	}
	sasl := stream.SASL(stream.ScramSHA256, "ann", secret)
	for name, opts := range map[string][]stream.Option{
		"options":    {stream.Brokers(address), stream.CAFile(pki.CA), stream.ClientCertificate(pki.Cert, pki.Key), stream.ServerName("broker.test"), sasl},
		"TLS":        {stream.Brokers(address), stream.TLS(clientTLS(t, pki)), stream.CAFile(pki.CA), sasl},
		"variables":  {stream.FromEnv()},
		"properties": {stream.FromProperties(file, map[string]string{"bootstrap.servers": address})},
	} {
		t.Run(name, func(t *testing.T) {
			opts = append(opts, stream.Registry(w.client))
			produce := []stream.ProducerOption{stream.AutoRegister()}
			consume := []stream.ConsumerOption{stream.Logger(quiet)}
			for _, o := range opts {
				produce, consume = append(produce, o), append(consume, o)
			}
			p, err := stream.NewProducer[order](t.Context(), "orders", produce...)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.ProduceSync(t.Context(), nil, &order{ID: name}); err != nil {
				t.Fatal(err)
			}
			if err := p.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			c, err := stream.NewConsumer(name, consume...)
			if err != nil {
				t.Fatal(err)
			}
			s := newSeen()
			stream.Handle(c, "orders", func(_ context.Context, m stream.Message[order]) error { s.add(m); return nil })
			r := run(t, c)
			eventually(t, "it arrives", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.count[name] == 1 })
			if err := r.end(); err != nil {
				t.Error(err)
			}
		})
	}

	missing := filepath.Join(t.TempDir(), "missing")
	for want, opts := range map[string][]stream.Option{
		"user name or password are wrong":                                                    {stream.FromEnv(), stream.SASL(stream.ScramSHA256, "ann", "hunter2x")},
		"give the certificate of the authority":                                              {stream.FromEnv(), stream.CAFile(pki.Other)},
		"it may want a user name and password (SASL) or a client certificate: none is given": {stream.Brokers(address), stream.CAFile(pki.CA), stream.ClientCertificate(pki.Cert, pki.Key)},
		"does not know the SASL mechanism OAUTHBEARER":                                       {stream.FromEnv(), stream.BearerToken("hunter2x")},
		"PLAIN needs the password of ann":                                                    {stream.SASL(stream.Plain, "ann", "")},
		"CA certificates: open " + missing:                                                   {stream.CAFile(missing)},
		"client properties: open " + missing:                                                 {stream.FromProperties(missing, nil)},
	} {
		_, err := stream.NewProducer[order](t.Context(), "orders", append(asProducer(opts), stream.Registry(w.client))...)
		if err == nil || !strings.HasPrefix(err.Error(), "stream: ") || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}

func asProducer(opts []stream.Option) (out []stream.ProducerOption) {
	for _, o := range opts {
		out = append(out, o)
	}
	return out
}

func clientTLS(t *testing.T, pki *kafkatest.Certificates) *tls.Config {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(pki.Cert, pki.Key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}
}

// Batches are compressed as an option says, by snappy without one.
func TestCompression(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("compressible ", 100)
	for want, opts := range map[uint8][]stream.ProducerOption{ // by the codec's number in Kafka's protocol
		0: {stream.Compress(stream.NoCompression)},
		1: {stream.Compress(stream.Gzip)},
		2: nil,
		3: {stream.Compress(stream.LZ4)},
		4: {stream.Compress(stream.Zstd)},
	} {
		topic := fmt.Sprint("compressed-", want)
		if err := producer[order](w, topic, opts...).ProduceSync(t.Context(), nil, &order{ID: long}); err != nil {
			t.Fatal(err)
		}
		if got := w.read(topic, 1)[0].Attrs.CompressionType(); got != want {
			t.Errorf("%v: compression %d, want %d", opts, got, want)
		}
	}
	_, err := stream.NewProducer[order](t.Context(), "orders", w.options[0], w.options[1], stream.Compress("zip"))
	if err == nil || !strings.Contains(err.Error(), `stream: compression "zip" is not one of none, gzip, snappy, lz4, zstd`) {
		t.Errorf("got %v", err)
	}
}
