package rules_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/internal/sample"
	"github.com/avow-events/avow/rules"
)

// everything is a rule for which all of a value is read.
const everything = "this == this || this != this"

// ruleMaker puts random rules on the records and fields of a schema in JSON.
type ruleMaker struct {
	rand *rand.Rand
	// whole adds a rule to each record for which all of it is read.
	whole bool
}

func (m *ruleMaker) add(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			m.add(item)
		}
	case map[string]any:
		for _, key := range []string{"type", "items", "values"} {
			m.add(v[key])
		}
		if fields, ok := v["fields"].([]any); ok && len(fields) > 0 {
			m.record(v, fields)
		}
	}
}

func (m *ruleMaker) record(record map[string]any, fields []any) {
	var own []any
	for _, f := range fields {
		f := f.(map[string]any)
		m.add(f["type"])
		name := "this." + f["name"].(string)
		typ, _ := f["type"].(map[string]any)
		switch m.rand.IntN(6) {
		case 0:
			own = append(own, name+" == "+name)
		case 1:
			own = append(own, "type("+name+") != type("+name+")")
		case 2:
			f["avow.rules"] = "[this, this] == []"
		case 3:
			if typ != nil && typ["type"] == "array" {
				f["avow.rules"] = []any{"this.all(x, x == this[0]) && size(this) == 1", "[this].map(x, x) == []"}
			}
			if typ != nil && typ["type"] == "map" {
				own = append(own, name+".all(key, size(key) < 5)", name+".exists(k, v, v == v)")
			}
		}
	}
	if m.whole {
		own = append(own, everything)
	}
	if len(own) > 0 {
		record["avow.rules"] = own
	}
}

func (m *ruleMaker) schema(t *testing.T, text string) *avsc.Schema {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	m.add(v)
	with, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(with))
}

// TestRandomValues judges random values of random schemas. No rule fails to be evaluated, and what is read of a value,
// which depends on all rules together, makes no difference.
func TestRandomValues(t *testing.T) {
	judged := 0
	for seed := range uint64(400) {
		text := sample.Schema(seed)
		some := (&ruleMaker{rand: rand.New(rand.NewPCG(seed, 1))}).schema(t, text)
		all := (&ruleMaker{rand: rand.New(rand.NewPCG(seed, 1)), whole: true}).schema(t, text)
		values := sample.New(some, seed)
		values.Blocks = seed%2 == 1
		for range 5 {
			src, ok := values.Append(nil)
			if !ok {
				break
			}
			want := judge(t, some, src)
			got := slices.DeleteFunc(violationsOf(t, all, src), func(v rules.Violation) bool { return v.Expr == everything })
			var places []string
			for _, v := range got {
				if v.Err != nil {
					t.Fatalf("seed %d: %v", seed, v)
				}
				places = append(places, v.Path)
			}
			if diff := cmp.Diff(want, places); diff != "" {
				t.Fatalf("seed %d, %x (-read in part +read whole):\n%s\n%s", seed, src, diff, some)
			}
			judged += len(want)
		}
	}
	if judged < 1000 {
		t.Errorf("only %d violations: the test finds too little", judged)
	}
}

func violationsOf(t *testing.T, s *avsc.Schema, src []byte) []rules.Violation {
	t.Helper()
	r, err := rules.New(s)
	if err != nil {
		t.Fatal(err)
	}
	var broken *rules.Error
	if err := r.Validate(src); err != nil && !errors.As(err, &broken) {
		t.Fatal(err)
	}
	if broken == nil {
		return nil
	}
	return broken.Violations
}

// FuzzExpression checks any expression and, if it is one, evaluates it on random events.
func FuzzExpression(f *testing.F) {
	src, err := os.ReadFile("testdata/expressions.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(src)) {
		if on, expr, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); ok && line[0] != '\t' && line[0] != '#' {
			f.Add(on == "record", expr)
		}
	}
	schema := event(f)
	f.Fuzz(func(t *testing.T, onRecord bool, expr string) {
		on := "items"
		if onRecord {
			on = "record"
		}
		s, err := avsc.Parse("event.avsc", []byte(withRules(t, schema, on, quote(t, expr))))
		if err != nil {
			t.Skip(err)
		}
		if rules.Check(s) != nil {
			return
		}
		values := sample.New(s, 1)
		for range 3 {
			src, _ := values.Append(nil)
			for _, v := range violationsOf(t, s, src) {
				if v.Err != nil && strings.Contains(v.Err.Error(), "internal error") {
					t.Fatal(v)
				}
			}
		}
	})
}

// FuzzValidate judges damaged messages: they are events or none, and nothing else happens.
func FuzzValidate(f *testing.F) {
	text := event(f)
	for _, field := range []string{"tags", "items", "stock", "bundles", "first", "weight", "at", "term", "share", "target"} {
		text = withRules(f, text, field, `"type(this) != string && this == this"`)
	}
	s := parse(f, withRules(f, text, "record", `"price == sum(items.map(i, i.price * i.count)) && this == this"`))
	f.Add(encode(f, s, ``))
	values := sample.New(s, 1)
	values.Blocks = true
	for range 5 {
		src, _ := values.Append(nil)
		f.Add(src)
	}
	r, err := rules.New(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		err := r.Validate(src)
		var broken *rules.Error
		if valid := codec.Validate(s, src); (valid == nil) != (err == nil || errors.As(err, &broken) || errors.Is(err, codec.ErrLogical)) {
			t.Fatalf("codec.Validate says %v, the rules %v", valid, err)
		}
		if broken != nil && strings.Contains(fmt.Sprint(broken), "internal error") {
			t.Fatal(broken)
		}
	})
}
