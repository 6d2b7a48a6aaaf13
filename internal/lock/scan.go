package lock

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
)

// Binary is what a Go binary says of the contracts that it was built with.
type Binary struct {
	// Lock is what its copies of avow.lock say together, nil where it has none.
	Lock *Lock
	// Writes are the Go types of the events that it has producers for (stream.Producer[T]), and of their keys where those
	// have a contract (stream.KeyedProducer[K, T]), as import path, dot, name.
	Writes []string
	// Schemas are the schemas of named types in generated code, and others that happen to look like them.
	Schemas []*avsc.Schema

	rest []byte // without the locks
}

// Holds reports whether generated code holds a schema with this self-contained text.
func (b Binary) Holds(text string) bool { return bytes.Contains(b.rest, []byte(text)) }

// Scan reads a Go binary, stripped or not. What it looks for are constants and names of types, which stand in every
// binary as they are.
func Scan(binary []byte) Binary {
	var found Binary
	var rest []byte // without the locks, whose texts nobody writes any more
	from := 0
	for at := range occurrences(binary, []byte(header)) {
		end := bytes.Index(binary[at:], []byte("\n"+footer))
		if end < 0 {
			continue
		}
		l, err := Parse("avow.lock", binary[at:at+end+1])
		if err != nil {
			continue // the constant itself, with something else behind it
		}
		rest, from = append(rest, binary[from:at]...), at+end+1
		if found.Lock == nil {
			found.Lock = &Lock{}
		}
		found.Lock.Merge(l)
	}
	found.rest = append(rest, binary[from:]...)
	found.Writes = producers(found.rest)
	found.Schemas = schemas(found.rest)
	return found
}

// occurrences yields where a text stands.
func occurrences(in, text []byte) func(func(int) bool) {
	return func(yield func(int) bool) {
		for from := 0; ; {
			i := bytes.Index(in[from:], text)
			if i < 0 || !yield(from+i) {
				return
			}
			from += i + len(text)
		}
	}
}

// producer is the name that the runtime has for the type of a producer, up to the first of its types: T of a Producer[T],
// K of a KeyedProducer[K,T], which has a Producer[T] besides. That of T is its import path in full.
var producer = regexp.MustCompile(`stream\.(?:Producer\[([A-Za-z0-9_~./%-]+\.[\pL_][\pL\pN_]*)\]|KeyedProducer\[([A-Za-z0-9_~./%-]+\.[\pL_][\pL\pN_]*),)`)

func producers(binary []byte) []string {
	var out []string
	for _, m := range producer.FindAllSubmatch(binary, -1) {
		name := string(m[1]) + string(m[2]) // one of them is empty
		if strings.HasPrefix(name, "go.shape.") {
			continue // what several types have in common
		}
		out = append(out, strings.ReplaceAll(name, "%2e", "."))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// schemas returns the distinct schemas of named types whose text stands somewhere. Types inside of others are among them.
func schemas(binary []byte) []*avsc.Schema {
	var out []*avsc.Schema
	seen := map[string]bool{}
	for _, kind := range []string{"record", "error", "enum", "fixed"} {
		for at := range occurrences(binary, []byte(`{"type":"`+kind+`","name":"`)) {
			var text json.RawMessage
			// Texts are bounded by nothing but their own end, so that the decoder sees how long one is.
			if json.NewDecoder(bytes.NewReader(binary[at:])).Decode(&text) != nil || seen[string(text)] {
				continue
			}
			seen[string(text)] = true
			if s, err := avsc.Parse("", text, avsc.Registered()); err == nil {
				out = append(out, s)
			}
		}
	}
	return out
}
