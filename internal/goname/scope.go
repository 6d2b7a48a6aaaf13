package goname

import "strconv"

// Scope hands out identifiers of which each is used once: the types and functions of a package, or the fields of a
// struct. The zero Scope is empty.
type Scope struct {
	taken map[string]bool
}

// Reserve takes identifiers that nothing else may get.
func (s *Scope) Reserve(ids ...string) {
	if s.taken == nil {
		s.taken = map[string]bool{}
	}
	for _, id := range ids {
		s.taken[id] = true
	}
}

// Free reports whether nothing has taken id.
func (s *Scope) Free(id string) bool { return !s.taken[id] }

// Take returns the first of the identifiers that is free, or else the first one with the least number from 2 on that
// makes it free, and takes it.
func (s *Scope) Take(choices ...string) string {
	for _, id := range choices {
		if !s.taken[id] {
			s.Reserve(id)
			return id
		}
	}
	for n := 2; ; n++ {
		if id := choices[0] + strconv.Itoa(n); !s.taken[id] {
			s.Reserve(id)
			return id
		}
	}
}

// TakeAll returns an identifier for each of the Avro names of one scope, in their order: the first that asks for one gets
// what Exported says, the next what Plain says, then numbers. A name that is added behind the others changes none of theirs,
// even if it is the better Go identifier: code that has iban as IBAN would go on to compile with another field.
func (s *Scope) TakeAll(names []string) []string {
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = s.Take(Exported(name), Plain(name))
	}
	return ids
}

// Methods are the methods of generated types, which no field of a struct may be called.
var Methods = []string{
	"AppendAvro", "AvroSchema", "DecodeAvro", "MarshalJSON", "ReadAvro", "ReadAvroFields", "SizeAvro", "UnmarshalJSON", "Validate",
	"WriteAvro",
}

// Fields returns the Go names of a record's fields, in their order.
func Fields(names []string) []string {
	var s Scope
	s.Reserve(Methods...)
	return s.TakeAll(names)
}
