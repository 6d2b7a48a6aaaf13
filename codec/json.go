package codec

// MarshalJSON returns the plain JSON of a generated value, by [ToJSON]: generated types call it.
func MarshalJSON(v Message) ([]byte, error) {
	b, err := v.AppendAvro(nil)
	if err != nil {
		return nil, err
	}
	return ToJSON(v.AvroSchema().Parsed(), b)
}

// UnmarshalJSON reads what MarshalJSON returns into a generated value, by [FromJSON]: generated types call it.
func UnmarshalJSON(text []byte, v Message) error {
	b, err := FromJSON(v.AvroSchema().Parsed(), text)
	if err != nil {
		return err
	}
	return v.DecodeAvro(b)
}
