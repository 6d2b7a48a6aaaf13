package avsc_test

import (
	"bytes"
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/avow-events/avow/avsc"
)

// orderSchema is a schema of about 4 KB such as a team writes.
func orderSchema(n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"type\": \"record\",\n  \"name\": \"Order%d\",\n  \"namespace\": \"com.example.shop\",\n  \"doc\": \"What a customer ordered.\",\n  \"fields\": [\n", n)
	for i := range 28 {
		fmt.Fprintf(&b, "    {\"name\": \"field_%d\", \"type\": [\"null\", \"string\"], \"doc\": \"What the customer said, as it was typed.\", \"default\": null},\n", i)
	}
	b.WriteString("    {\"name\": \"placed\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}},\n")
	if n > 0 {
		fmt.Fprintf(&b, "    {\"name\": \"previous\", \"type\": [\"null\", \"Order%d\"], \"default\": null},\n", n-1)
	}
	fmt.Fprintf(&b, "    {\"name\": \"items\", \"type\": {\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"Item%d\", \"fields\": [\n", n)
	for i := range 6 {
		fmt.Fprintf(&b, "      {\"name\": \"item_%d\", \"type\": {\"type\": \"map\", \"values\": \"int\"}, \"default\": {}},\n", i)
	}
	b.WriteString("      {\"name\": \"sku\", \"type\": \"string\"}\n    ]}}}\n  ]\n}\n")
	return b.Bytes()
}

func BenchmarkParse(b *testing.B) {
	src := orderSchema(0)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := avsc.Parse("order.avsc", src); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoad reads a tree of 1,000 files of 4 KB, each of which refers to the one before.
func BenchmarkLoad(b *testing.B) {
	tree := fstest.MapFS{}
	for i := range 1000 {
		tree[fmt.Sprintf("schemas/%03d.avsc", 999-i)] = &fstest.MapFile{Data: orderSchema(i)}
	}
	b.ReportAllocs()
	for b.Loop() {
		set, err := avsc.Load(tree)
		if err != nil || len(set.Schemas) != 1000 {
			b.Fatal(len(set.Schemas), err)
		}
	}
}

func BenchmarkString(b *testing.B) {
	src := orderSchema(0)
	b.ReportAllocs()
	for b.Loop() {
		s, err := avsc.Parse("order.avsc", src)
		if err != nil {
			b.Fatal(err)
		}
		_ = s.String()
		_ = s.Fingerprint()
	}
}
