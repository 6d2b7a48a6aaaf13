package registry_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/registry"
)

// propertiesFile writes a file of client properties.
func propertiesFile(t *testing.T, lines ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "client.properties")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// variables are what a process has in its environment.
type variables map[string]string

func (v variables) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

func TestSettings(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": ok(`[]`)})
	withUser := strings.Replace(s.URL, "http://", "http://ann:hunter2@", 1)
	const basic, other = "Basic YW5uOmh1bnRlcjI=", "Basic Ym9iOmh1bnRlcjM="
	file := func(lines ...string) registry.Option {
		return registry.FromProperties(propertiesFile(t, lines...), nil)
	}
	env := func(v variables) registry.Option { return registry.FromVariables(v.lookup) }
	url := "schema.registry.url=" + s.URL

	for name, tc := range map[string]struct {
		opts   []registry.Option
		header string
	}{
		"the variable of the URL":   {[]registry.Option{env(variables{"SCHEMA_REGISTRY_URL": s.URL})}, ""},
		"with user and password":    {[]registry.Option{env(variables{"SCHEMA_REGISTRY_URL": withUser})}, basic},
		"and variables beside it":   {[]registry.Option{env(variables{"SCHEMA_REGISTRY_URL": s.URL, "SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO": "ann:hunter2"})}, basic},
		"a token in a variable":     {[]registry.Option{env(variables{"SCHEMA_REGISTRY_URL": s.URL, "SCHEMA_REGISTRY_BEARER_AUTH_TOKEN": "t0ken"})}, "Bearer t0ken"},
		"a URL of properties":       {[]registry.Option{file(url)}, ""},
		"several":                   {[]registry.Option{file("schema.registry.url=http://127.0.0.1:1,\\", "  "+s.URL)}, ""},
		"user info":                 {[]registry.Option{file(url, "basic.auth.credentials.source=USER_INFO", "basic.auth.user.info=ann:hunter2")}, basic},
		"user info with the prefix": {[]registry.Option{file(url, "schema.registry.basic.auth.user.info=ann:hunter2")}, basic},
		"a password with colons and escapes": {[]registry.Option{file(url, `basic.auth.user.info = a\u006En\:hun\
			ter2 `)}, basic},
		"the source is the URL": {[]registry.Option{file("schema.registry.url="+withUser, "basic.auth.credentials.source=URL", "basic.auth.user.info=bob:hunter3")}, basic},
		"from SASL": {[]registry.Option{file(url, "basic.auth.credentials.source=SASL_INHERIT",
			`sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="ann" password="hunter2";`)}, basic},
		"a token of properties": {[]registry.Option{file(url, "bearer.auth.credentials.source=STATIC_TOKEN", "bearer.auth.token=t0ken")}, "Bearer t0ken"},
		"a later option replaces an earlier one": {[]registry.Option{
			env(variables{"SCHEMA_REGISTRY_URL": "http://127.0.0.1:1", "SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO": "ann:hunter2"}),
			file(url, "basic.auth.user.info=bob:hunter3"),
		}, other},
		"one that overrides the file": {[]registry.Option{
			registry.FromProperties(propertiesFile(t, url, "basic.auth.user.info=ann:hunter2"), map[string]string{"basic.auth.user.info": "bob:hunter3"}),
		}, other},
		"credentials in a URL are for this URL alone": {[]registry.Option{registry.At("http://ann:hunter2@127.0.0.1:1"), registry.At(s.URL)}, ""},
		"others are for all":                          {[]registry.Option{registry.At("http://127.0.0.1:1"), registry.BasicAuth("ann", "hunter2"), registry.At(s.URL)}, basic},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := connect(t, "", tc.opts...).Subjects(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := s.last(t).header.Get("Authorization"); got != tc.header {
				t.Errorf("sent %q, want %q", got, tc.header)
			}
		})
	}
}

