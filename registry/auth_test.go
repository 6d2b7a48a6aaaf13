package registry_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/registry"
)

func TestCredentials(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": ok(`[]`)})
	withUser := strings.Replace(s.URL, "http://", "http://ann:hunter2@", 1)
	n := 0
	for name, tc := range map[string]struct {
		url    string
		opts   []registry.Option
		header string
	}{
		"none":       {s.URL, nil, ""},
		"in the URL": {withUser, nil, "Basic YW5uOmh1bnRlcjI="},
		"basic":      {s.URL, []registry.Option{registry.BasicAuth("ann", "hunter2")}, "Basic YW5uOmh1bnRlcjI="},
		"bearer":     {s.URL, []registry.Option{registry.BearerToken("t0ken")}, "Bearer t0ken"},
		"renewed": {s.URL, []registry.Option{registry.BearerTokenFunc(func(context.Context) (string, error) {
			n++
			return fmt.Sprint("t", n), nil
		})}, "Bearer t1"},
		"an option wins over the URL": {withUser, []registry.Option{registry.BearerToken("t0ken")}, "Bearer t0ken"},
	} {
		if _, err := connect(t, tc.url, tc.opts...).Subjects(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := s.last(t).header.Get("Authorization"); got != tc.header {
			t.Errorf("%s: sent %q, want %q", name, got, tc.header)
		}
	}
}

func TestATokenThatCannotBeHad(t *testing.T) {
	s := serve(t, nil)
	lost := errors.New("token endpoint is down")
	c := connect(t, s.URL, registry.BearerTokenFunc(func(context.Context) (string, error) { return "", lost }))
	_, err := c.Subjects(t.Context())
	want := "registry " + s.URL + ": GET /subjects: no answer: request not sent: get a bearer token: token endpoint is down"
	if !errors.Is(err, lost) || errors.Is(err, registry.ErrUnavailable) || err.Error() != want {
		t.Errorf("\ngot  %v\nwant %s", err, want)
	}
	if len(s.asked()) != 0 {
		t.Error("asked without a token")
	}
}

func TestSecretsStayOutOfErrors(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": refuse(401, 401, "Unauthorized"), "GET /mode?defaultToGlobal=true": ok(`[]`)})
	c := connect(t, strings.Replace(s.URL, "http://", "http://ann:hunter2@", 1))
	_, refused := c.Subjects(t.Context())
	_, unreadable := c.Mode(t.Context(), "")
	s.Close()
	_, down := c.Versions(t.Context(), "s")
	_, named := connect(t, "http://ann:hunter2@registry.invalid").Subjects(t.Context())
	for _, err := range []error{refused, unreadable, down, named} {
		if err == nil {
			t.Error("no error")
			continue
		}
		for _, secret := range []string{"hunter2", "YW5uOmh1bnRlcjI"} {
			if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, secret) {
				t.Errorf("secret in %s", text)
			}
		}
	}
	if strings.Contains(c.URL(), "hunter2") {
		t.Errorf("secret in URL %s", c.URL())
	}
}

// Nor do a token, the keys of properties, or what a broken transport says of the request.
func TestSecretsStayOutOfWrappedErrors(t *testing.T) {
	const secret = "hunter2"
	broken := registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: r.URL.String(), Err: errors.New("broken")}
	}))
	gone := serve(t, nil)
	gone.Close()
	file := propertiesFile(t, "schema.registry.url=http://ann:"+secret+"@"+strings.TrimPrefix(gone.URL, "http://"),
		"basic.auth.user.info=ann:"+secret, "schema.registry.ssl.key.password="+secret)
	for name, opts := range map[string][]registry.Option{
		"token":             {registry.At(gone.URL), registry.BearerToken(secret)},
		"properties":        {registry.FromProperties(file, nil)},
		"a transport's own": {registry.FromProperties(file, nil), broken},
		"variables": {registry.FromVariables(variables{
			"SCHEMA_REGISTRY_URL": "https://ann:" + secret + "@127.0.0.1:1,https://ann:" + secret + "@registry.invalid",
		}.lookup)},
	} {
		c := connect(t, "", opts...)
		_, err := c.Register(t.Context(), "s", `"int"`)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for e := err; e != nil; e = errors.Unwrap(e) { // each that it wraps may be logged by itself
			if text := fmt.Sprintf("%v %+v %#v %v", e, e, e, c); strings.Contains(text, secret) || strings.Contains(text, "YW5uOmh1bnRlcjI") {
				t.Errorf("%s: secret in %s", name, text)
			}
		}
	}
}

// Credentials are for the registry, not for whoever it redirects to.
func TestCredentialsDoNotFollowARedirect(t *testing.T) {
	elsewhere := serve(t, map[string][]reply{"GET /subjects": ok(`[]`)})
	s := serve(t, map[string][]reply{"GET /subjects": {{307, "", map[string]string{"Location": elsewhere.URL + "/subjects"}}}})
	_, err := connect(t, s.URL, registry.BasicAuth("ann", "hunter2")).Subjects(t.Context())
	if err == nil || !strings.Contains(err.Error(), "redirects to "+elsewhere.URL) || len(elsewhere.asked()) != 0 {
		t.Errorf("got %v, asked elsewhere %d times", err, len(elsewhere.asked()))
	}
}

func TestCAAndClientCertificate(t *testing.T) {
	dir := t.TempDir()
	cert, key := certificate(t, dir)
	s := serveTLS(t, cert, key)
	c := connect(t, s.URL, registry.CAFile(cert), registry.ClientCertificate(cert, key))
	if got, err := c.Subjects(t.Context()); err != nil || len(got) != 1 || got[0] != "tester" {
		t.Errorf("with both: %q, %v", got, err)
	}
	_, err := connect(t, s.URL, registry.ClientCertificate(cert, key)).Subjects(t.Context())
	if err == nil || !strings.Contains(err.Error(), "(trust its CA: registry.CAFile, or SCHEMA_REGISTRY_CA)") {
		t.Errorf("without the CA: %v", err)
	}
	if _, err := connect(t, s.URL, registry.CAFile(cert)).Subjects(t.Context()); err == nil {
		t.Error("without a client certificate: no error")
	}

	for name, opt := range map[string]registry.Option{
		"CA file":                    registry.CAFile(filepath.Join(dir, "missing.pem")),
		"holds no PEM certificate":   registry.CAFile(key),
		"client certificate":         registry.ClientCertificate(cert, cert),
		"want none or more":          registry.Retries(-1, time.Second),
		"timeout 0s":                 registry.Timeout(0),
		"leave the option out":       registry.Context(""),
		"want 1 or more":             registry.CacheSize(0, 0),
		"client certificate: open m": registry.ClientCertificate("m", "m"),
	} {
		if _, err := registry.New(s.URL, opt); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want it to say %q", err, name)
		}
	}
}

// serveTLS starts a server that wants a certificate of its clients and answers with the name in it.
func serveTLS(t *testing.T, cert, key string) *httptest.Server {
	t.Helper()
	pool := x509.NewCertPool()
	content, err := os.ReadFile(cert)
	if err != nil {
		t.Fatal(err)
	}
	pool.AppendCertsFromPEM(content)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `[%q]`, r.TLS.PeerCertificates[0].Subject.CommonName)
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// certificate writes a certificate that is its own CA and good for server and client, and its key.
func certificate(t *testing.T, dir string) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tester"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", keyDER)
}
