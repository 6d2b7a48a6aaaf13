package stream

import "time"

// Event is something that happened, for metrics.
type Event struct {
	Kind EventKind
	// Topic and Partition that it happened on, Offset of the record where there is one.
	Topic     string
	Partition int32
	Offset    int64
	// Attempt counts from 1, for Handled and Failed.
	Attempt int
	// Took is the time from the beginning of the attempt, decoding included.
	Took time.Duration
	// Err says what went wrong, for Failed, DeadLettered and Waiting.
	Err error
}

// EventKind says what happened. The zero EventKind is invalid.
type EventKind uint8

// What can happen.
const (
	Assigned     EventKind = iota + 1 // the consumer got a partition
	Revoked                           // a partition was taken away, or given back at the end
	Handled                           // a handler returned nil
	Failed                            // a handler returned an error, or a record could not be decoded
	Skipped                           // a record was passed over, as an option says
	DeadLettered                      // a record is in the dead-letter topic
	Waiting                           // a partition waits for the registry
)

var eventNames = [...]string{
	Assigned: "assigned", Revoked: "revoked", Handled: "handled", Failed: "failed", Skipped: "skipped",
	DeadLettered: "dead-lettered", Waiting: "waiting",
}

// String returns the kind in lower case, such as "dead-lettered".
func (k EventKind) String() string {
	if int(k) < len(eventNames) && k > 0 {
		return eventNames[k]
	}
	return "invalid"
}
