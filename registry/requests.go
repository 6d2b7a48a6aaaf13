package registry

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/avow-events/avow/compat"
)

// send makes a request that srclient has no call for. A nil body sends none; out is where the answer goes.
func (c *Client) send(ctx context.Context, method, path string, query url.Values, body, out any) error {
	var payload []byte
	if body != nil {
		var err error
		if payload, err = json.Marshal(body); err != nil {
			return err
		}
	}
	target := placeholder + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	x := &exchange{ctx: ctx, next: c.transport}
	req, err := http.NewRequestWithContext(ctx, method, target, nil)
	if err != nil {
		return err
	}
	if body != nil {
		req.Body = &answerBody{Reader: bytes.NewReader(payload)}
	}
	if _, err := x.RoundTrip(req); err != nil {
		return err
	}
	return x.failed(json.Unmarshal(x.first.content, out))
}

func (c *Client) byGUID(ctx context.Context, guid uuid.UUID) (Schema, error) {
	var a answer
	err := c.send(ctx, http.MethodGet, "/schemas/guids/"+guid.String(), nil, nil, &a)
	if err != nil {
		return Schema{}, err
	}
	a.GUID = guid.String()
	if a.ID == 0 {
		a.ID, err = c.idOf(ctx, guid)
	}
	return a.schema(), err
}

// idOf returns the id that a schema has in the client's context.
func (c *Client) idOf(ctx context.Context, guid uuid.UUID) (int, error) {
	var places []struct {
		Context string `json:"context"`
		ID      int    `json:"id"`
	}
	if err := c.send(ctx, http.MethodGet, "/schemas/guids/"+guid.String()+"/ids", nil, nil, &places); err != nil {
		return 0, err
	}
	for _, p := range places {
		if p.Context == cmp.Or(c.transport.config.context, ".") {
			return p.ID, nil
		}
	}
	return 0, nil // of another context
}

// Usages returns the subjects and versions under which the schema with the id is registered, without deleted ones.
func (c *Client) Usages(ctx context.Context, id int) ([]SubjectVersion, error) {
	var out []SubjectVersion
	err := c.send(ctx, http.MethodGet, "/schemas/ids/"+strconv.Itoa(id)+"/versions", nil, nil, &out)
	return out, err
}

// Verdict is what a registry thinks of a schema.
type Verdict struct {
	// Compatible tells whether it may be registered.
	Compatible bool
	// Messages are the registry's reasons where it may not; their form differs between registries.
	Messages []string
}

// Check asks whether the subject would accept the schema: the check that Register makes, against the versions that
// the level in force names. A subject that does not exist accepts everything. A schema that is not valid is a Verdict
// with a message, not an error.
func (c *Client) Check(ctx context.Context, subject, schema string, refs ...Reference) (Verdict, error) {
	return c.check(ctx, subject, "", schema, refs)
}

// CheckVersion asks whether the schema is compatible with one version of the subject at the level in force.
func (c *Client) CheckVersion(ctx context.Context, subject string, version int, schema string, refs ...Reference) (Verdict, error) {
	return c.check(ctx, subject, "/"+strconv.Itoa(version), schema, refs)
}

func (c *Client) check(ctx context.Context, subject, version, schema string, refs []Reference) (Verdict, error) {
	query := url.Values{"verbose": {"true"}}
	if c.transport.config.normalize {
		query.Set("normalize", "true")
	}
	body := struct {
		Schema     string      `json:"schema"`
		References []Reference `json:"references,omitempty"`
	}{schema, refs}
	var out struct {
		Compatible bool     `json:"is_compatible"`
		Messages   []string `json:"messages"`
	}
	err := c.send(ctx, http.MethodPost, "/compatibility/subjects/"+url.PathEscape(subject)+"/versions"+version, query, body, &out)
	if version == "" && hasCode(err, codeSubjectNotFound) { // Apicurio; Confluent says that nothing stands against it
		return Verdict{Compatible: true}, nil
	}
	return Verdict(out), err
}

