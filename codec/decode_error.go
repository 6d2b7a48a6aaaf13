package codec

// DecodeError is called by generated code whose reading of src ended at index i instead of at its end. It says why, as
// an [*Error] with path and offset: the walk behind [Validate] finds both. What it does not look at, values outside
// their logical types, has no path yet.
func DecodeError(s *Schema, src []byte, i int) error {
	if err := Validate(s.Parsed(), src); err != nil {
		return err
	}
	return &Error{Err: failures[-1-i]}
}
