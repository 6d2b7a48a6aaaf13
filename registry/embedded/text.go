package embedded

import (
	"sync"

	"github.com/klauspost/compress/s2"
)

// text is the text of a schema. Texts are most of what a registry holds and few of them are asked for at a time, so a
// stored schema keeps its text packed.
type text struct {
	s      string
	packed bool
}

func plainText(s string) text { return text{s: s} }

// String returns the text as it was before it was packed.
func (t text) String() string {
	if !t.packed {
		return t.s
	}
	plain, err := s2.Decode(nil, []byte(t.s))
	if err != nil {
		// Nobody but pack makes packed texts.
		panic(err)
	}
	return string(plain)
}

func (t text) isBlank() bool { return isBlank(t.String()) }

// size is the length of the text in bytes.
func (t text) size() int {
	if !t.packed {
		return len(t.s)
	}
	n, _ := s2.DecodedLen([]byte(t.s))
	return n
}

var packBuffers = sync.Pool{New: func() any { return new([]byte) }}

// pack returns the text in the form that takes the least memory.
func (t text) pack() text {
	if t.packed {
		return t
	}
	buffer := packBuffers.Get().(*[]byte)
	defer packBuffers.Put(buffer)
	packed := s2.Encode((*buffer)[:cap(*buffer)], []byte(t.s))
	if cap(packed) > cap(*buffer) && cap(packed) <= keepable {
		*buffer = packed
	}
	if len(packed) >= len(t.s) {
		return t
	}
	return text{string(packed), true}
}
