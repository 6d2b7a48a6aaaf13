package codec

// Message is what every generated type implements with a pointer receiver: a value that knows its schema, its
// encoding and how to read itself.
type Message interface {
	// AppendAvro appends the binary encoding to dst and returns the longer slice. The error is an *Error whose
	// Path says which value does not fit the schema; dst's content up to its length is untouched. What the array
	// of dst holds behind that, up to its capacity, is not: append has the same right.
	AppendAvro(dst []byte) ([]byte, error)
	// DecodeAvro reads one value that fills all of src. On an error, an *Error, the value is zero.
	DecodeAvro(src []byte) error
	// AvroSchema returns the schema that the type was generated from.
	AvroSchema() *Schema
}

// Pointer is the constraint by which generic code reaches the methods of a generated type T: write
// func F[T any, P codec.Pointer[T]](…), call F[T](…).
type Pointer[T any] interface {
	*T
	Message
}
