package rules

import (
	"cel.dev/cel-go/common/types"

	"github.com/avow-events/avow/avsc"
)

// What of an event is read follows from what expressions look at: a field that some expression names is read in every
// record of its type; where a value goes into a comparison, a list or a function as it is, all of it is. That is more
// than needed here and there and never too little.

// useField notes that an expression looks at a field of a value of that type.
func (in *inspector) useField(t *types.Type, name string) {
	for _, s := range in.recordsIn(t) {
		if f := s.byName[name]; f != nil {
			f.used = true
		}
	}
}

// use notes that an expression looks at all of a value of that type.
func (in *inspector) use(t *types.Type) {
	if t == nil {
		return
	}
	for _, p := range t.Parameters() {
		in.use(p)
	}
	for _, s := range in.recordsIn(t) {
		s.useWhole()
	}
}

// recordsIn returns the records that a value of type t can be: all of them where nothing is known about it.
func (in *inspector) recordsIn(t *types.Type) []*shape {
	switch {
	case t == nil:
	case t.Kind() == types.StructKind:
		if s := in.records[t.TypeName()]; s != nil {
			return []*shape{s}
		}
	case t.Kind() == types.DynKind:
		return in.order
	}
	return nil
}

func (s *shape) useWhole() {
	switch {
	case s.whole:
		return
	case s.Kind == avsc.Record:
		s.whole = true
	}
	for _, f := range s.fields {
		f.useWhole()
	}
	for _, b := range s.branches {
		b.useWhole()
	}
	if s.elem != nil {
		s.elem.useWhole()
	}
}
