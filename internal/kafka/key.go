package kafka

import (
	"fmt"

	"github.com/avow-events/avow/avsc"
)

// CheckKey reports what keeps a schema from being that of record keys: the partition of a record, and with it its place
// behind others of its key, comes from the bytes of the key, so that the same key must always have the same bytes. The
// entries of a map have no order.
func CheckKey(s *avsc.Schema) error {
	seen := map[*avsc.Type]bool{}
	var walk func(t *avsc.Type, path string) error
	walk = func(t *avsc.Type, path string) error {
		if t == nil || seen[t] {
			return nil
		}
		seen[t] = true
		if t.Kind == avsc.Map {
			return fmt.Errorf("%s cannot be the contract of keys: %s is a map, whose entries have no order, so that the same key would have different bytes",
				s.Root.FullName(), path)
		}
		for _, f := range t.Fields {
			inner := f.Name
			if path != itself {
				inner = path + "." + f.Name
			}
			if err := walk(f.Type, inner); err != nil {
				return err
			}
		}
		for _, b := range t.Branches {
			if err := walk(b, path); err != nil {
				return err
			}
		}
		return walk(t.Elem, path)
	}
	return walk(s.Root, itself)
}

// itself is the path of a whole key.
const itself = "it"
