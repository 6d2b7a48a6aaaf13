package hamba

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// maxHeader is how many bytes the header of a file may have, and maxMeta how many entries.
const (
	maxHeader = 16 << 20
	maxMeta   = 10_000
)

// FileReader reads an object container file, which may come from anywhere: nothing in it is believed, the header
// included, and it costs no more memory than MaxBlock and the schema demand. It must not be used by several goroutines
// at once.
//
//	for r.Next() {
//		r.Bytes() // or r.Decode(&v), or r.Value()
//	}
//	err := r.Err()
type FileReader struct {
	config fileConfig
	in     *countingReader
	schema *avsc.Schema
	meta   map[string][]byte
	sync   [syncSize]byte

	codec *Codec // made at the first value that is decoded

	compression Compression
	raw, plain  bytes.Buffer
	block       []byte // what is left of the block
	blockAt     int64
	left        int64 // values that are left in it
	empty       int   // values so far that took no bytes
	value       []byte
	err         error
}

// NewFileReader reads the header of a file.
func NewFileReader(r io.Reader, opts ...FileOption) (*FileReader, error) {
	f := &FileReader{config: configOf(opts), in: &countingReader{r: bufio.NewReader(r)}, meta: map[string][]byte{}}
	if err := f.readHeader(); err != nil {
		return nil, err
	}
	text, ok := f.meta[metaSchema]
	if !ok {
		return nil, damaged(0, "the header has no %s", metaSchema)
	}
	var err error
	if f.schema, err = avsc.Parse(metaSchema, text, avsc.Registered()); err != nil {
		return nil, fmt.Errorf("%w: its schema: %w", ErrFile, err)
	}
	f.compression = Compression(f.meta[metaCodec])
	return f, nil
}

// Schema returns the schema of the values, as the header has it.
func (f *FileReader) Schema() *avsc.Schema { return f.schema }

// Meta returns the entries of the header.
func (f *FileReader) Meta() map[string][]byte { return f.meta }

// Next goes to the next value. It returns false at the end of the file and on an error, which Err returns.
func (f *FileReader) Next() bool {
	f.value = nil
	for f.err == nil && f.left == 0 {
		if more, err := f.readBlock(); !more || err != nil {
			f.err = err
			return false
		}
	}
	if f.err != nil {
		return false
	}
	value, rest, err := codec.Cut(f.schema, f.block)
	if err != nil {
		f.err = fmt.Errorf("%w: block at byte %d, %d values before its end: %w", ErrFile, f.blockAt, f.left, err)
		return false
	}
	if len(value) == 0 {
		if f.empty++; f.empty > codec.MaxZeroSizeItems {
			f.err = damaged(f.blockAt, "more than %d values without a byte", codec.MaxZeroSizeItems)
			return false
		}
	}
	f.value, f.block = value, rest
	if f.left--; f.left == 0 && len(rest) > 0 {
		f.err = damaged(f.blockAt, "%d bytes are left over in the block", len(rest))
		return false
	}
	return true
}

// Err returns what made Next stop, nil at the end of the file.
func (f *FileReader) Err() error { return f.err }

// Bytes returns the encoding of the value, which is valid. It is good until Next is called.
func (f *FileReader) Bytes() []byte { return f.value }

// Decode reads the value into what v points to, as [Codec.Unmarshal] does.
func (f *FileReader) Decode(v any) error {
	c, err := f.valueCodec()
	if err != nil {
		return err
	}
	return c.Unmarshal(f.value, v)
}

// Value returns the value as a dynamic one, as [Codec.Decode] does.
func (f *FileReader) Value() (any, error) {
	c, err := f.valueCodec()
	if err != nil {
		return nil, err
	}
	return c.Decode(f.value)
}

func (f *FileReader) valueCodec() (*Codec, error) {
	if f.codec == nil {
		c, err := New(f.schema, f.config.options...)
		if err != nil {
			return nil, err
		}
		f.codec = c
	}
	return f.codec, nil
}

