package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/avow-events/avow/codec"
)

// TestLimits runs what would go on for ever, or fill the memory, on a large event.
func TestLimits(t *testing.T) {
	chain := func(from, link string) string { return from + strings.Repeat(link, 40) }
	loops := "n > 0"
	for _, v := range "abcdefghijkl" {
		loops = fmt.Sprintf("[1,2,3,4,5,6,7,8,9,10].all(%c, %s)", v, loops)
	}
	pairs := "[n]"
	for range 40 {
		pairs = "[" + pairs + "].map(s, [s, s])[0]"
	}
	bound := "size(x0) > 0"
	for i := range 40 {
		before := "items"
		if i < 39 {
			before = fmt.Sprintf("x%d + x%[1]d", i+1)
		}
		bound = fmt.Sprintf("cel.bind(x%d, %s, %s)", i, before, bound)
	}
	const cost, size = "it goes through more than a rule may", "it makes a value larger than a rule may"
	for _, c := range []struct{ name, expr, want string }{
		{"nested loops", loops, cost},
		{"text doubled", "size(" + chain("[text]", ".map(s, s + s)") + ") > 0", cost},
		{"number squared", "size(" + chain("[decimal('1.1') * n]", ".map(s, s * s)") + ") > 0", "decimal of more than 400 digits"},
		{"list doubled", "size(" + chain("[items]", ".map(s, s + s)") + "[0]) > 0", size},
		{"list doubled by names", bound, size},
		{"pairs of pairs", "size(" + pairs + ") > 0", size},
		{"pairs compared", pairs + " == " + pairs, size},
		{"pairs searched", pairs + " in [" + pairs + "]", size},
		{"maps of maps", "size(" + chain("[{'a': items}]", ".map(s, {'a': s, 'b': s})") + ") > 0", size},
		{"lists of all items", "size(" + chain("[items]", ".map(s, items.map(i, s))") + ") > 0", size},
		{"items by items", "items.all(a, items.all(b, a + b > 0))", cost},
		{"items compared", "items.all(a, items == items)", cost},
		{"items searched", "items.all(a, a in items)", cost},
		{"items added up", "items.all(a, sum(items) > 0)", cost},
		{"text compared", "items.all(a, text == text + '')", cost},
		{"text searched", "items.all(a, text.contains('y' + text))", cost},
		{"text matched", "items.all(a, text.matches('[a-z]+$'))", cost},
		{"text measured", "items.all(a, size(text) > 0)", cost},
		{"text measured as a method", "items.all(a, text.size() > 0)", cost},
		{"text converted", "items.all(a, size(bytes(text)) > 0)", cost},
		{"records compared", "items.all(a, record == record)", cost},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := parse(t, `{"type":"record","name":"R","avow.rules":`+quote(t, c.expr)+`,"fields":[
				{"name":"n","type":"int"},{"name":"items","type":{"type":"array","items":"long"}},{"name":"text","type":"string"},
				{"name":"record","type":{"type":"record","name":"S","fields":[{"name":"text","type":"string"}]}}]}`)
			text := strings.Repeat("x", 100_000)
			src, err := codec.FromJSON(s, fmt.Appendf(nil, `{"n":1,"items":[%s1],"text":%q,"record":{"text":%[2]q}}`, strings.Repeat("1,", 50_000), text))
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			got := judge(t, s, src)
			if want := "! " + c.want; len(got) != 1 || got[0] != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// The rules of one event have a limit together as well: each item may cost what a rule may.
func TestTotalLimit(t *testing.T) {
	expr := "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, a + b + c + d > this))))"
	s := parse(t, `{"type":"array","items":{"type":"record","name":"R","fields":[{"name":"n","type":"int","avow.rules":`+quote(t, expr)+`}]}}`)
	src := append(codec.AppendLong(nil, 100_000), make([]byte, 100_000)...)
	start := time.Now()
	got := judge(t, s, append(src, 0))
	if last := got[len(got)-1]; last != "[99999].n! the rules go through too much of this event, all together" {
		t.Error(last)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}
