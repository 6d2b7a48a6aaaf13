// Package kafkatest makes what tests of secured brokers need and cannot keep in a folder, because it expires:
// certificates. It is for tests alone.
package kafkatest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificates are an authority, a broker and a client with certificates of it, as PEM files. Both keys are
// PKCS #8, as Java wants them.
type Certificates struct {
	// CA is the authority's certificate, Other one of an authority that signed nothing.
	CA, Other string
	// ServerCert is the certificate of a broker called broker.test, localhost or 127.0.0.1.
	ServerCert, ServerKey string
	// Cert is the certificate of a client called client.test.
	Cert, Key string
}

// New makes certificates that hold for an hour, in a folder of the test's.
func New(t testing.TB) *Certificates {
	t.Helper()
	dir := t.TempDir()
	ca := authority(t, "CA of a test")
	c := &Certificates{CA: ca.save(t, dir, "ca"), Other: authority(t, "somebody else").save(t, dir, "other")}
	c.ServerCert, c.ServerKey = ca.issue(t, dir, "broker.test", "localhost")
	c.Cert, c.Key = ca.issue(t, dir, "client.test")
	return c
}

// Server returns the configuration of a broker. With clients it lets in only those that have a certificate.
func (c *Certificates) Server(t testing.TB, clients bool) *tls.Config {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(c.ServerCert, c.ServerKey)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if clients {
		pool := x509.NewCertPool()
		text, err := os.ReadFile(c.CA)
		if err != nil || !pool.AppendCertsFromPEM(text) {
			t.Fatal("no CA", err)
		}
		config.ClientCAs, config.ClientAuth = pool, tls.RequireAndVerifyClientCert
	}
	return config
}

type issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	der  []byte
}

func authority(t testing.TB, name string) *issuer {
	t.Helper()
	template := certificate(name)
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	key := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &issuer{template, key, der}
}

func (i *issuer) save(t testing.TB, dir, name string) string {
	return write(t, filepath.Join(dir, name+".pem"), "CERTIFICATE", i.der)
}

// issue writes a certificate for these names, and its key.
func (i *issuer) issue(t testing.TB, dir string, names ...string) (certFile, keyFile string) {
	t.Helper()
	template := certificate(names[0])
	template.DNSNames, template.IPAddresses = names, []net.IP{net.IPv4(127, 0, 0, 1)}
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	key := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, i.cert, key.Public(), i.key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(dir, names[0])
	return write(t, base+".pem", "CERTIFICATE", der), write(t, base+".key", "PRIVATE KEY", pkcs8)
}

func certificate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(time.Hour),
	}
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func write(t testing.TB, path, kind string, der []byte) string {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
