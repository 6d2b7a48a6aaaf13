package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/rules"
)

// TestAttribute checks the forms of the attribute itself, on the record.
func TestAttribute(t *testing.T) {
	for _, c := range []struct{ attribute, want string }{
		{`"quantity > 0"`, ""},
		{`["quantity > 0", "quantity < 9"]`, ""},
		{`{"expr": "quantity > 0"}`, ""},
		{`[{"id": "a", "expr": "quantity > 0", "message": "m"}, {"id": "b.c-d_1", "expr": "quantity > 1"}]`, ""},
		{`[]`, "1: avow.rules is empty: write a rule, or leave it out"},
		{`1`, `1: avow.rules is a rule or an array of rules, and a rule is an expression as a string, or an object such as {"expr": "this > 0", "message": "must be positive"}; found 1`},
		{`["quantity > 0", null]`, `18: avow.rules is a rule or an array of rules, and a rule is an expression as a string, or an object such as {"expr": "this > 0", "message": "must be positive"}; found null`},
		{`{}`, "1: a rule has no expr"},
		{`{"id": "a"}`, "1: a rule has no expr"},
		{`{"expr": "quantity > 0", "mesage": "m"}`, `26: a rule has no "mesage", only id, expr and message, did you mean "message"?`},
		{`{"expr": 1}`, "10: the expr of a rule is a string, found 1"},
		{`{"expr": "quantity > 0", "message": null}`, "37: the message of a rule is a string, found null"},
		{`{"id": "a b", "expr": "quantity > 0"}`, `8: id "a b" is not made of letters, digits, _, . and -, a letter or _ first`},
		{`[{"id": "a", "expr": "quantity > 0"}, {"id": "a", "expr": "quantiy > 1"}]`,
			"46: another rule of this record has the id \"a\", at 2:9; 60: unknown name quantiy, did you mean \"quantity\"?"},
	} {
		const prefix = "{\n"
		text := prefix + c.attribute
		s, err := avsc.Parse("a.avsc", fmt.Appendf(nil, `{"avow.rules":
%s,
"type": "record", "name": "R", "fields": [{"name": "quantity", "type": "int"}]}`, c.attribute))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var got []string
		for _, e := range avsc.AsErrorList(rules.Check(s)) {
			if e.Pos.Line != 2 {
				t.Errorf("%s: %v is not in the attribute", c.attribute, e.Pos)
			}
			got = append(got, fmt.Sprintf("%d: %v", e.Pos.Col, e.Err))
		}
		if diff := cmp.Diff(c.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.attribute, diff)
		}
	}
}

// An id is one's own within a record with its fields; another record may have it again.
func TestIDs(t *testing.T) {
	s := parse(t, `{"type":"record","name":"R","avow.rules":{"id":"x","expr":"a.b > 0"},"fields":[
{"name":"a","type":{"type":"record","name":"S","fields":[{"name":"b","type":"int","avow.rules":{"id":"x","expr":"this > 0"}}]}},
{"name":"c","type":"int","avow.rules":{"id":"x","expr":"this > 0"}}]}`)
	want := `event.avsc:3:45: another rule of this record has the id "x", at 1:48`
	if err := rules.Check(s); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// Rules that stand where they say nothing are found wherever that is.
func TestMisplaced(t *testing.T) {
	s := parse(t, `{"type":"record","name":"R","fields":[
{"name":"a","type":{"type":"string","avow.rules":"this != ''"}},
{"name":"b","type":{"type":"array","avow.rules":"size(this) > 0","items":{"type":"enum","name":"E","symbols":["A"],"avow.rules":"true"}}},
{"name":"c","type":["null",{"type":"fixed","name":"F","size":2,"avow.rules":"true"}]},
{"name":"d","type":{"type":"map","values":{"type":"record","name":"S","fields":[{"name":"e","type":"R","avow.rules":"this.x"}]}}}]}`)
	want := `event.avsc:2:37: avow.rules stands on a record or on a field, and this is a string: move it to the field
event.avsc:3:36: avow.rules stands on a record or on a field, and this is an array: move it to the field
event.avsc:3:116: avow.rules stands on a record or on a field, and this is an enum: move it to the field
event.avsc:4:64: avow.rules stands on a record or on a field, and this is a fixed: move it to the field
event.avsc:5:123: R has no field x, did you mean "a"?`
	err := rules.Check(s, s) // twice, and each problem once
	if err == nil {
		t.Fatal("nothing was found")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Names that CEL or this package have for something else are names of records like all others.
func TestRecordNames(t *testing.T) {
	for _, name := range []string{"decimal", "list", "map", "null_type", "type", "google.protobuf.Duration", "google.protobuf.Any", "avro.duration", "Event", "a.b.c"} {
		s := parse(t, fmt.Sprintf(`{"type":"record","name":%q,"avow.rules":["f.g > 0", "f == h"],"fields":[
{"name":"f","type":{"type":"record","name":"x.Inner","fields":[{"name":"g","type":"int"}]}},{"name":"h","type":"x.Inner"}]}`, name))
		if got := judge(t, s, []byte{2, 2}); got != nil {
			t.Errorf("%s: %v", name, got)
		}
		if got := judge(t, s, []byte{0, 2}); len(got) != 2 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The place inside an expression is right behind whatever has to be escaped in JSON, too.
func TestEscapes(t *testing.T) {
	for _, expr := range []string{
		"quantity > 0 &&\n\tquantiy > 1", `'\\d"' != 'ä☃😀' && quantiy > 1`, "'\u0001' == \"\\n\" || quantiy > 1",
	} {
		raw := quote(t, expr)
		s := parse(t, `{"type": "record", "name": "R", "avow.rules": `+raw+`, "fields": [{"name": "quantity", "type": "int"}]}`)
		problems := avsc.AsErrorList(rules.Check(s))
		want := strings.Index(`{"type": "record", "name": "R", "avow.rules": `+raw, "quantiy") + 1
		if len(problems) != 1 || problems[0].Pos.Col != want {
			t.Errorf("%s: got %v, want column %d", raw, problems, want)
		}
	}
}
