package avsc

// normalize is filled in with the registry's own rules.
func (s *Schema) normalize() string { return s.print() }
