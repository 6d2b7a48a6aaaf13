package rules_test

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/rules"
)

// valid is an event of testdata/event.avsc.
const valid = `{
	"quantity": 3, "weight": 1.5, "price": "12.50", "share": "0.250000", "type": "A", "note": null,
	"id": "0a1b2c3d-0000-4000-8000-000000000001", "status": "PAID", "previous": "CREATED",
	"at": "2026-03-01T12:00:00Z", "day": "2026-03-02", "opens": "08:30:00", "term": "P1M2DT3.004S",
	"digest": "AQIDBA==", "payload": "aGVsbG8=", "paid": true,
	"items": [
		{"sku": "a", "count": 2, "price": "5.00", "parts": []},
		{"sku": "b", "count": 1, "price": "2.50", "parts": [{"sku": "c", "count": 1, "price": "0.10", "parts": []}]}
	],
	"first": null, "tags": ["x", "y"], "stock": {"a": 1, "b": 2},
	"bundles": {"p\"q": {"sku": "d", "count": 4, "price": "1.00", "parts": []}, "m": {"sku": "e", "count": 5, "price": "1.00", "parts": []}},
	"history": ["CREATED", "PAID"], "code": {"string": "E7"}, "number": {"int": 7}, "target": {"shop.Mail": {"to": "me"}},
	"package": 1, "in": 2, "nothing": null
}`

