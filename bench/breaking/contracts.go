package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The contracts: in each domain one type that the others refer to, and events of 16 fields with a type and an enum of their
// own.
const (
	domains   = 50
	perDomain = 20
	fields    = 13 // of plain types, beside details, status and origin
)

// plain are the types of the plain fields, in turns, in Avro and in Protobuf.
var plain = [...]struct{ avro, proto string }{
	{"long", "int64"}, {"string", "string"}, {"double", "double"}, {"boolean", "bool"}, {"bytes", "bytes"},
}

// everyTenth chooses one event of each half domain.
func everyTenth(file int) bool { return file%10 == 5 }

// writeContracts writes every contract in both languages, and the configurations of both tools. Of the files that changed
// says, the first field has become a string.
func writeContracts(repo string, changed func(file int) bool) error {
	files := map[string]string{
		"avow.yaml": "version: v1\n",
		"buf.yaml":  "version: v2\nmodules:\n  - path: proto\nbreaking:\n  use: [FILE]\n",
	}
	for file := range domains * perDomain {
		domain, name := fmt.Sprintf("d%02d", file/perDomain), fmt.Sprintf("Event%03d", file)
		first := 0
		if changed != nil && changed(file) {
			first = 1
		}
		avro, proto := event(domain, name, first)
		if file%perDomain == 0 {
			name = "Origin"
			avro, proto = origin(domain)
		}
		files["schemas/"+domain+"/"+name+".avsc"] = avro
		files["proto/"+domain+"/"+strings.ToLower(name)+".proto"] = proto
	}
	for name, text := range files {
		path := filepath.Join(repo, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// origin is the type that the events of a domain share.
func origin(domain string) (avro, proto string) {
	return fmt.Sprintf(`{
  "type": "record",
  "name": "Origin",
  "namespace": "bench.%s",
  "doc": "Where an event comes from.",
  "fields": [
    {"name": "service", "type": "string", "doc": "Name of the service."},
    {"name": "host", "type": "string", "doc": "Name of the machine."},
    {"name": "sequence", "type": "long", "doc": "Number of the event."}
  ]
}
`, domain), fmt.Sprintf(`syntax = "proto3";

package bench.%s;

// Where an event comes from.
message Origin {
  // Name of the service.
  string service = 1;
  // Name of the machine.
  string host = 2;
  // Number of the event.
  int64 sequence = 3;
}
`, domain)
}

// event is an event whose first field is of the given plain type.
func event(domain, name string, first int) (avro, proto string) {
	var a, p strings.Builder
	for i := range fields {
		t := plain[i%len(plain)]
		if i == 0 {
			t = plain[first]
		}
		fmt.Fprintf(&a, "    {\"name\": \"field_%02d\", \"type\": \"%s\", \"doc\": \"What field %d of %s says.\"},\n", i, t.avro, i, name)
		fmt.Fprintf(&p, "  // What field %d of %s says.\n  %s field_%02d = %d;\n", i, name, t.proto, i, i+1)
	}
	return fmt.Sprintf(`{
  "type": "record",
  "name": "%[2]s",
  "namespace": "bench.%[1]s",
  "doc": "Something that happened in %[1]s.",
  "fields": [
%[3]s    {
      "name": "details",
      "type": {
        "type": "record",
        "name": "Details%[2]s",
        "fields": [
          {"name": "reason", "type": "string", "doc": "Why it happened."},
          {"name": "attempt", "type": "int", "doc": "Which attempt it was."}
        ]
      },
      "doc": "More about it."
    },
    {
      "name": "status",
      "type": {"type": "enum", "name": "Status%[2]s", "symbols": ["UNKNOWN", "OPEN", "DONE"]},
      "doc": "What became of it."
    },
    {"name": "origin", "type": "Origin", "doc": "Where it comes from."}
  ]
}
`, domain, name, a.String()), fmt.Sprintf(`syntax = "proto3";

package bench.%[1]s;

import "%[1]s/origin.proto";

// Something that happened in %[1]s.
message %[2]s {
%[3]s  // More about it.
  Details%[2]s details = %[4]d;
  // What became of it.
  Status%[2]s status = %[5]d;
  // Where it comes from.
  Origin origin = %[6]d;
}

message Details%[2]s {
  // Why it happened.
  string reason = 1;
  // Which attempt it was.
  int32 attempt = 2;
}

enum Status%[2]s {
  STATUS_%[7]s_UNKNOWN = 0;
  STATUS_%[7]s_OPEN = 1;
  STATUS_%[7]s_DONE = 2;
}
`, domain, name, p.String(), fields+1, fields+2, fields+3, strings.ToUpper(name))
}
