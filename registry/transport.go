package registry

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// placeholder is the address of every request until [transport] puts that of a registry in its place. It stays out of
// all messages.
const placeholder = "http://registry.invalid"

const (
	contentType = "application/vnd.schemaregistry.v1+json"
	maxAnswer   = 64 << 20
	maxPause    = 5 * time.Second
)

// transport carries requests to one of several registries: it fails over, tries again, authorizes and turns every
// answer that is no success into an [*Error]. Both ways to a registry go through it, srclient's requests and our own.
// Redirects are not followed: credentials would go where nobody meant them to.
type transport struct {
	bases   []*url.URL
	current atomic.Int32 // index of the base that answered last
	next    http.RoundTripper
	config  config
}

// RoundTrip returns an answer with status 2xx whose body is an *[answerBody], or an *Error.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if t.config.total > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, t.config.total, fmt.Errorf("%w within %v", errNothing, t.config.total))
		defer cancel()
		req = req.WithContext(ctx)
	}
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	var last *Error
	for round := 0; ; round++ {
		resp, fail := t.tryAll(req, body)
		switch {
		case fail == nil:
			return resp, nil
		case ctx.Err() != nil && last != nil: // which tells more than that this attempt was cut off
			return nil, last.outOfTime(whyEnded(ctx))
		case !fail.again || round == t.config.retries:
			return nil, fail.err
		}
		last = fail.err
		if err := sleep(ctx, max(fail.after, t.pause(round))); err != nil {
			return nil, fail.err.outOfTime(err)
		}
	}
}

// outOfTime is e for a caller whose context ended with err before another attempt: no answer came in time, and e was
// the last.
func (e *Error) outOfTime(err error) *Error {
	last := e.Err
	switch {
	case errors.Is(last, err):
		return e
	case last == nil:
		last = fmt.Errorf("HTTP %d: %s", e.Status, e.Message)
	}
	return &Error{Request: e.Request, URL: e.URL, Err: fmt.Errorf("%w, the last answer was: %w", err, last)}
}

// pause returns how long to wait after a round in which every registry failed.
func (t *transport) pause(round int) time.Duration {
	d := min(min(t.config.backoff, maxPause)<<min(round, 20), maxPause)
	return d - rand.N(d/2+1)
}

// failure is one attempt that brought no answer of use.
type failure struct {
	err   *Error
	again bool          // whether another attempt may fare better
	after time.Duration // what the registry asked for by Retry-After
}

// tryAll asks each registry once, beginning with the one that answered last.
func (t *transport) tryAll(req *http.Request, body []byte) (resp *http.Response, fail *failure) {
	first := int(t.current.Load())
	for i := range t.bases {
		n := (first + i) % len(t.bases)
		resp, fail = t.try(req, body, t.bases[n])
		if fail == nil {
			t.current.Store(int32(n))
			return resp, nil
		}
		if !fail.again || req.Context().Err() != nil {
			return nil, fail
		}
	}
	return nil, fail
}

// try sends the request to one registry and reads the whole answer.
func (t *transport) try(req *http.Request, body []byte, base *url.URL) (*http.Response, *failure) {
	fail := func(status int, err error) *failure {
		e := &Error{Request: req.Method + " " + path(req.URL), URL: base.String() + t.contextPrefix(), Status: status, Err: err}
		return &failure{err: e, again: true}
	}
	ctx, cancel := context.WithTimeout(req.Context(), t.config.timeout)
	defer cancel()
	out, err := t.outgoing(ctx, req, body, base)
	if err != nil {
		f := fail(0, fmt.Errorf("%w: %w", errNotSent, err))
		f.again = false
		return nil, f
	}
	resp, err := t.next.RoundTrip(out)
	if err != nil {
		f := fail(0, t.explain(req.Context(), err))
		f.again = !isCertificateError(err)
		return nil, f
	}
	content, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	resp.Body.Close()
	switch {
	case err != nil:
		return nil, fail(0, t.explain(req.Context(), err))
	case resp.StatusCode/100 != 2:
		return nil, refusal(fail(resp.StatusCode, nil), resp, content)
	case len(content) > maxAnswer:
		f := fail(resp.StatusCode, fmt.Errorf("longer than %d MiB", maxAnswer>>20))
		f.again = false
		return nil, f
	case string(bytes.TrimSpace(content)) == "null": // no call has it for an answer, and srclient panics
		f := fail(resp.StatusCode, errors.New("it is null"))
		f.again = false
		return nil, f
	case !looksLikeJSON(content):
		f := fail(resp.StatusCode, fmt.Errorf("not JSON but %s", excerpt(content)))
		f.again = false
		return nil, f
	}
	resp.Body = &answerBody{Reader: bytes.NewReader(content), content: content, url: base.String()}
	return resp, nil
}

