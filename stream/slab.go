package stream

import (
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// slab is memory for the next few records: they and their bytes are handed out one behind the other and never taken
// back. franz-go reads them until their delivery is settled; then the garbage collector frees the slab as a whole.
// That is faster than to reuse single buffers, which come back cold and from another processor, and nobody who keeps a
// record can see it change.
type slab struct {
	records []kgo.Record // not handed out yet
	bytes   []byte       // of length 0; its capacity is not handed out yet
	last    int          // length of the bytes handed out last
}

const (
	slabRecords = 64
	slabBytes   = 32 << 10
)

// slabs holds those in use: a goroutine takes one out for as long as it encodes.
var slabs = sync.Pool{New: func() any { return new(slab) }}

// room returns a slice to append a record's bytes to. It may turn out to be too short, which append takes care of.
func (s *slab) room() []byte {
	if cap(s.bytes) < s.last+s.last/4 || cap(s.bytes) == 0 {
		s.bytes = make([]byte, 0, max(slabBytes, s.last))
	}
	return s.bytes
}

// keep hands out b, which is what room returned with something appended, and returns it without room to grow.
func (s *slab) keep(b []byte) []byte {
	s.last = len(b)
	if len(b) <= cap(s.bytes) {
		s.bytes = s.bytes[len(b):len(b)]
	}
	return b[:len(b):len(b)]
}

// record hands out a record.
func (s *slab) record() *kgo.Record {
	if len(s.records) == 0 {
		s.records = make([]kgo.Record, slabRecords)
	}
	r := &s.records[0]
	s.records = s.records[1:]
	return r
}
