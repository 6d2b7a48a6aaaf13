package stream

import (
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Headers that a dead letter carries beside those that it came with.
const (
	HeaderTopic     = "avow.dlq.topic"     // where it came from
	HeaderPartition = "avow.dlq.partition" // decimal
	HeaderOffset    = "avow.dlq.offset"    // decimal
	HeaderTimestamp = "avow.dlq.timestamp" // when it was produced, RFC 3339 in UTC
	HeaderGroup     = "avow.dlq.group"     // whose consumer could not handle it
	HeaderReason    = "avow.dlq.reason"    // a Reason
	HeaderError     = "avow.dlq.error"     // what went wrong, in words
	HeaderAttempts  = "avow.dlq.attempts"  // how often the handler was called, decimal
	HeaderSchema    = "avow.dlq.schema"    // "schema id 7", absent where it is not known
)

// maxErrorHeader bounds the header with the error: the trace of a panic can be long.
const maxErrorHeader = 4 << 10

// bury writes a record to the dead-letter topic as it came, with the reason, and waits for the acknowledgement of all
// in-sync replicas.
func (w *worker) bury(r *kgo.Record, failed *RecordError, topic string) error {
	text := failed.Err.Error()
	add := func(headers []Header, key, value string) []Header {
		return append(headers, Header{Key: key, Value: []byte(value)})
	}
	headers := r.Headers[:len(r.Headers):len(r.Headers)]
	headers = add(headers, HeaderTopic, r.Topic)
	headers = add(headers, HeaderPartition, strconv.Itoa(int(r.Partition)))
	headers = add(headers, HeaderOffset, strconv.FormatInt(r.Offset, 10))
	headers = add(headers, HeaderTimestamp, r.Timestamp.UTC().Format(time.RFC3339Nano))
	headers = add(headers, HeaderGroup, w.consumer.group)
	headers = add(headers, HeaderReason, string(failed.Reason))
	headers = add(headers, HeaderError, text[:min(len(text), maxErrorHeader)])
	headers = add(headers, HeaderAttempts, strconv.Itoa(failed.Attempts))
	if failed.Schema != "" {
		headers = add(headers, HeaderSchema, failed.Schema)
	}
	letter := &kgo.Record{Topic: topic, Key: r.Key, Value: r.Value, Headers: headers}
	return w.client.ProduceSync(w.hands, letter).FirstErr()
}
