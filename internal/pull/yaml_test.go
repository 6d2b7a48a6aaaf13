package pull_test

import (
	"testing"
	"unicode/utf8"

	"github.com/avow-events/avow/internal/config"
	"github.com/avow-events/avow/internal/pull"
)

// Whatever a subject is called, avow.yaml says so.
func FuzzNamesInYAML(f *testing.F) {
	for _, seed := range []string{
		"orders-value", "null", "~", "123", "1e3", "0x1f", "-", ": #", "'\"\\", "a\tb\nc", "\u0085\u2028\ufeff", "*a", "&a", "!t", "日本", "=", "<<", "2026-11-23",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" || !utf8.ValidString(name) {
			return
		}
		r := pull.Repository{Config: config.Config{
			Topics:     []config.Topic{{Name: name, Events: []config.Event{{Name: name}}, Strategy: config.TopicName}},
			Places:     []config.Place{{Subject: name, Contract: name, Level: config.Full}},
			References: []config.Reference{{From: name, To: name, Subject: name, Version: 3}},
		}}
		c, err := config.Parse("avow.yaml", "/", append([]byte("version: v1\n"), r.YAML()...))
		if err != nil {
			t.Fatalf("%q: %v\n%s", name, err, r.YAML())
		}
		if c.Topics[0].Name != name || c.Places[0].Subject != name || c.References[0].To != name {
			t.Errorf("%q became %q, %q, %q\n%s", name, c.Topics[0].Name, c.Places[0].Subject, c.References[0].To, r.YAML())
		}
	})
}
