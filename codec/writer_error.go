package codec

import (
	"errors"

	"github.com/avow-events/avow/avsc"
)

// failure returns the failure as an [*Error]. The message begins at index from of the buffer; what was written of it
// before the failure leads to the value that was to come next, whose path that is. A nil schema has none.
func (w *Writer) failure(from int, s *Schema) error {
	e := &Error{Offset: -1, Err: w.err}
	if s != nil {
		root := s.Parsed().Root
		f := pathFinder{cursor: cursor{text: View(w.buf[from:w.at])}, extents: measure(root), failed: w}
		e.Path, _ = f.find(root)
	}
	return e
}

// pathFinder follows the beginning of a message to its end.
type pathFinder struct {
	cursor
	*extents
	failed *Writer
	depth  int
}

func (f *pathFinder) atEnd() bool { return f.i == len(f.text) }

// find reports whether the message ends where a value of type t begins, or inside it, and at which path from there.
func (f *pathFinder) find(t *avsc.Type) (path string, found bool) {
	switch t.Kind {
	case avsc.Record:
		return f.record(t)
	case avsc.Array, avsc.Map:
		return f.items(t)
	}
	switch {
	case f.least[t] == 0:
		return "", false
	case f.atEnd():
		return "", true
	case t.Kind == avsc.Union:
		return f.find(t.Branches[f.long()])
	}
	f.skip(t)
	return "", false
}

func (f *pathFinder) record(t *avsc.Type) (path string, found bool) {
	if f.recursive[t] {
		if f.depth++; f.depth > MaxDepth {
			return "", true
		}
	}
	for _, field := range t.Fields {
		if f.failed.isNil && f.atEnd() && holds(field.Type, t, map[*avsc.Type]bool{}) {
			return field.Name, true
		}
		if path, found = f.find(field.Type); found {
			return joinPath(field.Name, path), true
		}
	}
	if f.recursive[t] {
		f.depth--
	}
	return "", false
}

// holds reports whether a record has a record somewhere among its fields, itself or through unions. Only such a one
// stands behind a pointer that can be nil.
func holds(outer, inner *avsc.Type, seen map[*avsc.Type]bool) bool {
	if outer == inner {
		return true
	}
	if seen[outer] || outer.Kind != avsc.Record && outer.Kind != avsc.Union {
		return false
	}
	seen[outer] = true
	for _, part := range parts(outer) {
		if holds(part, inner, seen) {
			return true
		}
	}
	return false
}

func (f *pathFinder) items(t *avsc.Type) (path string, found bool) {
	item := 0
	for !f.atEnd() {
		n := f.block()
		if n == 0 {
			return "", false
		}
		if f.least[t.Elem] == 0 && t.Kind == avsc.Array {
			continue
		}
		for range n {
			place := indexPath(item)
			if t.Kind == avsc.Map {
				if f.atEnd() {
					return f.unwrittenKey(), true
				}
				place = keyPath(f.span())
			}
			if path, found = f.find(t.Elem); found {
				return joinPath(place, path), true
			}
			item++
		}
	}
	return "", true
}

// unwrittenKey returns the path of a map's entry of which not even the key was written.
func (f *pathFinder) unwrittenKey() string {
	if !errors.Is(f.failed.err, ErrUTF8) {
		return ""
	}
	return keyPath(f.failed.key)
}

// skip passes over a value without parts.
func (f *pathFinder) skip(t *avsc.Type) {
	switch t.Kind {
	case avsc.Boolean:
		f.i++
	case avsc.Int, avsc.Long, avsc.Enum:
		f.long()
	case avsc.Float:
		f.i += 4
	case avsc.Double:
		f.i += 8
	case avsc.Fixed:
		f.i += t.Size
	case avsc.Bytes, avsc.String:
		f.span()
	}
}
