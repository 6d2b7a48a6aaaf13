package sample

import (
	"bytes"
	"slices"

	"github.com/avow-events/avow/codec"
)

// Case is a message that a decoder must refuse, and the schema that it claims to follow.
type Case struct {
	Name   string
	Schema string
	Bytes  []byte
}

// Hostile returns the messages that have killed Avro decoders or were accepted by them: counts and lengths that ask for
// more memory than there is, nesting that overflows the stack, numbers that are none.
func Hostile() []Case {
	long := func(v ...int64) (b []byte) {
		for _, n := range v {
			b = codec.AppendLong(b, n)
		}
		return b
	}
	const minInt64 = -1 << 63
	field := func(typ string) string {
		return `{"type":"record","name":"R","fields":[{"name":"f","type":` + typ + `}]}`
	}
	array := func(items string) string { return field(`{"type":"array","items":` + items + `}`) }
	stringMap := field(`{"type":"map","values":"string"}`)
	node := `{"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}`
	tree := `{"type":"record","name":"Tree","fields":[{"name":"kids","type":{"type":"array","items":"Tree"}}]}`
	enum := field(`{"type":"enum","name":"E","symbols":["A","B"]}`)
	eleven := append(bytes.Repeat([]byte{0x80}, 10), 0)
	return []Case{
		{"array of long, count 2^40", array(`"long"`), append(long(1<<40), 2, 4)},
		{"array of long, count 2^27", array(`"long"`), append(long(1<<27), 2, 4, 0)},
		{"array of null, count 2^40", array(`"null"`), append(long(1<<40), 0)},
		{"array of null, count 2^30", array(`"null"`), append(long(1<<30), 0)},
		{"array of null, 2^17 in small blocks", array(`"null"`), append(bytes.Repeat(long(1<<10), 1<<7), 0)},
		{"array of empty records, count 2^30", array(`{"type":"record","name":"Z","fields":[]}`), append(long(1<<30), 0)},
		{"array of fixed of size 0, count 2^30", array(`{"type":"fixed","name":"Z","size":0}`), append(long(1<<30), 0)},
		{"array of string, count 2^40", array(`"string"`), append(long(1<<40), 0)},
		{"string, length 2^60", field(`"string"`), append(long(1<<60), "abc"...)},
		{"string, length 2^30", field(`"string"`), append(long(1<<30), "abc"...)},
		{"bytes, length 2^60", field(`"bytes"`), append(long(1<<60), "abc"...)},
		{"bytes, length 2^30", field(`"bytes"`), append(long(1<<30), "abc"...)},
		{"map, count 2^40", stringMap, append(long(1<<40), 2, 'a', 2, 'b', 0)},
		{"array, count of the smallest int64", array(`"long"`), append(long(minInt64, 2), 2, 0)},
		{"map, count of the smallest int64", stringMap, append(long(minInt64, 2), 2, 0)},
		{"array, block size -5", array(`"long"`), append(long(-1, -5), 2, 0)},
		{"array, block size too small", array(`"long"`), append(long(-2, 1), 2, 4, 0)},
		{"array, block size too large", array(`"long"`), append(long(-1, 2), 2, 0)},
		{"array, block size 2^40", array(`"long"`), append(long(-1, 1<<40), 2, 0)},
		{"map, block size too small", stringMap, append(long(-1, 3), 2, 'a', 2, 'b', 0)},
		{"5 million nested records", node, bytes.Repeat([]byte{2}, 5_000_000)},
		{"5 million nested arrays", tree, bytes.Repeat([]byte{2}, 5_000_000)},
		{"513 nested records that end", node, append(bytes.Repeat([]byte{2}, 512), 0)},
		{"boolean 2", field(`"boolean"`), []byte{2}},
		{"union index 9", field(`["null","long"]`), long(9)},
		{"union index -1", field(`["null","long"]`), long(-1)},
		{"union index 2^40", field(`["null","long"]`), long(1 << 40)},
		{"enum index 7", enum, long(7)},
		{"enum index -1", enum, long(-1)},
		{"string that is not UTF-8", field(`"string"`), append(long(2), 0xc3, 0x28)},
		{"map key that is not UTF-8", stringMap, append(long(1, 2), 0xc3, 0x28, 2, 'b', 0)},
		{"int of 33 bits", field(`"int"`), long(1 << 32)},
		{"long of 11 bytes", field(`"long"`), eleven},
		{"long beyond 64 bits", field(`"long"`), append(bytes.Repeat([]byte{0xff}, 9), 2)},
		{"string, length -1", field(`"string"`), long(-1)},
		{"string cut short", field(`"string"`), append(long(5), "abc"...)},
		{"double cut short", field(`"double"`), []byte{1, 2, 3}},
		{"array without its end", array(`"long"`), append(long(2), 2, 4)},
		{"bytes left over", field(`"long"`), []byte{2, 0}},
		{"nothing", field(`"long"`), nil},
		{"record that holds itself", `{"type":"record","name":"R","fields":[{"name":"f","type":"R"}]}`, slices.Repeat([]byte{0}, 64)},
	}
}
