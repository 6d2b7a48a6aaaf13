package codegen_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/avow-events/avow/internal/codegen"
)

// TestLongSchema has a schema laid out one field a line, until those would be more lines than Go's formatter takes in good
// time.
func TestLongSchema(t *testing.T) {
	for fields, want := range map[int]int{400: 802, 5000: 1000} {
		list := make([]string, fields)
		for i := range list {
			list[i] = fmt.Sprintf(`{"name":"f%d","type":"long"}`, i)
		}
		set := documents(t, `{"type":"record","name":"Long","fields":[`+strings.Join(list, ",")+`]}`)
		files, err := codegen.Generate(set, codegen.Options{PackagePrefix: "example.com/gen"})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			_, schema, ok := bytes.Cut(f.Content, []byte("codec.SchemaConstants{"))
			if !ok {
				continue
			}
			if lines := bytes.Count(schema, []byte("`")) / 2; lines > want || lines < want/2 {
				t.Errorf("%d fields: %s has %d lines of schema, want %d at most", fields, f.Path, lines, want)
			}
		}
	}
}
