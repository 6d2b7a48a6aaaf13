package wire

import (
	"encoding/binary"
	"fmt"
)

// PrefixLen is the length of the prefix in bytes.
const PrefixLen = 5

// The first byte of a prefix and of a header says what follows it.
const (
	byID   = 0x00 // a schema id, four bytes, big-endian
	byGUID = 0x01 // a GUID, sixteen bytes
)

// AppendPrefix appends the prefix for a schema id, which must fit 31 bits, to dst.
func AppendPrefix(dst []byte, id int) []byte {
	return binary.BigEndian.AppendUint32(append(dst, byID), uint32(id))
}

// ParsePrefix splits a record into the schema id of its prefix and the payload, which shares record's memory. The
// error wraps [ErrFraming] and says what the bytes look like instead.
func ParsePrefix(record []byte) (id int, payload []byte, err error) {
	if len(record) < PrefixLen || record[0] != byID {
		return 0, nil, notPrefixed(record)
	}
	if id, err = parseID(record[1:PrefixLen]); err != nil {
		return 0, nil, err
	}
	return id, record[PrefixLen:], nil
}

// parseID reads four bytes as a schema id. Registries count from 1, so zero and negative numbers mean that the bytes
// are something else.
func parseID(b []byte) (int, error) {
	id := int32(binary.BigEndian.Uint32(b))
	if id < 1 {
		return 0, fmt.Errorf("%w: schema id %d, ids count from 1", ErrFraming, id)
	}
	return int(id), nil
}
