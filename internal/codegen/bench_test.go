package codegen_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/codegen"
)

// thousand is a tree of a thousand schemas, each an event with types of its own, that share one more.
func thousand(b *testing.B) fstest.MapFS {
	tree := fstest.MapFS{"common/Meta.avsc": {Data: []byte(`{"type":"record","name":"Meta","namespace":"corp.common","fields":[
		{"name":"id","type":{"type":"string","logicalType":"uuid"}},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]}`)}}
	for i := range 999 {
		tree[fmt.Sprintf("domain%d/Event%d.avsc", i%40, i)] = &fstest.MapFile{Data: fmt.Appendf(nil, `{
			"type":"record","name":"Event%[1]d","namespace":"corp.domain%[2]d","doc":"What happened.",
			"fields":[
				{"name":"meta","type":"corp.common.Meta","doc":"The event's own data."},
				{"name":"customer_id","type":"string","doc":"Who."},
				{"name":"count","type":"int","default":1},
				{"name":"total","type":{"type":"bytes","logicalType":"decimal","precision":12,"scale":2}},
				{"name":"note","type":["null","string"],"default":null},
				{"name":"tags","type":{"type":"array","items":"string"},"default":[]},
				{"name":"labels","type":{"type":"map","values":"string"},"default":{}},
				{"name":"state","type":{"type":"enum","name":"State%[1]d","symbols":["NEW","OPEN","CLOSED"]},"default":"NEW"},
				{"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line%[1]d","fields":[
					{"name":"sku","type":"string"},{"name":"quantity","type":"int"},{"name":"price","type":"double"}]}}},
				{"name":"payload","type":["null","string","long",{"type":"record","name":"Blob%[1]d","fields":[{"name":"data","type":"bytes"}]}],"default":null}
			]}`, i, i%40)}
	}
	return tree
}

// BenchmarkGenerate reads and generates a thousand schemas: 4,000 types.
func BenchmarkGenerate(b *testing.B) {
	tree := thousand(b)
	for b.Loop() {
		set, err := avsc.Load(tree)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := codegen.Generate(set, codegen.Options{PackagePrefix: "example.com/gen", StripPrefix: "corp"}); err != nil {
			b.Fatal(err)
		}
	}
}
