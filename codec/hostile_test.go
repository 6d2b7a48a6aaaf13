package codec_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/sample"
)

func TestHostile(t *testing.T) {
	for _, c := range sample.Hostile() {
		t.Run(c.Name, func(t *testing.T) {
			s := registered(t, []byte(c.Schema))
			plans := map[string]*codec.Plan{"itself": identity(t, s)}
			if more, ok := withDefault(c.Schema); ok {
				p, err := codec.NewPlan(s, registered(t, []byte(more)))
				if err != nil {
					t.Fatal(err)
				}
				plans["a reader with one field more"] = p
			}
			if none, ok := withoutFields(c.Schema); ok {
				p, err := codec.NewPlan(s, registered(t, []byte(none)))
				if err != nil {
					t.Fatal(err)
				}
				plans["a reader without fields"] = p
			}
			err := codec.Validate(s, c.Bytes)
			if e := (*codec.Error)(nil); !errors.As(err, &e) {
				t.Errorf("Validate: %v", err)
			}
			if _, err := codec.ToJSON(s, c.Bytes); err == nil {
				t.Error("ToJSON takes it")
			}
			for against, p := range plans {
				if _, err2 := p.Resolve(nil, c.Bytes); err2 == nil || err2.Error() != err.Error() {
					t.Errorf("resolved against %s: %v; want %v", against, err2, err)
				}
			}
		})
	}
}

// withDefault returns a record schema with another field before its first.
func withDefault(schema string) (string, bool) {
	const fields = `"fields":[`
	at := strings.Index(schema, fields)
	if at < 0 {
		return "", false
	}
	at += len(fields)
	return schema[:at] + `{"name":"added","type":"string","default":"here"},` + schema[at:], true
}

// withoutFields returns a record schema that reads nothing of what is written.
func withoutFields(schema string) (string, bool) {
	return `{"type":"record","name":"R","fields":[]}`, strings.Contains(schema, `"fields"`)
}

// What nests is counted in records that can contain themselves: a schema that does not recur is never too deep.
func TestDepth(t *testing.T) {
	node := registered(t, []byte(`{"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}`))
	deepest := append([]byte(strings.Repeat("\x02", codec.MaxDepth-1)), 0)
	for _, p := range []*codec.Plan{identity(t, node), identity(t, node)} {
		if _, err := p.Resolve(nil, deepest); err != nil {
			t.Errorf("%d nested records: %v", codec.MaxDepth, err)
		}
	}
	text := toJSON(t, node, deepest)
	if _, err := codec.FromJSON(node, text); err != nil {
		t.Errorf("as JSON: %v", err)
	}
	deeper := strings.Replace(string(text), `null`, `{"next":null}`, 1)
	if _, err := codec.FromJSON(node, []byte(deeper)); !errors.Is(err, codec.ErrDepth) {
		t.Errorf("one more as JSON: %v", err)
	}
	schema, message := `"long"`, []byte{2}
	for range 600 {
		schema = `{"type":"array","items":` + schema + `}`
		message = append(append([]byte{2}, message...), 0)
	}
	if err := codec.Validate(registered(t, []byte(schema)), message); err != nil {
		t.Errorf("600 arrays in each other: %v", err)
	}
}

// A reader's default can be any number of bytes, and an item of the writer none at all.
func TestDefaultsAreBounded(t *testing.T) {
	item := func(fields string) string {
		return `{"type":"array","items":{"type":"record","name":"I","fields":[` + fields + `]}}`
	}
	w := registered(t, []byte(item("")))
	r := registered(t, []byte(item(`{"name":"f","type":"string","default":"`+strings.Repeat("x", 1000)+`"}`)))
	p, err := codec.NewPlan(w, r)
	if err != nil {
		t.Fatal(err)
	}
	few := append(codec.AppendLong(nil, 1000), 0)
	if out, err := p.Resolve(nil, few); err != nil || len(out) < 1_000_000 {
		t.Errorf("1000 items: %d bytes, %v", len(out), err)
	}
	many := append(codec.AppendLong(nil, codec.MaxZeroSizeItems), 0)
	if _, err := p.Resolve(nil, many); !errors.Is(err, codec.ErrResolve) {
		t.Errorf("%d items: %v", codec.MaxZeroSizeItems, err)
	}
}
