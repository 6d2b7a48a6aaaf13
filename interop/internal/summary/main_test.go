package main

import (
	"strings"
	"testing"
)

func TestSummarize(t *testing.T) {
	const skipped = `{"Action":"output","Package":"a/b","Test":"TestX","Output":"=== RUN   TestX\n"}
{"Action":"output","Package":"a/b","Test":"TestX","Output":"    x_test.go:7: java: it is not installed\n"}
{"Action":"output","Package":"a/b","Test":"TestX","Output":"--- SKIP: TestX (0.00s)\n"}
{"Action":"skip","Package":"a/b","Test":"TestX"}
`
	for name, test := range map[string]struct{ in, out, err string }{
		"passed":  {skipped + `{"Action":"pass","Package":"a/b","Elapsed":1.6}`, "skipped TestX: java: it is not installed\nok      b in 2 s\n", ""},
		"nothing": {`{"Action":"skip","Package":"a/b"}`, "", "nothing was tested"},
		"failed": {`{"Action":"output","Package":"a/b","Test":"TestY","Output":"    y_test.go:1: it broke\n"}
{"Action":"fail","Package":"a/b","Test":"TestY"}
{"Action":"fail","Package":"a/b","Elapsed":3}`, "    y_test.go:1: it broke\nFAIL    b after 3 s\n", "packages that failed: 1"},
		"built": {`{"Action":"build-output","Output":"x.go:1: undefined\n"}
{"Action":"fail","Package":"a/b"}`, "x.go:1: undefined\nFAIL    b after 0 s\n", "packages that failed: 1"},
		"no events": {`usage`, "", "invalid character 'u' looking for beginning of value"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			said := ""
			if err := summarize(strings.NewReader(test.in), &out); err != nil {
				said = err.Error()
			}
			if out.String() != test.out || said != test.err {
				t.Errorf("got %q, %q, want %q, %q", out.String(), said, test.out, test.err)
			}
		})
	}
}
