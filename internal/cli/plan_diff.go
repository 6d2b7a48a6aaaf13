package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// How much of a difference is shown.
const (
	maxDifferences = 12
	maxDifference  = 160
)

// difference returns how two schemas differ, a line for each field, symbol or attribute that one of them does not have
// like that, behind + or -.
func difference(old, next string) []string {
	unified := diff.Diff("old", outline(old), "new", outline(next))
	var out []string
	left := 0
	for i, line := range strings.Split(strings.TrimSuffix(string(unified), "\n"), "\n") {
		if i < 3 || !strings.HasPrefix(line, "+") && !strings.HasPrefix(line, "-") { // its header, what is the same
			continue
		}
		if len(out) == maxDifferences {
			left++
			continue
		}
		line = line[:1] + " " + line[1:]
		if len(line) > maxDifference {
			line = strings.ToValidUTF8(line[:maxDifference], "") + "…"
		}
		out = append(out, line)
	}
	if left > 0 {
		out = append(out, fmt.Sprintf("… %d more lines differ", left))
	}
	return out
}

// outline writes a schema with a line for each attribute, field and symbol; one that is no object is one line.
func outline(schema string) []byte {
	var out bytes.Buffer
	d := json.NewDecoder(strings.NewReader(schema))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return []byte(schema + "\n")
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return []byte(schema + "\n")
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return []byte(schema + "\n")
		}
		var items []json.RawMessage
		if (key == "fields" || key == "symbols") && json.Unmarshal(value, &items) == nil {
			for _, item := range items {
				fmt.Fprintf(&out, "%s\n", item)
			}
			continue
		}
		fmt.Fprintf(&out, "%q: %s\n", key, value)
	}
	return out.Bytes()
}
