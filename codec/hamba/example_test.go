package hamba_test

import (
	"bytes"
	"fmt"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec/hamba"
)

// Events of a topic in a file, and back from it.
func ExampleFileWriter() {
	schema, err := avsc.Parse("Line.avsc", []byte(`{"type": "record", "name": "Line", "fields": [
		{"name": "sku", "type": "string"}, {"name": "count", "type": "int"}]}`))
	if err != nil {
		panic(err)
	}
	type line struct {
		SKU   string `avro:"sku"`
		Count int32  `avro:"count"`
	}
	var file bytes.Buffer
	w, err := hamba.NewFileWriter(&file, schema, hamba.Compress(hamba.Zstandard))
	if err != nil {
		panic(err)
	}
	for _, l := range []line{{"TEA-001", 2}, {"CUP-017", 1}} {
		if err := w.Encode(l); err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}

	r, err := hamba.NewFileReader(&file)
	if err != nil {
		panic(err)
	}
	for r.Next() {
		value, err := r.Value()
		fmt.Println(value, err)
	}
	fmt.Println(r.Err())
	// Output:
	// map[count:2 sku:TEA-001] <nil>
	// map[count:1 sku:CUP-017] <nil>
	// <nil>
}
