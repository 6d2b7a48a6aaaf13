package properties_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/internal/properties"
)

// identity is a certificate that is its own CA and good for server and client, and its key, in PEM.
type identity struct{ certificate, key string }

func newIdentity(t *testing.T, name, host string) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return identity{encode("CERTIFICATE", der), encode("PRIVATE KEY", keyDER)}
}

// serveTLS starts a server that wants the clients' certificate and says whose it was.
func serveTLS(t *testing.T, server, client identity) *httptest.Server {
	t.Helper()
	pair, err := tls.X509KeyPair([]byte(server.certificate), []byte(server.key))
	if err != nil {
		t.Fatal(err)
	}
	clients := x509.NewCertPool()
	clients.AppendCertsFromPEM([]byte(client.certificate))
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.TLS.PeerCertificates[0].Subject.CommonName)
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients}
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func of(pairs ...string) *properties.Properties {
	p := &properties.Properties{}
	for i := 0; i < len(pairs); i += 2 {
		p.Set(pairs[i], pairs[i+1], "f:1:1")
	}
	return p
}

func write(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTLS(t *testing.T) {
	here, other := newIdentity(t, "server", "127.0.0.1"), newIdentity(t, "server", "elsewhere.example")
	client := newIdentity(t, "client", "client.example")
	trust, own := write(t, here.certificate), write(t, client.key+client.certificate)
	oneLine := func(pem string) string { return strings.ReplaceAll(strings.TrimSpace(pem), "\n", " ") }
	inline := []string{"ssl.keystore.type", "PEM", "ssl.keystore.key", oneLine(client.key), "ssl.keystore.certificate.chain", oneLine(client.certificate)}

	for name, tc := range map[string]struct {
		server identity
		p      *properties.Properties
		fails  string
	}{
		"files":  {here, of("ssl.truststore.location", trust, "ssl.keystore.location", own), ""},
		"inline": {here, of(append(inline, "ssl.truststore.certificates", oneLine(here.certificate))...), ""},
		"mixed":  {here, of(append(inline, "ssl.truststore.location", trust)...), ""},
		"https":  {here, of(append(inline, "ssl.truststore.location", trust, "ssl.endpoint.identification.algorithm", "HTTPS")...), ""},

		"not trusted":         {newIdentity(t, "server", "127.0.0.1"), of("ssl.truststore.location", trust, "ssl.keystore.location", own), "unknown authority"},
		"another host":        {other, of(append(inline, "ssl.truststore.certificates", other.certificate)...), "127.0.0.1"},
		"another host, taken": {other, of(append(inline, "ssl.truststore.certificates", other.certificate, "ssl.endpoint.identification.algorithm", "")...), ""},
		"any host, but not any certificate": {
			other, of(append(inline, "ssl.truststore.location", trust, "ssl.endpoint.identification.algorithm", "")...), "unknown authority",
		},
		"no certificate": {here, of("ssl.truststore.location", trust), "certificate required"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveTLS(t, tc.server, client)
			tlsConfig, err := tc.p.TLS("")
			if err != nil {
				t.Fatal(err)
			}
			transport := &http.Transport{TLSClientConfig: tlsConfig}
			defer transport.CloseIdleConnections()
			resp, err := (&http.Client{Transport: transport}).Get(s.URL)
			switch {
			case tc.fails != "":
				if err == nil || !strings.Contains(err.Error(), tc.fails) {
					t.Errorf("got %v, want %q", err, tc.fails)
				}
			case err != nil:
				t.Error(err)
			default:
				got, _ := io.ReadAll(resp.Body)
				resp.Body.Close()
				if string(got) != "client" {
					t.Errorf("the server saw %q", got)
				}
			}
		})
	}
}

func TestTLSPrefix(t *testing.T) {
	name := write(t, newIdentity(t, "a", "a").certificate)
	p := of("schema.registry.ssl.truststore.location", name)
	if tc, err := p.TLS(""); tc != nil || err != nil {
		t.Errorf("without the prefix: %v, %v", tc, err)
	}
	if tc, err := p.TLS("schema.registry."); tc == nil || tc.RootCAs == nil || err != nil {
		t.Errorf("with the prefix: %v, %v", tc, err)
	}
}

func TestBadTLS(t *testing.T) {
	id := newIdentity(t, "a", "a")
	jks, p12 := write(t, "\xfe\xed\xfe\xed\x00\x00\x00\x02"), write(t, "\x30\x82\x0a\x00")
	encrypted := "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIF\n-----END ENCRYPTED PRIVATE KEY-----\n"
	for name, tc := range map[string]struct {
		p    *properties.Properties
		want string
	}{
		"missing file":          {of("ssl.truststore.location", "/no/such"), "f:1:1: ssl.truststore.location: open /no/such: no such file or directory"},
		"JKS":                   {of("ssl.truststore.location", jks), "f:1:1: ssl.truststore.location: " + jks + " is a JKS store, want PEM: convert it with keytool -importkeystore"},
		"PKCS12":                {of("ssl.keystore.location", p12), "f:1:1: ssl.keystore.location: " + p12 + " is a PKCS12 store, want PEM: convert it with openssl pkcs12 -in " + p12},
		"no PEM":                {of("ssl.truststore.certificates", "hunter2"), "f:1:1: ssl.truststore.certificates: there is no PEM certificate in it"},
		"bad certificate":       {of("ssl.truststore.certificates", "-----BEGIN CERTIFICATE-----\naGk=\n-----END CERTIFICATE-----"), "certificate 1 cannot be read"},
		"no key":                {of("ssl.keystore.certificate.chain", id.certificate), "f:1:1: ssl.keystore.certificate.chain: there is no PEM private key in it"},
		"no certificate":        {of("ssl.keystore.key", id.key), "f:1:1: ssl.keystore.key: the certificate of the key is missing: ssl.keystore.certificate.chain"},
		"a key with a password": {of("ssl.keystore.key", encrypted, "ssl.keystore.certificate.chain", id.certificate), "the key has a password, which is not supported: openssl pkey"},
		"another's key":         {of("ssl.keystore.key", newIdentity(t, "b", "b").key, "ssl.keystore.certificate.chain", id.certificate), "private key does not match public key"},
		"algorithm":             {of("ssl.endpoint.identification.algorithm", "ldaps"), `"ldaps" is not known, want https`},
	} {
		if _, err := tc.p.TLS(""); err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s:\ngot  %v\nwant %s", name, err, tc.want)
		}
	}
}