func TestFromEnv(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": ok(`[]`)})
	t.Setenv("SCHEMA_REGISTRY_URL", s.URL)
	t.Setenv("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "ann:hunter2")
	if _, err := connect(t, "", registry.FromEnv()).Subjects(t.Context()); err != nil {
		t.Error(err)
	}
	if got := s.last(t).header.Get("Authorization"); got != "Basic YW5uOmh1bnRlcjI=" {
		t.Errorf("sent %q", got)
	}
}

func TestIdentityOfAToken(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": ok(`[]`)})
	c := connect(t, s.URL, registry.FromProperties("", map[string]string{
		"bearer.auth.token": "t0ken", "bearer.auth.logical.cluster": "lsrc-1", "bearer.auth.identity.pool.id": "pool-2",
	}))
	if _, err := c.Subjects(t.Context()); err != nil {
		t.Fatal(err)
	}
	header := s.last(t).header
	if cluster, pool := header.Get("target-sr-cluster"), header.Get("Confluent-Identity-Pool-Id"); cluster != "lsrc-1" || pool != "pool-2" {
		t.Errorf("sent cluster %q and pool %q", cluster, pool)
	}
}

func TestAProxy(t *testing.T) {
	var asked string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.RequestURI
		fmt.Fprint(w, `["s"]`)
	}))
	defer proxy.Close()
	host, port, _ := strings.Cut(strings.TrimPrefix(proxy.URL, "http://"), ":")
	c := connect(t, "http://registry.invalid:8081", registry.FromProperties(propertiesFile(t, "proxy.host="+host, "proxy.port="+port), nil))
	if _, err := c.Subjects(t.Context()); err != nil || asked != "http://registry.invalid:8081/subjects" {
		t.Errorf("the proxy was asked for %q, %v", asked, err)
	}
}

func TestPatienceOfProperties(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": refuse(503, 50301, "not yet")})
	c := connect(t, s.URL, registry.FromProperties("", map[string]string{"max.retries": "5", "retries.wait.ms": "1"}))
	if _, err := c.Subjects(t.Context()); err == nil || len(s.asked()) != 6 {
		t.Errorf("asked %d times, %v", len(s.asked()), err)
	}
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer slow.Close()
	c = connect(t, slow.URL, registry.FromProperties("", map[string]string{"schema.registry.http.read.timeout.ms": "20", "max.retries": "0"}))
	if _, err := c.Subjects(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing within 20ms") {
		t.Errorf("got %v", err)
	}
}

