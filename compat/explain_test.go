package compat_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/compat"
	"github.com/avow-events/avow/internal/finding"
)

// What a finding says is what a person acts on: the whole of it, for one change each.
func TestFindingsInWords(t *testing.T) {
	rec := func(fields string) string {
		return `{"type":"record","name":"R","namespace":"shop","fields":[` + fields + `]}`
	}
	for _, c := range []struct {
		name, old, next string
		level           compat.Level
		rule            string
		message, fix    string
		example         string
	}{
		{
			name: "new field", level: compat.Backward, rule: compat.ReaderFieldMissingDefaultValue,
			old: rec(`{"name":"id","type":"string"}`), next: rec(`{"name":"id","type":"string"},{"name":"n","type":["string","null"]}`),
			message: `field "n" is new and has no default, so what was written with the old schema cannot be read`,
			fix:     `add "default": null to the field`,
			example: `{"id":"a"}, written with the old schema, cannot be read with the new one: writer's record shop.R has no field "n", and the reader's has no default`,
		},
		{
			name: "renamed field", level: compat.Backward, rule: compat.ReaderFieldMissingDefaultValue,
			old: rec(`{"name":"note","type":"string"}`), next: rec(`{"name":"remark","type":"string"}`),
			message: `field "remark" is new and has no default, so what was written with the old schema cannot be read`,
			fix:     `add "default": "" to the field, or "aliases": ["note"] if it was called so before`,
			example: `{"note":"a"}, written with the old schema, cannot be read with the new one: writer's record shop.R has no field "remark", and the reader's has no default`,
		},
		{
			name: "field gone", level: compat.Forward, rule: compat.ReaderFieldMissingDefaultValue,
			old: rec(`{"name":"id","type":"string"},{"name":"n","type":"int"}`), next: rec(`{"name":"id","type":"string"}`),
			message: `field "n" is gone, and the old schema has no default for it, so consumers with the old schema cannot read what is written with this one`,
			fix:     `keep the field; it can go once no consumer uses a schema in which field "n" has no default`,
			example: `{"id":"a"}, written with the new schema, cannot be read with the old one: writer's record shop.R has no field "n", and the reader's has no default`,
		},
		{
			name: "enum default is none for a field", level: compat.Backward, rule: compat.TypeMismatch,
			old: rec(``), next: rec(`{"name":"e","type":{"type":"enum","name":"E","symbols":["A"],"default":"A"}}`),
			message: `field "e" is new and has no default; the default of its enum does not stand in for it, so what was written with the old schema cannot be read`,
			fix:     `add "default": "A" to the field itself`,
			example: `{}, written with the old schema, cannot be read with the new one: writer's record shop.R has no field "e", and the reader's has no default`,
		},
		{
			name: "items", level: compat.Full, rule: compat.TypeMismatch,
			old: rec(`{"name":"tags","type":{"type":"array","items":"string"}}`), next: rec(`{"name":"tags","type":{"type":"array","items":{"type":"map","values":"string"}}}`),
			message: `items of field "tags" changed from string to map of string, so consumers with the old schema cannot read what is written with this one`,
			fix:     `keep string, and add a new field for the new type`,
			example: `{"tags":[{}]}, written with the new schema, cannot be read with the old one: tags[]: writer's map, reader's string`,
		},
		{
			name: "branch does not fit any more", level: compat.Backward, rule: compat.MissingUnionBranch,
			old:     rec(`{"name":"m","type":["null",{"type":"record","name":"M","fields":[]}]}`),
			next:    rec(`{"name":"m","type":["null",{"type":"record","name":"M","fields":[{"name":"c","type":"int"}]}]}`),
			message: `field "m": branch record shop.M of the union does not fit any more: field "c" is new and has no default, so what was written with the old schema cannot be read`,
			fix:     `add "default": 0 to the field`,
			example: `{"m":{}}, written with the old schema, cannot be read with the new one: m: writer's record shop.M has no field "c", and the reader's has no default`,
		},
		{
			name: "symbols", level: compat.Backward, rule: compat.MissingEnumSymbols,
			old:     rec(`{"name":"e","type":{"type":"enum","name":"E","symbols":["A","B","C"]}}`),
			next:    rec(`{"name":"e","type":{"type":"enum","name":"E","symbols":["B"]}}`),
			message: `enum shop.E has lost A and C and has no default, so what was written with the old schema cannot be read`,
			fix:     `put A and C back, or add a "default" symbol to the enum`,
			example: `{"e":"A"}, written with the old schema, cannot be read with the new one: e: reader's enum shop.E has no symbol "A", and no default`,
		},
		{
			name: "unit of a time", level: compat.Backward, rule: compat.LogicalTypeChanged,
			old:     rec(`{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}`),
			next:    rec(`{"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}}`),
			message: `field "at": logical type changed from timestamp-millis to timestamp-micros, and data written with one is silently taken for the other`,
			fix:     `keep long (timestamp-millis), and add a new field for long (timestamp-micros)`,
			example: `"2026-01-01T12:00:00Z", written with the old schema, is read as "1970-01-21T10:54:28.8Z" with the new one`,
		},
		{
			name: "a time that was none", level: compat.Backward, rule: compat.LogicalTypeChanged,
			old: rec(`{"name":"at","type":"long"}`), next: rec(`{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}`),
			message: `field "at": logical type changed from none to timestamp-millis, and data written with one is silently taken for the other`,
			fix:     `keep long, and add a new field for long (timestamp-millis)`,
			example: `1767268800000, written with the old schema, is read as "2026-01-01T12:00:00Z" with the new one`,
		},
		{
			name: "scale", level: compat.Backward, rule: compat.DecimalChanged,
			old:     rec(`{"name":"sum","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}}`),
			next:    rec(`{"name":"sum","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":3}}`),
			message: `field "sum" changed from decimal(9,2) to decimal(9,3): the same digits are another number`,
			fix:     `keep decimal(9,2), and add a new field for the new one`,
			example: `"12.34", written with the old schema, is read as "1.234" with the new one`,
		},
		{
			name: "symbol taken for the default", level: compat.Backward, rule: compat.EnumSymbolRemoved,
			old:     rec(`{"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"],"default":"A"}}`),
			next:    rec(`{"name":"e","type":{"type":"enum","name":"E","symbols":["A"],"default":"A"}}`),
			message: `enum shop.E has lost B: old records that hold it are now read as A`,
			fix:     `keep the symbol, and say in the doc that it is not to be written any more`,
			example: `"B", written with the old schema, is read as "A" with the new one`,
		},
		{
			name: "Go type", level: compat.Backward, rule: compat.GoSourceBreak,
			old: rec(`{"name":"user_id","type":"string"}`), next: rec(`{"name":"user_id","type":["null","string"]}`),
			message: `Go field UserID changes from string to *string: code that uses it does not compile any more`,
			fix:     `keep the type, or raise the major version of the module that holds the generated code`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got *finding.Finding
			for _, f := range findings(t, c.level, map[string]string{"r.avsc": c.old}, map[string]string{"r.avsc": c.next}) {
				if f.Rule == c.rule {
					got = &f
					break
				}
			}
			if got == nil {
				t.Fatalf("no finding of %s", c.rule)
			}
			if diff := cmp.Diff([]string{c.message, c.fix, c.example}, []string{got.Message, got.Fix, got.Example}); diff != "" {
				t.Errorf("message, fix and example (-want +got):\n%s", diff)
			}
		})
	}
}

