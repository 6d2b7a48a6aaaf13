package cli_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/avow-events/avow/internal/cli"
)

// TestServeWithPasswordAndTLS serves a registry to who knows the password, encrypted.
func TestServeWithPasswordAndTLS(t *testing.T) {
	t.Chdir(t.TempDir())
	roots := writeCertificate(t)
	if err := os.WriteFile("user.txt", []byte("ann:hunter2:and more\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, in := io.Pipe()
	ended := make(chan int)
	go func() {
		ended <- cli.Main([]string{"registry", "serve", "--ephemeral", "--registry", "127.0.0.1:0", "--basic-auth", "user.txt",
			"--tls-cert", "cert.pem", "--tls-key", "key.pem"}, strings.NewReader(""), io.Discard, in, os.LookupEnv)
		in.Close()
	}()
	var url string
	for lines := bufio.NewScanner(out); url == ""; {
		if !lines.Scan() {
			t.Fatal("it names no URL")
		}
		_, url, _ = strings.Cut(lines.Text(), "SCHEMA_REGISTRY_URL=")
	}
	go io.Copy(io.Discard, out)

	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	for _, c := range []struct {
		user, password string
		want           int
	}{{"ann", "hunter2:and more", 200}, {"ann", "hunter2", 401}, {"", "", 401}} {
		request, err := http.NewRequest(http.MethodGet, url+"/subjects", nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.user != "" {
			request.SetBasicAuth(c.user, c.password)
		}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != c.want {
			t.Errorf("%s:%s: %s, want %d", c.user, c.password, answer.Status, c.want)
		}
	}

	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := <-ended; code != 0 {
		t.Errorf("exit %d", code)
	}
}

// writeCertificate writes cert.pem and key.pem for 127.0.0.1 and returns who trusts them.
func writeCertificate(t *testing.T) *x509.CertPool {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	own := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: own.Certificate[0]}, "key.pem": {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return roots
}
