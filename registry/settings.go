package registry

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avow-events/avow/internal/properties"
	"github.com/avow-events/avow/internal/suggest"
)

// FromEnv takes how to reach the registry from the environment, as [FromVariables] does.
func FromEnv() Option { return FromVariables(os.LookupEnv) }

// FromVariables takes how to reach the registry from variables, by what lookup knows of them. Each is the client property
// of [FromProperties] in capitals: SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO,
// SCHEMA_REGISTRY_BEARER_AUTH_TOKEN, SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION and so on. SCHEMA_REGISTRY_CA,
// SCHEMA_REGISTRY_CERT and SCHEMA_REGISTRY_KEY are the PEM files of [CAFile] and [ClientCertificate]. An empty variable
// is as good as none.
func FromVariables(lookup func(string) (string, bool)) Option {
	return func(c *config) error {
		var p properties.Properties
		for _, key := range settingKeys {
			name := variable(key)
			if value, _ := lookup(name); value != "" {
				p.Set(key, value, name)
			}
		}
		if err := (settings{&p}).apply(c); err != nil {
			return err
		}
		get := func(name string) string { value, _ := lookup(name); return value }
		if ca := get("SCHEMA_REGISTRY_CA"); ca != "" {
			if err := CAFile(ca)(c); err != nil {
				return fmt.Errorf("SCHEMA_REGISTRY_CA: %w", err)
			}
		}
		cert, key := get("SCHEMA_REGISTRY_CERT"), get("SCHEMA_REGISTRY_KEY")
		switch {
		case cert == "" && key == "":
			return nil
		case cert == "" || key == "":
			return fmt.Errorf("SCHEMA_REGISTRY_CERT and SCHEMA_REGISTRY_KEY belong together, and one of them is not set")
		}
		if err := ClientCertificate(cert, key)(c); err != nil {
			return fmt.Errorf("SCHEMA_REGISTRY_CERT and SCHEMA_REGISTRY_KEY: %w", err)
		}
		return nil
	}
}

// variable returns the name of the variable that stands for a client property.
func variable(key string) string {
	name := strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
	if strings.HasPrefix(key, namespace) {
		return name
	}
	return "SCHEMA_REGISTRY_" + name
}

// FromProperties takes how to reach the registry from a file of properties as Java's clients read it; overriding, which
// may be nil, comes before what the file says, and an empty file name is for these alone. Read are
//
//   - schema.registry.url, several with commas
//   - basic.auth.credentials.source (URL, USER_INFO, SASL_INHERIT) and basic.auth.user.info
//   - bearer.auth.token, bearer.auth.logical.cluster and bearer.auth.identity.pool.id
//   - schema.registry.ssl.truststore.location and .certificates, schema.registry.ssl.keystore.location, .key and
//     .certificate.chain, all in PEM, and schema.registry.ssl.endpoint.identification.algorithm
//   - proxy.host, proxy.port, http.read.timeout.ms ([Timeout]), max.retries and retries.wait.ms ([Retries])
//
// and each of the others with schema.registry. before it, too. What else is there is for others and ignored. Errors
// begin with file:line:col, and show no secret.
func FromProperties(file string, overriding map[string]string) Option {
	return func(c *config) error {
		p := &properties.Properties{}
		if file != "" {
			content, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("client properties: %w", err)
			}
			if p, err = properties.Parse(file, content); err != nil {
				return err
			}
		}
		for _, key := range slices.Sorted(maps.Keys(overriding)) {
			p.Set(key, overriding[key], "")
		}
		return settings{p}.apply(c)
	}
}

// What gives the registry's URL: a variable, and a client property.
const (
	VariableURL = "SCHEMA_REGISTRY_URL"
	PropertyURL = namespace + "url"
)

// Client properties that say how to reach a registry, as Confluent's Java client calls them.
const (
	namespace = "schema.registry."

	keySource       = "basic.auth.credentials.source"
	keyUserInfo     = "basic.auth.user.info"
	keyBearerSource = "bearer.auth.credentials.source"
	keyToken        = "bearer.auth.token"
	keyCluster      = "bearer.auth.logical.cluster"
	keyPool         = "bearer.auth.identity.pool.id"
	keyProxyHost    = "proxy.host"
	keyProxyPort    = "proxy.port"
	keyReadTimeout  = "http.read.timeout.ms"
	keyRetries      = "max.retries"
	keyRetryWait    = "retries.wait.ms"
	keyJAAS         = "sasl.jaas.config"
)

