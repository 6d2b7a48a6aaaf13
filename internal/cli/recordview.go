package cli

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/avow-events/avow/internal/records"
)

// shown is a record with its event, with the reason why there is none, or with neither if it is a tombstone; and with its
// key, where that is more than bytes or should have been.
type shown struct {
	*records.Record
	event, key        *records.Event
	reason, keyReason error
}

// recordView prints a record.
type recordView func(shown)

func newRecordView(w io.Writer, output string) recordView {
	switch output {
	case "raw":
		return func(r shown) { fmt.Fprintf(w, "%x\n", r.Value) }
	case "table":
		return newTable(w)
	}
	encode := json.NewEncoder(w)
	encode.SetEscapeHTML(false)
	return func(r shown) { encode.Encode(lineOf(r)) }
}

// line is a record as JSON. Its names are what scripts rely on.
type line struct {
	Topic     string            `json:"topic"`
	Partition int32             `json:"partition"`
	Offset    int64             `json:"offset"`
	Timestamp time.Time         `json:"timestamp"`
	Key       any               `json:"key"`               // text, JSON by its contract, or null for none
	KeyHex    string            `json:"key_hex,omitempty"` // instead of Key, where that is no UTF-8
	KeyError  string            `json:"key_error,omitempty"`
	KeySchema int               `json:"key_schema_id,omitempty"`
	KeyType   string            `json:"key_type,omitempty"`
	Headers   map[string]string `json:"headers,omitempty"`
	SchemaID  int               `json:"schema_id,omitempty"`
	Type      string            `json:"type,omitempty"`
	Value     json.RawMessage   `json:"value,omitempty"` // null for a tombstone
	Error     string            `json:"error,omitempty"` // why there is no value
	ValueHex  string            `json:"value_hex,omitempty"`
}

func lineOf(r shown) line {
	l := line{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Timestamp: r.Timestamp.UTC()}
	switch {
	case r.key != nil:
		l.Key, l.KeySchema, l.KeyType = r.key.JSON, r.key.SchemaID, r.key.Name
	case r.Key == nil:
	case utf8.Valid(r.Key) && r.keyReason == nil:
		l.Key = string(r.Key)
	default:
		l.KeyHex = hex.EncodeToString(r.Key)
	}
	if r.keyReason != nil {
		l.KeyError = r.keyReason.Error()
	}
	for _, h := range r.Headers {
		if l.Headers == nil {
			l.Headers = map[string]string{}
		}
		l.Headers[h.Key] = text(h.Value)
	}
	switch {
	case r.reason != nil:
		l.Error, l.ValueHex = r.reason.Error(), hex.EncodeToString(r.Value)
	case r.event != nil:
		l.SchemaID, l.Type, l.Value = r.event.SchemaID, r.event.Name, r.event.JSON
	default:
		l.Value = json.RawMessage("null")
	}
	return l
}

// text returns bytes as they are where they are text, else in hex.
func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return "0x" + hex.EncodeToString(b)
}

// newTable prints records in columns. The value comes last because nobody knows how long it is; the others are as wide
// as they usually need.
func newTable(w io.Writer) recordView {
	const columns = "%-9s %9s  %-24s  %-20s  %-32s  %s\n"
	fmt.Fprintf(w, columns, "PARTITION", "OFFSET", "TIME", "KEY", "TYPE", "VALUE")
	return func(r shown) {
		key, kind, value := "-", "-", "(tombstone)"
		switch {
		case r.key != nil:
			key = string(r.key.JSON)
		case r.Key != nil:
			key = text(r.Key)
		}
		switch {
		case r.reason != nil:
			kind, value = "(not readable)", r.reason.Error()+": "+hex.EncodeToString(r.Value)
		case r.event != nil:
			kind, value = r.event.Name, string(r.event.JSON)
		}
		fmt.Fprintf(w, columns, fmt.Sprint(r.Partition), fmt.Sprint(r.Offset),
			r.Timestamp.UTC().Format("2006-01-02T15:04:05.000Z"), key, kind, value)
	}
}
