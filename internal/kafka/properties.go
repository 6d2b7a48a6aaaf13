package kafka

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/avow-events/avow/internal/properties"
)

// Keys of Java's clients that [FromProperties] knows, beside those of TLS.
const (
	propBrokers     = "bootstrap.servers"
	propProtocol    = "security.protocol"
	propMechanism   = "sasl.mechanism"
	propJAAS        = "sasl.jaas.config"
	propCompression = "compression.type"
)

// foreignMechanism is what librdkafka calls sasl.mechanism.
const foreignMechanism = "sasl.mechanisms"

// PropertyKeys returns every key that [FromProperties] knows. The types of stores are among them, though they follow from
// the content.
func PropertyKeys() []string {
	return []string{
		propBrokers, propProtocol, propMechanism, foreignMechanism, propJAAS, propCompression,
		"ssl.truststore.type", "ssl.truststore.location", "ssl.truststore.certificates",
		"ssl.keystore.type", "ssl.keystore.location", "ssl.keystore.key", "ssl.keystore.certificate.chain",
		"ssl.endpoint.identification.algorithm",
	}
}

// FromFile reads the file of a Java client as [FromProperties] does. What overriding says, which may be nil, comes before
// what the file does; an empty file name is for overriding alone.
func FromFile(file string, overriding map[string]string) (Settings, error) {
	p := &properties.Properties{}
	if file != "" {
		content, err := os.ReadFile(file)
		if err != nil {
			return Settings{}, fmt.Errorf("client properties: %w", err)
		}
		if p, err = properties.Parse(file, content); err != nil {
			return Settings{}, err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(overriding)) {
		p.Set(key, overriding[key], "")
	}
	return FromProperties(p)
}

// FromProperties reads the configuration of a Java client. Keys that are about anything else than where brokers are, how
// they are reached and how batches are compressed are passed over, so that a service's own file will do.
func FromProperties(p *properties.Properties) (Settings, error) {
	s := Settings{Brokers: p.Value(propBrokers), Compression: p.Value(propCompression)}
	if _, err := Compress(s.Compression); err != nil {
		return Settings{}, p.Errorf(propCompression, "%w", err)
	}
	_, settled := p.Lookup(propProtocol)
	s.TLSSet, s.SASLSet = settled, settled
	var secured, identified bool
	switch protocol := strings.ToUpper(cmp.Or(p.Value(propProtocol), "PLAINTEXT")); protocol {
	case "PLAINTEXT":
	case "SSL":
		secured = true
	case "SASL_PLAINTEXT":
		identified = true
	case "SASL_SSL":
		secured, identified = true, true
	default:
		return Settings{}, p.Errorf(propProtocol, "%q is not one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL", protocol)
	}
	if secured {
		var err error
		if s.tls, err = p.TLS(""); err != nil {
			return Settings{}, err
		}
		s.TLS = true
	}
	if !identified {
		return s, nil
	}
	switch s.Mechanism = p.Value(propMechanism); s.Mechanism {
	case "":
		return Settings{}, noMechanism(p)
	case Plain, ScramSHA256, ScramSHA512:
	case OAuthBearer:
		return Settings{}, p.Errorf(propMechanism, "OAUTHBEARER has its token from Java code: give it as KAFKA_SASL_TOKEN, and leave security.protocol out")
	default:
		return Settings{}, p.Errorf(propMechanism, "%w", unknownMechanism(s.Mechanism))
	}
	login, err := p.JAAS(propJAAS)
	if err != nil {
		return Settings{}, err
	}
	s.Username, s.Password = login.Options["username"], Secret(login.Options["password"])
	if s.Username == "" || s.Password == "" {
		return Settings{}, p.Errorf(propJAAS, "it gives no username and password to %s", login.Module)
	}
	return s, nil
}

// noMechanism says what is missing where Java's default would hold, GSSAPI. Who has a file for librdkafka, which Confluent
// Cloud hands out as well, looks at keys that mean nothing in Java.
func noMechanism(p *properties.Properties) error {
	if _, ok := p.Lookup(foreignMechanism); ok {
		return p.Errorf(foreignMechanism, "librdkafka calls it so: want %s and %s, as Java's clients do", propMechanism, propJAAS)
	}
	return p.Errorf(propProtocol, "it needs %s, because Java's default, GSSAPI, is not one of %s", propMechanism, strings.Join(Mechanisms(), ", "))
}
