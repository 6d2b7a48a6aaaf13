package hamba

import (
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
)

// Compression is how the blocks of a file are compressed, by the name that the specification has for it.
type Compression string

// The compressions that files are written with. Files compressed with bzip2 are read as well.
const (
	None      Compression = "null"
	Deflate   Compression = "deflate"
	Snappy    Compression = "snappy"
	Zstandard Compression = "zstandard"

	bzip2Compression Compression = "bzip2"
)

var errTooLarge = errors.New("it holds more bytes than MaxBlock allows")

// expand returns what a block holds, which may be most bytes at most. to is reused.
func (c Compression) expand(to *bytes.Buffer, block []byte, most int) ([]byte, error) {
	switch c {
	case None, "":
		return block, nil
	case Deflate:
		return readMost(to, flate.NewReader(bytes.NewReader(block)), most)
	case bzip2Compression:
		return readMost(to, bzip2.NewReader(bytes.NewReader(block)), most)
	case Snappy:
		return expandSnappy(block, most)
	case Zstandard:
		z, err := zstd.NewReader(bytes.NewReader(block), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxMemory(uint64(most)), zstd.WithDecoderMaxWindow(16<<20))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		return readMost(to, z, most)
	}
	return nil, fmt.Errorf("unknown compression %q, want null, deflate, snappy, zstandard or bzip2", string(c))
}

// readMost reads all of r if that is at most so many bytes.
func readMost(to *bytes.Buffer, r io.Reader, most int) ([]byte, error) {
	to.Reset()
	n, err := io.Copy(to, io.LimitReader(r, int64(most)+1))
	if err == nil && n > int64(most) {
		err = errTooLarge
	}
	return to.Bytes(), err
}

// expandSnappy reads a block and the checksum of its content that follows it.
func expandSnappy(block []byte, most int) ([]byte, error) {
	end := len(block) - 4
	if end < 0 {
		return nil, errors.New("no room for a checksum")
	}
	n, err := snappy.DecodedLen(block[:end])
	if err != nil {
		return nil, err
	}
	// A block of snappy is at most some 64 times its size: what claims more is not worth the memory.
	if n > most || n > 64*end+64 {
		return nil, errTooLarge
	}
	out, err := snappy.Decode(nil, block[:end])
	if err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(out) != binary.BigEndian.Uint32(block[end:]) {
		return nil, errors.New("wrong checksum")
	}
	return out, nil
}

// compress appends a block to dst.
func (c Compression) compress(dst, block []byte) ([]byte, error) {
	switch c {
	case None:
		return append(dst, block...), nil
	case Deflate:
		b := bytes.NewBuffer(dst)
		w, err := flate.NewWriter(b, flate.DefaultCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(block); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		return b.Bytes(), nil
	case Snappy:
		dst = append(dst, snappy.Encode(nil, block)...)
		return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(block)), nil
	case Zstandard:
		z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		return z.EncodeAll(block, dst), nil
	}
	return nil, fmt.Errorf("unknown compression %q, want null, deflate, snappy or zstandard", string(c))
}
