package kafka_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/avow-events/avow/internal/kafka"
	"github.com/avow-events/avow/internal/kafka/kafkatest"
	"github.com/avow-events/avow/internal/properties"
)

func variables(pairs ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) { value, ok := m[name]; return value, ok }
}

// What variables and a Java client's properties say is enough for the most demanding of brokers.
func TestSettings(t *testing.T) {
	t.Parallel()
	pki := kafkatest.New(t)
	address := broker(t, append(users(), kfake.TLS(pki.Server(t, true)))...)

	s, err := kafka.FromVariables(variables("KAFKA_BROKERS", " "+address+",", "KAFKA_TLS_CA", pki.CA, "KAFKA_TLS_CERT", pki.Cert, "KAFKA_TLS_KEY", pki.Key,
		"KAFKA_TLS_SERVER_NAME", "broker.test", "KAFKA_SASL_MECHANISM", "SCRAM-SHA-256", "KAFKA_SASL_USERNAME", "bert", "KAFKA_SASL_PASSWORD", password))
	if err != nil {
		t.Fatal(err)
	}
	if err := connect(t, s); err != nil {
		t.Error(err)
	}

	both := pki.Cert + ".both"
	cert, _ := os.ReadFile(pki.Cert)
	key, _ := os.ReadFile(pki.Key)
	if err := os.WriteFile(both, append(key, cert...), 0o600); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`# of a Java service
bootstrap.servers=%s
security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \
  username="cora" password="%s";
ssl.truststore.type=PEM
ssl.truststore.location=%s
ssl.keystore.type=PEM
ssl.keystore.location=%s
compression.type=zstd
group.id=billing
`, address, password, pki.CA, both)
	p, err := properties.Parse("client.properties", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if s, err = kafka.FromProperties(p); err != nil {
		t.Fatal(err)
	}
	if err := connect(t, s); err != nil || s.Compression != "zstd" {
		t.Errorf("%v, %+v", err, s)
	}

	// Whatever prints settings shows no secret.
	shown, err := json.Marshal(struct{ kafka.Secret }{s.Password})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("", "password", s.Password)
	if all := fmt.Sprintf("%v %+v %#v %s %s", s, s, s, shown, log.String()); strings.Contains(all, password) {
		t.Errorf("shows the secret: %s", all)
	}
}

// Of two settings the first ones count, and each part of them as a whole: a password is never sent by the other's
// mechanism, nor without the TLS that it was meant for.
func TestElse(t *testing.T) {
	t.Parallel()
	lower := kafka.Settings{Brokers: "low:1", TLS: true, CA: "ca", Mechanism: "PLAIN", Username: "low", Password: "low", Compression: "gzip"}
	for name, tc := range map[string]struct{ upper, want kafka.Settings }{
		"nothing": {kafka.Settings{}, lower},
		"brokers": {kafka.Settings{Brokers: "up:1"}, kafka.Settings{Brokers: "up:1", TLS: true, CA: "ca", Mechanism: "PLAIN", Username: "low", Password: "low", Compression: "gzip"}},
		"parts": {
			kafka.Settings{ServerName: "up", Token: "up", Compression: "lz4"},
			kafka.Settings{Brokers: "low:1", ServerName: "up", Token: "up", Compression: "lz4"},
		},
		"not at all": {
			kafka.Settings{TLSSet: true, SASLSet: true},
			kafka.Settings{Brokers: "low:1", TLSSet: true, SASLSet: true, Compression: "gzip"},
		},
	} {
		if got := tc.upper.Else(lower); got != tc.want {
			t.Errorf("%s: got %+v\nwant %+v", name, got, tc.want)
		}
	}
}