// settingKeys are those that a variable may stand for.
var settingKeys = []string{
	PropertyURL, keySource, keyUserInfo, keyBearerSource, keyToken, keyCluster, keyPool, keyProxyHost, keyProxyPort,
	keyReadTimeout, keyRetries, keyRetryWait,
	namespace + "ssl.truststore.location", namespace + "ssl.truststore.certificates", namespace + "ssl.keystore.location",
	namespace + "ssl.keystore.key", namespace + "ssl.keystore.certificate.chain",
	namespace + "ssl.endpoint.identification.algorithm",
}

// PropertyKeys returns every key that [FromProperties] reads, those with schema.registry. before them among them.
func PropertyKeys() []string {
	keys := []string{keyJAAS, namespace + "ssl.truststore.type", namespace + "ssl.keystore.type"} // the types follow from the content
	for _, key := range settingKeys {
		keys = append(keys, key)
		if !strings.HasPrefix(key, namespace) {
			keys = append(keys, namespace+key)
		}
	}
	return keys
}

// settings are client properties.
type settings struct{ *properties.Properties }

// find returns the value of a key that may have the registry's prefix, and the key as it was written.
func (s settings) find(key string) (written, value string) {
	if value := s.Value(namespace + key); value != "" {
		return namespace + key, value
	}
	return key, s.Value(key)
}

func (s settings) apply(c *config) error {
	if urls := s.Value(PropertyURL); urls != "" {
		if err := At(urls)(c); err != nil {
			return s.Errorf(PropertyURL, "%w", err)
		}
	}
	for _, part := range []func(*config) error{s.basic, s.bearer, s.proxy, s.patience} {
		if err := part(c); err != nil {
			return err
		}
	}
	tc, err := s.TLS(namespace)
	if tc != nil {
		c.tls = tc
	}
	return err
}

// basic reads user name and password from where the source says, which is the URL for Java's client if nothing does. A
// user info that it would ignore then is one that was meant.
func (s settings) basic(c *config) error {
	sources := []string{"URL", "USER_INFO", "SASL_INHERIT"}
	at, source := s.find(keySource)
	infoAt, info := s.find(keyUserInfo)
	if source == "" && info != "" {
		source = "USER_INFO"
	}
	switch strings.ToUpper(source) {
	case "", "URL":
		return nil
	case "USER_INFO":
		user, password, ok := strings.Cut(info, ":")
		if !ok {
			return s.Errorf(infoAt, "want USER:PASSWORD, and there is no colon")
		}
		return BasicAuth(user, password)(c)
	case "SASL_INHERIT":
		jaas, err := s.JAAS(keyJAAS)
		if err != nil {
			return s.Errorf(at, "SASL_INHERIT takes the credentials of %s: %w", keyJAAS, err)
		}
		return BasicAuth(jaas.Options["username"], jaas.Options["password"])(c)
	}
	return s.Errorf(at, "%q is not one of %s%s", source, strings.Join(sources, ", "), suggest.DidYouMean(source, sources))
}

func (s settings) bearer(c *config) error {
	if at, source := s.find(keyBearerSource); source != "" && !strings.EqualFold(source, "STATIC_TOKEN") {
		return s.Errorf(at, "%q is not supported, want STATIC_TOKEN and a token in %s; a service can get tokens by registry.BearerTokenFunc", source, keyToken)
	}
	_, token := s.find(keyToken)
	if token == "" {
		return nil
	}
	for key, header := range map[string]string{keyCluster: "target-sr-cluster", keyPool: "Confluent-Identity-Pool-Id"} {
		if _, value := s.find(key); value != "" {
			c.header.Set(header, value)
		}
	}
	return BearerToken(token)(c)
}

func (s settings) proxy(c *config) error {
	at, host := s.find(keyProxyHost)
	if host == "" {
		return nil
	}
	_, port := s.find(keyProxyPort)
	u, err := url.Parse("http://" + host + ":" + port)
	if err != nil || u.Port() == "" || u.Path != "" || u.User != nil {
		return s.Errorf(at, "want the name of a host, and its port in %s", keyProxyPort)
	}
	c.proxy = http.ProxyURL(u)
	return nil
}

func (s settings) patience(c *config) error {
	wait, err := s.millis(keyRetryWait, c.backoff)
	if err != nil {
		return err
	}
	retries := c.retries
	if at, value := s.find(keyRetries); value != "" {
		if retries, err = strconv.Atoi(value); err != nil || retries < 0 {
			return s.Errorf(at, "%q is no number from 0", value)
		}
	}
	c.retries, c.backoff = retries, wait
	c.timeout, err = s.millis(keyReadTimeout, c.timeout)
	return err
}

// millis returns a time of at least a millisecond, or another one where the key is not there.
func (s settings) millis(key string, otherwise time.Duration) (time.Duration, error) {
	at, value := s.find(key)
	if value == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < 1 {
		return otherwise, s.Errorf(at, "%q is no number of milliseconds from 1", value)
	}
	return time.Duration(n) * time.Millisecond, nil
}
