package stream

import (
	"context"
	"crypto/tls"
	"errors"
	"os"

	"github.com/avow-events/avow/internal/kafka"
)

// FromEnv takes how to reach the brokers from KAFKA_* variables, as far as they are set: KAFKA_BOOTSTRAP_SERVERS or
// KAFKA_BROKERS; KAFKA_TLS_ENABLED, KAFKA_TLS_CA, KAFKA_TLS_CERT, KAFKA_TLS_KEY (PEM files) and KAFKA_TLS_SERVER_NAME;
// KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and KAFKA_SASL_TOKEN. They are the command line's.
func FromEnv() Option {
	return accessOption(func(s *shared) error {
		settings, err := kafka.FromVariables(os.LookupEnv)
		if err != nil {
			return err
		}
		return s.reach(settings)
	})
}

// FromProperties takes how to reach the brokers from a file of properties as Java's clients read it; overriding, which may
// be nil, comes before what the file says, and an empty file name is for these alone. Read are bootstrap.servers,
// security.protocol, sasl.mechanism, sasl.jaas.config, ssl.* with stores in PEM, and compression.type. What else is there
// is for others and ignored. Errors begin with file:line:col, and show no secret.
func FromProperties(file string, overriding map[string]string) Option {
	return accessOption(func(s *shared) error {
		settings, err := kafka.FromFile(file, overriding)
		if err != nil {
			return err
		}
		return s.reach(settings)
	})
}

// reach takes over what settings say, and leaves the rest as it is.
func (s *shared) reach(settings kafka.Settings) error {
	c, err := settings.Connection()
	if err != nil {
		return err
	}
	if len(c.Brokers) > 0 {
		s.to.Brokers = c.Brokers
	}
	if c.TLS != nil || settings.TLSSet {
		s.to.TLS = c.TLS
	}
	if c.SASL != nil || settings.SASLSet {
		s.to.SASL = c.SASL
	}
	if settings.Compression != "" {
		s.compression = Compression(settings.Compression)
	}
	return nil
}

// TLS encrypts the connections to the brokers. nil stands for a configuration that trusts what the system trusts.
// [CAFile], [ClientCertificate] and [ServerName] add to it if they come later, and need none before them. The default is
// to encrypt nothing.
func TLS(config *tls.Config) Option {
	return accessOption(func(s *shared) error {
		if config == nil {
			config = kafka.NewTLS()
		}
		s.to.TLS = config.Clone()
		return nil
	})
}

// CAFile encrypts the connections and trusts the certificates in a PEM file instead of the system's.
func CAFile(path string) Option {
	return accessOption(func(s *shared) error { return kafka.TrustFile(s.tls(), path) })
}

// ClientCertificate encrypts the connections and identifies the client by a certificate and its key, in PEM files (mTLS).
func ClientCertificate(certFile, keyFile string) Option {
	return accessOption(func(s *shared) error { return kafka.IdentifyFiles(s.tls(), certFile, keyFile) })
}

// ServerName encrypts the connections and wants this name in the brokers' certificates, instead of the one that they
// are called by.
func ServerName(name string) Option {
	return accessOption(func(s *shared) error { s.tls().ServerName = name; return nil })
}

func (s *shared) tls() *tls.Config {
	if s.to.TLS == nil {
		s.to.TLS = kafka.NewTLS()
	}
	return s.to.TLS
}

// Mechanism is a way to prove to the brokers who one is, by user name and password.
type Mechanism string

// The mechanisms, as Kafka writes them. All but under TLS, PLAIN shows the password to whoever listens.
const (
	Plain       Mechanism = kafka.Plain
	ScramSHA256 Mechanism = kafka.ScramSHA256
	ScramSHA512 Mechanism = kafka.ScramSHA512
)

// SASL identifies the client by user name and password. The default is not to.
func SASL(mechanism Mechanism, user, password string) Option {
	return accessOption(func(s *shared) (err error) {
		s.to.SASL, err = kafka.Password(string(mechanism), user, password)
		return err
	})
}

// BearerToken identifies the client by a token (OAUTHBEARER).
func BearerToken(token string) Option {
	return BearerTokenFunc(func(context.Context) (string, error) { return token, nil })
}

// BearerTokenFunc asks for a token (OAUTHBEARER) for every connection that is made, and before the session of one ends,
// so that it can be renewed. It is called by several goroutines at once.
func BearerTokenFunc(token func(context.Context) (string, error)) Option {
	return accessOption(func(s *shared) error { s.to.SASL = kafka.Token(token); return nil })
}

// accessOption is an option that can be wrong, which NewProducer or NewConsumer reports.
func accessOption(apply func(*shared) error) Option {
	return sharedOption(func(s *shared) { s.wrong = errors.Join(s.wrong, apply(s)) })
}
