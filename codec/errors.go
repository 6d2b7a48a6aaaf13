package codec

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a value or a message that does not fit its schema.
type Error struct {
	// Path is the place in the value, such as items[3].price; empty is the value itself. Map entries are
	// written labels["key"], union branches are left out.
	Path string
	// Offset is the byte of the message at which the unreadable part begins; -1 when encoding.
	Offset int
	// Err is one of the sentinels below, or wraps one and adds what was found.
	Err error
}

// Error returns path, offset and reason. The middle of a path that goes on and on, as nested values and keys of maps make
// it, is left out: a message may come from anywhere, and what is said of it is for a log.
func (e *Error) Error() string {
	path := e.Path
	if path == "" {
		path = "(root)"
	}
	const most, ends = 300, 100
	if len(path) > most {
		path = strings.ToValidUTF8(path[:ends], "") + "…" + strings.ToValidUTF8(path[len(path)-ends:], "")
	}
	if e.Offset < 0 {
		return fmt.Sprintf("avro: %s: %v", path, e.Err)
	}
	return fmt.Sprintf("avro: %s at byte %d: %v", path, e.Offset, e.Err)
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Why bytes cannot be decoded, or a value cannot be encoded. Test with errors.Is.
var (
	ErrTruncated = errors.New("message ends too early")
	ErrTrailing  = errors.New("bytes left over after the value")
	ErrVarint    = errors.New("number longer than 10 bytes or beyond 64 bits")
	ErrIntRange  = errors.New("int beyond 32 bits")
	ErrBoolean   = errors.New("boolean is neither 0 nor 1")
	ErrLength    = errors.New("negative length")
	ErrCount     = errors.New("block count larger than what can follow")
	ErrBlockSize = errors.New("block size differs from the bytes of the block")
	ErrBranch    = errors.New("no such union branch")
	ErrSymbol    = errors.New("no such enum symbol")
	ErrUTF8      = errors.New("string is not UTF-8")
	ErrDepth     = errors.New("values nested too deep")
	ErrLogical   = errors.New("value outside its logical type")
	ErrResolve   = errors.New("writer's value does not fit the reader's schema")
	ErrUnset     = errors.New("required value is not set")
)
