package codec

// DecodeError is called by generated code whose reading of src ended at index i instead of at its end. It says why, as
// an [*Error] with path and offset: the walk behind [Validate] finds both, and a second one values outside their
// logical types, at which the first does not look.
func DecodeError(s *Schema, src []byte, i int) error {
	if err := Validate(s.Parsed(), src); err != nil {
		return err
	}
	w := logicalWalker{cursor{text: View(src)}}
	if err := w.value(s.Parsed().Root); err != nil {
		return err
	}
	return &Error{Err: failures[-1-i]}
}
