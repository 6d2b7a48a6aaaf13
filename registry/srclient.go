package registry

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/riferrei/srclient"

	"github.com/avow-events/avow/compat"
)

// basics are the calls that srclient has. This file alone knows it; what it cannot ask for is in requests.go.
type basics interface {
	register(ctx context.Context, subject, schema string, refs []Reference) (Schema, error)
	lookup(ctx context.Context, subject, schema string, refs []Reference) (Schema, error)
	byID(ctx context.Context, id int) (Schema, error)
	latest(ctx context.Context, subject string) (Schema, error)
	version(ctx context.Context, subject string, version int) (Schema, error)
	versions(ctx context.Context, subject string) ([]int, error)
	subjects(ctx context.Context) ([]string, error)
	level(ctx context.Context, subject string, inForce bool) (compat.Level, error)
	globalLevel(ctx context.Context) (compat.Level, error)
	setLevel(ctx context.Context, subject string, level compat.Level) error
	deleteSubject(ctx context.Context, subject string, permanent bool) error
	deleteVersion(ctx context.Context, subject string, version int, permanent bool) error
}

// srclientBasics makes a srclient for every call, whose HTTP transport carries the caller's context: srclient has no
// contexts of its own. That costs 9 microseconds beyond a request of ours (BenchmarkCall) and starts no goroutine. It
// also leaves srclient's caches empty: one of them would return the latest version of a subject as it was when first
// asked for, for ever.
type srclientBasics struct {
	next      http.RoundTripper
	normalize bool
}

// exchange is one call: the transport of one srclient. It remembers what was asked, for errors, and the first answer,
// for the fields that srclient drops.
type exchange struct {
	ctx   context.Context
	next  http.RoundTripper
	query url.Values // parameters that srclient has no argument for

	request string
	first   *answerBody
}

func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.WithContext(x.ctx)
	if len(x.query) > 0 {
		u := *req.URL
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += x.query.Encode()
		req.URL = &u
	}
	x.request = req.Method + " " + path(req.URL)
	resp, err := x.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if x.first == nil {
		x.first = resp.Body.(*answerBody)
	}
	return resp, nil
}

func (s srclientBasics) call(ctx context.Context, query url.Values) (*srclient.SchemaRegistryClient, *exchange) {
	x := &exchange{ctx: ctx, next: s.next, query: query}
	c := srclient.NewSchemaRegistryClient(placeholder, srclient.WithClient(&http.Client{Transport: x}))
	c.CachingEnabled(false)
	return c, x
}

// register returns id and version as the subject has them. srclient answers with the version of the first subject
// that holds the id, or with 0, so the version comes from the registry's own answer, or from a lookup where that
// holds only the id (Confluent before 8.0).
func (s srclientBasics) register(ctx context.Context, subject, schema string, refs []Reference) (Schema, error) {
	c, x := s.call(ctx, s.query(subject))
	got, err := c.CreateSchema(subject, schema, srclient.Avro, toSrclient(refs)...)
	if err != nil {
		return Schema{}, x.failed(err)
	}
	var registered answer
	if err := json.Unmarshal(x.first.content, &registered); err != nil || registered.Version == 0 {
		return s.lookup(ctx, subject, schema, refs)
	}
	out := fromSrclient(got)
	out.ID, out.GUID, out.Subject, out.Version = registered.ID, registered.GUID, subject, registered.Version
	return out, nil
}

func (s srclientBasics) lookup(ctx context.Context, subject, schema string, refs []Reference) (Schema, error) {
	c, x := s.call(ctx, s.query(""))
	_, err := c.LookupSchema(subject, schema, srclient.Avro, toSrclient(refs)...)
	return x.schema(err)
}

func (s srclientBasics) byID(ctx context.Context, id int) (Schema, error) {
	c, x := s.call(ctx, nil)
	_, err := c.GetSchema(id)
	out, err := x.schema(err)
	out.ID = id
	return out, err
}

