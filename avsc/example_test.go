package avsc_test

import (
	"fmt"
	"testing/fstest"

	"github.com/avow-events/avow/avsc"
)

func ExampleParse() {
	s, err := avsc.Parse("order.avsc", []byte(`{
		"type": "record", "name": "shop.Order", // one order
		"fields": [{"name": "total", "type": {"type": "long"}, "doc": "In cents."}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s)
	fmt.Println(string(s.Canonical()))
	fmt.Println(s.Root.FullName(), s.Root.Fields[0].NamePos)
	// Output:
	// {"type":"record","name":"Order","namespace":"shop","fields":[{"name":"total","type":"long","doc":"In cents."}]}
	// {"name":"shop.Order","type":"record","fields":[{"name":"total","type":"long"}]}
	// shop.Order order.avsc:3:23
}

func ExampleLoad() {
	set, err := avsc.Load(fstest.MapFS{
		"order.avsc": {Data: []byte(`{"type": "record", "name": "shop.Order", "fields": [{"name": "total", "type": "Money"}]}`)},
		"money.avsc": {Data: []byte(`{"type": "record", "name": "shop.Money", "fields": [{"name": "cents", "type": "lnog"}]}`)},
	})
	fmt.Println(err)
	fmt.Println(len(set.Schemas))
	// Output:
	// money.avsc:1:79: unknown type "lnog" (shop.lnog): did you mean "long"?
	// 0
}
