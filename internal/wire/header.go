package wire

import (
	"fmt"

	"github.com/google/uuid"
)

// Names of the record headers that hold the schema of the value and of the key.
const (
	ValueHeader = "__value_schema_id"
	KeyHeader   = "__key_schema_id"
)

// AppendHeader appends the content of a schema header to dst: 01 and the GUID where r has one, else 00 and the id.
func AppendHeader(dst []byte, r Ref) []byte {
	if r.IsGUID() {
		return append(append(dst, byGUID), r.GUID[:]...)
	}
	return AppendPrefix(dst, r.ID)
}

// ParseHeader reads the content of a schema header. The error wraps [ErrFraming] and says what was there.
func ParseHeader(content []byte) (Ref, error) {
	switch {
	case len(content) == 1+len(uuid.Nil) && content[0] == byGUID:
		guid := uuid.UUID(content[1:])
		if guid == uuid.Nil {
			return Ref{}, fmt.Errorf("%w: schema header holds a GUID of zeros", ErrFraming)
		}
		return Ref{GUID: guid}, nil
	case len(content) == PrefixLen && content[0] == byID:
		id, err := parseID(content[1:])
		return Ref{ID: id}, err
	}
	return Ref{}, fmt.Errorf("%w: schema header holds %s, not 01 and 16 bytes of GUID or 00 and 4 bytes of id",
		ErrFraming, preview(content))
}