// Level returns the compatibility level that is in force for the subject: its own, or else the registry's. An empty
// subject asks for the registry's.
func (c *Client) Level(ctx context.Context, subject string) (compat.Level, error) {
	if subject == "" {
		return c.globalLevel(ctx)
	}
	level, err := c.basics.level(ctx, subject, true)
	if hasCode(err, codeSubjectNotFound, codeSubjectLevelNotSet) { // registries that know no defaultToGlobal
		return c.globalLevel(ctx)
	}
	return level, err
}

// globalLevel returns the level of the client's context, or else the registry's.
func (c *Client) globalLevel(ctx context.Context) (compat.Level, error) {
	level, err := c.basics.globalLevel(ctx)
	if !hasCode(err, codeSubjectNotFound, codeSubjectLevelNotSet) {
		return level, err
	}
	var out struct {
		Level compat.Level `json:"compatibilityLevel"`
	}
	err = c.send(ctx, http.MethodGet, "/config", url.Values{"defaultToGlobal": {"true"}}, nil, &out)
	return out.Level, err
}

// SubjectLevel returns the level that is set on the subject itself, and whether one is.
func (c *Client) SubjectLevel(ctx context.Context, subject string) (level compat.Level, set bool, err error) {
	level, err = c.basics.level(ctx, subject, false)
	if hasCode(err, codeSubjectNotFound, codeSubjectLevelNotSet) {
		return compat.None, false, nil
	}
	if err == nil && level == compat.None { // which Apicurio says of subjects without a level, too
		inForce, err := c.basics.level(ctx, subject, true)
		return compat.None, err == nil && inForce == compat.None, err
	}
	return level, err == nil, err
}

// SetLevel sets the compatibility level of the subject, which need not exist yet. An empty subject sets the
// registry's own.
func (c *Client) SetLevel(ctx context.Context, subject string, level compat.Level) error {
	if subject != "" {
		return c.basics.setLevel(ctx, subject, level)
	}
	body := map[string]string{"compatibility": level.String()}
	return c.send(ctx, http.MethodPut, "/config", nil, body, new(json.RawMessage))
}

// Mode says what may be done with a subject or a registry.
type Mode string

// The modes of Confluent Schema Registry.
const (
	ReadWrite        Mode = "READWRITE"
	ReadOnly         Mode = "READONLY"
	ReadOnlyOverride Mode = "READONLY_OVERRIDE"
	Import           Mode = "IMPORT"
	Forward          Mode = "FORWARD"
)

// Mode returns the mode that is in force for the subject, or the registry's where subject is empty.
func (c *Client) Mode(ctx context.Context, subject string) (Mode, error) {
	var out struct {
		Mode Mode `json:"mode"`
	}
	err := c.send(ctx, http.MethodGet, modePath(subject), url.Values{"defaultToGlobal": {"true"}}, nil, &out)
	if subject != "" && hasCode(err, codeSubjectNotFound, codeSubjectModeNotSet) {
		return c.Mode(ctx, "")
	}
	return out.Mode, err
}

// SetMode sets the mode of the subject, or the registry's where subject is empty. Import is refused while there are
// schemas, unless force is set.
func (c *Client) SetMode(ctx context.Context, subject string, mode Mode, force bool) error {
	var query url.Values
	if force {
		query = url.Values{"force": {"true"}}
	}
	return c.send(ctx, http.MethodPut, modePath(subject), query, map[string]Mode{"mode": mode}, new(json.RawMessage))
}

func modePath(subject string) string {
	if subject == "" {
		return "/mode"
	}
	return "/mode/" + url.PathEscape(subject)
}

// Contexts returns the names of the registry's contexts, sorted; the default one is called ".".
func (c *Client) Contexts(ctx context.Context) ([]string, error) {
	var out []string
	err := c.send(ctx, http.MethodGet, "/contexts", nil, nil, &out)
	slices.Sort(out)
	return out, err
}
