package avsc

import (
	"crypto/md5"
	"crypto/sha256"
	"slices"
	"sort"
	"sync"
)

// Schema is one schema document: what one file, one subject version or one string holds.
type Schema struct {
	// File is the name that was given to [Parse], or the slash-separated path at which [Load] found it.
	File string
	// Root is the document's own type.
	Root *Type

	refs  []*Schema // by whose names types are used here
	given []*Schema // whose root types stand by name in the text
	named []*Type   // that the document defines

	registered bool // parsed leniently
	forward    bool // had references to what is defined further down, as recursive types have

	text          func() string
	selfContained func() string
	normalized    func() normalized
	canonical     func() []byte
	fingerprint   func() uint64

	memo sync.Map
}

// Option changes how [Parse] reads a document.
type Option func(*options)

type options struct {
	given        []*Schema
	registered   bool
	unicodeNames bool
	wrappedNames bool
	printed      bool
}

// Refs supplies documents whose named types the text may name without defining them, as the references of a
// registered schema do. Their own references must be among them or be resolved already.
func Refs(schemas ...*Schema) Option {
	return func(o *options) { o.given = append(o.given, schemas...) }
}

// Registered parses as leniently as a registry parses what it already holds. Without it a schema is held to
// what a registry demands of a new one.
func Registered() Option { return func(o *options) { o.registered = true } }

// UnicodeNames holds names that [Registered] would not look at to letters and digits of any script, as Schema Registry 8.1
// does where it is set not to validate new schemas.
func UnicodeNames() Option { return func(o *options) { o.unicodeNames = true } }

// WrappedNames accepts {"type": "Name"} for "Name". Avro Java 1.12.1 does, and with it Schema Registry 8.1;
// 1.12.2 and the specification do not.
func WrappedNames() Option { return func(o *options) { o.wrappedNames = true } }

// Printed reads every text that [Schema.SelfContained] returns. That is Avro Java's, which Avro Java cannot always read
// again: where a record without a namespace comes back to itself through one with a namespace.
func Printed() Option { return func(o *options) { o.registered, o.printed = true, true } }

// Parse reads one document. The error is an [ErrorList] that holds every problem found.
func Parse(filename string, src []byte, opts ...Option) (*Schema, error) {
	d, err := scan(filename, src)
	defer d.free()
	if err != nil {
		return nil, ErrorList{err}
	}
	p := &parser{doc: d}
	for _, opt := range opts {
		opt(&p.options)
	}
	known := make(map[string]definition)
	references := closure(p.given)
	if slices.ContainsFunc(references, func(s *Schema) bool { return s.forward }) {
		for _, s := range references {
			p.before = append(p.before, s.named...)
		}
	}
	for _, s := range references {
		for _, t := range s.named {
			if _, ok := known[t.Name.Full()]; !ok {
				known[t.Name.Full()] = definition{t, s}
			}
		}
	}
	p.lookup = func(full string) (*Type, *Schema) {
		d := known[full]
		return d.typ, d.schema
	}
	p.others = func() (names []string) {
		for name := range known {
			names = append(names, name)
		}
		return names
	}
	s := p.schema(p.read())
	if err := p.errs.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

type definition struct {
	typ    *Type
	schema *Schema
}

// closure returns the documents and all that they refer to, each once, after what it refers to.
func closure(schemas []*Schema) (all []*Schema) {
	seen := make(map[*Schema]bool)
	var visit func([]*Schema)
	visit = func(list []*Schema) {
		for _, s := range list {
			if s == nil || seen[s] {
				continue
			}
			seen[s] = true
			visit(s.given)
			all = append(all, s)
		}
	}
	visit(schemas)
	return all
}

// schema returns the document with the type that read returned. It is of use only where no problem was found.
func (p *parser) schema(root *Type) *Schema {
	s := &Schema{File: p.file, given: p.given, registered: p.registered}
	s.Root = p.complete(root)
	s.forward = len(p.forward) > 0
	s.named = append(slices.Clip(p.defined), p.shared...)
	for ref := range p.refs {
		s.refs = append(s.refs, ref)
	}
	sort.Slice(s.refs, func(i, j int) bool { return p.refs[s.refs[i]] < p.refs[s.refs[j]] })
	return s.bind()
}

// bind sets what a document is asked for, each computed once.
func (s *Schema) bind() *Schema {
	s.text = sync.OnceValue(s.print)
	s.selfContained = sync.OnceValue(func() string { return typeText(s.Root) })
	s.normalized = sync.OnceValue(s.normalize)
	s.canonical = sync.OnceValue(func() []byte { return appendCanonical(nil, s.Root, make(map[string]bool)) })
	s.fingerprint = sync.OnceValue(func() uint64 { return rabin(s.canonical()) })
	return s
}

// SchemaOf returns a document of its own for a type that stands somewhere in another one. It refers to nothing: its
// texts write out all that the type is made of.
func SchemaOf(t *Type) *Schema { return (&Schema{File: t.Pos.File, Root: t}).bind() }

// print writes the types by name that are the roots of referenced documents, as Schema Registry does. A type that is
// defined inside a referenced document is written out again.
func (s *Schema) print() string {
	p := printer{known: s.referencedRoots()}
	p.typ(s.Root, "")
	return string(p.out)
}

func (s *Schema) referencedRoots() map[string]bool {
	known := make(map[string]bool)
	for _, ref := range closure(s.given) {
		if ref.Root.Kind.IsNamed() {
			known[ref.Root.Name.Full()] = true
		}
	}
	return known
}

// References returns the documents that s names directly, each once, sorted by the full name of the named type through
// which it is used.
func (s *Schema) References() []*Schema { return slices.Clone(s.refs) }

// Canonical returns the Parsing Canonical Form (Avro specification, "Parsing Canonical Form for Schemas"), in which
// referenced types are written out.
func (s *Schema) Canonical() []byte { return slices.Clone(s.canonical()) }

// Fingerprint returns the CRC-64-AVRO of the canonical form.
func (s *Schema) Fingerprint() uint64 { return s.fingerprint() }

// SHA256 returns the SHA-256 of the canonical form.
func (s *Schema) SHA256() [32]byte { return sha256.Sum256(s.canonical()) }

// MD5 returns the MD5 of the canonical form.
func (s *Schema) MD5() [16]byte { return md5.Sum(s.canonical()) }

// String returns the text that Schema Registry stores: Avro Java's Schema.toString, in which referenced types stand
// by name.
func (s *Schema) String() string { return s.text() }

// SelfContained returns the same text with referenced types written out where they are first used.
func (s *Schema) SelfContained() string { return s.selfContained() }

// Normalized returns the text that Schema Registry stores under normalize=true, empty where the registry fails to
// normalize the schema; [Schema.Normalize] says why.
func (s *Schema) Normalized() string {
	n, err := s.Normalize()
	if err != nil {
		return ""
	}
	return n.String()
}

// Memo returns what compute returned when Memo was first called with this key, which is compared by ==. It is where
// packages that compile schemas keep the result with the schema. Several goroutines may call it at once: compute runs
// once.
func (s *Schema) Memo(key any, compute func(*Schema) any) any {
	v, ok := s.memo.Load(key)
	if !ok {
		v, _ = s.memo.LoadOrStore(key, sync.OnceValue(func() any { return compute(s) }))
	}
	return v.(func() any)()
}
