package hamba

import (
	"errors"
	"fmt"
)

// An object container file (Avro specification, "Object Container Files") is a header with the schema, then blocks of
// values, each compressed by itself and followed by the same 16 bytes.

var magic = [4]byte{'O', 'b', 'j', 1}

const (
	metaSchema = "avro.schema"
	metaCodec  = "avro.codec"
	syncSize   = 16
)

// ErrFile is wrapped by errors that say that what is read is no object container file, or a damaged one.
var ErrFile = errors.New("damaged object container file")

// FileOption changes how files are read and written.
type FileOption func(*fileConfig)

type fileConfig struct {
	maxBlock    int
	blockSize   int
	compression Compression
	meta        map[string][]byte
	options     []Option
}

func configOf(opts []FileOption) fileConfig {
	c := fileConfig{maxBlock: 16 << 20, blockSize: 64 << 10, compression: Deflate, meta: map[string][]byte{}}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// MaxBlock sets how many bytes a block that is read may have, compressed and not. The default is 16 MiB: a file says
// itself how large its blocks are, and a small block can claim to hold gigabytes.
func MaxBlock(bytes int) FileOption { return func(c *fileConfig) { c.maxBlock = bytes } }

// BlockSize sets how many bytes of values are gathered in a block before it is written. The default is 64 KiB.
func BlockSize(bytes int) FileOption { return func(c *fileConfig) { c.blockSize = bytes } }

// Compress sets how blocks are compressed that are written. The default is Deflate, which every reader knows.
func Compress(with Compression) FileOption { return func(c *fileConfig) { c.compression = with } }

// Meta adds an entry to the header of a file that is written. Keys that begin with "avro." are the format's own.
func Meta(key string, value []byte) FileOption {
	return func(c *fileConfig) { c.meta[key] = value }
}

// Values sets options for the codec of the values that [FileReader.Decode] and [FileWriter.Encode] use.
func Values(opts ...Option) FileOption { return func(c *fileConfig) { c.options = opts } }

func damaged(offset int64, format string, args ...any) error {
	return fmt.Errorf("%w: at byte %d: %s", ErrFile, offset, fmt.Sprintf(format, args...))
}
