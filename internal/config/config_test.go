package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/config"
)

const full = `version: v1
schemas: {path: contracts}
generate:
  out: events
  package_prefix: example.com/shop/events
  strip_prefix: shop
  packages:
    shop.orders.v2: orders2
    "": .
  optional: value
  maps: sorted
compat:
  level: FULL
  against: last-tag
  default_branch: trunk
  on_default_branch: last-tag
  levels:
    - {match: shop.telemetry.*, level: NONE}
    - match: payments/*
      level: FULL_TRANSITIVE
  rules: {DEFAULT_CHANGED: error, DOC_REMOVED: off}
topics:
  - name: orders
    events: [shop.orders.OrderCreated, shop.orders.OrderCancelled]
    key: string
    partitions: 6
    subject: TopicRecordName
    level: BACKWARD_TRANSITIVE
  - name: prices
    events: [orders/Prices.avsc]
    key: shop.prices.Key
    subject: "{topic}.{kind}"
    replication: 3
    configs: {retention.ms: 604800000, cleanup.policy: "compact,delete", preallocate: false}
subjects:
  - {name: money, contract: shop.Money, level: FULL}
references:
  - {from: shop.Order, to: shop.Money, subject: money-2, version: 3}
lock: {path: locks/avow.lock, go: false}
environments:
  local: &local
    registry: http://127.0.0.1:8081
    kafka: 127.0.0.1:9092, 127.0.0.1:9093
    ephemeral: true
  prod:
    <<: *local
    ephemeral: false
    ignore: [other.*, _schemas]
    registry:
      url: https://${REGISTRY_HOST}/r
      basic_auth: ${REGISTRY_AUTH}
`

