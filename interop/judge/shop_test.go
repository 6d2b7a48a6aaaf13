package judge_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/interop/internal/shop"
)

// TestShop has Java read what generated types wrote, and generated types read what Java wrote of it.
func TestShop(t *testing.T) {
	j := newJudge(t)
	t.Run("OrderCreated", func(t *testing.T) { throughJava(t, j, shop.Orders()) })
	t.Run("Notification", func(t *testing.T) { throughJava(t, j, shop.Notifications()) })
	t.Run("ApplicationEvent", func(t *testing.T) { throughJava(t, j, shop.Telemetry()) })
}

func throughJava[T any, P codec.Pointer[T]](t *testing.T, j judge, events map[string]*T) {
	text := P(new(T)).AvroSchema().String()
	s, err := avsc.Parse("shop.avsc", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, event := range events {
		b, err := P(event).AppendAvro(nil)
		if err != nil {
			t.Fatal(err)
		}
		v := j.ask(t, asked{Schema: text, Decode: [][]byte{b}})
		if v.Error != "" || len(v.Values) != 1 {
			t.Errorf("%s: Java reads %d values: %s", name, len(v.Values), v.Error)
			continue
		}
		if v.Text != text || v.Canonical != string(s.Canonical()) {
			t.Errorf("the schema is to Java\n%s\n%s\nand to us\n%s\n%s", v.Text, v.Canonical, text, s.Canonical())
		}
		fromJSON, err := codec.FromJSON(s, []byte(v.Values[0].JSON), codec.AvroJSON())
		if err != nil {
			t.Errorf("%s: %v in %s", name, err, v.Values[0].JSON)
		}
		for form, b := range map[string][]byte{"bytes": v.Values[0].Bytes, "JSON": fromJSON} {
			got := new(T)
			if err := P(got).DecodeAvro(b); err != nil {
				t.Errorf("%s: Java's %s: %v", name, form, err)
			} else if diff := cmp.Diff(event, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: ours (-) is not what Java's %s hold (+):\n%s", name, form, diff)
			}
		}
	}
}
