package wire

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// ErrFraming is wrapped by every error of this package: the bytes carry no registry framing.
var ErrFraming = errors.New("no registry framing")

// notPrefixed says what a record without a prefix holds instead, and what it was probably written by.
func notPrefixed(record []byte) error {
	switch {
	case len(record) == 0:
		return fmt.Errorf("%w: record is empty, want 00, a schema id of 4 bytes and the payload", ErrFraming)
	case record[0] != byID:
		return fmt.Errorf("%w: first byte is 0x%02x, not 0x00%s", ErrFraming, record[0], guess(record))
	default:
		return fmt.Errorf("%w: record is %s, shorter than the prefix of %d bytes", ErrFraming, preview(record), PrefixLen)
	}
}

// guess names the format that bytes look like, as the end of a sentence; empty where nothing comes to mind.
func guess(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("Obj\x01")):
		return ": looks like an Avro object container file"
	case bytes.HasPrefix(b, []byte{0xc3, 0x01}):
		return ": looks like Avro's single-object encoding"
	case b[0] == byGUID && len(b) > 16:
		return ": looks like a schema GUID, which belongs into the header " + ValueHeader
	case bytes.HasPrefix(b, []byte{0x1f, 0x8b}):
		return ": looks like gzip"
	}
	switch text := bytes.TrimLeft(b, " \t\r\n"); {
	case len(text) > 0 && bytes.IndexByte([]byte(`{["`), text[0]) >= 0 && printable(b):
		return ": looks like JSON"
	case printable(b):
		return ": looks like plain text"
	}
	return ""
}

// printable reports whether the first bytes of b are text: UTF-8 without control characters but white space.
func printable(b []byte) bool {
	const enough = 64
	for i := 0; i < len(b) && i < enough; {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size <= 1 || r < ' ' && r != '\t' && r != '\r' && r != '\n' || r == 0x7f {
			return false
		}
		i += size
	}
	return len(b) > 0
}

// preview shows the length and the first bytes of b.
func preview(b []byte) string {
	const shown = 20
	if len(b) == 0 {
		return "0 bytes"
	}
	if len(b) > shown {
		return fmt.Sprintf("%d bytes (%x…)", len(b), b[:shown])
	}
	return fmt.Sprintf("%d bytes (%x)", len(b), b)
}
