package kafka

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"strings"
)

// Settings are a [Connection] as people write it.
type Settings struct {
	// Brokers are host:port, several with commas.
	Brokers string
	// TLS encrypts connections. CA, Cert and Key are PEM files: certificates to trust instead of the system's, and those
	// by which the client identifies itself. ServerName is the name in the brokers' certificates where that is not the
	// one they are called by. Giving one of these implies TLS.
	TLS                       bool
	CA, Cert, Key, ServerName string
	// Mechanism of SASL. Default none; PLAIN where there is a user name, OAUTHBEARER where there is a token.
	Mechanism, Username string
	Password, Token     Secret
	// Compression of what is produced, see [Compress].
	Compression string
	// TLSSet and SASLSet say that it is settled whether there is TLS and SASL, although nothing above says that there is.
	TLSSet, SASLSet bool

	// tls is TLS in a form that has no files.
	tls *tls.Config
}

// Secret is a text that no message shows.
type Secret string

// String and GoString return asterisks, or nothing for nothing; so does what logs and JSON make of a Secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString is for %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue is for package slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is for encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Else returns s with what it does not say taken from others.
func (s Settings) Else(others Settings) Settings {
	s.Brokers = cmp.Or(s.Brokers, others.Brokers)
	s.Compression = cmp.Or(s.Compression, others.Compression)
	if !s.saysTLS() {
		s.TLS, s.CA, s.Cert, s.Key, s.ServerName = others.TLS, others.CA, others.Cert, others.Key, others.ServerName
		s.tls, s.TLSSet = others.tls, others.TLSSet
	}
	if !s.saysSASL() {
		s.Mechanism, s.Username, s.Password, s.Token = others.Mechanism, others.Username, others.Password, others.Token
		s.SASLSet = others.SASLSet
	}
	return s
}

func (s Settings) saysTLS() bool {
	return s.TLSSet || s.TLS || cmp.Or(s.CA, s.Cert, s.Key, s.ServerName) != ""
}

func (s Settings) saysSASL() bool {
	return s.SASLSet || s.Mechanism != "" || s.Username != "" || s.Password != "" || s.Token != ""
}

// Connection reads the files and returns what they come to.
func (s Settings) Connection() (Connection, error) {
	c := Connection{Brokers: addresses(s.Brokers)}
	var err error
	if c.TLS, err = s.tlsConfig(); err != nil {
		return Connection{}, err
	}
	mechanism := s.Mechanism
	switch {
	case mechanism == "" && s.Token != "":
		mechanism = OAuthBearer
	case mechanism == "" && (s.Username != "" || s.Password != ""):
		mechanism = Plain
	case mechanism == "":
		return c, nil
	}
	if mechanism != OAuthBearer {
		c.SASL, err = Password(mechanism, s.Username, string(s.Password))
		return c, err
	}
	if s.Token == "" {
		return Connection{}, errors.New("OAUTHBEARER needs a token")
	}
	c.SASL = Token(func(context.Context) (string, error) { return string(s.Token), nil })
	return c, nil
}

func (s Settings) tlsConfig() (*tls.Config, error) {
	if s.tls != nil {
		return s.tls, nil
	}
	if !s.TLS && cmp.Or(s.CA, s.Cert, s.Key, s.ServerName) == "" {
		return nil, nil
	}
	c := NewTLS()
	c.ServerName = s.ServerName
	if s.CA != "" {
		if err := TrustFile(c, s.CA); err != nil {
			return nil, err
		}
	}
	switch {
	case (s.Cert == "") != (s.Key == ""):
		return nil, errors.New("a client certificate and its key belong together, there is only one of them")
	case s.Cert != "":
		if err := IdentifyFiles(c, s.Cert, s.Key); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// addresses splits a list of addresses at its commas.
func addresses(list string) []string {
	var out []string
	for address := range strings.SplitSeq(list, ",") {
		if address = strings.TrimSpace(address); address != "" {
			out = append(out, address)
		}
	}
	return out
}

// Variables that [FromVariables] knows.
const (
	varBrokers       = "KAFKA_BOOTSTRAP_SERVERS"
	varBrokersToo    = "KAFKA_BROKERS" // where the first is not set
	varTLS           = "KAFKA_TLS_ENABLED"
	varCA            = "KAFKA_TLS_CA"
	varCert          = "KAFKA_TLS_CERT"
	varKey           = "KAFKA_TLS_KEY"
	varServerName    = "KAFKA_TLS_SERVER_NAME"
	varSASLMechanism = "KAFKA_SASL_MECHANISM"
	varUsername      = "KAFKA_SASL_USERNAME"
	varPassword      = "KAFKA_SASL_PASSWORD"
	varToken         = "KAFKA_SASL_TOKEN"
)

// FromVariables reads KAFKA_* variables, by what lookup knows of them (os.LookupEnv). An empty variable is as good as
// none.
func FromVariables(lookup func(string) (string, bool)) (Settings, error) {
	get := func(name string) string {
		value, _ := lookup(name)
		return value
	}
	s := Settings{
		Brokers: cmp.Or(get(varBrokers), get(varBrokersToo)),
		CA:      get(varCA), Cert: get(varCert), Key: get(varKey), ServerName: get(varServerName),
		Mechanism: get(varSASLMechanism), Username: get(varUsername),
		Password: Secret(get(varPassword)), Token: Secret(get(varToken)),
	}
	switch on := get(varTLS); strings.ToLower(on) {
	case "true", "1":
		s.TLS = true
	case "", "false", "0":
		s.TLSSet = on != ""
		if on != "" && cmp.Or(s.CA, s.Cert, s.Key, s.ServerName) != "" {
			return Settings{}, fmt.Errorf("%s is %s, and other KAFKA_TLS_ variables are set: unset one or the other", varTLS, on)
		}
	default:
		return Settings{}, fmt.Errorf("%s is %q: want true or false", varTLS, on)
	}
	return s, nil
}
