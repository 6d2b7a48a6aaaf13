package registry_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/avow-events/avow/registry"
)

// What a call costs beyond the network: a srclient of its own through which the context goes (Latest), beside a
// request of ours through the same transport (Usages), beside an answer that is remembered (ByID).
func BenchmarkCall(b *testing.B) {
	const schema = `{"subject":"s","version":1,"id":1,"schema":"\"string\""}`
	c, err := registry.New("http://host", registry.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		body := schema
		if strings.HasSuffix(r.URL.Path, "/versions") {
			body = `[{"subject":"s","version":1}]`
		}
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})))
	if err != nil {
		b.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"srclient":   func() error { _, err := c.Latest(b.Context(), "s"); return err },
		"own":        func() error { _, err := c.Usages(b.Context(), 1); return err },
		"remembered": func() error { _, err := c.ByID(b.Context(), 1); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