// encode returns the valid event with some of its fields changed.
func encode(t testing.TB, s *avsc.Schema, changes string) []byte {
	t.Helper()
	fields, changed := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for text, to := range map[string]*map[string]json.RawMessage{valid: &fields, "{" + changes + "}": &changed} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	maps.Copy(fields, changed)
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	src, err := codec.FromJSON(s, text)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// judge returns the places and the reasons of the violations of an encoded event, without the rules.
func judge(t testing.TB, s *avsc.Schema, src []byte) []string {
	t.Helper()
	if err := rules.Check(s); err != nil {
		t.Fatal(err)
	}
	r, err := rules.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return violations(t, r.Validate(src))
}

func violations(t testing.TB, err error) (found []string) {
	t.Helper()
	if err == nil {
		return nil
	}
	var broken *rules.Error
	if !errors.As(err, &broken) {
		t.Fatalf("%T: %v", err, err)
	}
	for _, v := range broken.Violations {
		text := v.Path
		if v.Message != "" {
			text += ": " + v.Message
		}
		if v.Err != nil {
			text += "! " + v.Err.Error()
		}
		found = append(found, text)
	}
	return found
}

func parse(t testing.TB, text string) *avsc.Schema {
	t.Helper()
	s, err := avsc.Parse("event.avsc", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s
}

// TestJudgements evaluates one rule on one event: the valid one with changes.
func TestJudgements(t *testing.T) {
	const yes, no = "yes", "no"
	const operand = "it uses null, or a value of another type, where it cannot be used"
	for _, c := range []struct{ on, expr, changes, want string }{
		// Values of every type, by a comparison that only the right one passes.
		{"record", `quantity == 3 && number == 7 && this.package == 1 && this.` + "`in`" + ` == 2`, ``, yes},
		{"record", `weight == 1.5`, ``, yes},
		{"record", `price == decimal("12.5")`, ``, yes},
		{"record", `share == decimal("0.25")`, ``, yes},
		{"record", `type == "A" && this.type == type`, ``, yes},
		{"record", `id == "0a1b2c3d-0000-4000-8000-000000000001"`, ``, yes},
		{"record", `status == "PAID" && previous == "CREATED"`, ``, yes},
		{"record", `at == timestamp("2026-03-01T12:00:00Z")`, ``, yes},
		{"record", `day == timestamp("2026-03-02T00:00:00Z")`, ``, yes},
		{"record", `opens == duration("8h30m")`, ``, yes},
		{"record", `term.months == 1 && term.days == 2 && term.millis == 3004`, ``, yes},
		{"record", `digest == b"\001\002\003\004" && payload == b"hello"`, ``, yes},
		{"record", `paid`, ``, yes},
		{"record", `items[1].parts[0].sku == "c"`, ``, yes},
		{"record", `tags == ["x", "y"] && "x" in tags && !("z" in tags)`, ``, yes},
		{"record", `stock == {"a": 1, "b": 2} && stock.a == 1 && "b" in stock`, ``, yes},
		{"record", `bundles.m.count == 5`, ``, yes},
		{"record", `history[1] == "PAID"`, ``, yes},
		{"record", `code == "E7"`, ``, yes},
		{"record", `code == 7`, `"code": {"int": 7}`, yes},
		{"record", `target.to == "me" && type(target) == shop.Mail`, ``, yes},
		{"record", `type(target) != shop.Mail && target.count == 1`, `"target": {"shop.Item": {"sku": "", "count": 1, "price": "0", "parts": []}}`, yes},
		{"record", `nothing == null`, ``, yes},

		{"record", `target["to"] == "me"`, ``, yes},
		{"record", `items.all(this, this.count < quantity) && items.all(quantity, quantity.count < this.quantity)`, ``, yes},
		{"record", `cel.bind(n, size(items), n == 2 && n < quantity)`, ``, yes},
		{"record", `(paid ? items[0] : first).count == 2`, ``, yes},

		// Null.
		{"record", `note == null && first == null && code != null`, ``, yes},
		{"record", `note != null`, ``, no},
		{"record", `has(this.note) || has(this.first)`, ``, no},
		{"record", `has(this.tags) && has(this.weight) && has(this.quantity)`, ``, yes},
		{"record", `first.count > 0`, ``, "! null has no field count"},
		{"record", `first == null || first.count > 0`, ``, yes},
		{"record", `first != null && first.count > 0`, ``, no},
		{"record", `first == items[0]`, `"first": {"sku": "a", "count": 2, "price": "5", "parts": []}`, yes},
		{"record", `first == items[1]`, `"first": {"sku": "a", "count": 2, "price": "5", "parts": []}`, no},
		{"record", `weight > 1`, `"weight": null`, "! " + operand},
		{"record", `size(tags) > 0`, `"tags": null`, "! " + operand},
		{"record", `tags == null || size(tags) > 0`, `"tags": null`, yes},
		{"record", `tags.all(t, t != "")`, `"tags": null`, "! " + operand},
		{"record", `note == "x"`, ``, no},
		{"weight", `this > 100`, `"weight": null`, yes}, // a rule of a field is about its value
		{"weight", `this > 100`, ``, "no at weight"},
		{"weight", `this != null`, `"weight": null`, "no at weight"},
		{"weight", `this == null || this > 1`, `"weight": null`, yes},
		{"note", `this.startsWith("x")`, ``, yes},
		{"first", `this.count > 0`, ``, yes},

		// Decimals are exact.
		{"record", `price + price == decimal("25") && price - 1 == decimal("11.50") && price * 3 == decimal("37.5")`, ``, yes},
		{"record", `2 * price == price * 2 && 1 + price == price + 1 && 1 - price == -(price - 1)`, ``, yes},
		{"record", `1 < price && price > 1 && 13 >= price && price <= 13 && !(price < 12) && !(12 > price)`, ``, yes},
		{"record", `price * price == decimal("156.25") && decimal(quantity) == decimal("3.000")`, ``, yes},
		{"record", `decimal("0.1") + decimal("0.2") == decimal("0.3") && price > 0`, ``, yes},
		{"record", `price == sum(items.map(i, i.price * i.count))`, ``, yes},
		{"record", `price == sum(items.map(i, i.count * i.price))`, `"price": "12.51"`, no},
		{"record", `sum(items.map(i, i.price)) == decimal("0")`, `"items": []`, yes},
		{"record", `sum(items.map(i, i.count)) == 0`, `"items": []`, yes},
		{"record", `sum([1.5, weight]) == 3.0`, ``, yes},
		{"record", `sum([opens, opens]) == duration("17h")`, ``, yes},
		{"record", `string(price) == "12.50" && string(-share) == "-0.250000"`, ``, yes},
		{"record", `sum([9223372036854775807, quantity]) > 0`, ``, "! integer overflow"},
		{"record", `price in [decimal("1"), decimal("12.5")]`, ``, yes},

		// What cannot be evaluated is told from what is not true.
		{"record", `10 / (quantity - 3) > 1`, ``, "! division by zero"},
		{"record", `stock["z"] > 1`, ``, "! no such key: z"},
		{"record", `items[2].count > 1`, ``, "! index out of bounds: 2"},
		{"record", `target.count == 1`, ``, "! shop.Mail has no field count"},
		{"record", `quantity != 3 && 10 / (quantity - 3) > 1`, ``, no},
	} {
		s := parse(t, withRules(t, event(t), c.on, quote(t, c.expr)))
		got := yes
		switch found := judge(t, s, encode(t, s, c.changes)); {
		case len(found) == 1 && found[0] == "":
			got = no
		case len(found) == 1 && found[0] == c.on:
			got = "no at " + c.on
		case len(found) > 0:
			got = strings.Join(found, "; ")
		}
		if got != c.want {
			t.Errorf("%s: %s with %s: got %q, want %q", c.on, c.expr, c.changes, got, c.want)
		}
	}
}

// TestEveryViolation finds all that is wrong with an event, in its order.
func TestEveryViolation(t *testing.T) {
	text := event(t)
	text = strings.Replace(text, `{"name": "count", "type": "int"}`, `{"name": "count", "type": "int", "avow.rules": "this < 1"}`, 1)
	text = strings.Replace(text, `"name": "Item",`, `"name": "Item", "avow.rules": {"id": "named", "expr": "sku == ''", "message": "has a name"},`, 1)
	text = withRules(t, text, "tags", `["size(this) > 5", {"id": "no-x", "expr": "!('x' in this)", "message": "no x"}]`)
	text = withRules(t, text, "record", `[{"expr": "quantity == 0"}, "weight == 0.0"]`)
	s := parse(t, text)
	src := encode(t, s, `"target": {"shop.Item": {"sku": "t", "count": 0, "price": "0", "parts": []}}, "first": {"sku": "", "count": 1, "price": "0", "parts": []}`)
	want := []string{
		"", "",
		"items[0]: has a name", "items[0].count",
		"items[1]: has a name", "items[1].count",
		"items[1].parts[0]: has a name", "items[1].parts[0].count",
		"first.count",
		"tags", "tags: no x",
		`bundles["m"]: has a name`, `bundles["m"].count`,
		`bundles["p\"q"]: has a name`, `bundles["p\"q"].count`,
		"target: has a name",
	}
	if diff := cmp.Diff(want, judge(t, s, src)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestErrorText(t *testing.T) {
	e := &rules.Error{Violations: []rules.Violation{
		{Path: "items[2].quantity", Rule: rules.Rule{ID: "positive", Expr: "this > 0", Message: "at least one"}},
		{Rule: rules.Rule{Expr: "a == b", Message: "a is b"}},
		{Path: "x", Rule: rules.Rule{Expr: "this > 0"}},
		{Path: "x", Rule: rules.Rule{Expr: "1 / this > 0", Message: "m"}, Err: errors.New("division by zero")},
	}}
	want := `items[2].quantity: at least one (positive: this > 0)
(root): a is b (a == b)
x: breaks a rule (this > 0)
x: cannot be judged, division by zero (1 / this > 0)`
	if diff := cmp.Diff(want, e.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range 100 {
		e.Violations = append(e.Violations, e.Violations[0])
	}
	if lines := strings.Split(e.Error(), "\n"); len(lines) != 21 || lines[20] != "and 84 more" {
		t.Errorf("%d lines, at the end %q", len(lines), lines[len(lines)-1])
	}
}