func (f *FileReader) readHeader() error {
	var start [len(magic)]byte
	if _, err := io.ReadFull(f.in, start[:]); err != nil || start != magic {
		return damaged(0, "it begins with %q and not with %q", start[:], magic[:])
	}
	if err := f.readMeta(); err != nil {
		return err
	}
	if _, err := io.ReadFull(f.in, f.sync[:]); err != nil {
		return f.cut(err)
	}
	return nil
}

// readMeta reads the map of the header.
func (f *FileReader) readMeta() error {
	for {
		n, err := f.long()
		if err != nil || n == 0 {
			return err
		}
		if n < 0 { // with the size of the block, which is of no use here
			if _, err := f.long(); err != nil {
				return err
			}
			n = -n
		}
		if n < 0 || n > int64(maxMeta-len(f.meta)) {
			return damaged(f.in.n, "the header claims %d entries", n)
		}
		for range n {
			key, err := f.bytes(&f.raw, maxHeader-f.in.n)
			if err != nil {
				return err
			}
			name := string(key)
			if !utf8.ValidString(name) {
				return damaged(f.in.n, "%q in the header is not UTF-8", name)
			}
			value, err := f.bytes(&f.raw, maxHeader-f.in.n)
			if err != nil {
				return err
			}
			f.meta[name] = bytes.Clone(value)
		}
	}
}

// readBlock reads the next block. It returns false at the end of the file.
func (f *FileReader) readBlock() (more bool, err error) {
	if _, err := f.in.r.Peek(1); err != nil {
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		return false, err
	}
	f.blockAt = f.in.n
	n, err := f.long()
	if err != nil {
		return false, err
	}
	if n < 0 {
		return false, damaged(f.blockAt, "the block claims %d values", n)
	}
	raw, err := f.bytes(&f.raw, int64(f.config.maxBlock))
	if err != nil {
		return false, err
	}
	var sync [syncSize]byte
	if _, err := io.ReadFull(f.in, sync[:]); err != nil {
		return false, f.cut(err)
	}
	if sync != f.sync {
		return false, damaged(f.in.n-syncSize, "the block does not end with the file's sync marker")
	}
	if f.block, err = f.compression.expand(&f.plain, raw, f.config.maxBlock); err != nil {
		return false, fmt.Errorf("%w: block at byte %d: %w", ErrFile, f.blockAt, err)
	}
	if n == 0 && len(f.block) > 0 {
		return false, damaged(f.blockAt, "a block of no values has %d bytes", len(f.block))
	}
	f.left = n
	return true, nil
}

// bytes reads a length and that many bytes, most at most. It makes room as they come.
func (f *FileReader) bytes(to *bytes.Buffer, most int64) ([]byte, error) {
	at := f.in.n
	n, err := f.long()
	if err != nil {
		return nil, err
	}
	if n < 0 || n > most {
		return nil, damaged(at, "%d bytes are announced, of at most %d", n, max(most, 0))
	}
	to.Reset()
	if _, err := io.CopyN(to, f.in, n); err != nil {
		return nil, f.cut(err)
	}
	return to.Bytes(), nil
}

// long reads a long: zigzag, seven bits a byte, as encoding/binary has it.
func (f *FileReader) long() (int64, error) {
	at := f.in.n
	v, err := binary.ReadVarint(f.in)
	switch {
	case err == nil:
		return v, nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return 0, f.cut(err)
	case f.in.err != nil:
		return 0, f.in.err
	}
	return 0, damaged(at, "a number of more than 64 bits")
}

// cut returns the error for a file that ends too early.
func (f *FileReader) cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged(f.in.n, "it ends too early")
	}
	return err
}

// countingReader knows how far it has come, and what went wrong below.
type countingReader struct {
	r   *bufio.Reader
	n   int64
	err error
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	c.note(err)
	return n, err
}

func (c *countingReader) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	c.note(err)
	return b, err
}

func (c *countingReader) note(err error) {
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
}