func TestWrongVariables(t *testing.T) {
	t.Parallel()
	pki := kafkatest.New(t)
	for want, pairs := range map[string][]string{
		`KAFKA_TLS_ENABLED is "yes": want true or false`:             {"KAFKA_TLS_ENABLED", "yes"},
		"KAFKA_TLS_ENABLED is false, and other KAFKA_TLS_ variables": {"KAFKA_TLS_ENABLED", "false", "KAFKA_TLS_CA", pki.CA},
		"belong together":                                                {"KAFKA_TLS_CERT", pki.Cert},
		"holds no PEM certificate":                                       {"KAFKA_TLS_CA", pki.Key},
		"CA certificates: open /nowhere":                                 {"KAFKA_TLS_CA", "/nowhere"},
		"client certificate: open /nowhere":                              {"KAFKA_TLS_CERT", "/nowhere", "KAFKA_TLS_KEY", pki.Key},
		"key of the client certificate: open /nowhere":                   {"KAFKA_TLS_CERT", pki.Cert, "KAFKA_TLS_KEY", "/nowhere"},
		"client certificate " + pki.Cert + ": tls: ":                     {"KAFKA_TLS_CERT", pki.Cert, "KAFKA_TLS_KEY", pki.ServerKey},
		`SASL mechanism "scram-sha-256": write SCRAM-SHA-256`:            {"KAFKA_SASL_MECHANISM", "scram-sha-256", "KAFKA_SASL_USERNAME", "a", "KAFKA_SASL_PASSWORD", password},
		`SASL mechanism "SCRAM-SHA-1" is not one of PLAIN, SCRAM-SHA-25`: {"KAFKA_SASL_MECHANISM", "SCRAM-SHA-1", "KAFKA_SASL_USERNAME", "a", "KAFKA_SASL_PASSWORD", password},
		"PLAIN needs a user name":                                        {"KAFKA_SASL_PASSWORD", password},
		"PLAIN needs the password of anna":                               {"KAFKA_SASL_USERNAME", "anna"},
		"OAUTHBEARER needs a token":                                      {"KAFKA_SASL_MECHANISM", "OAUTHBEARER"},
	} {
		s, err := kafka.FromVariables(variables(pairs...))
		if err == nil {
			_, err = s.Connection()
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), password) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if s, err := kafka.FromVariables(variables("KAFKA_TLS_ENABLED", "TRUE", "KAFKA_BOOTSTRAP_SERVERS", "a:1,b:2", "KAFKA_BROKERS", "c:3")); err != nil || !s.TLS || s.Brokers != "a:1,b:2" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestWrongProperties(t *testing.T) {
	t.Parallel()
	const scram = "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256\n"
	for text, want := range map[string]string{
		"security.protocol=TLS":      `f:1:1: security.protocol: "TLS" is not one of PLAINTEXT, SSL`,
		"security.protocol=SASL_SSL": `f:1:1: security.protocol: it needs sasl.mechanism, because Java's default, GSSAPI, is not one of PLAIN, `,
		"security.protocol=SASL_SSL\nsasl.mechanisms=PLAIN\nsasl.username=u": `f:2:1: sasl.mechanisms: librdkafka calls it so: want sasl.mechanism and sasl.jaas.config, as Java's clients do`,
		"security.protocol=sasl_ssl\nsasl.mechanism=OAUTHBEARER":             "f:2:1: sasl.mechanism: OAUTHBEARER has its token from Java code: give it as KAFKA_SASL_TOKEN",
		scram: "sasl.jaas.config: want the class of a login module",
		scram + `sasl.jaas.config=a.Scram required password="` + password + `";`: "f:3:1: sasl.jaas.config: it gives no username and password to a.Scram",
		scram + `sasl.jaas.config=a.Scram required username="` + password:        "f:3:1: sasl.jaas.config: want a value in quotes",
		"compression.type=zip": `f:1:1: compression.type: compression "zip" is not one of none, gzip`,
		"security.protocol=SSL\nssl.truststore.location=/nowhere": "f:2:1: ssl.truststore.location: open /nowhere",
	} {
		p, err := properties.Parse("f", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = kafka.FromProperties(p)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), password) {
			t.Errorf("%s\ngot %v\nwant %s", text, err, want)
		}
	}
	p, _ := properties.Parse("f", []byte("security.protocol=SSL"))
	if s, err := kafka.FromProperties(p); err != nil || !s.TLS {
		t.Errorf("%+v, %v", s, err)
	}
}