// TLS by properties and by variables, against a server that wants a certificate.
func TestTLSOfSettings(t *testing.T) {
	cert, key := certificate(t, t.TempDir())
	s := serveTLS(t, cert, key)
	both := filepath.Join(t.TempDir(), "keystore.pem")
	var content []byte
	for _, name := range []string{key, cert} {
		part, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		content = append(content, part...)
	}
	if err := os.WriteFile(both, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, opt := range map[string]registry.Option{
		"properties": registry.FromProperties(propertiesFile(t, "schema.registry.url="+s.URL,
			"schema.registry.ssl.truststore.type=PEM", "schema.registry.ssl.truststore.location="+cert,
			"schema.registry.ssl.keystore.type=PEM", "schema.registry.ssl.keystore.location="+both), nil),
		"variables": registry.FromVariables(variables{
			"SCHEMA_REGISTRY_URL": s.URL, "SCHEMA_REGISTRY_CA": cert, "SCHEMA_REGISTRY_CERT": cert, "SCHEMA_REGISTRY_KEY": key,
		}.lookup),
		"variables of properties": registry.FromVariables(variables{
			"SCHEMA_REGISTRY_URL": s.URL, "SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION": cert, "SCHEMA_REGISTRY_SSL_KEYSTORE_LOCATION": both,
		}.lookup),
	} {
		if got, err := connect(t, "", opt).Subjects(t.Context()); err != nil || len(got) != 1 || got[0] != "tester" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestBadSettings(t *testing.T) {
	cert, _ := certificate(t, t.TempDir())
	for name, tc := range map[string]struct {
		line, want string
	}{
		"no URL":               {"bootstrap.servers=a:1", "registry: URL is empty"},
		"a bad URL":            {"schema.registry.url=http://u:hunter2@h:port", `client.properties:1:1: schema.registry.url: URL cannot be read: invalid port ":port" after host`},
		"no colon":             {"basic.auth.user.info=hunter2", "client.properties:1:1: basic.auth.user.info: want USER:PASSWORD, and there is no colon"},
		"no user info":         {"basic.auth.credentials.source=USER_INFO", "basic.auth.user.info: want USER:PASSWORD"},
		"unknown source":       {"basic.auth.credentials.source=USERINFO", `client.properties:1:1: basic.auth.credentials.source: "USERINFO" is not one of URL, USER_INFO, SASL_INHERIT, did you mean "USER_INFO"?`},
		"no SASL":              {"basic.auth.credentials.source=SASL_INHERIT", "basic.auth.credentials.source: SASL_INHERIT takes the credentials of sasl.jaas.config: "},
		"OAuth":                {"bearer.auth.credentials.source=OAUTHBEARER", `"OAUTHBEARER" is not supported, want STATIC_TOKEN and a token in bearer.auth.token; a service can get tokens by registry.BearerTokenFunc`},
		"retries":              {"max.retries=-1", `client.properties:1:1: max.retries: "-1" is no number from 0`},
		"wait":                 {"retries.wait.ms=0", `retries.wait.ms: "0" is no number of milliseconds from 1`},
		"timeout":              {"http.read.timeout.ms=10s", `http.read.timeout.ms: "10s" is no number of milliseconds from 1`},
		"proxy":                {"proxy.host=proxy", "proxy.host: want the name of a host, and its port in proxy.port"},
		"truststore":           {"schema.registry.ssl.truststore.location=/no/such", "client.properties:1:1: schema.registry.ssl.truststore.location: open /no/such"},
		"a key without its":    {"schema.registry.ssl.keystore.location=" + cert, "there is no PEM private key in it"},
		"a bad escape":         {`basic.auth.user.info=a:hunter2\u1`, `client.properties:1:1: \u is followed by something other`},
		"a source of a bearer": {"schema.registry.bearer.auth.credentials.source=CUSTOM", "schema.registry.bearer.auth.credentials.source: "},
	} {
		file := propertiesFile(t, tc.line)
		_, err := registry.New("", registry.FromProperties(file, nil))
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s:\ngot  %v\nwant %s", name, err, tc.want)
		}
	}
	for name, tc := range map[string]struct {
		v    variables
		want string
	}{
		"no colon": {variables{"SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO": "hunter2"}, "SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO: basic.auth.user.info: want USER:PASSWORD"},
		"URL":      {variables{"SCHEMA_REGISTRY_URL": "host"}, "SCHEMA_REGISTRY_URL: schema.registry.url: URL begins neither with http:// nor with https://"},
		"CA":       {variables{"SCHEMA_REGISTRY_CA": "/no/such"}, "SCHEMA_REGISTRY_CA: CA file: open /no/such"},
		"half":     {variables{"SCHEMA_REGISTRY_KEY": "k"}, "SCHEMA_REGISTRY_CERT and SCHEMA_REGISTRY_KEY belong together"},
	} {
		_, err := registry.New("http://a", registry.FromVariables(tc.v.lookup))
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s:\ngot  %v\nwant %s", name, err, tc.want)
		}
	}
	if _, err := registry.New("", registry.FromProperties("/no/such", nil)); err == nil || !strings.Contains(err.Error(), "registry: client properties: open /no/such") {
		t.Errorf("no file: %v", err)
	}
}

func TestWithin(t *testing.T) {
	s := serve(t, map[string][]reply{"GET /subjects": refuse(503, 50301, "not yet")})
	c := connect(t, s.URL, registry.Retries(1000, 10*time.Millisecond), registry.Within(50*time.Millisecond))
	start := time.Now()
	_, err := c.Subjects(t.Context())
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	want := "registry " + s.URL + ": GET /subjects: no answer: nothing within 50ms, the last answer was: HTTP 503: not yet (is the registry running, and is this its URL?)"
	if err == nil || err.Error() != want {
		t.Errorf("\ngot  %v\nwant %s", err, want)
	}
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	_, err = connect(t, silent.URL, registry.Within(20*time.Millisecond)).Subjects(t.Context())
	if err == nil || !strings.Contains(err.Error(), "no answer: nothing within 20ms (") {
		t.Errorf("got %v", err)
	}
}
