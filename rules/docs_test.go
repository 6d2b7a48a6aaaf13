package rules_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/codec"
)

// The schema in docs/rules.md is one, and the messages below it are what it gives.
func TestDocs(t *testing.T) {
	doc, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```[a-z]*\n(.*?)```").FindAllSubmatch(doc, -1)
	s := parse(t, string(blocks[0][1]))
	item := `{"quantity": 1, "price": "1"}`
	src, err := codec.FromJSON(s, []byte(`{"items": [`+item+`,`+item+`, {"quantity": 0, "price": "1"}], "total": "1"}`))
	if err != nil {
		t.Fatal(err)
	}
	if judge(t, s, src); t.Failed() {
		return
	}
	got := ""
	for _, v := range violationsOf(t, s, src) {
		got += v.String() + "\n"
	}
	if diff := cmp.Diff(string(blocks[2][1]), got); diff != "" {
		t.Errorf("(-doc +got):\n%s", diff)
	}
}
