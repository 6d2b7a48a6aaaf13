package rules

import (
	"sync"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// Rules are the rules of a schema, ready to judge values. Several goroutines may use them at once.
type Rules struct {
	schema *avsc.Schema
	root   *shape
}

// New compiles the rules of a schema and of all types that it is made of. It does so once for each schema; a schema
// without rules has Rules that every value keeps to. The error is an [avsc.ErrorList] of what [Check] reports.
func New(s *avsc.Schema) (*Rules, error) {
	c := s.Memo(compiledKey{}, func(s *avsc.Schema) any {
		r, err := compile(s)
		return compiled{r, err}
	}).(compiled)
	return c.rules, c.err
}

type compiledKey struct{}

type compiled struct {
	rules *Rules
	err   error
}

func compile(s *avsc.Schema) (*Rules, error) {
	c, err := newCompiler()
	if err != nil {
		return nil, err
	}
	root := c.of(s.Root)
	for _, record := range c.order {
		c.compile(record)
	}
	if err := c.problems.Err(); err != nil {
		return nil, err
	}
	c.finish()
	return &Rules{schema: s, root: root}, nil
}

// Validate judges an encoded value. The error is an *[Error] with every rule that it breaks, or a [*codec.Error] where
// src is no value of the schema.
func (r *Rules) Validate(src []byte) error {
	if err := codec.Validate(r.schema, src); err != nil {
		return err
	}
	return r.validate(codec.View(src))
}

// Validate judges an event by the rules of its contract, which are compiled at the first call: generated types call it.
// The error is an *[Error] with every rule that the event breaks, or a [*codec.Error] where the event does not even fit
// its schema.
func Validate(v codec.Message) error {
	r, err := New(v.AvroSchema().Parsed())
	if err != nil {
		return err
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	b, err := v.AppendAvro((*buffer)[:0])
	if err != nil {
		return err
	}
	if cap(b) <= maxBuffer {
		*buffer = b
	}
	return r.validate(codec.View(b))
}

// maxBuffer is the largest encoding whose memory is kept.
const maxBuffer = 1 << 20

// buffers holds memory for encodings. What an error tells of them is copied: paths and numbers.
var buffers = sync.Pool{New: func() any { return new([]byte) }}
