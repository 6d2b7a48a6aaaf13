package cli_test

import (
	"bytes"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/avow-events/avow/internal/cli"
	"github.com/avow-events/avow/internal/kafka/kafkatest"
	"github.com/avow-events/avow/registry/embedded"
)

// Every way to say how brokers are reached is enough for every command that talks to them, and none shows its secret.
func TestSecuredBrokers(t *testing.T) {
	const password = "hunter2 and more"
	pki := kafkatest.New(t)
	broker := func(opts ...kfake.Opt) string {
		k, err := kfake.NewCluster(append(opts, kfake.NumBrokers(1))...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(k.Close)
		return k.ListenAddrs()[0]
	}
	secured := broker(kfake.TLS(pki.Server(t, true)), kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "ann", password))
	open := broker()
	r, err := embedded.New()
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(r)
	t.Cleanup(front.Close)

	t.Chdir(t.TempDir())
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []struct{ from, to string }{{pki.CA, "ca.pem"}, {pki.Cert, "cert.pem"}, {pki.Key, "key.pem"}} {
		text, err := os.ReadFile(f.from)
		if err != nil {
			t.Fatal(err)
		}
		write(f.to, string(text))
	}
	if err := os.Mkdir("schemas", 0o700); err != nil {
		t.Fatal(err)
	}
	write("schemas/Price.avsc", `{"type":"record","name":"Price","fields":[{"name":"cents","type":"long"}]}`)
	write("avow.yaml", fmt.Sprintf(`version: v1
topics: [{name: prices, events: [Price], partitions: 1}]
environments:
  prod:
    registry: %s
    kafka:
      brokers: %q
      tls: {ca: ca.pem, cert: cert.pem, key: key.pem}
      sasl: {mechanism: SCRAM-SHA-512, username: ann, password: "${SECRET}"}
      compression: gzip
  dark: {registry: %s, kafka: %q}
  open: {registry: %s, kafka: {brokers: %q, tls: false}}
`, front.URL, secured, front.URL, secured, front.URL, open))
	keystore := func() string {
		cert, _ := os.ReadFile("cert.pem")
		key, _ := os.ReadFile("key.pem")
		return string(cert) + string(key)
	}
	write("store.pem", keystore())
	write("client.properties", `security.protocol = SASL_SSL
sasl.mechanism = SCRAM-SHA-512
sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username="ann" password="`+password+`";
ssl.truststore.type = PEM
ssl.truststore.location = ca.pem
ssl.keystore.type = PEM
ssl.keystore.location = store.pem
`)
	variables := map[string]string{
		"SCHEMA_REGISTRY_URL": front.URL, "KAFKA_BOOTSTRAP_SERVERS": secured, "KAFKA_TLS_CA": "ca.pem", "KAFKA_TLS_CERT": "cert.pem", "KAFKA_TLS_KEY": "key.pem",
		"KAFKA_SASL_MECHANISM": "SCRAM-SHA-512", "KAFKA_SASL_USERNAME": "ann", "KAFKA_SASL_PASSWORD": password,
	}
	except := func(name, value string) map[string]string {
		out := map[string]string{name: value}
		for n, v := range variables {
			if n != name {
				out[n] = v
			}
		}
		return out
	}

	if code, _, stderr := run(t, "apply", "--skip-topics", "--registry", front.URL); code != 0 {
		t.Fatal(stderr)
	}
	for name, tc := range map[string]struct {
		args string
		env  map[string]string
		want string // of the error; nothing where all goes well
	}{
		"environment":            {"--env prod", map[string]string{"SECRET": password}, ""},
		"variables":              {"", variables, ""},
		"properties":             {"--properties client.properties --registry " + front.URL + " --kafka " + secured, nil, ""},
		"properties one by one":  {"--properties client.properties -X schema.registry.url=" + front.URL + " -X bootstrap.servers=" + secured, nil, ""},
		"variables for dark":     {"--env dark", except("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"), ""},
		"no variables for open":  {"--env open", map[string]string{}, ""},
		"a wrong password":       {"--env prod", map[string]string{"SECRET": "hunter2 and less"}, "user name or password are wrong"},
		"no password":            {"--env prod", nil, "the variable SECRET is not set"},
		"nothing for dark":       {"--env dark", nil, "does the broker's port want TLS, or a user name and password (SASL)? None is given"},
		"a wrong CA":             {"", except("KAFKA_TLS_CA", pki.Other), "give the certificate of the authority that signed the broker's"},
		"no such mechanism":      {"", except("KAFKA_SASL_MECHANISM", "SCRAM-SHA-1"), `SASL mechanism "SCRAM-SHA-1" is not one of`},
		"another's address":      {"--env prod --kafka " + secured, map[string]string{"SECRET": password}, "None is given"},
		"a property that is odd": {"--env prod -X security.protocol=SASL", map[string]string{"SECRET": password}, `--property: security.protocol: "SASL" is not one of PLAINTEXT`},
	} {
		t.Run(name, func(t *testing.T) {
			for _, command := range []string{"apply", "plan", "produce prices --compression zstd", "consume prices --until end"} {
				args := append(strings.Fields(command), strings.Fields(tc.args)...)
				var out, errs bytes.Buffer
				code := cli.Main(args, strings.NewReader(`{"cents": 5}`), &out, &errs, func(name string) (string, bool) { v, ok := tc.env[name]; return v, ok })
				if said := out.String() + errs.String(); strings.Contains(said, "hunter2") {
					t.Errorf("%s shows the secret: %s", command, said)
				}
				switch {
				case tc.want == "" && code != 0:
					t.Errorf("%s: exit %d, %s", command, code, errs.String())
				case tc.want != "" && (code != 1 || !strings.Contains(errs.String(), tc.want)):
					t.Errorf("%s: exit %d, %s\nwant %s", command, code, errs.String(), tc.want)
				case tc.want == "" && command == "consume prices --until end" && !strings.Contains(out.String(), `"cents":5`):
					t.Errorf("%s: %s", command, out.String())
				}
			}
		})
	}
}
