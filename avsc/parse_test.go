package avsc_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
)

func mustParse(t *testing.T, text string, opts ...avsc.Option) *avsc.Schema {
	t.Helper()
	s, err := avsc.Parse("test.avsc", []byte(text), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPositions(t *testing.T) {
	s := mustParse(t, "\ufeff"+`{ // what a customer ordered
  "type": "record", "name": "shop.Order", "aliases": ["OldOrder"],
  "fields": [
    /* ü is two bytes */ {"name": "total", "type": {"type": "long", "team": "billing"}, "default": 1, "aliases": ["sum"]},
    {"name": "state", "type": ["null", {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"], "default": "NEW"}]},
    {"name": "lines", "type": {"type": "array", "items": "State"}}
  ]
}`)
	root := s.Root
	total, state, lines := root.Fields[0], root.Fields[1], root.Fields[2]
	enum := state.Type.Branches[1]
	got := map[string]avsc.Pos{
		"root":          root.Pos,
		"root name":     root.NamePos,
		"alias":         root.Aliases[0].Pos,
		"field":         total.Pos,
		"field name":    total.NamePos,
		"field type":    total.TypePos,
		"primitive":     total.Type.Pos,
		"property":      total.Type.Props[0].NamePos,
		"value":         total.Type.Props[0].Value.Pos,
		"default":       total.Default.Pos,
		"field alias":   total.Aliases[0].Pos,
		"union":         state.Type.Pos,
		"null":          state.Type.BranchPos[0],
		"enum branch":   state.Type.BranchPos[1],
		"enum":          enum.Pos,
		"enum name":     enum.NamePos,
		"symbol":        enum.Symbols[1].Pos,
		"enum default":  enum.Default.Pos,
		"array":         lines.Type.Pos,
		"item by name":  lines.Type.ElemPos,
		"item's own":    lines.Type.Elem.Pos,
		"array's names": lines.Type.NamePos,
	}
	want := map[string]string{
		"root": "1:1", "root name": "2:29", "alias": "2:55", "field": "4:27", "field name": "4:36", "field type": "4:53",
		"primitive": "4:53", "property": "4:70", "value": "4:78", "default": "4:101", "field alias": "4:116",
		"union": "5:31", "null": "5:32", "enum branch": "5:40", "enum": "5:40", "enum name": "5:65", "symbol": "5:93",
		"enum default": "5:113", "array": "6:31", "item by name": "6:58", "item's own": "5:40", "array's names": "6:31",
	}
	for what, pos := range got {
		if pos.String() != "test.avsc:"+want[what] {
			t.Errorf("%s is at %s, want test.avsc:%s", what, pos, want[what])
		}
	}
	if enum != lines.Type.Elem {
		t.Error("a type used by name is not the node of its definition")
	}
}

func TestModel(t *testing.T) {
	s := mustParse(t, `{
		"type": "record", "name": "a.b.R", "doc": "", "x": [1, {"y": null}],
		"fields": [
			{"name": "d", "type": {"type": "fixed", "name": "D", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 2}},
			{"name": "f", "type": "float", "default": "-Infinity", "order": "Descending"},
			{"name": "n", "type": "null", "default": null},
			{"name": "bad", "type": {"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 3}},
			{"name": "self", "type": {"type": "map", "values": "R"}},
			{"name": "dup", "type": "int", "p": 1, "q": 2, "p": 3}
		]}`)
	r := s.Root
	if r.Name != (avsc.Name{Namespace: "a.b", Short: "R"}) || !r.HasDoc || r.Doc != "" {
		t.Errorf("name %v, doc %q %v", r.Name, r.Doc, r.HasDoc)
	}
	if y := r.Props[0].Value.Items[1].Get("y"); y == nil || y.Kind != avsc.NullValue {
		t.Errorf("property x: %+v", y)
	}
	d := r.Fields[0].Type
	if d.FullName() != "a.b.D" || d.Size != 4 || d.Logical == nil || *d.Logical != (avsc.Logical{Kind: avsc.Decimal, Precision: 9, Scale: 2}) {
		t.Errorf("decimal: %+v", d)
	}
	f := r.Fields[1]
	if f.Default.Kind != avsc.NumberValue || f.Default.Text != "-Infinity" || f.Order != avsc.Descending {
		t.Errorf("float: %+v %v", f.Default, f.Order)
	}
	if n := r.Fields[2]; n.Default == nil || n.Default.Kind != avsc.NullValue {
		t.Errorf("null: %+v", n.Default)
	}
	if bad := r.Fields[3].Type; bad.Logical != nil || len(bad.Props) != 3 {
		t.Errorf("a logical type that is not valid: %+v", bad)
	}
	if self := r.Fields[4].Type.Elem; self != r {
		t.Errorf("a recursive type is not a cycle: %+v", self)
	}
	dup := r.Fields[5].Props
	if len(dup) != 2 || dup[0].Name != "p" || dup[0].Value.Text != "3" || dup[1].Name != "q" {
		t.Errorf("a repeated property: %+v", dup)
	}
}

func TestReferences(t *testing.T) {
	money := mustParse(t, `{"type":"record","name":"shop.Money","fields":[{"name":"unit","type":{"type":"enum","name":"Unit","symbols":["EUR"]}}]}`)
	address := mustParse(t, `{"type":"record","name":"shop.Address","fields":[]}`)
	line := mustParse(t, `{"type":"record","name":"shop.Line","fields":[{"name":"price","type":"Money"}]}`, avsc.Refs(money))
	order := mustParse(t, `{"type":"record","name":"shop.Order","fields":[
		{"name":"lines","type":{"type":"array","items":"Line"}},
		{"name":"total","type":"Money"},
		{"name":"unit","type":"Unit"}]}`, avsc.Refs(address, line))

	if got := order.References(); len(got) != 2 || got[0] != line || got[1] != money {
		t.Errorf("references: %v", got)
	}
	const text = `{"type":"record","name":"Order","namespace":"shop","fields":[` +
		`{"name":"lines","type":{"type":"array","items":"Line"}},{"name":"total","type":"Money"},` +
		`{"name":"unit","type":{"type":"enum","name":"Unit","symbols":["EUR"]}}]}`
	if diff := cmp.Diff(text, order.String()); diff != "" {
		t.Errorf("a type inside a referenced document is written out, its root is not (-want +got):\n%s", diff)
	}
	alone := mustParse(t, order.SelfContained())
	if string(alone.Canonical()) != string(order.Canonical()) || alone.Fingerprint() != order.Fingerprint() {
		t.Errorf("self-contained: %s\ncanonical: %s", order.SelfContained(), order.Canonical())
	}
	if order.Root.Fields[1].Type != money.Root {
		t.Error("a referenced type is not the node of its own document")
	}

	inlined := mustParse(t, `["null",`+money.String()+`]`, avsc.Refs(money))
	if got := inlined.String(); got != `["null","shop.Money"]` || len(inlined.References()) != 0 {
		t.Errorf("a type both defined and referenced: %s, %v", got, inlined.References())
	}
	_, err := avsc.Parse("other.avsc", []byte(`{"type":"fixed","name":"shop.Money","size":1}`), avsc.Refs(money))
	if want := "other.avsc:1:24: shop.Money is defined differently here and at test.avsc:1:25"; err == nil || err.Error() != want {
		t.Errorf("a reference defined otherwise: %v\nwant %s", err, want)
	}
}

func TestModes(t *testing.T) {
	const lenient = `{"type":"record","name":"größe","namespace":"a..b","fields":[{"name":"1x","type":"int","default":"one"}]}`
	if _, err := avsc.Parse("", []byte(lenient)); err == nil {
		t.Error("a new schema with bad names and a bad default parses")
	}
	s := mustParse(t, lenient, avsc.Registered())
	if s.String() != lenient {
		t.Errorf("text: %s", s)
	}
	_, err := avsc.Parse("", []byte(lenient), avsc.Registered(), avsc.UnicodeNames())
	if got := avsc.JavaMessage(err); got != "Illegal initial character: 1x" {
		t.Errorf("names in any script: %q", got)
	}
	const wrapped = `{"type":"record","name":"R","fields":[{"name":"r","type":["null",{"type":"R"}]}]}`
	if _, err := avsc.Parse("", []byte(wrapped)); err == nil {
		t.Error("a name inside an object parses")
	}
	s = mustParse(t, wrapped, avsc.WrappedNames())
	if want := strings.Replace(wrapped, `{"type":"R"}`, `"R"`, 1); s.String() != want {
		t.Errorf("text: %s", s)
	}
}

func TestLimits(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for name, text := range map[string]string{
		"brackets":   deep(1001),
		"many more":  deep(1_000_000),
		"properties": `{"type":"int","x":` + deep(1000) + `}`,
		"arrays":     strings.Repeat(`{"type":"array","items":`, 1001) + `"int"` + strings.Repeat("}", 1001),
	} {
		_, err := avsc.Parse("", []byte(text))
		if err == nil || !strings.Contains(err.Error(), "nested more than 1000 deep") {
			t.Errorf("%s: %.200v", name, err)
		}
	}
	mustParse(t, `{"type":"int","x":`+deep(999)+`}`)
	mustParse(t, strings.Repeat(`{"type":"array","items":`, 1000)+`"int"`+strings.Repeat("}", 1000))

	mustParse(t, `{"type":"int","x":`+strings.Repeat("9", 1000)+`}`)
	if _, err := avsc.Parse("", []byte(`{"type":"int","x":`+strings.Repeat("9", 1001)+`}`)); err == nil {
		t.Error("a number of 1001 digits parses")
	}
	mustParse(t, `{"type":"int","x":1e999999999,"y":-1e-999999999}`)

	// A chain of forward references is as deep as it is long, whatever walks along it.
	var b strings.Builder
	b.WriteString("[")
	const links = 20_000
	for i := range links {
		fmt.Fprintf(&b, `{"type":"record","name":"R%d","fields":[{"name":"next","type":"R%d"}]},`, i, min(i+1, links-1))
	}
	b.WriteString(`"null"]`)
	s := mustParse(t, b.String())
	if len(s.String()) == 0 || len(s.Canonical()) == 0 || len(s.SelfContained()) == 0 {
		t.Error("no text")
	}

	if _, err := avsc.Parse("", []byte("\"a\xff\"")); err == nil || err.Error() != `1:3: byte 0xff is not UTF-8` {
		t.Errorf("not UTF-8: %v", err)
	}
}

func TestNormalizeFails(t *testing.T) {
	// The registry's form of this text loses that R has no namespace, and then does not find it.
	s := mustParse(t, `{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"n.A","fields":[
		{"name":"b","type":{"type":"record","name":"B","namespace":"","fields":[{"name":"r","type":["null","R"]}]}}]}}]}`)
	if got := s.Normalized(); got != "" {
		t.Errorf("normalized: %s", got)
	}
	_, err := s.Normalize()
	if got := avsc.JavaMessage(err); got != "Undefined schema: n.R" {
		t.Errorf("%q: %v", got, err)
	}
}

func TestErrorList(t *testing.T) {
	_, err := avsc.Parse("a.avsc", []byte("{\"type\":\"record\",\"name\":\"R\",\"fields\":[\n{\"name\":\"x\",\"type\":\"inty\"},\n{\"name\":\"x\",\"type\":\"int\"}]}"))
	var list avsc.ErrorList
	if !errors.As(err, &list) || len(list) != 2 {
		t.Fatalf("%v", err)
	}
	if list[0].Pos.Line != 2 || list[0].Path != "/fields/0/type" || list[1].Path != "/fields/1/name" {
		t.Errorf("%v %v", list[0].Path, list[1].Path)
	}
	// Java reads the text before it looks for what it does not define.
	if got := avsc.JavaMessage(err); !strings.HasPrefix(got, "Duplicate field x in record R") {
		t.Errorf("Java's message: %s", got)
	}
}

func TestMemo(t *testing.T) {
	type key struct{}
	s := mustParse(t, `"int"`)
	var calls int
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := s.Memo(key{}, func(*avsc.Schema) any { calls++; return "made" }); got != "made" {
				t.Errorf("got %v", got)
			}
		})
	}
	wg.Wait()
	if calls != 1 {
		t.Errorf("computed %d times", calls)
	}
}

