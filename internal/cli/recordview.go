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

// recordView prints a record: with its event, with the reason why there is none, or with neither if it is a tombstone.
type recordView func(r *records.Record, event *records.Event, reason error)

func newRecordView(w io.Writer, output string) recordView {
	switch output {
	case "raw":
		return func(r *records.Record, _ *records.Event, _ error) { fmt.Fprintf(w, "%x\n", r.Value) }
	case "table":
		return newTable(w)
	}
	encode := json.NewEncoder(w)
	encode.SetEscapeHTML(false)
	return func(r *records.Record, event *records.Event, reason error) { encode.Encode(lineOf(r, event, reason)) }
}

// line is a record as JSON. Its names are what scripts rely on.
type line struct {
	Topic     string            `json:"topic"`
	Partition int32             `json:"partition"`
	Offset    int64             `json:"offset"`
	Timestamp time.Time         `json:"timestamp"`
	Key       *string           `json:"key"`
	KeyHex    string            `json:"key_hex,omitempty"` // instead of Key, where that is no UTF-8
	Headers   map[string]string `json:"headers,omitempty"`
	SchemaID  int               `json:"schema_id,omitempty"`
	Type      string            `json:"type,omitempty"`
	Value     json.RawMessage   `json:"value,omitempty"` // null for a tombstone
	Error     string            `json:"error,omitempty"` // why there is no value
	ValueHex  string            `json:"value_hex,omitempty"`
}

func lineOf(r *records.Record, event *records.Event, reason error) line {
	l := line{Topic: r.Topic, Partition: r.Partition, Offset: r.Offset, Timestamp: r.Timestamp.UTC()}
	switch {
	case r.Key == nil:
	case utf8.Valid(r.Key):
		key := string(r.Key)
		l.Key = &key
	default:
		l.KeyHex = hex.EncodeToString(r.Key)
	}
	for _, h := range r.Headers {
		if l.Headers == nil {
			l.Headers = map[string]string{}
		}
		l.Headers[h.Key] = text(h.Value)
	}
	switch {
	case reason != nil:
		l.Error, l.ValueHex = reason.Error(), hex.EncodeToString(r.Value)
	case event != nil:
		l.SchemaID, l.Type, l.Value = event.SchemaID, event.Name, event.JSON
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
	return func(r *records.Record, event *records.Event, reason error) {
		key, kind, value := "-", "-", "(tombstone)"
		if r.Key != nil {
			key = text(r.Key)
		}
		switch {
		case reason != nil:
			kind, value = "(not readable)", reason.Error()+": "+hex.EncodeToString(r.Value)
		case event != nil:
			kind, value = event.Name, string(event.JSON)
		}
		fmt.Fprintf(w, columns, fmt.Sprint(r.Partition), fmt.Sprint(r.Offset),
			r.Timestamp.UTC().Format("2006-01-02T15:04:05.000Z"), key, kind, value)
	}
}
