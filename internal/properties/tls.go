package properties

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// TLS returns what the keys ssl.* after a prefix say (KIP-651): "" for Kafka, "schema.registry." for the registry. It is
// nil where there is none of them, and the system's certificates are to be trusted.
//
// Stores are PEM, whether in a file (ssl.truststore.location, ssl.keystore.location) or in the value itself
// (ssl.truststore.certificates, ssl.keystore.certificate.chain, ssl.keystore.key). Stores of Java's own kinds, JKS and
// PKCS12, and keys with a password give an error that says how to convert them. An empty
// ssl.endpoint.identification.algorithm accepts certificates of any host. Paths start at the working directory.
func (p *Properties) TLS(prefix string) (*tls.Config, error) {
	s := stores{p, prefix + "ssl."}
	tc := &tls.Config{MinVersion: tls.VersionTLS12}
	set := false
	key, trusted, err := s.content("truststore.certificates", "truststore.location")
	if err != nil {
		return nil, err
	}
	if key != "" {
		set = true
		if tc.RootCAs, err = pool(trusted); err != nil {
			return nil, p.Errorf(key, "%w", err)
		}
	}
	key, own, err := s.own()
	if err != nil {
		return nil, err
	}
	if key != "" {
		set = true
		pair, err := keyPair(own)
		if err != nil {
			return nil, p.Errorf(key, "%w", err)
		}
		tc.Certificates = []tls.Certificate{pair}
	}
	key = s.prefix + "endpoint.identification.algorithm"
	switch algorithm, given := p.Lookup(key); {
	case !given || strings.EqualFold(algorithm, "https"):
	case algorithm == "":
		set = true
		acceptAnyHost(tc)
	default:
		return nil, p.Errorf(key, "%q is not known, want https, or nothing to accept certificates of any host", algorithm)
	}
	if !set {
		return nil, nil
	}
	return tc, nil
}

// stores are the keys ssl.* after a prefix.
type stores struct {
	*Properties
	prefix string
}

// content returns the PEM that stands in the value of a key, or in the file that another one names, and the key; an empty
// key where neither is there.
func (s stores) content(inline, location string) (key string, content []byte, err error) {
	if value := s.Value(s.prefix + inline); value != "" {
		return s.prefix + inline, []byte(value), nil
	}
	key = s.prefix + location
	name := s.Value(key)
	if name == "" {
		return "", nil, nil
	}
	content, err = os.ReadFile(name)
	if err != nil {
		return "", nil, s.Errorf(key, "%w", err)
	}
	if format := javaStore(content); format != "" {
		return "", nil, s.Errorf(key, "%s is a %s store, want PEM: convert it with%s", name, format, conversion(format, name))
	}
	return key, content, nil
}

// own returns the client's own certificates and key, and the key under which they are given.
func (s stores) own() (key string, content []byte, err error) {
	key, content, err = s.content("keystore.certificate.chain", "keystore.location")
	secret := s.prefix + "keystore.key"
	if inline := s.Value(secret); err == nil && inline != "" {
		if key == "" {
			return "", nil, s.Errorf(secret, "the certificate of the key is missing: %skeystore.certificate.chain", s.prefix)
		}
		content = append(append(content, '\n'), inline...)
	}
	return key, content, err
}

// javaStore names the format of a store that is none of PEM's, empty for PEM and whatever else.
func javaStore(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte{0xfe, 0xed, 0xfe, 0xed}):
		return "JKS"
	case bytes.HasPrefix(content, []byte{0x30, 0x82}), bytes.HasPrefix(content, []byte{0x30, 0x80}):
		return "PKCS12"
	}
	return ""
}

// conversion returns the commands that turn a store into PEM.
func conversion(format, name string) string {
	if format == "JKS" {
		return fmt.Sprintf(" keytool -importkeystore -srckeystore %s -destkeystore store.p12 -deststoretype PKCS12, then"+
			" openssl pkcs12 -in store.p12 -nodes -out store.pem", name)
	}
	return fmt.Sprintf(" openssl pkcs12 -in %s -nodes -out store.pem", name)
}

// pool returns the certificates to trust.
func pool(content []byte) (*x509.CertPool, error) {
	certificates := x509.NewCertPool()
	n := 0
	for _, b := range blocks(content) {
		if !strings.HasSuffix(b.Type, "CERTIFICATE") {
			continue
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d cannot be read: %w", n+1, err)
		}
		certificates.AddCert(c)
		n++
	}
	if n == 0 {
		return nil, errors.New("there is no PEM certificate in it")
	}
	return certificates, nil
}

// keyPair returns the certificates and the key by which the client identifies itself.
func keyPair(content []byte) (tls.Certificate, error) {
	var certificates, key bytes.Buffer
	for _, b := range blocks(content) {
		switch {
		case b.Type == "ENCRYPTED PRIVATE KEY" || b.Headers["DEK-Info"] != "":
			return tls.Certificate{}, errors.New("the key has a password, which is not supported: openssl pkey -in KEY -out PLAIN takes it off")
		case strings.HasSuffix(b.Type, "PRIVATE KEY"):
			pem.Encode(&key, b)
		case strings.HasSuffix(b.Type, "CERTIFICATE"):
			pem.Encode(&certificates, b)
		}
	}
	switch {
	case certificates.Len() == 0:
		return tls.Certificate{}, errors.New("there is no PEM certificate in it")
	case key.Len() == 0:
		return tls.Certificate{}, errors.New("there is no PEM private key in it")
	}
	return tls.X509KeyPair(certificates.Bytes(), key.Bytes())
}

// block is a PEM block whose lines may have been joined, as in a value that backslashes continue. Go's own reader wants
// them apart.
var block = regexp.MustCompile(`(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END [A-Z0-9 ]+-----`)

func blocks(content []byte) []*pem.Block {
	var out []*pem.Block
	for _, m := range block.FindAllSubmatch(content, -1) {
		if b, _ := pem.Decode(append(m[0], '\n')); b != nil { // with headers, too
			out = append(out, b)
			continue
		}
		der, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(m[2]), nil)))
		if err == nil {
			out = append(out, &pem.Block{Type: string(m[1]), Bytes: der})
		}
	}
	return out
}

// acceptAnyHost has certificates checked but for the name of the host.
func acceptAnyHost(tc *tls.Config) {
	tc.InsecureSkipVerify = true // VerifyConnection does the rest
	tc.VerifyConnection = func(cs tls.ConnectionState) error {
		opts := x509.VerifyOptions{Roots: tc.RootCAs, Intermediates: x509.NewCertPool()}
		for _, c := range cs.PeerCertificates[1:] {
			opts.Intermediates.AddCert(c)
		}
		_, err := cs.PeerCertificates[0].Verify(opts)
		return err
	}
}