// Almost every incompatibility of the vectors has a value that shows it: one that was encoded and could not be decoded.
// Records of another name alone have none, because decoders do not look at the names of records outside of unions.
func TestIncompatibilitiesAreShown(t *testing.T) {
	all, shown := make(map[string]int), make(map[string]int)
	for _, name := range pairFiles {
		for _, v := range readVectors[vectorPair](t, name) {
			c := compat.Change{Old: parse(t, string(v.Old)), New: parse(t, string(v.New)), Level: compat.Full}
			for _, f := range c.Findings() {
				if f.Severity == finding.Error && f.Rule != compat.NameMismatch && f.Rule != compat.AmbiguousAlias {
					all[f.Rule]++
					if f.Example != "" {
						shown[f.Rule]++
					}
				}
			}
		}
	}
	for rule, n := range all {
		if shown[rule]*100 < n*95 {
			t.Errorf("%s: %d of %d are shown", rule, shown[rule], n)
		}
	}
	if len(all) != 5 {
		t.Errorf("the vectors hold %d rules", len(all))
	}
}

func TestMatch(t *testing.T) {
	rec := func(name, rest string) string {
		return `{"type":"record","name":"` + name + `","namespace":"n"` + rest + `,"fields":[]}`
	}
	holder := func(name, inner string) string {
		return `{"type":"record","name":"` + name + `","namespace":"n","fields":[{"name":"f","type":` + inner + `}]}`
	}
	for _, c := range []struct {
		name      string
		old, next map[string]string
		want      []string
	}{
		{"moved", map[string]string{"a.avsc": rec("A", "")}, map[string]string{"b/c.avsc": rec("A", "")}, []string{"a.avsc → b/c.avsc n.A"}},
		{"renamed, with an alias", map[string]string{"a.avsc": rec("A", "")}, map[string]string{"b.avsc": rec("B", `,"aliases":["A"]`)},
			[]string{"a.avsc → b.avsc n.B"}},
		{"renamed in its file", map[string]string{"a.avsc": rec("A", "")}, map[string]string{"a.avsc": rec("B", "")}, []string{"a.avsc → a.avsc n.B"}},
		{"the name counts before the file", map[string]string{"a.avsc": rec("A", ""), "b.avsc": rec("B", "")},
			map[string]string{"a.avsc": rec("B", ""), "b.avsc": rec("A", "")}, []string{"b.avsc → a.avsc n.B", "a.avsc → b.avsc n.A"}},
		{"the name counts before an alias", map[string]string{"a.avsc": rec("A", "")},
			map[string]string{"a.avsc": rec("B", `,"aliases":["A"]`), "b.avsc": rec("A", "")}, []string{" → a.avsc n.B", "a.avsc → b.avsc n.A"}},
		{"new and gone", map[string]string{"a.avsc": rec("A", "")}, map[string]string{"b.avsc": rec("B", "")}, []string{" → b.avsc n.B", "a.avsc →  n.A"}},
		{"without a name, by file", map[string]string{"u.avsc": `["int"]`, "v.avsc": `["long"]`}, map[string]string{"u.avsc": `["int","null"]`},
			[]string{"u.avsc → u.avsc u.avsc", "v.avsc →  v.avsc"}},
		{"taken into another document", map[string]string{"a.avsc": rec("A", "")}, map[string]string{"h.avsc": holder("H", rec("A", ""))},
			[]string{" → h.avsc n.H", "a.avsc → h.avsc n.A"}},
		{"taken out of another document", map[string]string{"h.avsc": holder("H", rec("A", ""))},
			map[string]string{"a.avsc": rec("A", ""), "h.avsc": holder("H", `"A"`)}, []string{"h.avsc → a.avsc n.A", "h.avsc → h.avsc n.H"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, change := range compat.Match(tree(t, c.old), tree(t, c.next)) {
				line := " → "
				if change.Old != nil {
					line = change.Old.File + line
				}
				if change.New != nil {
					line += change.New.File
				}
				got = append(got, line+" "+change.Name)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// A change in a type that others refer to is found in each of them, once, with the way that leads to it.
func TestReferencesAreFollowed(t *testing.T) {
	files := map[string]string{
		"Money.avsc": `{"type":"record","name":"Money","fields":[]}`,
		"Line.avsc":  `{"type":"record","name":"Line","fields":[{"name":"a","type":"Money"},{"name":"b","type":["null","Money"]}]}`,
		"Order.avsc": `{"type":"record","name":"Order","fields":[{"name":"lines","type":{"type":"array","items":"Line"}},{"name":"sum","type":"Money"}]}`,
		"Other.avsc": `{"type":"record","name":"Other","fields":[]}`,
	}
	next := map[string]string{"Money.avsc": `{"type":"record","name":"Money","fields":[{"name":"c","type":"string"}]}`}
	for name, text := range files {
		if next[name] == "" {
			next[name] = text
		}
	}
	got := make(map[string][]string)
	for _, f := range findings(t, compat.Backward, files, next) {
		if f.Pos.File != "Money.avsc" {
			t.Errorf("found at %s: %s", f.Pos, f.Message)
		}
		got[f.Subject] = append(got[f.Subject], f.Rule+" "+strings.Join(f.Via, " "))
	}
	want := map[string][]string{
		"Money": {compat.ReaderFieldMissingDefaultValue + " "},
		"Line":  {compat.ReaderFieldMissingDefaultValue + " Money", compat.MissingUnionBranch + " Money"},
		"Order": {compat.ReaderFieldMissingDefaultValue + " Money", compat.MissingUnionBranch + " Money"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings by contract (-want +got):\n%s", diff)
	}
}

func TestRollout(t *testing.T) {
	rec := func(fields string) string { return `{"type":"record","name":"R","fields":[` + fields + `]}` }
	id, idDoc := `{"name":"id","type":"int"}`, `{"name":"id","type":"int","doc":"what it is"}`
	for _, c := range []struct {
		name, old, next string
		level           compat.Level
		order           compat.Order
		bump            compat.Bump
	}{
		{"nothing", rec(id), rec(id), compat.Backward, compat.AnyOrder, compat.NoBump},
		{"doc", rec(id), rec(idDoc), compat.Backward, compat.AnyOrder, compat.Patch},
		{"with default", rec(id), rec(id + `,{"name":"n","type":"int","default":0}`), compat.Backward, compat.AnyOrder, compat.Minor},
		{"wider", rec(id), rec(`{"name":"id","type":"long"}`), compat.Backward, compat.ConsumersFirst, compat.Minor},
		{"wider, forward", rec(id), rec(`{"name":"id","type":"long"}`), compat.Forward, compat.ConsumersFirst, compat.Major},
		{"field gone", rec(id), rec(``), compat.Backward, compat.ConsumersFirst, compat.Minor},
		{"field new", rec(``), rec(id), compat.Forward, compat.ProducersFirst, compat.Minor},
		{"other type", rec(id), rec(`{"name":"id","type":"boolean"}`), compat.None, compat.NoOrder, compat.Major},
		{"other default", rec(`{"name":"id","type":"int","default":1}`), rec(`{"name":"id","type":"int","default":2}`), compat.Full, compat.AnyOrder, compat.Minor},
		{"new", "", rec(id), compat.Backward, compat.AnyOrder, compat.Minor},
		{"gone", rec(id), "", compat.Backward, compat.AnyOrder, compat.Major},
	} {
		t.Run(c.name, func(t *testing.T) {
			change := compat.Change{Level: c.level}
			if c.old != "" {
				change.Old = parse(t, c.old)
			}
			if c.next != "" {
				change.New = parse(t, c.next)
			}
			if got := change.Order(); got != c.order {
				t.Errorf("order: %s, want %s", got, c.order)
			}
			if got := change.Bump(); got != c.bump {
				t.Errorf("bump: %s, want %s", got, c.bump)
			}
		})
	}
	if compat.ConsumersFirst.And(compat.ProducersFirst) != compat.NoOrder || compat.AnyOrder.And(compat.ConsumersFirst) != compat.ConsumersFirst {
		t.Error("orders do not add up")
	}
}

func TestLevelsAddUp(t *testing.T) {
	for _, c := range []struct{ a, b, want compat.Level }{
		{compat.None, compat.Forward, compat.Forward},
		{compat.Backward, compat.Forward, compat.Full},
		{compat.Backward, compat.ForwardTransitive, compat.FullTransitive},
		{compat.Backward, compat.BackwardTransitive, compat.BackwardTransitive},
		{compat.Full, compat.Backward, compat.Full},
		{compat.None, compat.None, compat.None},
	} {
		if got := c.a.And(c.b); got != c.want || c.b.And(c.a) != c.want {
			t.Errorf("%s and %s is %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

// One schema may be compared by several goroutines at once.
func TestConcurrentUse(t *testing.T) {
	var work sync.WaitGroup
	for _, v := range readVectors[vectorPair](t, "hand_cases.jsonl.gz")[:40] {
		older, newer := parse(t, string(v.Old)), parse(t, string(v.New))
		for range 4 {
			work.Go(func() {
				c := compat.Change{Old: older, New: newer, Level: compat.Full}
				c.Findings()
				c.Bump()
				ask(newer, older)
			})
		}
	}
	work.Wait()
}
