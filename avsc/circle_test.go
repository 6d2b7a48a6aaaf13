package avsc_test

import (
	"slices"
	"testing"

	"github.com/avow-events/avow/avsc"
)

// TestLoadCircle holds that files which refer to each other in a circle share their types, and that the text of each holds
// all of them, as no registry takes such references.
func TestLoadCircle(t *testing.T) {
	set, err := avsc.Load(files(
		"a.avsc", `{"type":"record","name":"x.A","fields":[
			{"name":"b","type":["null","B"]},
			{"name":"plain","type":"Plain","default":"OFF"},
			{"name":"unit","type":"base.Unit"}]}`,
		"b.avsc", `{"type":"record","name":"x.B","fields":[{"name":"c","type":{"type":"array","items":"C"},"default":[]}]}`,
		"c.avsc", `{"type":"record","name":"x.C","fields":[
			{"name":"a","type":"A"},
			{"name":"b","type":{"type":"map","values":"B"}},
			{"name":"plain","type":"Plain","default":"ON"}]}`,
		"plain.avsc", `["null",{"type":"enum","name":"Plain","symbols":["ON","OFF"]},"x.A"]`,
		"unit.avsc", `{"type":"fixed","name":"base.Unit","size":2}`,
		"user.avsc", `{"type":"record","name":"User","fields":[{"name":"c","type":"x.C"}]}`,
	))
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, s := range set.Schemas {
		order = append(order, s.File)
	}
	if !slices.Equal(order, []string{"unit.avsc", "a.avsc", "b.avsc", "c.avsc", "plain.avsc", "user.avsc"}) {
		t.Errorf("order of schemas: %v", order)
	}
	a, b, c, unit := schemaOf(set, "a.avsc"), schemaOf(set, "b.avsc"), schemaOf(set, "c.avsc"), schemaOf(set, "unit.avsc")
	_, plain := set.Lookup("Plain")
	if a.Root.Fields[0].Type.Branches[1] != b.Root || b.Root.Fields[0].Type.Elem != c.Root || c.Root.Fields[0].Type != a.Root ||
		c.Root.Fields[1].Type.Elem != b.Root || a.Root.Fields[1].Type != plain || c.Root.Fields[2].Type != plain {
		t.Error("a type is not one type in all files")
	}
	for _, s := range []*avsc.Schema{a, b, c} {
		want := []*avsc.Schema{}
		if s == a {
			want = append(want, unit)
		}
		if refs := s.References(); !slices.Equal(refs, want) {
			t.Errorf("references of %s: %v", s.File, refs)
		}
		again, err := avsc.Parse(s.File, []byte(s.String()), avsc.Refs(unit))
		if err != nil || !avsc.Equal(again.Root, s.Root) {
			t.Errorf("the text of %s: %v\n%s", s.File, err, s)
		}
	}
	const text = `{"type":"record","name":"B","namespace":"x","fields":[{"name":"c","type":{"type":"array","items":` +
		`{"type":"record","name":"C","fields":[{"name":"a","type":{"type":"record","name":"A","fields":[` +
		`{"name":"b","type":["null","B"]},` +
		`{"name":"plain","type":{"type":"enum","name":"Plain","namespace":"","symbols":["ON","OFF"]},"default":"OFF"},` +
		`{"name":"unit","type":{"type":"fixed","name":"Unit","namespace":"base","size":2}}]}},` +
		`{"name":"b","type":{"type":"map","values":"B"}},` +
		`{"name":"plain","type":"Plain","default":"ON"}]}},"default":[]}]}`
	if b.String() != text {
		t.Errorf("text: %s", b)
	}
	if user := schemaOf(set, "user.avsc"); len(user.References()) != 1 || user.References()[0] != c {
		t.Errorf("references of the user: %v", user.References())
	}
}

// TestLoadRepeatedRecursion holds that recursive types are one type where several files define them alike, as files do
// that come from a registry: each is written out around the other.
func TestLoadRepeatedRecursion(t *testing.T) {
	const node = `{"type":"record","name":"Node","namespace":"n","fields":[{"name":"next","type":["null","Node"]}]}`
	const ping = `{"type":"record","name":"x.Ping","fields":[{"name":"pong","type":["null",` +
		`{"type":"record","name":"Pong","fields":[{"name":"ping","type":["null","Ping"]}]}]}]}`
	const pong = `{"type":"record","name":"x.Pong","fields":[{"name":"ping","type":["null",` +
		`{"type":"record","name":"Ping","fields":[{"name":"pong","type":["null","Pong"]}]}]}]}`
	set, err := avsc.Load(files(
		"a.avsc", `{"type":"record","name":"A","fields":[{"name":"node","type":`+node+`}]}`,
		"b.avsc", `{"type":"record","name":"B","fields":[{"name":"node","type":`+node+`}]}`,
		"ping.avsc", ping,
		"pong.avsc", pong,
	))
	if err != nil {
		t.Fatal(err)
	}
	a, b := schemaOf(set, "a.avsc"), schemaOf(set, "b.avsc")
	if a.Root.Fields[0].Type != b.Root.Fields[0].Type {
		t.Error("a type is not one type in both files")
	}
	for name, want := range map[string]string{"ping.avsc": ping, "pong.avsc": pong} {
		again, err := avsc.Parse(name, []byte(want))
		if err != nil {
			t.Fatal(err)
		}
		if s := schemaOf(set, name); s.SelfContained() != again.String() {
			t.Errorf("%s: %s", name, s.SelfContained())
		}
	}

	_, err = avsc.Load(files(
		"a.avsc", node,
		"b.avsc", `{"type":"record","name":"B","namespace":"n","fields":[{"name":"node","type":`+
			`{"type":"record","name":"Node","fields":[{"name":"next","type":["null","B"]}]}}]}`,
	))
	const want = "b.avsc:1:101: n.Node is defined differently here and at a.avsc:1:25"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
