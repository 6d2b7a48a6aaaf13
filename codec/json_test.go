package codec_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/avow-events/avow/codec"
)

// Each text is what ToJSON writes of what FromJSON reads.
func TestPlainJSON(t *testing.T) {
	fixed := func(size, more string) string { return `{"type":"fixed","name":"F","size":` + size + more + `}` }
	logical := func(typ, l string) string { return `{"type":"` + typ + `","logicalType":"` + l + `"}` }
	record := func(name, field string) string {
		return `{"type":"record","name":"` + name + `","fields":[{"name":"` + field + `","type":"int"}]}`
	}
	for _, c := range []struct{ schema, text string }{
		{`"null"`, `null`},
		{`"boolean"`, `true`},
		{`"int"`, `-2147483648`},
		{`"long"`, `9223372036854775807`},
		{`"float"`, `0.1`},
		{`"float"`, `"NaN"`},
		{`"double"`, `1e+30`},
		{`"double"`, `-0`},
		{`"double"`, `"-Infinity"`},
		{`"string"`, `"a \"b\" \\ \n\u0001 é 😀"`},
		{`"bytes"`, `"AP8="`},
		{fixed("2", ""), `"AP8="`},
		{`{"type":"enum","name":"E","symbols":["A","B"]}`, `"B"`},
		{`{"type":"array","items":"null"}`, `[null,null]`},
		{`{"type":"map","values":"long"}`, `{"a":1,"":2}`},
		{record("R", "f"), `{"f":1}`},

		{`{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}`, `"-0.05"`},
		{fixed("16", `,"logicalType":"decimal","precision":30,"scale":3`), `"123456789012345678901234567.890"`},
		{logical("string", "uuid"), `"0cbe8c14-0b25-4d3a-9d0e-8a1c0f3b5d77"`},
		{fixed("16", `,"logicalType":"uuid"`), `"0cbe8c14-0b25-4d3a-9d0e-8a1c0f3b5d77"`},
		{fixed("12", `,"logicalType":"duration"`), `"P14M3DT5.006S"`},
		{logical("int", "date"), `"2026-02-28"`},
		{logical("int", "date"), `"-0001-12-31"`},
		{logical("int", "date"), `"+12345-06-07"`},
		{logical("int", "time-millis"), `"23:59:59.999"`},
		{logical("long", "time-micros"), `"00:00:00.000001"`},
		{logical("long", "timestamp-millis"), `"2026-11-23T04:12:50.123Z"`},
		{logical("long", "timestamp-millis"), `"1969-12-31T23:59:59.999Z"`},
		{logical("long", "timestamp-millis"), `"+292278994-08-17T07:12:55.807Z"`},
		{logical("long", "timestamp-millis"), `"-292275055-05-16T16:47:04.192Z"`},
		{logical("long", "timestamp-micros"), `"2026-11-23T04:12:50Z"`},
		{logical("long", "timestamp-nanos"), `"2026-11-23T04:12:50.000000001Z"`},
		{logical("long", "local-timestamp-millis"), `"2026-11-23T04:12:50.1"`},
		{logical("long", "local-timestamp-micros"), `"0000-02-29T00:00:00"`},
		{logical("long", "local-timestamp-nanos"), `"1677-09-21T00:12:43.145224192"`},

		// Unions whose branches JSON tells apart.
		{`["null","long"]`, `null`},
		{`["null","long"]`, `1`},
		{`["null","double"]`, `"NaN"`},
		{`["string","boolean","double","null"]`, `"NaN"`},
		{`["string","boolean","double","null"]`, `{"double":"NaN"}`},
		{`["string","boolean","double","null"]`, `1.5`},
		{`["null",{"type":"array","items":"int"},{"type":"map","values":"int"},"string"]`, `{"int":1}`},
		{`["null",` + record("R", "f") + `,"string"]`, `{"f":1}`},
		// Unions whose branches it does not.
		{`["int","long"]`, `{"long":1}`},
		{`["null","string","bytes"]`, `{"bytes":"AP8="}`},
		{`["null","string","bytes"]`, `null`},
		{`["string",{"type":"enum","name":"ns.E","symbols":["A","B"]}]`, `{"ns.E":"A"}`},
		{`[` + record("ns.A", "f") + `,` + record("ns.B", "f") + `]`, `{"ns.B":{"f":1}}`},
		{`["string",` + logical("int", "date") + `]`, `{"int":"2026-02-28"}`},
		{`["string","double",{"type":"map","values":"string"}]`, `{"double":1.5}`},
	} {
		t.Run(c.schema, func(t *testing.T) {
			s := registered(t, []byte(c.schema))
			src, err := codec.FromJSON(s, []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := toJSON(t, s, src); string(got) != c.text {
				t.Errorf("%s comes back as %s", c.text, got)
			}
		})
	}
}

// What FromJSON reads beside what ToJSON writes.
func TestFromJSONIsGenerous(t *testing.T) {
	for _, c := range []struct{ schema, text, want string }{
		{`"int"`, " 1e3\n", `1000`},
		{`"int"`, `2.0`, `2`},
		{`"string"`, `"\u0041\ud83d\ude00\/"`, `"A😀/"`},
		{`["null","string"]`, `{"string":"x"}`, `"x"`},
		{`{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}`, `1.5`, `"1.50"`},
		{`{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}`, `"1e3"`, `"1000.00"`},
		{`{"type":"long","logicalType":"timestamp-millis"}`, `"2026-11-23T06:12:50.1239+02:00"`, `"2026-11-23T04:12:50.123Z"`},
		{`{"type":"fixed","name":"F","size":12,"logicalType":"duration"}`, `"P1Y2WT1H1M"`, `"P12M14DT3660.000S"`},
		{
			`{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"string","default":"x"},{"name":"c","type":"long"}]}`,
			`{"c":3,"a":1}`, `{"a":1,"b":"x","c":3}`,
		},
	} {
		t.Run(c.text, func(t *testing.T) {
			s := registered(t, []byte(c.schema))
			src, err := codec.FromJSON(s, []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := toJSON(t, s, src); string(got) != c.want {
				t.Errorf("%s is read as %s, want %s", c.text, got, c.want)
			}
		})
	}
}

func TestFromJSONRefuses(t *testing.T) {
	const order = `{"type":"record","name":"Order","fields":[
		{"name":"id","type":{"type":"string","logicalType":"uuid"},"default":"0cbe8c14-0b25-4d3a-9d0e-8a1c0f3b5d77"},
		{"name":"items","type":{"type":"array","items":{"type":"record","name":"Item","fields":[
			{"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":4,"scale":2}},
			{"name":"kind","type":{"type":"enum","name":"Kind","symbols":["A","B"]},"default":"A"},
			{"name":"size","type":["null","int","long"],"default":null}]}}},
		{"name":"labels","type":{"type":"map","values":"float"},"default":{}}]}`
	for _, c := range []struct{ text, want string }{
		{``, `avro: (root) at byte 0: not JSON: it ends where an object should stand`},
		{`[]`, `avro: (root) at byte 0: value of the wrong kind: an array, want an object for Order`},
		{`{}`, `avro: items at byte 2: required value is not set`},
		{`{"items":[]} x`, `avro: (root) at byte 13: bytes left over after the value`},
		{`{"items":[],}`, `avro: (root) at byte 12: not JSON: '}' stands where a string should`},
		{`{"items":[`, `avro: items[0] at byte 10: not JSON: it ends where an object should stand`},
		{`{"items":[],"itmes":1}`, `avro: itmes at byte 12: unknown to the schema, did you mean "items"?`},
		{`{"items":[],"nothing":1}`, `avro: nothing at byte 12: unknown to the schema`},
		{`{"items":[],"items":[]}`, `avro: items at byte 12: name that was there before`},
		{`{"items":[{}]}`, `avro: items[0].price at byte 12: required value is not set`},
		{`{"items":[{"price":"123.45"}]}`, `avro: items[0].price at byte 19: value outside its logical type: 123.45 has more than 4 digits at scale 2`},
		{`{"items":[{"price":"1","kind":"C"}]}`, `avro: items[0].kind at byte 30: no such enum symbol: "C", want "A" or "B"`},
		{`{"items":[{"price":"1","size":3}]}`, `avro: items[0].size at byte 30: value of the wrong kind: a number, want an object that names the branch, such as {"int": …}`},
		{`{"items":[{"price":"1","size":{"float":3}}]}`, `avro: items[0].size at byte 31: unknown to the schema: no branch "float" in the union, want "int" or "long"`},
		{`{"items":[{"price":"1","size":{}}]}`, `avro: items[0].size at byte 30: value of the wrong kind: an empty object, want one that names the branch`},
		{`{"items":[{"price":"1","size":{"int":4294967296}}]}`, `avro: items[0].size at byte 37: int beyond 32 bits: 4294967296`},
		{`{"items":[{"price":"1","size":{"int":1.5}}]}`, `avro: items[0].size at byte 37: value of the wrong kind: 1.5`},
		{`{"items":[],"labels":{"a\"b":"x"}}`, `avro: labels["a\"b"] at byte 29: value of the wrong kind: "x", want a number, "NaN", "Infinity" or "-Infinity"`},
		{`{"items":[],"labels":{"a":1e99}}`, `avro: labels["a"] at byte 26: number out of range: 1e99`},
		{`{"items":[],"labels":{"a":1,"a":2}}`, `avro: labels["a"] at byte 28: name that was there before`},
		{`{"items":[],"labels":{"a":01}}`, `avro: labels["a"] at byte 26: not JSON: "01}" is no number`},
		{`{"items":[],"id":"0CBE"}`, `avro: id at byte 17: value outside its logical type: "0CBE", want a UUID, such as 0cbe8c14-0b25-4d3a-9d0e-8a1c0f3b5d77`},
		{`{"items":[],"id":"` + "\xff" + `"}`, `avro: id at byte 18: string is not UTF-8`},
		{`{"items":[],"id":"\ud800"}`, `avro: id at byte 18: string is not UTF-8: half of a surrogate pair`},
		{`{"items":[],"id":"a` + "\n" + `"}`, `avro: id at byte 19: not JSON: control character 0x0a in a string, write \u000a`},
		{`{"items":[],"id":"a`, `avro: id at byte 17: not JSON: string without an end`},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, err := codec.FromJSON(registered(t, []byte(order)), []byte(c.text))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// What is wrong is told so that it can be mended without a look at the schema.
func TestFromJSONSuggests(t *testing.T) {
	const currency = `{"type":"enum","name":"Currency","symbols":["EUR","USD","CHF","GBP","JPY","SEK","NOK","DKK","PLN","CZK","HUF"]}`
	const payment = `[{"type":"record","name":"Card","namespace":"shop","fields":[]},{"type":"record","name":"shop.Transfer","fields":[]}]`
	for _, c := range []struct{ schema, text, want string }{
		{currency, `"EURO"`, `no such enum symbol: "EURO", did you mean "EUR"?`},
		{currency, `"Mark"`, `no such enum symbol: "Mark", want "EUR", "USD", "CHF", "GBP", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", …`},
		{payment, `{"Transfer":{}}`, `unknown to the schema: no branch "Transfer" in the union, did you mean "shop.Transfer"?`},
		{payment, `{"Cash":{}}`, `unknown to the schema: no branch "Cash" in the union, want "shop.Card" or "shop.Transfer"`},
		{`"string"`, `1`, `value of the wrong kind: a number, want a string`},
		{`"long"`, `"1"`, `value of the wrong kind: a string, want a number for long`},
		{`{"type":"long","logicalType":"timestamp-millis"}`, `1`, `value of the wrong kind: a number, want a string for timestamp-millis`},
		{`{"type":"long","logicalType":"timestamp-millis"}`, `"today"`, `value outside its logical type: "today", want RFC 3339, such as 2026-01-31T12:00:00Z`},
		{`{"type":"long","logicalType":"local-timestamp-millis"}`, `"today"`, `value outside its logical type: "today", want a time without a zone, such as 2026-01-31T12:00:00`},
		{`{"type":"int","logicalType":"date"}`, `"today"`, `value outside its logical type: "today", want a date, such as 2026-01-31`},
		{`{"type":"int","logicalType":"time-millis"}`, `"noon"`, `value outside its logical type: "noon", want a time of day, such as 12:00:00.5`},
	} {
		_, err := codec.FromJSON(registered(t, []byte(c.schema)), []byte(c.text))
		var misfit *codec.Error
		if !errors.As(err, &misfit) || misfit.Err.Error() != c.want {
			t.Errorf("%s as %s\ngot  %v\nwant %s", c.text, c.schema, err, c.want)
		}
	}
}

// Values outside their logical types, which Avro Java writes and reads, have a JSON too.
func TestToJSONOfOddValues(t *testing.T) {
	for _, c := range []struct {
		schema string
		src    []byte
		want   string
	}{
		{`{"type":"int","logicalType":"time-millis"}`, codec.AppendLong(nil, -1), `"-00:00:00.001"`},
		{`{"type":"long","logicalType":"time-micros"}`, codec.AppendLong(nil, 90_061_000_001), `"25:01:01.000001"`},
		{`{"type":"bytes","logicalType":"decimal","precision":2,"scale":1}`, codec.AppendBytes(nil, []byte{0x7f, 0xff}), `"3276.7"`},
		{`{"type":"bytes","logicalType":"decimal","precision":2,"scale":1}`, codec.AppendBytes(nil, nil), `""`},
		{`{"type":"string","logicalType":"uuid"}`, codec.AppendBytes(nil, []byte("none")), `"none"`},
	} {
		if got := toJSON(t, registered(t, []byte(c.schema)), c.src); string(got) != c.want {
			t.Errorf("%s of %x is %s, want %s", c.schema, c.src, got, c.want)
		}
	}
	huge := codec.AppendBytes(nil, make([]byte, 100<<10))
	s := registered(t, []byte(`{"type":"record","name":"R","fields":[{"name":"d","type":{"type":"bytes","logicalType":"decimal","precision":2,"scale":1}}]}`))
	if _, err := codec.ToJSON(s, huge); err == nil || !strings.Contains(err.Error(), "d at byte 0") {
		t.Errorf("a decimal of 100 KiB: %v", err)
	}
	if _, err := codec.ToJSON(s, huge, codec.AvroJSON()); err != nil {
		t.Errorf("in Avro's encoding: %v", err)
	}
}

// What reads a field under another name, and is strict where plain JSON is not.
func TestAvroJSONReads(t *testing.T) {
	s := registered(t, []byte(`{"type":"record","name":"R","fields":[{"name":"a","type":["null","float"],"default":null,"aliases":["old"]}]}`))
	for text, want := range map[string]string{
		`{"old":{"float":"INF"}}`: `{"a":{"float":"Infinity"}}`,
		`{"a":null}`:              `{"a":null}`,
		`{}`:                      ``,
		`{"a":1}`:                 ``,
	} {
		src, err := codec.FromJSON(s, []byte(text), codec.AvroJSON())
		switch {
		case want == "":
			if err == nil {
				t.Errorf("%s is read", text)
			}
		case err != nil:
			t.Errorf("%s: %v", text, err)
		default:
			if got := toJSON(t, s, src, codec.AvroJSON()); string(got) != want {
				t.Errorf("%s is read as %s", text, got)
			}
		}
	}
}