// TestConcurrentUse is of use under -race.
func TestConcurrentUse(t *testing.T) {
	money := mustParse(t, `{"type":"record","name":"shop.Money","fields":[{"name":"amount","type":"long","default":1}]}`)
	order := mustParse(t, `{"type":"record","name":"shop.Order","fields":[{"name":"total","type":["null","Money"]}]}`, avsc.Refs(money))
	type views struct {
		Text, Normalized, SelfContained, Canonical string
		Fingerprint                                uint64
		SHA256                                     [32]byte
		MD5                                        [16]byte
	}
	look := func() views {
		return views{
			order.String(), order.Normalized(), order.SelfContained(), string(order.Canonical()),
			order.Fingerprint(), order.SHA256(), order.MD5(),
		}
	}
	var wg sync.WaitGroup
	seen := make([]views, 16)
	for i := range seen {
		wg.Go(func() {
			if _, err := avsc.Parse("", []byte(`["null","shop.Order"]`), avsc.Refs(order)); err != nil {
				t.Error(err)
			}
			seen[i] = look()
		})
	}
	wg.Wait()
	for _, v := range seen {
		if v != seen[0] {
			t.Errorf("%+v\n%+v", v, seen[0])
		}
	}
}

// What Avro Java writes and cannot read again is read where we wrote it ourselves.
func TestPrinted(t *testing.T) {
	s, err := avsc.Parse("a.avsc", []byte(`{"type":"record","name":"A","namespace":"x","fields":[{"name":"b","type":
		{"type":"record","name":"B","namespace":"","fields":[{"name":"a","type":["null","x.A"]}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	text := avsc.SchemaOf(s.Root.Fields[0].Type).SelfContained()
	if _, err := avsc.Parse("b", []byte(text), avsc.Registered()); err == nil {
		t.Errorf("Java reads this by now: %s", text)
	}
	b, err := avsc.Parse("b", []byte(text), avsc.Printed())
	if err != nil || b.SelfContained() != text {
		t.Errorf("%v of %s", err, text)
	}
}
