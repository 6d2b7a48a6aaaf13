package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/avow-events/avow/internal/cli"
)

// Which registry is asked, and with which credentials: what stands on the command line comes before variables, and these
// before avow.yaml; credentials of an environment never go elsewhere.
func TestWhichRegistry(t *testing.T) {
	var asked, credentials string
	serve := func(name string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			user, password, _ := r.BasicAuth()
			asked, credentials = name, strings.Trim(user+":"+password, ":")
			if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
				credentials = token
			}
			fmt.Fprint(w, "[]")
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	flag, property, variable, local, prod := serve("flag"), serve("property"), serve("variable"), serve("local"), serve("prod")
	t.Chdir(t.TempDir())
	withUser := func(url, user string) string { return strings.Replace(url, "http://", "http://"+user+"@", 1) }
	write := func(name, content string) {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("avow.yaml", fmt.Sprintf(`version: v1
environments:
  local: {registry: {url: %q, basic_auth: "${LOCAL}"}}
  prod: {registry: {url: %q, basic_auth: "${PROD}"}}
  open: {registry: %q}
  none: {kafka: "127.0.0.1:1"}
`, local, prod, prod))
	write("url.properties", "schema.registry.url = "+property+"\n")
	write("all.properties", "schema.registry.url = "+property+"\nbasic.auth.user.info = f:ile\nacks = all\nssl.truststore.password = x\n")
	write("bad.properties", "\n\nschema.registry.url = http://u:hunter2@h:port\n")
	write("misspelt.properties", "acks = all\nschema.registry.ulr = "+property+"\n")
	write("worse.properties", "basic.auth.user.info = ann:hunter2\\u1\n")
	secrets := map[string]string{"LOCAL": "l:ocal", "PROD": "p:rod"}

	for _, tc := range []struct {
		args  string
		env   map[string]string
		asked string
		as    string
	}{
		{"", nil, "local", "l:ocal"},
		{"", map[string]string{"SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO": "v:ar"}, "local", "v:ar"},
		{"", map[string]string{"SCHEMA_REGISTRY_URL": variable}, "variable", ""},
		{"", map[string]string{"SCHEMA_REGISTRY_URL": withUser(variable, "u:rl")}, "variable", "u:rl"},
		{"", map[string]string{"SCHEMA_REGISTRY_URL": variable, "SCHEMA_REGISTRY_BEARER_AUTH_TOKEN": "t0ken"}, "variable", "t0ken"},
		{"--env prod", map[string]string{"SCHEMA_REGISTRY_URL": withUser(variable, "u:rl")}, "prod", "p:rod"},
		{"--env open", map[string]string{"SCHEMA_REGISTRY_URL": withUser(variable, "u:rl")}, "prod", ""},
		{"--env open", map[string]string{"SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO": "v:ar"}, "prod", "v:ar"},
		{"--properties url.properties", map[string]string{"SCHEMA_REGISTRY_URL": variable}, "property", ""},
		{"--properties all.properties", map[string]string{"SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO": "v:ar"}, "property", "f:ile"},
		{"--properties url.properties --env prod", nil, "property", ""},
		{"--properties url.properties -X basic.auth.user.info=x:y", nil, "property", "x:y"},
		{"--properties all.properties -X schema.registry.url=" + flag, nil, "flag", "f:ile"},
		{"--env prod -X basic.auth.user.info=x:y=z", nil, "prod", "x:y=z"},
		{"--registry " + flag, map[string]string{"SCHEMA_REGISTRY_URL": variable}, "flag", ""},
		{"--registry " + flag + " --env prod", nil, "flag", ""},
		{"-r " + withUser(flag, "f:lag") + " --properties all.properties", map[string]string{"SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO": "v:ar"}, "flag", "f:lag"},
	} {
		asked, credentials = "", "nobody"
		_, stderr := pull(t, secrets, tc.args, tc.env)
		if !strings.Contains(stderr, "has no subject") || asked != tc.asked || credentials != tc.as {
			t.Errorf("%s %v: asked %q as %q, want %q as %q; stderr %s", tc.args, tc.env, asked, credentials, tc.asked, tc.as, stderr)
		}
		for _, secret := range []string{"rod", "f:ile", "t0ken", "f:lag", "u:rl"} {
			if strings.Contains(strings.ReplaceAll(stderr, "prod", ""), secret) {
				t.Errorf("%s: secret in %s", tc.args, stderr)
			}
		}
	}

	encrypted := httptest.NewUnstartedServer(http.NotFoundHandler())
	encrypted.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
	encrypted.StartTLS()
	t.Cleanup(encrypted.Close)
	for _, tc := range []struct {
		args string
		env  map[string]string
		want string
	}{
		{"--env none", nil, `Failure: avow.yaml:6:3: the environment "none" has no registry`},
		{"--env prod", map[string]string{"PROD": "hunter2"}, "Failure: avow.yaml:4:"},
		{"", map[string]string{"SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO": "hunter2"}, "SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO: basic.auth.user.info: want USER:PASSWORD"},
		{"--properties missing", nil, "Failure: --properties missing: no such file"},
		{"--properties bad.properties", nil, `bad.properties:3:1: schema.registry.url: URL cannot be read: invalid port ":port" after host`},
		{"--properties worse.properties", nil, `Failure: worse.properties:1:1: \u is followed by something other than four hexadecimal digits`},
		{"-X hunter2", nil, "Failure: --property: want KEY=VALUE, such as -X schema.registry.url=http://registry:8081"},
		{"-r http://u:hunter2@h:port", nil, `Failure: registry: URL cannot be read: invalid port ":port" after host`},
		{"-r " + encrypted.URL, nil, "Failure: registry " + encrypted.URL + ": GET /subjects: no answer: "},
		{"-r " + encrypted.URL, nil, "\nIn avow.yaml it is ca, a PEM file, of an environment: {registry: {url: " + encrypted.URL + ", ca: FILE}}\n"},
		{"--timeout hunter", nil, `Failure: --timeout: "hunter" is no duration`},
		{"--timeout -1s", nil, "Failure: --timeout -1s: want more than 0, or 0 for never"},
		{"", map[string]string{"SCHEMA_REGISTRY_URL": "127.0.0.1:8081"}, "SCHEMA_REGISTRY_URL: schema.registry.url: URL begins neither with http:// nor with https://: want http://HOST:PORT"},
		{"-X schema.registry.urll=" + flag, nil, `Failure: --property: schema.registry.urll: avow reads no such property, did you mean "schema.registry.url"?`},
		{"-X sasl.password=hunter2", nil, `Failure: --property: sasl.password: avow reads no such property`},
		{"--properties misspelt.properties", nil, `Failure: misspelt.properties:2:1: schema.registry.ulr: no client has such a property, did you mean "schema.registry.url"?`},
	} {
		code, stderr := pull(t, secrets, tc.args, tc.env)
		if code != 1 || !strings.Contains(stderr, tc.want) || strings.Contains(stderr, "hunter2") {
			t.Errorf("%s %v: exit %d, stderr %s, want %s", tc.args, tc.env, code, stderr, tc.want)
		}
	}
}

// pull runs avow pull, which asks for the subjects first, with variables that are set over others.
func pull(t *testing.T, variables map[string]string, args string, over map[string]string) (code int, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cli.Main(append([]string{"pull", "--skip-topics"}, strings.Fields(args)...), strings.NewReader(""), &out, &errs,
		func(name string) (string, bool) {
			if value, ok := over[name]; ok {
				return value, true
			}
			value, ok := variables[name]
			return value, ok
		})
	return code, errs.String()
}
