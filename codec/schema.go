package codec

import (
	"encoding/hex"
	"sync"

	"github.com/avow-events/avow/avsc"
)

// Schema is the schema of a generated type: constants until somebody asks for the parsed form. Several goroutines may
// use it at once.
type Schema struct {
	constants SchemaConstants
	once      sync.Once
	parsed    *avsc.Schema
	err       error
}

// SchemaConstants are what generated code knows of a schema without parsing it.
type SchemaConstants struct {
	// FullName is that of the named type, Avro's type name for a root without one.
	FullName string
	// Fingerprint is the CRC-64-AVRO of Canonical; MD5 and SHA256 are its other fingerprints, in hexadecimal digits.
	Fingerprint uint64
	MD5, SHA256 string
	// Canonical is the Parsing Canonical Form.
	Canonical string
	// Text is the whole schema, self-contained, in the form that Schema Registry stores.
	Text string
}

// NewSchema is called by generated code. It does so little that the compiler lays the schema out as data.
func NewSchema(c SchemaConstants) *Schema { return &Schema{constants: c} }

// SchemaOf returns the schema of a type that was written by hand.
func SchemaOf(s *avsc.Schema) *Schema {
	md5, sha := s.MD5(), s.SHA256()
	return NewSchema(SchemaConstants{
		FullName:    s.Root.FullName(),
		Fingerprint: s.Fingerprint(),
		MD5:         hex.EncodeToString(md5[:]),
		SHA256:      hex.EncodeToString(sha[:]),
		Canonical:   string(s.Canonical()),
		Text:        s.SelfContained(),
	})
}

// FullName returns the full name of the named type, Avro's type name for a root without one.
func (s *Schema) FullName() string { return s.constants.FullName }

// String returns the self-contained schema in the text form that Schema Registry stores.
func (s *Schema) String() string { return s.constants.Text }

// Canonical returns the Parsing Canonical Form.
func (s *Schema) Canonical() []byte { return []byte(s.constants.Canonical) }

// Fingerprint returns the CRC-64-AVRO of the canonical form.
func (s *Schema) Fingerprint() uint64 { return s.constants.Fingerprint }

// MD5 returns the MD5 of the canonical form.
func (s *Schema) MD5() (sum [16]byte) {
	fromHex(sum[:], s.constants.MD5)
	return sum
}

// SHA256 returns the SHA-256 of the canonical form.
func (s *Schema) SHA256() (sum [32]byte) {
	fromHex(sum[:], s.constants.SHA256)
	return sum
}

func fromHex(sum []byte, digits string) {
	if _, err := hex.Decode(sum, []byte(digits)); err != nil || hex.DecodedLen(len(digits)) != len(sum) {
		panic("codec: generated code holds " + digits + " for a fingerprint, run avow generate")
	}
}

// Parsed returns the schema as a model, parsed at the first call.
func (s *Schema) Parsed() *avsc.Schema {
	s.once.Do(func() { s.parsed, s.err = avsc.Parse(s.FullName(), []byte(s.String()), avsc.Printed()) })
	if s.err != nil {
		panic("codec: generated code holds an unreadable schema, run avow generate: " + s.err.Error())
	}
	return s.parsed
}
