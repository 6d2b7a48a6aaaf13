package cli

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
)

func contractFor(t testing.TB) *contract {
	t.Helper()
	s, err := avsc.Parse("Price.avsc", []byte(`{"type":"record","name":"Price","fields":[{"name":"cents","type":"int"},{"name":"sku","type":"string","default":""}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return &contract{schema: s, id: 7}
}

// readAll returns the values of all records, and the error that ended it.
func readAll(c *contract, in string, key keyFunc) (values, keys []string, err error) {
	e := newEventReader("in", strings.NewReader(in))
	for {
		r, err := e.record(c, key, nil)
		if errors.Is(err, io.EOF) {
			return values, keys, nil
		}
		if err != nil {
			return values, keys, err
		}
		values, keys = append(values, string(r.Value)), append(keys, string(r.Key))
	}
}

func TestEventReader(t *testing.T) {
	c := contractFor(t)
	values, _, err := readAll(c, "{\"cents\": 1}{\"cents\": 2}\n\n {\n  \"cents\": 3,\n \"sku\": \"x\"}", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"\x00\x00\x00\x00\x07\x02\x00", "\x00\x00\x00\x00\x07\x04\x00", "\x00\x00\x00\x00\x07\x06\x02x"}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestEventReaderErrors(t *testing.T) {
	c := contractFor(t)
	for name, tt := range map[string]struct {
		in   string
		read int
		want string
	}{
		"wrong kind":   {"{\"cents\": 1}\n{\"cents\": \"x\"}\n", 1, "in:2:11: cents: "},
		"across lines": {"{\"cents\": 1}\n{\"cents\": 1}\n{\n\n  \"cents\": true}", 2, "in:5:12: cents: "},
		"out of range": {`{"cents": 3000000000}`, 0, "in:1:11: cents: "},
		"unknown":      {`{"cents": 1, "cent": 2}`, 0, "in:1:14: cent: unknown to the schema, did you mean \"cents\"?"},
		"missing":      {`  {"sku": "x"}`, 0, "in:1:"},
		"no record":    {`[1]`, 0, "in:1:1: "},
		"malformed":    {"{\"cents\": 1}\n{\"cents\" 1}", 1, "in:2:10: malformed JSON: "},
		"cut off":      {"{\"cents\": 1}\n{\"cents\": ", 1, "in:2:11: malformed JSON: the last event is not complete"},
	} {
		t.Run(name, func(t *testing.T) {
			values, _, err := readAll(c, tt.in, nil)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
			if len(values) != tt.read {
				t.Errorf("%d events were read before, want %d", len(values), tt.read)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	const event = `{"id": "a", "n": 12, "meta": {"id": "b", "none": null}, "on": true}`
	for from, want := range map[string]string{"id": "a", "n": "12", "meta.id": "b"} {
		key, err := (&produceFlags{keyFrom: from}).keyOf(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := key([]byte(event)); err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, want %q", from, got, err, want)
		}
	}
	for from, want := range map[string]string{
		"ids":       `--key-from ids: the event has no field "ids"`,
		"meta.ids":  `--key-from meta.ids: meta has no field "ids"`,
		"id.x":      `--key-from id.x: id is no record`,
		"on":        `--key-from on: true is no text and no number`,
		"meta":      `--key-from meta: {"id": "b", "none": null} is no text and no number`,
		"meta.none": `--key-from meta.none: null is no text and no number`,
	} {
		key, err := (&produceFlags{keyFrom: from}).keyOf(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := key([]byte(event)); err == nil || err.Error() != want {
			t.Errorf("%s: got %q, %v, want %s", from, got, err, want)
		}
	}
	if key, err := (&produceFlags{}).keyOf(nil); key != nil || err != nil {
		t.Errorf("without flags: %v", err)
	}
	if key, _ := (&produceFlags{keyGiven: true}).keyOf(nil); key == nil {
		t.Error("an empty --key is a key")
	}
	if err := (&produceFlags{keyFrom: "a..b"}).checkKey(); err == nil {
		t.Error("a..b names a field")
	}
}

func FuzzEventReader(f *testing.F) {
	c := contractFor(f)
	for _, seed := range []string{
		"", "\n", "null", "{\"cents\": 1}\n{\"cents\": 2}", "{\"cents\": \"x\"}", "{\"cents\"", "[[[[", "\xff", "{}{}{", "1 2 3",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		_, _, err := readAll(c, in, nil)
		var placed *avsc.Error
		if !errors.As(err, &placed) {
			return
		}
		lines := strings.Split(in, "\n")
		if p := placed.Pos; p.Line < 1 || p.Line > len(lines) || p.Col < 1 || p.Col > len(lines[p.Line-1])+1 {
			t.Errorf("%v is not in the input", placed)
		}
	})
}
