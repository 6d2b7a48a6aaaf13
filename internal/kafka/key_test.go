package kafka_test

import (
	"strings"
	"testing"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/kafka"
)

func TestCheckKey(t *testing.T) {
	for text, want := range map[string]string{
		`"string"`: "",
		`{"type":"record","name":"R","fields":[{"name":"next","type":["null","R"]},{"name":"ids","type":{"type":"array","items":"long"}}]}`: "",
		`{"type":"map","values":"int"}`: "map cannot be the contract of keys: it is a map",
		`{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"A","fields":[` +
			`{"name":"tags","type":["null",{"type":"array","items":{"type":"map","values":"int"}}]}]}}]}`: "R cannot be the contract of keys: a.tags is a map",
	} {
		s, err := avsc.Parse("k.avsc", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		err = kafka.CheckKey(s)
		if (want == "") != (err == nil) || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
