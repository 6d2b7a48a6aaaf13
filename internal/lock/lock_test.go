package lock_test

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/internal/lock"
)

const (
	order  = `{"type":"record","name":"Order","namespace":"shop","fields":[]}`
	order2 = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"note","type":"string","default":"a = b @c"}]}`
	prices = `{"type":"array","items":"long"}`
	guid   = "01897917-62aa-7317-3d93-8ade36c1db32"
)

func sample() *lock.Lock {
	l := &lock.Lock{}
	l.Add(lock.Place{Contract: "shop.Order", Environment: "prod", Subject: "orders-value", Version: 1, ID: 7, GUID: guid}, order)
	l.Add(lock.Place{Contract: "shop.Order", Environment: "prod", Subject: "orders-value", Version: 12, ID: 9}, order2)
	l.Add(lock.Place{Contract: "shop.Order", Environment: "stage", Subject: "orders-value", Version: 1, ID: 1}, order)
	l.Add(lock.Place{Contract: "price lists/Prices.avsc", Environment: "prod", Subject: "100% odd-value", Version: 1, ID: 8}, prices)
	l.AddTopic(lock.Topic{Name: "orders", Environment: "prod"})
	return l
}

func parse(t *testing.T, text []byte) *lock.Lock {
	t.Helper()
	l, err := lock.Parse("avow.lock", text)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestRoundTrip(t *testing.T) {
	text := sample().Bytes()
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	facts := lines[1 : len(lines)-1]
	if len(facts) != 8 {
		t.Fatalf("got %d facts:\n%s", len(facts), text)
	}
	for i, line := range facts {
		if i > 0 && line < facts[i-1] {
			t.Errorf("not sorted: %q after %q", line, facts[i-1])
		}
	}
	for _, part := range []string{
		"price%20lists/Prices.avsc " + lock.Fingerprint(prices) + " @prod 100%25%20odd-value 1 8\n",
		"shop.Order " + lock.Fingerprint(order) + " = " + order + "\n",
		"shop.Order " + lock.Fingerprint(order) + " @prod orders-value 1 7 " + guid + "\n",
		"topic orders @prod\n",
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("lacks %q:\n%s", part, text)
		}
	}
	again := parse(t, text)
	if diff := cmp.Diff(string(text), string(again.Bytes())); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(sample().Places("prod"), again.Places("prod")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"prod", "stage"}, again.Environments()); diff != "" {
		t.Error(diff)
	}
	if got := again.Text(lock.Fingerprint(order2)); got != order2 {
		t.Errorf("got %s", got)
	}
	if !again.HasTopic(lock.Topic{Name: "orders", Environment: "prod"}) || again.HasTopic(lock.Topic{Name: "orders", Environment: "stage"}) {
		t.Error("topics")
	}
}

// What two branches add is merged by keeping the lines of both, in whatever order.
func TestLinesOfTwoBranches(t *testing.T) {
	ours, theirs := sample(), sample()
	ours.Add(lock.Place{Contract: "shop.Order", Environment: "prod", Subject: "orders-value", Version: 13, ID: 20}, order)
	theirs.Add(lock.Place{Contract: "shop.Order", Environment: "stage", Subject: "orders-value", Version: 2, ID: 2}, order2)
	text := append(ours.Bytes(), theirs.Bytes()...)
	merged := parse(t, text)
	if n := len(merged.Places("prod")); n != 4 {
		t.Errorf("prod has %d places", n)
	}
	if n := len(merged.Places("stage")); n != 2 {
		t.Errorf("stage has %d places", n)
	}

	// Branches that disagree on a version say nothing of it, until apply finds out.
	theirs.Add(lock.Place{Contract: "shop.Order", Environment: "prod", Subject: "orders-value", Version: 13, ID: 21}, order2)
	merged = parse(t, append(ours.Bytes(), theirs.Bytes()...))
	for _, p := range merged.Places("prod") {
		if p.Version == 13 {
			t.Errorf("got %+v", p)
		}
	}
	merged.Add(lock.Place{Contract: "shop.Order", Environment: "prod", Subject: "orders-value", Version: 13, ID: 21}, order2)
	if n := len(merged.Places("prod")); n != 4 {
		t.Errorf("after apply prod has %d places", n)
	}
}

func TestForget(t *testing.T) {
	l := sample()
	l.Forget("prod", "orders-value")
	l.ForgetTopic(lock.Topic{Name: "orders", Environment: "prod"})
	text := string(l.Bytes())
	if strings.Contains(text, "@prod orders-value") || strings.Contains(text, order2) || !strings.Contains(text, "@stage orders-value") || strings.Contains(text, "topic") {
		t.Errorf("left:\n%s", text)
	}
}

func TestParseErrors(t *testing.T) {
	good := string(sample().Bytes())
	for name, tc := range map[string]struct{ text, want string }{
		"conflict": {"<<<<<<< HEAD\n" + good,
			"avow.lock:1:1: git could not merge: keep the lines of both sides, and write `avow.lock merge=union` into .gitattributes"},
		"changed text": {strings.Replace(good, `"default":"a = b @c"`, `"default":"x"`, 1),
			"the text of shop.Order was changed: its fingerprint is "},
		"lost text": {strings.Replace(good, "shop.Order "+lock.Fingerprint(order2)+" = "+order2+"\n", "", 1),
			"avow.lock: the text of schema " + lock.Fingerprint(order2) + " of shop.Order is missing, run avow apply"},
		"newer": {strings.Replace(good, "avow.lock 1:", "avow.lock 2:", 1),
			"avow.lock:1:1: a newer avow wrote this, in a format that this one does not know: update avow"},
		"no line":     {"hello\n", "avow.lock:1:1: this is no line of avow.lock: it is written by avow apply alone"},
		"few words":   {"a b c\n", "avow.lock:1:1: this is no line"},
		"version":     {"a b @prod s v2 7\n", `avow.lock:1:1: "v2" is no version`},
		"id":          {"a b @prod s 2 x\n", `avow.lock:1:1: "x" is no schema id`},
		"many words":  {"a b @prod s 2 7 g h\n", "avow.lock:1:1: this is no line"},
		"percent":     {"a%2 b @prod s 2 7\n", `avow.lock:1:1: "a%2" ends in the middle of a %`},
		"bad percent": {"a b @prod %zz 2 7\n", `avow.lock:1:1: "%zz" has a % that stands for nothing`},
		"bad topic":   {"topic orders prod\n", "avow.lock:1:1: this is no line"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lock.Parse("avow.lock", []byte(tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
	if _, err := lock.Parse("avow.lock", nil); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample().Bytes())
	f.Add([]byte("topic a @b\na b = c\n"))
	f.Add([]byte("a%00 b @ % 1 0\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := lock.Parse("avow.lock", text)
		if err != nil {
			return
		}
		once := l.Bytes()
		again, err := lock.Parse("avow.lock", once)
		if err != nil {
			t.Fatalf("%v\n%s", err, once)
		}
		if !bytes.Equal(once, again.Bytes()) {
			t.Errorf("got\n%s\nthen\n%s", once, again.Bytes())
		}
	})
}

// A binary is searched for what stands in it as constants and names of types.
func TestScan(t *testing.T) {
	other := &lock.Lock{}
	other.Add(lock.Place{Contract: "acme.Bill", Environment: "prod", Subject: "bills-value", Version: 1, ID: 30}, `{"type":"record","name":"Bill","namespace":"acme","fields":[]}`)
	binary := fmt.Appendf(nil, "\x7fELF…%s\x00\x01*stream.Producer[github.com/acme/gen/orders/v2.Order]\x00go.shape%s%s{}%s"+
		"*stream.Producer[go.shape.adf0514d]stream.Producer[example.com/a%%2eb/c.Größe]*stream.Producer[github.com/acme/gen/orders/v2.Order]"+
		"*stream.KeyedProducer[github.com/acme/gen/keys.ID,github.com/acme/gen/orders/v2.Order]*stream.KeyedProducer[go.shape.[32]uint8,go.shape.int]%s",
		"# avow.lock 1: what is registered where. Written by avow apply; commit it, and merge it by keeping both sides' lines.\n",
		sample().Bytes(), order2, other.Bytes(), order[:len(order)-3])
	found := lock.Scan(binary)
	if found.Lock == nil {
		t.Fatal("no lock")
	}
	if n := len(found.Lock.Places("prod")); n != 4 {
		t.Errorf("%d places", n)
	}
	if diff := cmp.Diff([]string{"example.com/a.b/c.Größe", "github.com/acme/gen/keys.ID", "github.com/acme/gen/orders/v2.Order"}, found.Writes); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, s := range found.Schemas {
		names = append(names, fmt.Sprintf("%s with %d fields", s.Root.FullName(), len(s.Root.Fields)))
	}
	if diff := cmp.Diff([]string{"shop.Order with 1 fields"}, names); diff != "" {
		t.Error(diff)
	}
	if empty := lock.Scan([]byte("nothing")); empty.Lock != nil || empty.Writes != nil || empty.Schemas != nil {
		t.Errorf("got %+v", empty)
	}
}

func TestGoFile(t *testing.T) {
	for _, alone := range []bool{true, false} {
		text := lock.GoFile("contracts", "locks/avow.lock", alone)
		formatted, err := format.Source(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(formatted), string(text)); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(string(text), "//go:embed avow.lock\nvar AvowLock string\n") || strings.Contains(string(text), "// Package contracts ") != alone {
			t.Errorf("got\n%s", text)
		}
	}
}
