package stream

import (
	"errors"
	"fmt"
)

// RecordError is a record that could not be handled: why a consumer stopped, or why the record is a dead letter.
type RecordError struct {
	Topic     string
	Partition int32
	Offset    int64
	// Schema says what the record was written with: "schema id 7", "schema guid …", empty where it does not tell.
	Schema string
	Reason Reason
	// Attempts is how often the handler was called, 0 where it never was.
	Attempts int
	Err      error
}

// Reason says what kind of failure a RecordError is.
type Reason string

// The reasons, as they stand in the header [HeaderReason] of a dead letter.
const (
	// Undecodable: the bytes are not what the record says they are, or its schema cannot be read as the handler's type.
	Undecodable Reason = "undecodable"
	// Unhandled: no handler is for the record's type, or for tombstones.
	Unhandled Reason = "unhandled"
	// HandlerFailed: the handler returned a Permanent error, or failed as often as Retries allows.
	HandlerFailed Reason = "handler failed"
)

// Error returns topic/partition@offset, the schema and what went wrong.
func (e *RecordError) Error() string {
	return fmt.Sprintf("record %s: %s: %v", e.where(), e.Reason, e.Err)
}

func (e *RecordError) where() string {
	where := fmt.Sprintf("%s/%d@%d", e.Topic, e.Partition, e.Offset)
	if e.Schema != "" {
		where += " (" + e.Schema + ")"
	}
	if e.Attempts > 1 {
		where += fmt.Sprintf(" after %d attempts", e.Attempts)
	}
	return where
}

// Unwrap returns Err.
func (e *RecordError) Unwrap() error { return e.Err }

// Permanent marks an error of a handler as one that no retry will mend: the record is not handed to it again.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

func isPermanent(err error) bool {
	var p *permanentError
	return errors.As(err, &p)
}

// panicError is a handler that panicked. It counts as an error of the handler.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("handler panicked: %v\n%s", e.value, e.stack) }
