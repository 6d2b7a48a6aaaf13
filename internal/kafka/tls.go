package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// NewTLS returns the configuration that trusts what the system trusts.
func NewTLS() *tls.Config { return &tls.Config{MinVersion: tls.VersionTLS12} }

// TrustFile makes c trust the certificates of a PEM file, instead of the system's.
func TrustFile(c *tls.Config, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("CA certificates: %w", err)
	}
	return trust(c, text, path)
}

// trust makes c trust the certificates of a PEM text. source names it in the error.
func trust(c *tls.Config, text []byte, source string) error {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return fmt.Errorf("CA certificates: %s holds no PEM certificate", source)
	}
	c.RootCAs = pool
	return nil
}

// IdentifyFiles makes the client identify itself by a certificate and its key, in PEM files, which may be one file.
func IdentifyFiles(c *tls.Config, certFile, keyFile string) error {
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return fmt.Errorf("client certificate: %w", err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return fmt.Errorf("key of the client certificate: %w", err)
	}
	return identify(c, cert, key, certFile)
}

func identify(c *tls.Config, cert, key []byte, source string) error {
	for rest := key; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "" {
			return errors.New("the key of the client certificate is encrypted: decrypt it with openssl pkey -in KEY -out PLAIN, and keep that file to yourself")
		}
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("client certificate %s: %w", source, err)
	}
	c.Certificates = []tls.Certificate{pair}
	return nil
}
