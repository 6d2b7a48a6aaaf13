package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"
)

// Option changes how [New] makes a client. Options are taken in order, and a later one replaces what an earlier one said
// of the same.
type Option func(*config) error

// config is what the options leave behind.
type config struct {
	bases     []*url.URL
	authorize func(*http.Request) error
	inURL     bool // the credentials stood in the URLs, and are for these alone
	header    http.Header
	proxy     func(*http.Request) (*url.URL, error)
	tls       *tls.Config
	base      http.RoundTripper
	timeout   time.Duration
	total     time.Duration // 0 for none
	retries   int
	backoff   time.Duration
	userAgent string
	context   string
	normalize bool
	cacheSize int
	negative  time.Duration
	locked    *lockedSchemas
}

func defaults() config {
	return config{
		header:  http.Header{},
		timeout: 10 * time.Second, retries: 4, backoff: 100 * time.Millisecond, userAgent: "avow",
		cacheSize: 10_000, negative: time.Second,
	}
}

// At gives the registry's URLs, as the first parameter of [New] does, and replaces those before it.
func At(urls string) Option {
	return func(c *config) error {
		bases, user, err := parseURLs(urls)
		if err != nil {
			return err
		}
		c.bases = bases
		if c.inURL {
			c.authorize, c.inURL = nil, false
		}
		if user != nil {
			password, _ := user.Password()
			err = BasicAuth(user.Username(), password)(c)
			c.inURL = true
		}
		return err
	}
}

// BasicAuth sends user name and password with every request. They may stand in the URL instead. The default is to
// send nothing.
func BasicAuth(user, password string) Option {
	return func(c *config) error {
		c.authorize, c.inURL = func(r *http.Request) error { r.SetBasicAuth(user, password); return nil }, false
		return nil
	}
}

// BearerToken sends a token with every request.
func BearerToken(token string) Option {
	return BearerTokenFunc(func(context.Context) (string, error) { return token, nil })
}

// BearerTokenFunc asks for a token before every attempt of a request, so that it can be renewed. It is called by
// several goroutines at once.
func BearerTokenFunc(token func(context.Context) (string, error)) Option {
	return func(c *config) error {
		c.inURL = false
		c.authorize = func(r *http.Request) error {
			t, err := token(r.Context())
			if err != nil {
				return fmt.Errorf("get a bearer token: %w", err)
			}
			r.Header.Set("Authorization", "Bearer "+t)
			return nil
		}
		return nil
	}
}

// TLS sets the whole TLS configuration. [CAFile] and [ClientCertificate] replace their part of it if they come later.
func TLS(tc *tls.Config) Option {
	return func(c *config) error { c.tls = tc.Clone(); return nil }
}

// CAFile trusts the certificates in a PEM file instead of the system's.
func CAFile(path string) Option {
	return func(c *config) error {
		pem, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("CA file: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return fmt.Errorf("CA file %s holds no PEM certificate", path)
		}
		c.tlsConfig().RootCAs = pool
		return nil
	}
}

// ClientCertificate identifies the client by a certificate and its key, in PEM files (mTLS).
func ClientCertificate(certFile, keyFile string) Option {
	return func(c *config) error {
		cert, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return fmt.Errorf("client certificate: %w", err)
		}
		c.tlsConfig().Certificates = []tls.Certificate{cert}
		return nil
	}
}

func (c *config) tlsConfig() *tls.Config {
	if c.tls == nil {
		c.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return c.tls
}

// Transport sends the requests, for tracing or for tests, instead of one of the client's own. The TLS options have no
// effect on it.
func Transport(rt http.RoundTripper) Option {
	return func(c *config) error { c.base = rt; return nil }
}

// Timeout bounds each attempt of a request, 10 s by default. The context bounds all of them together, and [Within].
func Timeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("timeout %v: want more than 0", d)
		}
		c.timeout = d
		return nil
	}
}

// Within bounds a call together with all its attempts and the pauses between them. By default only the context does.
func Within(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("%v for a call: want more than 0", d)
		}
		c.total = d
		return nil
	}
}

// Retries sets how often a request is tried again after every URL has failed, 4 times by default, and the first
// pause, 100 ms by default. Pauses double up to 5 s and are shortened at random by up to a half.
func Retries(n int, firstPause time.Duration) Option {
	return func(c *config) error {
		if n < 0 || firstPause <= 0 {
			return fmt.Errorf("%d retries after %v: want none or more, after more than 0", n, firstPause)
		}
		c.retries, c.backoff = n, firstPause
		return nil
	}
}

// UserAgent names the program in its requests, "avow" by default.
func UserAgent(name string) Option {
	return func(c *config) error { c.userAgent = name; return nil }
}

// Context makes every call work in a context of the registry other than the default one. The name may have the dot
// with which registries write it (.staging) or not.
func Context(name string) Option {
	return func(c *config) error {
		if name == "" || name == "." {
			return errors.New("empty context: leave the option out for the default context")
		}
		if name[0] != '.' {
			name = "." + name
		}
		c.context = name
		return nil
	}
}

// Normalize has the registry normalize schemas that are registered, looked up or checked, so that the order of
// attributes makes no new version.
func Normalize() Option {
	return func(c *config) error { c.normalize = true; return nil }
}

// CacheSize bounds how many schemas are remembered by id, 10,000 by default, and how long it is remembered that an id
// does not exist, 1 s by default; 0 turns that off.
func CacheSize(schemas int, missing time.Duration) Option {
	return func(c *config) error {
		if schemas < 1 || missing < 0 {
			return fmt.Errorf("cache of %d schemas and %v: want 1 or more, and no negative time", schemas, missing)
		}
		c.cacheSize, c.negative = schemas, missing
		return nil
	}
}
