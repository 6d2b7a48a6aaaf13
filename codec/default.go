package codec

import "github.com/avow-events/avow/avsc"

// AppendDefault appends the encoding of a field's default, as Avro Java encodes it when a writer's schema has no such
// field. The field must have one; the error says why it fits nothing.
func AppendDefault(dst []byte, f *avsc.Field) ([]byte, error) {
	return appendDefault(dst, f.Type, f.Default)
}
