package wire

import (
	"fmt"

	"github.com/google/uuid"
)

// Ref names a registered schema as a record does: by its id in a registry, or by its GUID, which is the same in every
// registry. The zero Ref names none.
type Ref struct {
	// ID is the schema id, 1 or greater; it counts only where GUID is the zero UUID.
	ID int
	// GUID is the schema's global id, the zero UUID where the record names its schema by id.
	GUID uuid.UUID
}

// IsGUID reports whether r names its schema by GUID.
func (r Ref) IsGUID() bool { return r.GUID != uuid.Nil }

// String returns "schema id 7" or "schema guid 89791762-…".
func (r Ref) String() string {
	if r.IsGUID() {
		return "schema guid " + r.GUID.String()
	}
	return fmt.Sprintf("schema id %d", r.ID)
}
