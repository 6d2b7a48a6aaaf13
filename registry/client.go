package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/avow-events/avow/internal/wire"
)

// Client is a client of one Schema Registry, or of several that stand for one. It may be used by several goroutines
// at once.
type Client struct {
	transport *transport
	basics    basics
	ids       *cache[wire.Ref, Schema]
	versions  *cache[SubjectVersion, Schema]
	locked    *lockedSchemas
}

// New returns a client for the registry at rawURL; several URLs, separated by commas, are nodes of one registry, of
// which the next is asked when one fails. A URL may carry user and password. It may be empty where an option such as
// [FromEnv] gives one, and is replaced by it otherwise. New sends nothing: a registry that is down is noticed by the
// first call.
func New(rawURL string, opts ...Option) (*Client, error) {
	cfg := defaults()
	if rawURL != "" {
		opts = slices.Concat([]Option{At(rawURL)}, opts)
	}
	for _, opt := range opts {
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("registry: %w", err)
		}
	}
	if len(cfg.bases) == 0 {
		return nil, errors.New("registry: URL is empty: want http://HOST:PORT or https://HOST:PORT")
	}
	if cfg.base == nil {
		base := http.DefaultTransport.(*http.Transport).Clone()
		base.MaxIdleConnsPerHost = atOnce
		if cfg.tls != nil {
			base.TLSClientConfig = cfg.tls
		}
		if cfg.proxy != nil {
			base.Proxy = cfg.proxy
		}
		cfg.base = base
	}
	t := &transport{bases: cfg.bases, next: cfg.base, config: cfg}
	return &Client{
		transport: t,
		basics:    srclientBasics{next: t, normalize: cfg.normalize},
		ids:       newCache[wire.Ref, Schema](cfg.cacheSize, cfg.negative),
		versions:  newCache[SubjectVersion, Schema](cfg.cacheSize, 0),
		locked:    cfg.locked,
	}, nil
}

// parseURLs reads a list of URLs. Credentials are taken out of them, so that no message can show them; errors count the
// URLs for the same reason.
func parseURLs(list string) (bases []*url.URL, user *url.Userinfo, err error) {
	parts := strings.Split(list, ",")
	for i, raw := range parts {
		bad := func(why string) error {
			if len(parts) == 1 {
				return fmt.Errorf("URL %s: want http://HOST:PORT or https://HOST:PORT", why)
			}
			return fmt.Errorf("URL %d of %d %s: want http://HOST:PORT or https://HOST:PORT", i+1, len(parts), why)
		}
		raw = strings.TrimSpace(raw)
		u, err := url.Parse(raw)
		at := strings.LastIndexByte(raw, '@')
		if at >= 0 && err != nil { // what stands before may be a password, so it must not be told
			if _, err = url.Parse("http://" + raw[at+1:]); err == nil {
				err = errCredentials
			}
		}
		switch {
		case raw == "":
			return nil, nil, bad("is empty")
		case at < 0 && !strings.Contains(raw, "://"): // Go's words for 127.0.0.1:8081 are about path segments
			return nil, nil, bad("begins neither with http:// nor with https://")
		case err != nil:
			return nil, nil, bad("cannot be read: " + cmp.Or(errors.Unwrap(err), err).Error())
		case at >= 0 && u.User == nil:
			return nil, nil, bad("cannot be read: " + errCredentials.Error())
		case u.Scheme != "http" && u.Scheme != "https":
			return nil, nil, bad("begins neither with http:// nor with https://")
		case u.Host == "":
			return nil, nil, bad("names no host")
		case u.RawQuery != "" || u.Fragment != "":
			return nil, nil, bad("has a query or a fragment")
		}
		if u.User != nil {
			user = u.User
		}
		bases = append(bases, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(u.Path, "/")})
	}
	return bases, user, nil
}

var errCredentials = errors.New("in user and password write %25 for %, %2F for /, %3A for :, %40 for @")

// URL returns the URL of the registry that answered last, without credentials.
func (c *Client) URL() string {
	return c.transport.bases[c.transport.current.Load()].String()
}

// Close closes idle connections. The client may be used on.
func (c *Client) Close() {
	if t, ok := c.transport.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// Register adds a schema to the subject and returns it with the id and version it has there. Where the subject holds
// it already, that is what comes back and nothing changes. The error is ErrIncompatible where it breaks the level in
// force.
func (c *Client) Register(ctx context.Context, subject, schema string, refs ...Reference) (Schema, error) {
	return c.basics.register(ctx, subject, schema, refs)
}

// Lookup finds a schema that the subject holds: under whatever version, with its references as given or written out
// in the text. The error is ErrNotFound where the subject is missing or does not hold it.
func (c *Client) Lookup(ctx context.Context, subject, schema string, refs ...Reference) (Schema, error) {
	if held, ok := c.locked.lookup(subject, schema); ok && len(refs) == 0 {
		return held, nil
	}
	found, err := c.basics.lookup(ctx, subject, schema, refs)
	return c.own(http.MethodPost, subject, found, err)
}

// ByID returns the schema with the id. It is asked for once: answers are remembered, a missing id for a second, and
// callers that come while the question is open wait for its answer.
func (c *Client) ByID(ctx context.Context, id int) (Schema, error) {
	if held, ok := c.locked.find(wire.Ref{ID: id}); ok {
		return held, nil
	}
	return c.ids.get(ctx, wire.Ref{ID: id}, func() (Schema, error) { return c.basics.byID(ctx, id) })
}

// ByGUID returns the schema with the GUID, as [Client.ByID] does.
func (c *Client) ByGUID(ctx context.Context, guid uuid.UUID) (Schema, error) {
	if held, ok := c.locked.find(wire.Ref{GUID: guid}); ok {
		return held, nil
	}
	return c.ids.get(ctx, wire.Ref{GUID: guid}, func() (Schema, error) { return c.byGUID(ctx, guid) })
}

// Latest returns the newest version of the subject, as it is now.
func (c *Client) Latest(ctx context.Context, subject string) (Schema, error) {
	found, err := c.basics.latest(ctx, subject)
	return c.own(http.MethodGet, subject, found, err)
}

// Version returns one version of the subject.
func (c *Client) Version(ctx context.Context, subject string, version int) (Schema, error) {
	found, err := c.basics.version(ctx, subject, version)
	return c.own(http.MethodGet, subject, found, err)
}

// Versions returns the numbers of the subject's versions in ascending order, without deleted ones.
func (c *Client) Versions(ctx context.Context, subject string) ([]int, error) {
	versions, err := c.basics.versions(ctx, subject)
	slices.Sort(versions)
	return versions, err
}

// Delete removes the subject softly: it disappears, but its ids can still be read. With permanent it is then removed
// for good, also where it was removed softly before.
func (c *Client) Delete(ctx context.Context, subject string, permanent bool) error {
	err := c.basics.deleteSubject(ctx, subject, false)
	if permanent && (err == nil || hasCode(err, codeSubjectSoftDeleted)) {
		err = c.basics.deleteSubject(ctx, subject, true)
	}
	return err
}

// DeleteVersion removes one version of the subject as [Client.Delete] removes all.
func (c *Client) DeleteVersion(ctx context.Context, subject string, version int, permanent bool) error {
	err := c.basics.deleteVersion(ctx, subject, version, false)
	if permanent && (err == nil || hasCode(err, codeVersionSoftDeleted)) {
		err = c.basics.deleteVersion(ctx, subject, version, true)
	}
	return err
}
