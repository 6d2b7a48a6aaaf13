package kafka

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// advice returns what is most likely to mend the error of a client.
func (c Connection) advice(err error) string {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		network   *net.OpError
		lookup    *net.DNSError
		first     *kgo.ErrFirstReadEOF
	)
	switch {
	case errors.As(err, &authority):
		return "give the certificate of the authority that signed the broker's (tls.ca in avow.yaml, KAFKA_TLS_CA, ssl.truststore.location, stream.CAFile)"
	case errors.As(err, &name):
		return "give the name that stands in the broker's certificate (tls.server_name in avow.yaml, KAFKA_TLS_SERVER_NAME), or call the broker by it"
	case errors.As(err, &invalid):
		return "the broker's certificate has to be renewed, or the clock of this machine set"
	case errors.As(err, &record):
		return "what listens there does not speak TLS: leave TLS out, or take the broker's port for TLS"
	case errors.As(err, &network) && network.Op == "remote error":
		return "the broker refuses the TLS connection, as a rule because of the client's certificate: give one that it trusts, with its key (tls.cert and tls.key in avow.yaml, KAFKA_TLS_CERT and KAFKA_TLS_KEY, stream.ClientCertificate)"
	case errors.Is(err, kerr.SaslAuthenticationFailed):
		return c.wrongSecret()
	case errors.Is(err, kerr.UnsupportedSaslMechanism):
		return "the broker does not know the SASL mechanism " + c.mechanism() + ": give another of " + strings.Join(Mechanisms(), ", ")
	case errors.Is(err, kerr.IllegalSaslState):
		return "the broker's port expects neither user name and password nor a token: leave them out, or take its port for SASL"
	case errors.As(err, &lookup):
		return "is the name right, and known on this machine?"
	case errors.As(err, &first), isTLSAlert(err):
		return c.wrongListener()
	case errors.Is(err, io.EOF) && c.SASL != nil: // it has answered before
		return c.wrongSecret()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return c.wrongListener()
	case errors.Is(err, errSilent) && c.TLS != nil:
		return "is Kafka running there, and does that port speak TLS?"
	case strings.Contains(err.Error(), "oauth response"): // franz-go has no type for that either
		return c.wrongSecret()
	}
	return "is Kafka running there? (avow dev starts one on this machine)"
}

// isTLSAlert reports whether what came was no answer of Kafka but the alert of somebody who speaks TLS. franz-go has no
// type for that.
func isTLSAlert(err error) bool {
	var said *hungUp
	return strings.Contains(err.Error(), "tls alert record") || errors.As(err, &said) && isTLSAlert(said.err)
}

// wrongSecret says what may be wrong where a broker knows the mechanism and does not let us in.
func (c Connection) wrongSecret() string {
	if c.mechanism() == OAuthBearer {
		return "the broker does not accept the token: it may have expired, or be meant for somebody else"
	}
	return "user name or password are wrong, or are another mechanism's than " + c.mechanism()
}

// wrongListener says what may be wrong where a broker hangs up without a word.
func (c Connection) wrongListener() string {
	switch {
	case c.TLS == nil && c.SASL == nil:
		return "does the broker's port want TLS, or a user name and password (SASL)? None is given"
	case c.TLS == nil:
		return fmt.Sprintf("does the broker's port want TLS? None is given. Or it does not expect SASL by %s", c.mechanism())
	case c.SASL == nil:
		return "does the broker's port speak TLS? If it does, it may want a user name and password (SASL) or a client certificate: none is given"
	}
	return fmt.Sprintf("user name or password are wrong, or the broker's port does not expect TLS with SASL by %s", c.mechanism())
}

func (c Connection) mechanism() string {
	if c.SASL == nil {
		return "none"
	}
	return c.SASL.Name()
}

// hungUp is a broker that closed the connection without a word. franz-go's text guesses why; ours knows more.
type hungUp struct{ err error }

func (e *hungUp) Error() string { return "the broker closed the connection" }
func (e *hungUp) Unwrap() error { return e.err }
