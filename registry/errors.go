package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Error is a call that failed: refused by the registry, or never answered.
type Error struct {
	// Request is what was asked, as method and path. It never holds credentials.
	Request string
	// URL is the registry that was asked last, without credentials, and with the client's [Context] if it has one.
	URL string
	// Status is the HTTP status of the answer, 0 where none came.
	Status int
	// Code is the registry's error_code, which begins with the status as a rule (40401); 0 where there is none.
	Code int
	// Message is what the registry said.
	Message string
	// Err is why no answer came, or why it could not be read; nil where the registry refused.
	Err error
}

// Why a call failed. Test with errors.Is; errors.As with *[Error] gives status and code.
var (
	// ErrNotFound: no such subject, version or schema.
	ErrNotFound = errors.New("not found")
	// ErrIncompatible: the schema breaks the subject's compatibility level.
	ErrIncompatible = errors.New("incompatible with an earlier schema")
	// ErrInvalid: the registry does not accept the schema or another value of the request.
	ErrInvalid = errors.New("invalid")
	// ErrNotPermitted: the mode of registry or subject forbids it, or another schema refers to what should go.
	ErrNotPermitted = errors.New("operation not permitted")
	// ErrUnauthorized: credentials are missing, wrong or not sufficient.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrUnavailable: no answer, or one that says to come back later. It was tried again before this came.
	ErrUnavailable = errors.New("registry unavailable")
)

// errNotSent marks a failure that has nothing to do with any registry.
var errNotSent = errors.New("request not sent")

// Codes that registries send beyond the HTTP status.
const (
	codeSubjectNotFound       = 40401
	codeSubjectSoftDeleted    = 40404
	codeVersionSoftDeleted    = 40406
	codeSubjectLevelNotSet    = 40408
	codeSubjectModeNotSet     = 40409
	codeOperationNotPermitted = 42205
	codeReferenceExists       = 42206
)

// Error says what was asked of whom, what came back and, where it is known, what to do.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "registry %s: %s: ", e.URL, e.Request)
	switch {
	case e.Status == 0:
		fmt.Fprintf(&b, "no answer: %v", e.Err)
	case e.Err != nil:
		fmt.Fprintf(&b, "unreadable answer (HTTP %d): %v", e.Status, e.Err)
	default:
		fmt.Fprintf(&b, "HTTP %d", e.Status)
		if e.Code != 0 && e.Code != e.Status {
			fmt.Fprintf(&b, ", code %d", e.Code)
		}
		if m := strings.TrimPrefix(e.Message, fmt.Sprintf("HTTP %d ", e.Status)); m != "" { // Confluent's says it, too
			fmt.Fprintf(&b, ": %s", m)
		}
	}
	if hint := e.hint(); hint != "" {
		b.WriteString(" (" + hint + ")")
	}
	return b.String()
}

// hint says what the caller can do about it, in one phrase.
func (e *Error) hint() string {
	switch {
	case errors.Is(e.Err, context.Canceled) || errors.Is(e.Err, errNotSent):
		return ""
	case isCertificateError(e.Err):
		return "trust its CA: registry.CAFile, or SCHEMA_REGISTRY_CA"
	case e.Status == 0:
		return "is the registry running, and is this its URL?"
	case e.Err != nil:
		return "is this the URL of a schema registry?"
	case e.Status == http.StatusUnauthorized:
		return "give or check the credentials"
	case e.Status == http.StatusForbidden:
		return "these credentials may not do that"
	case e.Status == http.StatusNotFound && e.Code < 40400 && strings.Contains(e.URL, "/contexts/"):
		return "is this the URL of a schema registry that has contexts?"
	case e.Status == http.StatusNotFound && e.Code < 40400:
		return "is this the URL of a schema registry, with its whole path?"
	case e.Code == codeOperationNotPermitted:
		return "look at the mode of registry and subject"
	case e.Code == codeReferenceExists:
		return "delete what refers to it first"
	case e.Status/100 == 3:
		return "give the URL it redirects to"
	}
	return ""
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is find the sentinel that fits the HTTP status. The status decides and not the code, because
// registries differ in their codes (an incompatible schema is 409 or 40901).
func (e *Error) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.Code/100 == http.StatusNotFound // a bare 404 is a path that the server does not know
	case ErrIncompatible:
		return e.Status == http.StatusConflict && (e.Code == 0 || e.Code == http.StatusConflict || e.Code == 40901)
	case ErrInvalid:
		return e.Status == http.StatusUnprocessableEntity && !e.notPermitted() || e.Status == http.StatusBadRequest
	case ErrNotPermitted:
		return e.notPermitted()
	case ErrUnauthorized:
		return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
	case ErrUnavailable:
		return e.Status == 0 && !errors.Is(e.Err, context.Canceled) && !errors.Is(e.Err, errNotSent) || retryable(e.Status)
	}
	return false
}

func (e *Error) notPermitted() bool {
	return e.Code == codeOperationNotPermitted || e.Code == codeReferenceExists
}

// hasCode reports whether err is an answer of the registry with one of the codes.
func hasCode(err error, codes ...int) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if e.Code == code {
			return true
		}
	}
	return false
}