func parse(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := config.Parse("avow.yaml", "/repo", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return c
}

func TestParse(t *testing.T) {
	got := parse(t, full)
	local := []config.Text{{Value: "127.0.0.1:9092, 127.0.0.1:9093"}}
	want := &config.Config{
		File:    "avow.yaml",
		Dir:     "/repo",
		Schemas: config.Schemas{Path: "contracts"},
		Generate: config.Generate{
			Out: "events", PackagePrefix: "example.com/shop/events", StripPrefix: "shop",
			Packages: []config.Package{{Namespace: "shop.orders.v2", Folder: "orders2"}, {Namespace: "", Folder: "."}},
			Optional: "value", Maps: "sorted",
		},
		Compat: config.Compat{
			Level: config.Full, LevelSet: true, Against: "last-tag", DefaultBranch: "trunk", OnDefaultBranch: "last-tag",
			Levels: []config.LevelRule{
				{Match: "shop.telemetry.*", Level: config.None},
				{Match: "payments/*", Level: config.FullTransitive},
			},
			Rules: []config.RuleSeverity{
				{Rule: "DEFAULT_CHANGED", Severity: "error"},
				{Rule: "DOC_REMOVED", Severity: "off"},
			},
		},
		Topics: []config.Topic{
			{
				Name:   "orders",
				Events: []config.Event{{Name: "shop.orders.OrderCreated"}, {Name: "shop.orders.OrderCancelled"}},
				Key:    "string", Partitions: 6, Strategy: config.TopicRecordName, Level: config.BackwardTransitive,
			},
			{
				Name: "prices", Events: []config.Event{{Name: "orders/Prices.avsc"}}, Key: "shop.prices.Key",
				Strategy: "{topic}.{kind}", Replication: 3,
				Configs: map[string]string{"retention.ms": "604800000", "cleanup.policy": "compact,delete", "preallocate": "false"},
			},
		},
		Places:     []config.Place{{Subject: "money", Contract: "shop.Money", Level: config.Full}},
		References: []config.Reference{{From: "shop.Order", To: "shop.Money", Subject: "money-2", Version: 3}},
		Lock:       config.Lock{Path: "locks/avow.lock"},
		Environments: []config.Environment{
			{
				Name:     "local",
				Registry: config.Registry{URL: config.Text{Value: "http://127.0.0.1:8081"}},
				Kafka:    config.Kafka{Brokers: local}, Ephemeral: true,
			},
			{
				Name: "prod",
				Registry: config.Registry{
					URL:       config.Text{Value: "https://${REGISTRY_HOST}/r"},
					BasicAuth: config.Text{Value: "${REGISTRY_AUTH}"},
				},
				Kafka: config.Kafka{Brokers: local}, Ignore: []string{"other.*", "_schemas"},
			},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(avsc.Pos{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got, want := got.Topics[0].Events[1].Pos.String(), "avow.yaml:24:40"; got != want {
		t.Errorf("the second event is at %s, want %s", got, want)
	}
}

func TestDefaults(t *testing.T) {
	got := parse(t, "version: v1\n")
	want := config.Default("/repo")
	want.File = "avow.yaml"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("an avow.yaml that says nothing differs from none (-want +got)\n%s", diff)
	}
}

func TestParseErrors(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"empty":   {"", "avow.yaml:1:1: the file is empty, begin it with `version: v1`"},
		"version": {"schemas: {path: s}\n", "avow.yaml:1:1: the version is missing, add `version: v1`"},
		"old version": {"version: v0\n",
			`avow.yaml:1:10: want v1 here, found "v0"`},
		"wrong indentation": {"version: v1\ntopics:\n  - name: a\n   events: [b]\n",
			"avow.yaml:4:4: this does not fit what stands before it, is it indented as the keys beside it are? (value is not allowed in this context)"},
		"tab":           {"version: v1\nschemas:\n\tpath: x\n", "avow.yaml:3:1: a tab stands here, YAML is indented with spaces"},
		"no scheme":     {"version: v1\nenvironments: {a: {registry: 127.0.0.1:8081}}\n", `avow.yaml:2:30: "127.0.0.1:8081" is no URL of a registry, http:// is missing: write http://127.0.0.1:8081`},
		"other scheme":  {"version: v1\nenvironments: {a: {registry: \"http://a,kafka://b\"}}\n", `avow.yaml:2:30: "kafka://b" is no URL of a registry, want http://HOST:PORT or https://HOST:PORT`},
		"two documents": {"version: v1\n---\nversion: v1\n", "avow.yaml:2:1: one document is enough, remove this ---"},
		"syntax":        {"version: v1\ntopics: [a\n", "avow.yaml:2:9: sequence end token ']' not found"},
		"twice":         {"version: v1\nversion: v1\n", `avow.yaml:2:1: mapping key "version" already defined at [1:1]`},
		"top-level key": {"version: v1\nenviroments: {}\n",
			`avow.yaml:2:1: unknown key "enviroments", did you mean "environments"?`},
		"strange key": {"version: v1\ngenerate: {zzz: 1}\n",
			`avow.yaml:2:12: unknown key "zzz", known are out, package_prefix, strip_prefix, packages, optional, maps`},
		"kind of value": {"version: v1\nschemas: [schemas]\ngenerate:\n  out: {a: b}\n",
			"avow.yaml:2:10: want keys and values here, found a list\n" +
				"avow.yaml:4:8: want a text here, found keys and values"},
		"import path": {"version: v1\ngenerate: {package_prefix: https://example.com/shop/}\n",
			`avow.yaml:2:28: "https://example.com/shop/" is no import path, write "example.com/shop"`},
		"relative path": {"version: v1\ngenerate: {package_prefix: ./gen}\n",
			`avow.yaml:2:28: "./gen" is no import path, want one such as example.com/shop/gen`},
		"prefix with a dot": {"version: v1\ngenerate: {strip_prefix: com.acme.}\n",
			`avow.yaml:2:26: "com.acme." is no namespace, write "com.acme"`},
		"no namespace": {"version: v1\ngenerate: {strip_prefix: com..acme}\n",
			`avow.yaml:2:26: "com..acme" is no namespace, want names with dots between them, such as com.example`},
		"packages": {"version: v1\ngenerate:\n  packages:\n    a.b: ../b\n    a/c: C\n    a.d: x/vendor/d\n    a.e: \"ä\"\n    a.f: b//c/\n",
			"avow.yaml:4:10: \"../b\" is not below generate.out, where all generated code is\n" +
				"avow.yaml:5:5: \"a/c\" is no namespace, write \"a.c\"\n" +
				"avow.yaml:5:10: \"C\" is no folder for a Go package, write \"c\"\n" +
				"avow.yaml:6:10: \"x/vendor/d\" is no folder for generated code: go leaves out what is below vendor\n" +
				"avow.yaml:7:10: \"ä\" is no folder for a Go package, want small letters, digits, _ and - in it, with / between folders\n" +
				"avow.yaml:8:10: \"b//c/\" is no folder for a Go package, write \"b/c\""},
		"maps":   {"version: v1\ngenerate: {maps: sort}\n", `avow.yaml:2:18: "sort" is not one of unordered, sorted, did you mean "sorted"?`},
		"number": {"version: v1\ngenerate:\n  out: 7\n", "avow.yaml:3:8: want a text here, found 7"},
		"level": {"version: v1\ncompat:\n  level: BACKWARDS\n",
			`avow.yaml:3:10: "BACKWARDS" is not one of NONE, BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FORWARD_TRANSITIVE, ` +
				`FULL, FULL_TRANSITIVE, did you mean "BACKWARD"?`},
		"rule without level": {"version: v1\ncompat:\n  levels:\n    - match: a.*\n",
			`avow.yaml:4:7: "level" is missing`},
		"severity": {"version: v1\ncompat:\n  rules: {DOC_REMOVED: warn}\n",
			`avow.yaml:3:24: "warn" is not one of off, note, warning, error, did you mean "warning"?`},
		"partitions": {"version: v1\ntopics: [{name: t, events: [a.B], partitions: 0}]\n",
			"avow.yaml:2:47: 0 is not a number from 1 to 1048576"},
		"no events": {"version: v1\ntopics:\n  - name: orders\n",
			"avow.yaml:3:5: the topic \"orders\" has no events, list what it carries: `events: [shop.orders.OrderCreated]`"},
		"no name": {"version: v1\ntopics:\n  - events: [a.B]\n", `avow.yaml:3:5: "name" is missing`},
		"strategy": {"version: v1\ntopics:\n  - name: orders\n    events: [a.B, a.C]\n",
			"avow.yaml:3:5: the topic \"orders\" carries 2 events, which TopicName would make versions of each other: " +
				"write `subject: TopicRecordName`, or `subject: RecordName` to share them with other topics"},
		"template of one": {"version: v1\ntopics:\n  - {name: t, events: [a.B, a.C], subject: '{topic}.{kind}'}\n",
			"avow.yaml:3:5: the topic \"t\" carries 2 events, which {topic}.{kind} would make versions of each other: " +
				"write `subject: TopicRecordName`, or `subject: RecordName` to share them with other topics"},
		"template": {"version: v1\ntopics:\n  - {name: t, events: [a.B], subject: '{topic}-{recrd}'}\n",
			`avow.yaml:3:39: "{topic}-{recrd}" is no template: it knows {topic}, {record}, {name}, {namespace}, {kind}`},
		"unknown strategy": {"version: v1\ntopics:\n  - {name: t, events: [a.B], subject: TopicNam}\n",
			`avow.yaml:3:39: "TopicNam" is not one of TopicName, RecordName, TopicRecordName, did you mean "TopicName"?`},
		"config of a topic": {"version: v1\ntopics:\n  - {name: t, events: [a.B], configs: {retention.ms: [1]}}\n",
			"avow.yaml:3:54: want a text here, found a list"},
		"subject twice": {"version: v1\nsubjects:\n  - {name: s, contract: a.B}\n  - {name: s, contract: a.C}\n",
			`avow.yaml:4:5: the subject "s" is already described at line 3`},
		"subject of nothing": {"version: v1\nsubjects:\n  - {name: s}\n", `avow.yaml:3:5: "contract" is missing`},
		"reference twice": {"version: v1\nreferences:\n  - {from: a.B, to: a.C}\n  - {from: a.B, to: a.C, version: 2}\n",
			"avow.yaml:4:5: the reference from a.B to a.C is already described at line 3"},
		"flag": {"version: v1\nlock: {go: yes please}\n", "avow.yaml:2:12: want true or false here, found yes please"},
		"topic twice": {"version: v1\ntopics:\n  - {name: a, events: [a.B]}\n  - {name: a, events: [a.C]}\n",
			`avow.yaml:4:5: the topic "a" is already described at line 3`},
		"event twice": {"version: v1\ntopics:\n  - {name: a, events: [a.B, a.B], subject: RecordName}\n",
			"avow.yaml:3:29: a.B is listed twice"},
		"shared subject": {"version: v1\ntopics:\n" +
			"  - {name: a, events: [a.B], subject: RecordName, level: FULL}\n" +
			"  - {name: b, events: [a.B], subject: RecordName, level: NONE}\n",
			"avow.yaml:4:24: a.B has one subject for both topics, but is FULL on a (line 3) and NONE on b"},
		"password": {"version: v1\nenvironments:\n  prod:\n    registry: {url: https://r, basic_auth: joe:secret}\n",
			"avow.yaml:4:44: a secret does not belong in a file that is committed, write a variable such as ${REGISTRY_AUTH}"},
		"password in URL": {"version: v1\nenvironments: {prod: {registry: https://joe:secret@r}}\n",
			"avow.yaml:2:33: the URL holds a password, move it to basic_auth as a variable such as ${REGISTRY_AUTH}"},
		"two ways in": {"version: v1\nenvironments:\n" +
			"  prod: {registry: {url: https://r, basic_auth: \"${A}\", bearer_token: \"${B}\"}}\n",
			"avow.yaml:3:71: basic_auth and bearer_token exclude each other"},
		"half a certificate": {"version: v1\nenvironments:\n  prod: {registry: {url: https://r, cert: c.pem}}\n",
			`avow.yaml:3:3: cert and key belong together, the environment "prod" has only one of them`},
		"half a Kafka certificate": {"version: v1\nenvironments:\n  prod: {kafka: {brokers: k:9092, tls: {key: k.pem}}}\n",
			"avow.yaml:3:40: cert and key belong together, there is only one of them"},
		"a password in the file": {"version: v1\nenvironments:\n  prod: {kafka: {sasl: {mechanism: PLAIN, username: a, password: hunter2}}}\n",
			"avow.yaml:3:66: a secret does not belong in a file that is committed, write a variable such as ${REGISTRY_AUTH}"},
		"no password": {"version: v1\nenvironments:\n  prod: {kafka: {sasl: {mechanism: SCRAM-SHA-256, username: a}}}\n",
			`avow.yaml:3:24: "password" is missing`},
		"no token": {"version: v1\nenvironments:\n  prod: {kafka: {sasl: {mechanism: OAUTHBEARER}}}\n",
			`avow.yaml:3:24: "token" is missing`},
		"no such mechanism": {"version: v1\nenvironments:\n  prod: {kafka: {sasl: {mechanism: SCRAM-SHA256, username: a, password: \"${P}\"}}}\n",
			`avow.yaml:3:36: "SCRAM-SHA256" is not one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, did you mean "SCRAM-SHA-256"?`},
		"no anchor": {"version: v1\nschemas: *s\n",
			"avow.yaml:2:10: want keys and values here, found *s, which no & before it defines"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := config.Parse("avow.yaml", "/repo", []byte(tt.text))
			if c != nil || err == nil {
				t.Fatalf("got %v, %v", c, err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSubjects(t *testing.T) {
	c := parse(t, full)
	for _, tt := range []struct {
		name, file string
		named      bool
		want       []config.Subject
	}{
		{"shop.orders.OrderCreated", "orders/OrderCreated.avsc", true, []config.Subject{
			{Name: "orders-shop.orders.OrderCreated", Topic: "orders", Level: config.BackwardTransitive, LevelSet: true},
		}},
		{"array", "orders/Prices.avsc", false, []config.Subject{
			{Name: "prices.value", Topic: "prices", Level: config.Full, LevelSet: true},
		}},
		{"shop.prices.Key", "prices/Key.avsc", true, []config.Subject{
			{Name: "prices.key", Topic: "prices", Level: config.Full, LevelSet: true},
		}},
		{"shop.Money", "Money.avsc", true, []config.Subject{{Name: "money", Level: config.Full, LevelSet: true}}},
		{"shop.telemetry.Event", "telemetry/Event.avsc", true, []config.Subject{
			{Name: "shop.telemetry.Event", Level: config.None, LevelSet: true},
		}},
		{"shop.payments.Paid", "payments/Paid.avsc", true, []config.Subject{
			{Name: "shop.payments.Paid", Level: config.FullTransitive, LevelSet: true},
		}},
		{"map", "orders/Other.avsc", false, nil},
	} {
		if diff := cmp.Diff(tt.want, c.Subjects(tt.name, tt.file, tt.named)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
	if level, set := config.Default("/").Level("a.B", "B.avsc"); level != config.Backward || set {
		t.Errorf("the default level is %s, set %t", level, set)
	}
}

func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		match, name, file string
		want              bool
	}{
		{"a.B", "a.B", "a/B.avsc", true},
		{"a.B", "a.BC", "a/BC.avsc", false},
		{"*", "a.B", "a/B.avsc", true},
		{"shop.*", "shop.orders.Created", "x", true},
		{"shop.*", "shops.Created", "x", false},
		{"*.v2.*", "shop.v2.Created", "x", true},
		{"a*a", "a", "x", false},
		{"orders/*", "shop.x.Y", "orders/deep/Y.avsc", true},
		{"orders/*", "orders", "payments/Y.avsc", false},
	} {
		if got := (config.LevelRule{Match: tt.match}).Matches(tt.name, tt.file); got != tt.want {
			t.Errorf("%q matches %q in %s: %t", tt.match, tt.name, tt.file, got)
		}
	}
}

func TestEnvironment(t *testing.T) {
	c := parse(t, full)
	env := map[string]string{"REGISTRY_HOST": "r.example.com"}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }

	_, err := c.Environment("prod", lookup)
	want := `avow.yaml:51:19: environment "prod": the variable REGISTRY_AUTH is not set`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	env["REGISTRY_AUTH"] = "joe:${secret}"
	prod, err := c.Environment("prod", lookup)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := prod.Registry.URL.Value, "https://r.example.com/r"; got != want {
		t.Errorf("URL %q, want %q", got, want)
	}
	addresses := []string{"127.0.0.1:9092", "127.0.0.1:9093"}
	if diff := cmp.Diff(addresses, config.Addresses(prod.Kafka.Brokers[0].Value)); diff != "" {
		t.Errorf("addresses (-want +got)\n%s", diff)
	}
	if got, want := prod.Registry.BasicAuth.Value, "joe:${secret}"; got != want {
		t.Errorf("auth %q, want %q: the content of a variable is not looked into", got, want)
	}
	for name, want := range map[string]string{
		"prd":   `no environment "prd" in avow.yaml, which has local, prod, did you mean "prod"?`,
		"stage": `no environment "stage" in avow.yaml, which has local, prod`,
	} {
		if _, err := c.Environment(name, lookup); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	mkdir := func(elem ...string) string {
		t.Helper()
		dir := filepath.Join(append([]string{root}, elem...)...)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	touch := func(dir string) string {
		t.Helper()
		path := filepath.Join(dir, config.FileName)
		if err := os.WriteFile(path, []byte("version: v1\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	above := mkdir()
	touch(above)
	repo := mkdir("repo")
	deep := mkdir("repo", "a", "b")

	if path, ok := config.Find(deep); ok {
		t.Errorf("outside of a repository %s was found above", path)
	}
	mkdir("repo", ".git")
	if path, ok := config.Find(deep); ok {
		t.Errorf("%s was found above the repository", path)
	}
	want := touch(repo)
	for _, dir := range []string{repo, deep} {
		if path, ok := config.Find(dir); !ok || path != want {
			t.Errorf("from %s: %q, %t, want %s", dir, path, ok, want)
		}
	}
	nearer := touch(mkdir("repo", "a"))
	if path, _ := config.Find(deep); path != nearer {
		t.Errorf("got %s, want the nearer %s", path, nearer)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, config.FileName)
	if _, err := config.Load(path); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(path, []byte("version: v1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Path("a/b"), filepath.Join(dir, "a", "b"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := c.Path(dir); got != dir {
		t.Errorf("got %s, want %s", got, dir)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		full,
		"a: &x {<<: *x}",
		"schemas: &x *x",
		"<<: [*a, *b]",
		"&a [*a]",
		"? [a]\n: b",
		"version: !!str v1\ntopics: !!seq []",
		"\xff\xfe",
		"0\n---",
		strings.Repeat("[", 1000),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := config.Parse("avow.yaml", "/", src)
		if (c == nil) == (err == nil) {
			t.Fatalf("got %v and %v", c, err)
		}
	})
}

// TestOwnFile reads the configuration of this repository.
func TestOwnFile(t *testing.T) {
	if _, err := config.Load("../../avow.yaml"); err != nil {
		t.Fatal(err)
	}
}

// How brokers are reached, with the variables replaced.
func TestKafka(t *testing.T) {
	parse := func(kafka string) config.Kafka {
		t.Helper()
		c, err := config.Parse("avow.yaml", "/repo", []byte("version: v1\nenvironments: {prod: {kafka: "+kafka+"}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		e, err := c.Environment("prod", func(name string) (string, bool) { return strings.ToLower(name), true })
		if err != nil {
			t.Fatal(err)
		}
		return e.Kafka
	}
	k := parse(`{brokers: k:9092, tls: {ca: "${CA}", cert: c, key: k, server_name: "${NAME}"}, sasl: {mechanism: PLAIN, username: "${USER}", password: "${PW}"}, compression: lz4}`)
	got := []string{k.CA.Value, k.Cert.Value, k.Key.Value, k.ServerName.Value, k.Mechanism, k.Username.Value, k.Password.Value, k.Compression}
	if diff := cmp.Diff([]string{"ca", "c", "k", "name", "PLAIN", "user", "pw", "lz4"}, got); diff != "" || !k.TLS || !k.TLSSet {
		t.Errorf("%+v\n%s", k, diff)
	}
	if k := parse(`{brokers: k:9092, tls: true, sasl: {mechanism: OAUTHBEARER, token: "${TOKEN}"}}`); !k.TLS || !k.TLSSet || k.Token.Value != "token" {
		t.Errorf("%+v", k)
	}
	if k := parse("{brokers: k:9092, tls: false}"); k.TLS || !k.TLSSet {
		t.Errorf("%+v", k)
	}
	if k := parse("k:9092"); k.TLS || k.TLSSet {
		t.Errorf("%+v", k)
	}
}