// outgoing is the request that goes over the wire.
func (t *transport) outgoing(ctx context.Context, req *http.Request, body []byte, base *url.URL) (*http.Request, error) {
	target := base.String() + t.contextPrefix() + req.URL.EscapedPath()
	if req.URL.RawQuery != "" {
		target += "?" + req.URL.RawQuery
	}
	out, err := http.NewRequestWithContext(ctx, req.Method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	out.Header.Set("Accept", contentType+", application/vnd.schemaregistry+json, application/json")
	out.Header.Set("User-Agent", t.config.userAgent)
	if body != nil {
		out.Header.Set("Content-Type", contentType)
	}
	for name, values := range t.config.header {
		out.Header[name] = values
	}
	if t.config.authorize != nil {
		if err := t.config.authorize(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *transport) contextPrefix() string {
	if t.config.context == "" {
		return ""
	}
	return "/contexts/" + url.PathEscape(t.config.context)
}

// isCertificateError reports whether the server was reached and not believed: asking again does not help.
func isCertificateError(err error) bool {
	var untrusted *tls.CertificateVerificationError
	return errors.As(err, &untrusted)
}

// errNothing is what came within a time that an option gives.
var errNothing = errors.New("nothing")

// explain tells an attempt that took too long from a caller that gave up.
func (t *transport) explain(caller context.Context, err error) error {
	switch {
	case !errors.Is(err, context.DeadlineExceeded):
		return err
	case caller.Err() == nil:
		return fmt.Errorf("%w within %v", errNothing, t.config.timeout)
	}
	return whyEnded(caller)
}

// whyEnded returns the error of a context that ended, or what we ended it with.
func whyEnded(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, errNothing) {
		return cause
	}
	return ctx.Err()
}

// refusal completes a failure with what the registry said.
func refusal(f *failure, resp *http.Response, content []byte) *failure {
	var said struct {
		Code    int    `json:"error_code"`
		Message string `json:"message"`
	}
	switch {
	case json.Unmarshal(content, &said) == nil && (said.Code != 0 || said.Message != ""):
		f.err.Code, f.err.Message = said.Code, strings.TrimSpace(said.Message)
	case resp.StatusCode/100 == 3:
		f.err.Message = "redirects to " + location(resp)
	case len(content) > 0:
		f.err.Message = excerpt(content)
	}
	f.again = retryable(resp.StatusCode)
	f.after = min(retryAfter(resp.Header.Get("Retry-After")), maxPause)
	return f
}

// retryAfter returns how long to wait by the header Retry-After, which gives seconds or a time.
func retryAfter(header string) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 16); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

// retryable reports whether a status says to come back later.
func retryable(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// location returns where a redirect leads, without what it may carry beyond the place.
func location(resp *http.Response) string {
	u, err := resp.Location()
	if err != nil {
		return "nowhere"
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// answerBody is an answer that was read already, and the registry that gave it.
type answerBody struct {
	*bytes.Reader
	content []byte
	url     string
}

func (*answerBody) Close() error { return nil }

// looksLikeJSON tells an answer of a registry from a page of something that stands in front of it.
func looksLikeJSON(b []byte) bool {
	b = bytes.TrimSpace(b)
	return len(b) == 0 || bytes.IndexByte([]byte(`{["-0123456789tfn`), b[0]) >= 0
}

// excerpt returns the beginning of an answer that is no JSON, in one line.
func excerpt(b []byte) string {
	const shown = 80
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(b[:min(len(b), 4*shown)]), "?")), " ")
	if len(text) > shown {
		text = text[:shown] + "…"
	}
	return strconv.Quote(text)
}

// path returns a request's path as a person would write it.
func path(u *url.URL) string {
	if u.RawQuery != "" {
		return u.Path + "?" + u.RawQuery
	}
	return u.Path
}

// sleep waits, or returns why the context ended first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return whyEnded(ctx)
	case <-timer.C:
		return nil
	}
}
