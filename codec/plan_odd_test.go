package codec_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/avow-events/avow/codec"
)

// Records that hold the next smaller one twice nest a million million of the smallest, in a schema of a page and a message
// of no bytes: whoever writes such a schema must not keep those busy who resolve its messages, show or check them.
func TestManyNestedRecords(t *testing.T) {
	tree := func(leaf string) string {
		s := `{"type":"record","name":"R0","fields":[` + leaf + `]}`
		for k := 1; k <= 40; k++ {
			s = fmt.Sprintf(`{"type":"record","name":"R%d","fields":[{"name":"a","type":%s},{"name":"b","type":"R%d"}]}`, k, s, k-1)
		}
		return s
	}
	const null = `{"name":"x","type":"null"}`
	for name, c := range map[string]struct {
		writer, reader string
		want           error
	}{
		"the same":           {null, null, nil},
		"another null":       {null, null + `,{"name":"y","type":"null","default":null}`, nil},
		"no null":            {null, "", nil},
		"another order":      {null + `,{"name":"z","type":"null"}`, `{"name":"z","type":"null"},` + null, nil},
		"fixed of no bytes":  {`{"name":"x","type":{"type":"fixed","name":"F","size":0}}`, "", nil},
		"another name":       {null, `{"name":"y","type":"null","aliases":["x"]}`, nil},
		"a default":          {null, null + `,{"name":"y","type":"int","default":1}`, codec.ErrResolve},
		"a branch":           {null, `{"name":"x","type":["null","int"]}`, codec.ErrResolve},
		"another type":       {null, `{"name":"x","type":"int"}`, codec.ErrResolve},
		"null for a fixed":   {null, `{"name":"x","type":{"type":"fixed","name":"F","size":0}}`, codec.ErrResolve},
		"a promoted integer": {`{"name":"x","type":"int"}`, `{"name":"x","type":"double"}`, codec.ErrTruncated},
	} {
		t.Run(name, func(t *testing.T) {
			writer, reader := parsed(t, tree(c.writer)), parsed(t, tree(c.reader))
			start := time.Now()
			plan, err := codec.NewPlan(writer, reader)
			if err != nil {
				t.Fatal(err)
			}
			b, err := plan.Resolve(nil, nil)
			if !errors.Is(err, c.want) || len(b) > 0 {
				t.Errorf("got %x, %v, want %v", b, err, c.want)
			}
			_ = codec.Validate(writer, nil)
			if took := time.Since(start); took > 10*time.Second { // of the hours that it could be
				t.Errorf("that took %s", took)
			}
		})
	}
	if _, err := codec.ToJSON(parsed(t, tree(null)), nil); !errors.Is(err, codec.ErrCount) {
		t.Errorf("a million million records as JSON: %v", err)
	}
}
