package embedded

import (
	"errors"
	"fmt"
	"net/http"
)

// apiError is an answer that says why a request was refused. Code is the registry's own number, which begins with
// the HTTP status where the registry has a case of its own.
type apiError struct {
	status  int
	code    int
	message string
	// bare leaves out the Content-Type, as the real server does where it never got as far as the resource.
	bare bool
	// empty leaves out the body too.
	empty bool
}

func (e *apiError) Error() string { return e.message }

func refuse(status, code int, format string, args ...any) *apiError {
	return &apiError{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

// errHTTP is what stands in for a resource that does not exist, a wrong method and the like.
func errHTTP(status int) *apiError {
	return &apiError{status: status, code: status, message: fmt.Sprintf("HTTP %d %s", status, http.StatusText(status))}
}

func errUnrouted(status int) *apiError {
	e := errHTTP(status)
	e.bare = true
	return e
}

func errBadRequest(message string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: http.StatusBadRequest, message: message}
}

// errNullValue is a null inside a list or a map. The real server fails with 500 on it, see docs/registry-differences.md.
var errNullValue = errBadRequest("A list or map holds null where a value must stand")

// errNegativeOffset likewise.
var errNegativeOffset = errBadRequest("offset must not be negative")

func errSubjectNotFound(subject string) *apiError {
	return refuse(http.StatusNotFound, 40401, "Subject '%s' not found.", subject)
}

func isSubjectNotFound(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.code == 40401
}

func errVersionNotFound(version int) *apiError {
	return refuse(http.StatusNotFound, 40402, "Version %d not found.", version)
}

func errSchemaNotFound() *apiError { return refuse(http.StatusNotFound, 40403, "Schema not found") }

func errNoSuchSchema(id any) *apiError {
	return refuse(http.StatusNotFound, 40403, "Schema %v not found", id)
}

func errSubjectSoftDeleted(subject string) *apiError {
	return refuse(http.StatusNotFound, 40404, "Subject '%s' was soft deleted.Set permanent=true to delete permanently", subject)
}

func errSubjectNotSoftDeleted(subject string) *apiError {
	return refuse(http.StatusNotFound, 40405, "Subject '%s' was not deleted first before being permanently deleted", subject)
}

func errVersionSoftDeleted(subject string, version int) *apiError {
	return refuse(http.StatusNotFound, 40406,
		"Subject '%s' Version %d was soft deleted.Set permanent=true to delete permanently", subject, version)
}

func errVersionNotSoftDeleted(subject string, version int) *apiError {
	return refuse(http.StatusNotFound, 40407,
		"Subject '%s' Version %d was not deleted first before being permanently deleted", subject, version)
}

func errNoSubjectLevel(subject string) *apiError {
	return refuse(http.StatusNotFound, 40408, "Subject '%s' does not have subject-level compatibility configured", subject)
}

func errNoSubjectMode(subject string) *apiError {
	return refuse(http.StatusNotFound, 40409, "Subject '%s' does not have subject-level mode configured", subject)
}

func errIncompatible(subject, details string) *apiError {
	return refuse(http.StatusConflict, 40901,
		`Schema being registered is incompatible with an earlier schema for subject "%s", details: %s`, subject, details)
}

func errNullBody(operation string) *apiError {
	return refuse(http.StatusUnprocessableEntity, 422, "%s.request must not be null (was null)", operation)
}

func errInvalidSchema(format string, args ...any) *apiError {
	return refuse(http.StatusUnprocessableEntity, 42201, format, args...)
}

func isInvalidSchema(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.code == 42201
}

func errInvalidVersion(version string) *apiError {
	return refuse(http.StatusUnprocessableEntity, 42202, "The specified version '%s' is not a valid version id. "+
		`Allowed values are between [1, 2^31-1] and the string "latest"`, version)
}

func errInvalidLevel() *apiError {
	return refuse(http.StatusUnprocessableEntity, 42203, "Invalid compatibility level. Valid values are none, backward, "+
		"forward, full, backward_transitive, forward_transitive, and full_transitive")
}

func errInvalidMode() *apiError {
	return refuse(http.StatusUnprocessableEntity, 42204, "Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.")
}

func errForwardMode() *apiError {
	return refuse(http.StatusUnprocessableEntity, 42204, "Forward mode only supported on global level")
}

func errNotPermitted(format string, args ...any) *apiError {
	return refuse(http.StatusUnprocessableEntity, 42205, format, args...)
}

// errWrongMode refuses what a subject's mode does not allow; wanted is "not in import mode" and the like. The real
// server's default context has an empty name here.
func errWrongMode(subject, wanted string) *apiError {
	return errNotPermitted("Subject %s in context %s is %s", subject, qualify(subject).prefix(), wanted)
}

func errReferenced(subject string, version int) *apiError {
	return refuse(http.StatusUnprocessableEntity, 42206,
		"One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=%s,version=%d}.", subject, version)
}

func errInvalidSubject(subject string) *apiError {
	return refuse(http.StatusUnprocessableEntity, 42208, "The specified subject '%s' is not a valid.", subject)
}

func errTooLarge() *apiError {
	return refuse(http.StatusUnprocessableEntity, 42209, "Register operation failed because schema is too large")
}

func errInvalidRuleSet(message string) *apiError {
	return refuse(http.StatusUnprocessableEntity, 42210, "%s", message)
}

func errContextNotEmpty(context string) *apiError {
	return refuse(http.StatusUnprocessableEntity, 42211, "The specified context '%s' is not empty.", context)
}

func errStore(err error) *apiError {
	return refuse(http.StatusInternalServerError, 50001, "Error in the backend data store: %v", err)
}

// asAPIError turns any error into an answer.
func asAPIError(err error) *apiError {
	var api *apiError
	var syntax *syntaxError
	var bind *bindError
	switch {
	case errors.As(err, &api):
		return api
	case errors.As(err, &syntax):
		if syntax.nested {
			return errBadRequest(shorten(syntax.message))
		}
		return errBadRequest(syntax.message)
	case errors.As(err, &bind):
		return errBadRequest(bind.message)
	}
	return refuse(http.StatusInternalServerError, http.StatusInternalServerError, "Internal Server Error: %v", err)
}
