package kafka_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/kafka/kafkatest"
)

const password = "correct horse battery staple"

// broker starts one that wants what the options say.
func broker(t *testing.T, opts ...kfake.Opt) string {
	t.Helper()
	c, err := kfake.NewCluster(append(opts, kfake.NumBrokers(1))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.ListenAddrs()[0]
}

// connect opens the connection that settings describe.
func connect(t *testing.T, s kafka.Settings) error {
	t.Helper()
	c, err := s.Connection()
	if err != nil {
		t.Fatal(err)
	}
	client, err := kafka.Connect(t.Context(), c)
	if err == nil {
		client.Close()
	}
	return err
}

func users() []kfake.Opt {
	return []kfake.Opt{
		kfake.EnableSASL(), kfake.Superuser("PLAIN", "anna", password),
		kfake.Superuser("SCRAM-SHA-256", "bert", password), kfake.Superuser("SCRAM-SHA-512", "cora", password),
	}
}

// Every way to be let in, and for each the ways not to be: an error within seconds that says what to do and no secret.
func TestConnect(t *testing.T) {
	t.Parallel()
	pki := kafkatest.New(t)
	var (
		open      = broker(t)
		passwords = broker(t, users()...)
		encrypted = broker(t, kfake.TLS(pki.Server(t, false)))
		mutual    = broker(t, kfake.TLS(pki.Server(t, true)))
		both      = broker(t, append(users(), kfake.TLS(pki.Server(t, false)))...)
	)
	for name, tc := range map[string]struct {
		broker string
		s      kafka.Settings
		want   string // nothing where we are let in
	}{
		"open":           {open, kafka.Settings{}, ""},
		"plain":          {passwords, kafka.Settings{Username: "anna", Password: password}, ""},
		"scram 256":      {passwords, kafka.Settings{Mechanism: "SCRAM-SHA-256", Username: "bert", Password: password}, ""},
		"scram 512":      {passwords, kafka.Settings{Mechanism: "SCRAM-SHA-512", Username: "cora", Password: password}, ""},
		"TLS":            {encrypted, kafka.Settings{CA: pki.CA}, ""},
		"TLS and a name": {encrypted, kafka.Settings{CA: pki.CA, ServerName: "broker.test"}, ""},
		"certificate":    {mutual, kafka.Settings{CA: pki.CA, Cert: pki.Cert, Key: pki.Key}, ""},
		"TLS and SASL":   {both, kafka.Settings{CA: pki.CA, Mechanism: "SCRAM-SHA-512", Username: "cora", Password: password}, ""},

		"wrong password":           {passwords, kafka.Settings{Username: "anna", Password: "wrong-one"}, "user name or password"},
		"wrong scram password":     {passwords, kafka.Settings{Mechanism: "SCRAM-SHA-256", Username: "bert", Password: "wrong-one"}, "user name or password"},
		"no such user":             {passwords, kafka.Settings{Mechanism: "SCRAM-SHA-512", Username: "dora", Password: "wrong-one"}, "user name or password"},
		"another mechanism":        {passwords, kafka.Settings{Token: "wrong-one"}, "does not know the SASL mechanism OAUTHBEARER"},
		"no password":              {passwords, kafka.Settings{}, "want TLS, or a user name and password (SASL)? None is given"},
		"no TLS":                   {encrypted, kafka.Settings{}, "want TLS"},
		"no TLS, but a password":   {both, kafka.Settings{Username: "anna", Password: "wrong-one"}, "want TLS? None is given"},
		"TLS and no password":      {both, kafka.Settings{CA: pki.CA}, "it may want a user name and password (SASL)"},
		"wrong password under TLS": {both, kafka.Settings{CA: pki.CA, Username: "anna", Password: "wrong-one"}, "user name or password are wrong"},
		"TLS where there is none":  {open, kafka.Settings{TLS: true}, "TLS"},
		"unknown CA":               {encrypted, kafka.Settings{TLS: true}, "certificate of the authority that signed the broker's (tls.ca in avow.yaml"},
		"another CA":               {encrypted, kafka.Settings{CA: pki.Other}, "certificate of the authority that signed the broker's"},
		"another name":             {encrypted, kafka.Settings{CA: pki.CA, ServerName: "kafka.example.com"}, "give the name that stands in the broker's certificate"},
		"no certificate":           {mutual, kafka.Settings{CA: pki.CA}, "client's certificate: give one"},
		"nobody there":             {"127.0.0.1:1", kafka.Settings{}, "connection refused: is Kafka running there?"},
		"nobody has that name":     {"no-such-host.invalid:9092", kafka.Settings{}, "is the name right"},
		"a silent one":             {silent(t), kafka.Settings{}, "no answer within 5s: is Kafka running there?"},
		"a silent one with TLS":    {silent(t), kafka.Settings{TLS: true}, "does that port speak TLS?"},
		"no broker but a web page": {http(t), kafka.Settings{}, "is Kafka running there?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.s.Brokers = tc.broker
			began := time.Now()
			err := connect(t, tc.s)
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("took %v", took)
			}
			if tc.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.HasPrefix(err.Error(), "cannot connect to Kafka at "+tc.broker+": ") {
				t.Fatalf("got %v\nwant %s", err, tc.want)
			}
			if strings.Contains(err.Error(), "wrong-one") {
				t.Errorf("the secret is in the error: %v", err)
			}
			t.Log(err)
		})
	}
}

// Addresses may come in one text, as environments give them.
func TestAddresses(t *testing.T) {
	for want, c := range map[string]kafka.Connection{
		"localhost:9092": {Brokers: []string{" , "}},
		"a:1,b:2,c:3":    {Brokers: []string{"a:1, b:2", "c:3"}},
	} {
		if got := c.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestConnectIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	began := time.Now()
	_, err := kafka.Connect(ctx, kafka.Connection{Brokers: []string{silent(t)}})
	if !errors.Is(err, context.Canceled) || time.Since(began) > 3*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

// One broker of several is enough, whatever the others do.
func TestConnectToTheOneThatAnswers(t *testing.T) {
	t.Parallel()
	began := time.Now()
	for range 5 { // brokers are asked in any order
		if err := connect(t, kafka.Settings{Brokers: strings.Join([]string{silent(t), "127.0.0.1:1", broker(t), http(t)}, ",")}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

// silent returns the address of somebody who accepts and says nothing.
func silent(t *testing.T) string {
	return listen(t, func(net.Conn) {})
}

// http returns the address of somebody who speaks HTTP.
func http(t *testing.T) string {
	return listen(t, func(c net.Conn) {
		c.Read(make([]byte, 10))
		c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	})
}

func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			go serve(conn)
		}
	}()
	return ln.Addr().String()
}