func (s srclientBasics) latest(ctx context.Context, subject string) (Schema, error) {
	c, x := s.call(ctx, nil)
	_, err := c.GetLatestSchema(subject)
	return x.schema(err)
}

func (s srclientBasics) version(ctx context.Context, subject string, version int) (Schema, error) {
	c, x := s.call(ctx, nil)
	_, err := c.GetSchemaByVersion(subject, version)
	return x.schema(err)
}

func (s srclientBasics) versions(ctx context.Context, subject string) ([]int, error) {
	c, x := s.call(ctx, nil)
	got, err := c.GetSchemaVersions(subject)
	return got, x.failed(err)
}

func (s srclientBasics) subjects(ctx context.Context) ([]string, error) {
	c, x := s.call(ctx, nil)
	got, err := c.GetSubjects()
	return got, x.failed(err)
}

func (s srclientBasics) level(ctx context.Context, subject string, inForce bool) (compat.Level, error) {
	c, x := s.call(ctx, nil)
	got, err := c.GetCompatibilityLevel(subject, inForce)
	return x.level(got, err)
}

func (s srclientBasics) globalLevel(ctx context.Context) (compat.Level, error) {
	c, x := s.call(ctx, nil)
	got, err := c.GetGlobalCompatibilityLevel()
	return x.level(got, err)
}

func (x *exchange) level(got *srclient.CompatibilityLevel, err error) (compat.Level, error) {
	if err != nil {
		return compat.None, x.failed(err)
	}
	level, err := compat.ParseLevel(got.String())
	return level, x.failed(err)
}

func (s srclientBasics) setLevel(ctx context.Context, subject string, level compat.Level) error {
	c, x := s.call(ctx, nil)
	_, err := c.ChangeSubjectCompatibilityLevel(subject, srclient.CompatibilityLevel(level.String()))
	return x.failed(err)
}

// deleteSubject deletes softly, or for good what was deleted softly before. srclient's own permanent deletion deletes
// softly first and gives up on a subject for which that was done already.
func (s srclientBasics) deleteSubject(ctx context.Context, subject string, permanent bool) error {
	c, x := s.call(ctx, forGood(permanent))
	return x.failed(c.DeleteSubject(subject, false))
}

func (s srclientBasics) deleteVersion(ctx context.Context, subject string, version int, permanent bool) error {
	c, x := s.call(ctx, forGood(permanent))
	return x.failed(c.DeleteSubjectByVersion(subject, version, false))
}

func forGood(permanent bool) url.Values {
	if permanent {
		return url.Values{"permanent": {"true"}}
	}
	return nil
}

// query returns the parameters for a call about schema. A subject in another context has to be named when its id is
// asked for, which srclient does after registering.
func (s srclientBasics) query(subject string) url.Values {
	query := url.Values{}
	if s.normalize {
		query.Set("normalize", "true")
	}
	if strings.HasPrefix(subject, ":.") {
		query.Set("subject", subject)
	}
	return query
}

// schema reads the answer once more, for what srclient drops: GUID and subject, and a type that it leaves nil.
func (x *exchange) schema(err error) (Schema, error) {
	if err != nil {
		return Schema{}, x.failed(err)
	}
	var a answer
	if err := json.Unmarshal(x.first.content, &a); err != nil {
		return Schema{}, x.failed(err)
	}
	return a.schema(), nil
}

func toSrclient(refs []Reference) []srclient.Reference {
	out := make([]srclient.Reference, len(refs))
	for i, r := range refs {
		out[i] = srclient.Reference(r)
	}
	return out
}

func fromSrclient(s *srclient.Schema) Schema {
	out := Schema{ID: s.ID(), Type: typeAvro, Text: s.Schema()}
	for _, r := range s.References() {
		out.References = append(out.References, Reference(r))
	}
	return out
}

// failed takes the wrapping of net/http off an error, in which a URL stands that means nothing to anybody. What is no
// *Error already is an answer that srclient could not read.
func (x *exchange) failed(err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	e = &Error{Request: x.request, Status: http.StatusOK, Err: err}
	if x.first != nil {
		e.URL = x.first.url
	}
	return e
}
