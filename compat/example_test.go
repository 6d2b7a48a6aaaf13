package compat_test

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

func ExampleCheck() {
	old, _ := avsc.Parse("v1.avsc", []byte(`{"type":"record","name":"Order","fields":[{"name":"id","type":"string"}]}`), avsc.Registered())
	next, err := avsc.Parse("v2.avsc", []byte(`{"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"total","type":"long"}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := compat.Check(compat.Backward, next, []*avsc.Schema{old})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Compatible)
	fmt.Println(result.Messages[0])

	change := compat.Change{Name: "Order", Old: old, New: next, Level: compat.Backward}
	for _, f := range change.Findings() {
		fmt.Printf("%s: %s\n  fix: %s\n", f.Pos, f.Message, f.Fix)
	}
	// Output:
	// false
	// {errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'total' at path '/fields/1' in the new schema has no default value and is missing in the old schema', additionalInfo:'total'}
	// v2.avsc:1:81: field "total" is new and has no default, so what was written with the old schema cannot be read
	//   fix: add "default": 0 to the field
}
