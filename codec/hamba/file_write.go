package hamba

import (
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// FileWriter writes an object container file. It must not be used by several goroutines at once. A file is whole once
// Close has returned nil; write it under another name until then.
type FileWriter struct {
	config fileConfig
	out    io.Writer
	schema *avsc.Schema
	sync   [syncSize]byte
	codec  *Codec // made at the first value that is encoded

	block []byte
	count int
	buf   []byte
	err   error // the first that a write returned: what follows would make no file
}

// NewFileWriter writes the header of a file of values of a schema.
func NewFileWriter(w io.Writer, s *avsc.Schema, opts ...FileOption) (*FileWriter, error) {
	f := &FileWriter{config: configOf(opts), out: w, schema: s}
	if _, err := rand.Read(f.sync[:]); err != nil {
		return nil, err
	}
	if _, err := f.config.compression.compress(nil, nil); err != nil {
		return nil, err
	}
	header, err := f.header()
	if err != nil {
		return nil, err
	}
	f.write(header)
	return f, f.err
}

func (f *FileWriter) header() ([]byte, error) {
	meta := maps.Clone(f.config.meta)
	for key := range meta {
		if strings.HasPrefix(key, "avro.") {
			return nil, fmt.Errorf("hamba: header entry %q: keys that begin with avro. are the format's own", key)
		}
	}
	meta[metaSchema] = []byte(f.schema.SelfContained())
	meta[metaCodec] = []byte(f.config.compression)
	b := codec.AppendBlock(slices.Clone(magic[:]), len(meta))
	for _, key := range slices.Sorted(maps.Keys(meta)) {
		var err error
		if b, err = codec.AppendString(b, key); err != nil {
			return nil, fmt.Errorf("hamba: header entry %q: %w", key, err)
		}
		b = codec.AppendBytes(b, meta[key])
	}
	return append(append(b, 0), f.sync[:]...), nil
}

// Append adds a value that is encoded already. The error is a [*codec.Error] if it is none of the schema.
func (f *FileWriter) Append(value []byte) error {
	if err := codec.Validate(f.schema, value); err != nil {
		return err
	}
	return f.add(value)
}

// Encode adds a value that it encodes as [Codec.Marshal] does.
func (f *FileWriter) Encode(v any) error {
	if f.codec == nil {
		c, err := New(f.schema, f.config.options...)
		if err != nil {
			return err
		}
		f.codec = c
	}
	b, err := f.codec.Marshal(v)
	if err != nil {
		return err
	}
	return f.add(b)
}

func (f *FileWriter) add(value []byte) error {
	if f.err != nil {
		return f.err
	}
	f.block = append(f.block, value...)
	f.count++
	if len(f.block) >= f.config.blockSize || f.count >= codec.MaxZeroSizeItems {
		return f.Flush()
	}
	return nil
}

// Flush writes the values that are gathered as a block.
func (f *FileWriter) Flush() error {
	if f.err != nil || f.count == 0 {
		return f.err
	}
	compressed, err := f.config.compression.compress(f.buf[:0], f.block)
	if err != nil {
		f.err = err
		return err
	}
	head := codec.AppendLong(codec.AppendLong(nil, int64(f.count)), int64(len(compressed)))
	f.write(head)
	f.write(compressed)
	f.write(f.sync[:])
	f.buf, f.block, f.count = compressed, f.block[:0], 0
	return f.err
}

// Close writes what is left. It does not close the writer below.
func (f *FileWriter) Close() error { return f.Flush() }

func (f *FileWriter) write(b []byte) {
	if f.err == nil {
		_, f.err = f.out.Write(b)
	}
}
