package avsc

import (
	"errors"
	"io/fs"
)

// Schema is one schema document: what one file, one subject version or one string holds.
type Schema struct {
	// File is the name that was given to [Parse], or the slash-separated path at which [Load] found it.
	File string
	// Root is the document's own type.
	Root *Type

	refs []*Schema
}

// Option changes how [Parse] reads a document.
type Option func(*options)

type options struct {
	refs       []*Schema
	registered bool
}

// Refs supplies documents whose named types the text may name without defining them, as the references of a
// registered schema do. Their own references must be among them or be resolved already.
func Refs(schemas ...*Schema) Option {
	return func(o *options) { o.refs = append(o.refs, schemas...) }
}

// Registered parses as leniently as a registry parses what it already holds. Without it a schema is held to
// what a registry demands of a new one.
func Registered() Option { return func(o *options) { o.registered = true } }

// Parse reads one document. The error is an [ErrorList] that holds every problem found.
func Parse(filename string, src []byte, opts ...Option) (*Schema, error) {
	return nil, errors.New("not yet")
}

// Set is a tree of documents in which every reference across files is resolved.
type Set struct {
	// Schemas in an order in which each comes after what it refers to; by path where that leaves a choice.
	Schemas []*Schema
}

// Load reads every .avsc file below the roots (all of fsys where none is given). Files may name each other's
// types by full name in any order. The error is an [ErrorList] that holds every problem of every file.
func Load(fsys fs.FS, roots ...string) (*Set, error) { return nil, errors.New("not yet") }

// Lookup returns the document that defines the named type with this full name (as its root or inside it) and
// the type; nil where none does.
func (s *Set) Lookup(fullName string) (*Schema, *Type) { return nil, nil }

// References returns the documents that s names directly, each once, sorted by the full name of the named type through
// which it is used.
func (s *Schema) References() []*Schema { return s.refs }

// Canonical returns the Parsing Canonical Form (Avro specification, "Parsing Canonical Form for Schemas"), in which
// referenced types are written out.
func (s *Schema) Canonical() []byte { return nil }

// Fingerprint returns the CRC-64-AVRO of the canonical form.
func (s *Schema) Fingerprint() uint64 { return 0 }

// SHA256 returns the SHA-256 of the canonical form.
func (s *Schema) SHA256() [32]byte { return [32]byte{} }

// MD5 returns the MD5 of the canonical form.
func (s *Schema) MD5() [16]byte { return [16]byte{} }

// String returns the text that Schema Registry stores: Avro Java's Schema.toString, in which referenced types stand
// by name.
func (s *Schema) String() string { return "" }

// SelfContained returns the same text with referenced types written out where they are first used.
func (s *Schema) SelfContained() string { return "" }

// Normalized returns the text that Schema Registry stores under normalize=true.
func (s *Schema) Normalized() string { return "" }
