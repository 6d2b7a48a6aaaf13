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
	said := serve(t, "--basic-auth", "user.txt", "--tls-cert", "cert.pem", "--tls-key", "key.pem")
	_, url, _ := strings.Cut(said[len(said)-1], "SCHEMA_REGISTRY_URL=")

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
}

// TestServeEverybody holds that serve tells where anybody may change the registry, and calls it by an address that others
// here reach.
func TestServeEverybody(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("user.txt", []byte("ann:hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   []string
		warned bool
	}{
		{[]string{"--registry", "0.0.0.0:0"}, true},
		{[]string{"--registry", "0.0.0.0:0", "--basic-auth", "user.txt"}, false},
		{[]string{"--registry", "127.0.0.1:0"}, false},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			said := serve(t, c.args...)
			if warned := strings.Contains(strings.Join(said, "\n"), "\nwarning: whoever reaches this machine may change everything"); warned != c.warned {
				t.Errorf("it says %q", said)
			}
			_, url, _ := strings.Cut(said[len(said)-1], "SCHEMA_REGISTRY_URL=")
			if !strings.HasPrefix(url, "http://127.0.0.1:") {
				t.Errorf("URL %s", url)
			}
			answer, err := http.Get(url + "/subjects")
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
		})
	}
}

// serve runs avow registry serve until the test ends, and returns what it says of itself, the variable with its URL last.
func serve(t *testing.T, args ...string) (said []string) {
	t.Helper()
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args = append([]string{"registry", "serve", "--ephemeral", "--registry", "127.0.0.1:0"}, args...)
		ended <- cli.Main(args, strings.NewReader(""), io.Discard, in, os.LookupEnv)
		in.Close()
	}()
	lines := bufio.NewScanner(out)
	for len(said) == 0 || !strings.Contains(said[len(said)-1], "SCHEMA_REGISTRY_URL=") {
		if !lines.Scan() {
			t.Fatalf("it names no URL: %q", said)
		}
		said = append(said, lines.Text())
	}
	go io.Copy(io.Discard, out)
	t.Cleanup(func() {
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
	})
	return said
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
