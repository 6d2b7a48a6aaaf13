package codec

import (
	"sync"

	"github.com/avow-events/avow/avsc"
)

// Schema is the schema of a generated type: constants until somebody asks for the parsed form.
type Schema struct {
	fullName    string
	text        string
	fingerprint uint64
	parse       func() *avsc.Schema
}

// NewSchema is called by generated code. text is self-contained and in the form that Schema Registry stores.
func NewSchema(fullName string, fingerprint uint64, text string) *Schema {
	s := &Schema{fullName: fullName, text: text, fingerprint: fingerprint}
	s.parse = sync.OnceValue(func() *avsc.Schema {
		parsed, err := avsc.Parse(fullName, []byte(text), avsc.Registered())
		if err != nil {
			panic("codec: generated code holds an unreadable schema, run avow generate: " + err.Error())
		}
		return parsed
	})
	return s
}

// FullName returns the full name of the named type, Avro's type name for a root without one.
func (s *Schema) FullName() string { return s.fullName }

// String returns the self-contained schema in the text form that Schema Registry stores.
func (s *Schema) String() string { return s.text }

// Fingerprint returns the CRC-64-AVRO of the Parsing Canonical Form.
func (s *Schema) Fingerprint() uint64 { return s.fingerprint }

// Parsed returns the schema as a model, parsed at the first call.
func (s *Schema) Parsed() *avsc.Schema { return s.parse() }

// Canonical returns the Parsing Canonical Form.
func (s *Schema) Canonical() []byte { return s.Parsed().Canonical() }

// SHA256 returns the SHA-256 of the canonical form.
func (s *Schema) SHA256() [32]byte { return s.Parsed().SHA256() }

// MD5 returns the MD5 of the canonical form.
func (s *Schema) MD5() [16]byte { return s.Parsed().MD5() }
