package rules

import (
	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// skip passes over a value that no rule looks at.
func (r *reader) skip(s *shape) {
	switch s.Kind {
	case avsc.Boolean:
		r.next(1)
	case avsc.Int, avsc.Long, avsc.Enum:
		r.long()
	case avsc.Float:
		r.next(4)
	case avsc.Double:
		r.next(8)
	case avsc.String, avsc.Bytes:
		r.string()
	case avsc.Fixed:
		r.next(s.Size)
	case avsc.Record:
		for _, f := range s.fields {
			r.skip(f.shape)
		}
	case avsc.Array, avsc.Map:
		r.skipItems(s)
	case avsc.Union:
		k, i := codec.ReadBranch(r.text, r.i, len(s.branches))
		if r.i = i; i >= 0 {
			r.skip(s.branches[k])
		}
	}
}

func (r *reader) skipItems(s *shape) {
	for {
		n := r.long()
		switch {
		case n == 0 || r.i < 0:
			return
		case n < 0: // the size of the block follows
			r.string()
			continue
		}
		for ; n > 0 && r.i >= 0; n-- {
			if s.Kind == avsc.Map {
				r.string()
			}
			r.skip(s.elem)
		}
	}
}
