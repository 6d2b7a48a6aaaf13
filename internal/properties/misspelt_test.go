package properties_test

import (
	"testing"

	"github.com/avow-events/avow/internal/properties"
)

func TestMisspelt(t *testing.T) {
	known := []string{"schema.registry.url", "bootstrap.servers", "ssl.truststore.location"}
	for name, tc := range map[string]struct {
		p                 *properties.Properties
		misspelt, unknown string
	}{
		"none":          {of(), "", ""},
		"known":         {of("schema.registry.url", "http://r", "ssl.truststore.location", "f"), "", ""},
		"a letter more": {of("schema.registry.urll", "http://r"), `f:1:1: schema.registry.urll: no client has such a property, did you mean "schema.registry.url"?`, `f:1:1: schema.registry.urll: avow reads no such property, did you mean "schema.registry.url"?`},
		"capitals":      {of("Schema.Registry.URL", "http://r"), `f:1:1: Schema.Registry.URL: no client has such a property, did you mean "schema.registry.url"?`, `f:1:1: Schema.Registry.URL: avow reads no such property, did you mean "schema.registry.url"?`},
		"both":          {of("bootstrap.server", "a", "bootstrap.servers", "b"), "", `f:1:1: bootstrap.server: avow reads no such property, did you mean "bootstrap.servers"?`},
		"of others":     {of("ssl.truststore.password", "hunter2", "acks", "all"), "", `f:1:1: ssl.truststore.password: avow reads no such property`},
	} {
		text := func(err error) string {
			if err == nil {
				return ""
			}
			return err.Error()
		}
		if got := text(tc.p.Misspelt(known)); got != tc.misspelt {
			t.Errorf("%s, misspelt:\ngot  %s\nwant %s", name, got, tc.misspelt)
		}
		if got := text(tc.p.Unknown(known)); got != tc.unknown {
			t.Errorf("%s, unknown:\ngot  %s\nwant %s", name, got, tc.unknown)
		}
	}
}
