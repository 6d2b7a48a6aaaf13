package codec_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/gen/common"
	"github.com/avow-events/avow/gen/orders"
)

func plan(t testing.TB, writer, reader string) *codec.Plan {
	t.Helper()
	p, err := codec.NewPlan(registered(t, []byte(writer)), registered(t, []byte(reader)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func record(name, fields string) string {
	return `{"type":"record","name":"` + name + `","fields":[` + fields + `]}`
}

// A part that cannot be resolved is an error when it is met, with its place in what was written.
func TestResolveFails(t *testing.T) {
	item := func(more string) string {
		return record("Order", `{"name":"id","type":"long"},{"name":"items","type":{"type":"array","items":`+record("Item", more)+`}}`)
	}
	kinds := func(symbols string) string {
		return item(`{"name":"kind","type":{"type":"enum","name":"Kind","symbols":[` + symbols + `]}}`)
	}
	labels := func(values string) string {
		return record("Order", `{"name":"labels","type":{"type":"map","values":`+values+`}}`)
	}
	for _, c := range []struct{ name, writer, reader, src, fine, want string }{
		{
			"symbol", kinds(`"A","B"`), kinds(`"B"`), "\x02\x04\x02\x00\x00", "\x02\x02\x02\x00",
			`avro: items[1].kind at byte 3: writer's value does not fit the reader's schema: reader's enum Kind has no symbol "A", and no default`,
		},
		{
			"branch", labels(`["long","string","null"]`), labels(`["long","null"]`), "\x04\x02a\x00\x06\x02b\x02\x02x\x00", "\x02\x02a\x00\x06\x00",
			`avro: labels["b"] at byte 8: writer's value does not fit the reader's schema: no branch of the reader's union takes string`,
		},
		{
			"type", record("Order", `{"name":"list","type":{"type":"array","items":"string"}}`),
			record("Order", `{"name":"list","type":{"type":"array","items":"int"}}`), "\x02\x02x\x00", "\x00",
			`avro: list[0] at byte 1: writer's value does not fit the reader's schema: writer's string, reader's int`,
		},
		{
			"field", item(`{"name":"a","type":"int"}`), item(`{"name":"a","type":"int"},{"name":"b","type":"int"}`), "\x02\x02\x02\x00", "\x02\x00",
			`avro: items[0] at byte 2: writer's value does not fit the reader's schema: writer's record Item has no field "b", and the reader's has no default`,
		},
		{
			"in a part that is skipped", item(`{"name":"a","type":"string"},{"name":"b","type":"int"}`), item(`{"name":"b","type":"int"}`),
			"\x02\x02\x02\xff\x02\x00", "\x02\x02\x02x\x02\x00",
			`avro: items[0].a at byte 2: string is not UTF-8`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := plan(t, c.writer, c.reader)
			if _, err := p.Resolve(nil, []byte(c.fine)); err != nil {
				t.Errorf("without it: %v", err)
			}
			dst, err := p.Resolve([]byte("before"), []byte(c.src))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if string(dst) != "before" {
				t.Errorf("returns %q", dst)
			}
		})
	}
}

// Where Avro Java cannot begin neither can we.
func TestNewPlanFails(t *testing.T) {
	for _, c := range []struct{ name, writer, reader, want string }{
		{
			"default that fits no type", record("R", ``), record("R", `{"name":"f","type":"int","default":"x"}`),
			"resolve R against R: reader's R.f: default does not fit int",
		},
		{
			"default without end", record("R", ``), record("R", `{"name":"f","type":`+record("S", `{"name":"s","type":"S","default":{}}`)+`,"default":{}}`),
			"resolve R against R: reader's R.f: default comes to more than a mebibyte or a million values",
		},
		{
			"alias onto a field that is there", record("R", `{"name":"a","type":"int"},{"name":"b","type":"int"}`),
			record("R", `{"name":"a","type":"int","aliases":["b"]}`),
			`resolve R against R: under the reader's aliases the writer's R has two fields "a"`,
		},
		{
			"alias onto a branch that is there", `[` + record("A", ``) + `,` + record("B", ``) + `]`,
			`[{"type":"record","name":"A","fields":[],"aliases":["B"]}]`,
			`resolve union against union: under the reader's aliases a union of the writer holds A twice`,
		},
		{
			"alias that takes a default its field", record("R", `{"name":"r","type":`+record("S", `{"name":"old","type":"int"}`)+`,"default":{"old":1}}`),
			record("R", `{"name":"r","type":`+record("S", `{"name":"new","type":"int","aliases":["old"]}`)+`,"default":{"new":1}}`),
			`resolve R against R: under the reader's aliases the default of the writer's R.r does not fit its type`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := codec.NewPlan(registered(t, []byte(c.writer)), registered(t, []byte(c.reader)))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// A schema that names one record from many places makes a program no larger than itself.
func TestPlansStaySmall(t *testing.T) {
	const depth = 40
	tower := func(leaf string) string {
		text := record("R0", `{"name":"v","type":`+leaf+`}`)
		for k := 1; k <= depth; k++ {
			inner := "R" + string(rune('0'+(k-1)/10)) + string(rune('0'+(k-1)%10))
			if k == 1 {
				inner = "R0"
			}
			name := "R" + string(rune('0'+k/10)) + string(rune('0'+k%10))
			text = record(name, `{"name":"a","type":["null",`+text+`]},{"name":"b","type":{"type":"array","items":"`+inner+`"}},{"name":"c","type":["null","`+inner+`"]}`)
		}
		return text
	}
	// Half of all of this would be 2^40 instructions.
	p := plan(t, tower(`"int"`), tower(`"double"`))
	if out, err := p.Resolve(nil, []byte{0, 0, 0}); err != nil || !bytes.Equal(out, []byte{0, 0, 0}) {
		t.Errorf("got %x, %v", out, err)
	}
	if err := codec.Validate(registered(t, []byte(tower(`"int"`))), []byte{0, 0, 0}); err != nil {
		t.Error(err)
	}
}

func TestConcurrentUse(t *testing.T) {
	old := olderOrder(t)
	src := written(t, old, order())
	r, err := codec.NewResolver[orders.OrderCreated](old)
	if err != nil {
		t.Fatal(err)
	}
	p, err := codec.NewPlan(registered(t, []byte(old)), new(orders.OrderCreated).AvroSchema().Parsed())
	if err != nil {
		t.Fatal(err)
	}
	want, err := p.Resolve(nil, src)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				var v orders.OrderCreated
				if err := r.Decode(src, &v); err != nil || v.ShippingAddress.City != "Berlin" {
					t.Errorf("decoded %q, %v", v.ShippingAddress.City, err)
				}
				if got, err := p.Resolve(nil, src); err != nil || !bytes.Equal(got, want) {
					t.Errorf("resolved to %x, %v", got, err)
				}
				if err := r.Decode(src[:len(src)-1], &v); err == nil {
					t.Error("decoded what is cut short")
				}
			}
		})
	}
	wg.Wait()
}

// Typed code refuses what it has no way to hold; the bounded walk, like Avro Java, does not look at it.
func TestValueOutsideItsLogicalType(t *testing.T) {
	o := order()
	src, err := o.AppendAvro(nil)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(src, []byte("0cbe8c14"))
	src[at] = 'x'
	var v orders.OrderCreated
	err = v.DecodeAvro(src)
	if e := (*codec.Error)(nil); !errors.As(err, &e) || !errors.Is(err, codec.ErrLogical) || e.Path != "metadata.event_id" || e.Offset != at-1 {
		t.Errorf("got %v, want ErrLogical in metadata.event_id at byte %d", err, at-1)
	}
	if err := codec.Validate(o.AvroSchema().Parsed(), src); err != nil {
		t.Errorf("Validate: %v", err)
	}
	if v.Items != nil || v.Metadata != (common.EventMetadata{}) {
		t.Error("something is left behind")
	}
}

// Defaults are encoded once: nothing that a caller does to a result changes the next one.
func TestDefaultsAreFresh(t *testing.T) {
	p := plan(t, record("R", ``), record("R", `{"name":"f","type":"string","default":"here"}`))
	for range 2 {
		got, err := p.Resolve(nil, nil)
		if err != nil || !strings.HasSuffix(string(got), "here") {
			t.Fatalf("got %q, %v", got, err)
		}
		copy(got, "\x08gone")
	}
}
