package subject_test

import (
	"strings"
	"testing"

	"github.com/avow-events/avow/internal/subject"
)

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		strategy   string
		value, key string
		perEvent   bool
	}{
		{"TopicName", "orders-value", "orders-key", false},
		{"RecordName", "shop.Order", "shop.Order", true},
		{"TopicRecordName", "orders-shop.Order", "orders-shop.Order", true},
		{"acme.{topic}.{kind}", "acme.orders.value", "acme.orders.key", false},
		{"{topic}/{namespace}/{name}-{kind}", "orders/shop/Order-value", "orders/shop/Order-key", true},
		{"{record}", "shop.Order", "shop.Order", true},
	} {
		s, err := subject.Parse(tt.strategy)
		if err != nil {
			t.Errorf("%s: %v", tt.strategy, err)
			continue
		}
		if got := s.Value("orders", "shop.Order"); got != tt.value {
			t.Errorf("%s: value %q, want %q", tt.strategy, got, tt.value)
		}
		if got := s.Key("orders", "shop.Order"); got != tt.key {
			t.Errorf("%s: key %q, want %q", tt.strategy, got, tt.key)
		}
		if s.PerEvent() != tt.perEvent {
			t.Errorf("%s: PerEvent is %t", tt.strategy, s.PerEvent())
		}
	}
	if got := subject.Strategy("{namespace}.{name}").Value("t", "Plain"); got != ".Plain" {
		t.Errorf("the null namespace gives %q", got)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"TopicNames": `"TopicNames" is not one of TopicName, RecordName, TopicRecordName`,
		"":           `"" is not one of TopicName, RecordName, TopicRecordName`,
		"{topik}":    `"{topik}" is no template: it knows {topic}, {record}, {name}, {namespace}, {kind}`,
		"{topic":     `"{topic" is no template: it knows {topic}, {record}, {name}, {namespace}, {kind}`,
		"a}b":        `"a}b" has a } without a {`,
	} {
		if _, err := subject.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"TopicName", "{topic}-{record}", "{{topic}}", "{", "}{", "{topic}{", "a{kind}b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := subject.Parse(text)
		if err != nil {
			return
		}
		if value := s.Value("t", "n.R"); strings.ContainsAny(value, "{}") {
			t.Errorf("%q gives %q", text, value)
		}
		if s.PerEvent() != (s.Value("t", "n.A") != s.Value("t", "n.B")) {
			t.Errorf("%q: PerEvent is %t, and events have the subjects %q and %q", text, s.PerEvent(), s.Value("t", "n.A"), s.Value("t", "n.B"))
		}
	})
}
