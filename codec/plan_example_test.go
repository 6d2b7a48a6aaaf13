package codec_test

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// A plan needs no type: what an older writer wrote becomes a message of the reader's schema.
func ExamplePlan_Resolve() {
	writer, _ := avsc.Parse("v1", []byte(`{"type": "record", "name": "Order", "fields": [
		{"name": "id", "type": "int"}, {"name": "note", "type": "string"}]}`))
	reader, _ := avsc.Parse("v2", []byte(`{"type": "record", "name": "Order", "fields": [
		{"name": "number", "type": "long", "aliases": ["id"]}, {"name": "channel", "type": "string", "default": "web"}]}`))
	plan, err := codec.NewPlan(writer, reader)
	if err != nil {
		panic(err)
	}
	message, err := plan.Resolve(nil, []byte("\x0e\x0ahello"))
	if err != nil {
		panic(err)
	}
	text, _ := codec.ToJSON(reader, message)
	fmt.Printf("%s\n", text)
	// Output: {"number":7,"channel":"web"}
}
