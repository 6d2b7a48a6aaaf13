package codec

import "errors"

// Key is the key of a map entry as a part of a path, see [At].
type Key string

// At puts the place of a value before the path of what went wrong with it. A part of the path is a field's name, an
// item's index (int) or an entry's Key.
func At(err error, path ...any) error {
	e := &Error{Offset: -1, Err: err}
	if inner := (*Error)(nil); errors.As(err, &inner) {
		e = &Error{Path: inner.Path, Offset: inner.Offset, Err: inner.Err}
	}
	outer := ""
	for _, part := range path {
		switch part := part.(type) {
		case string:
			outer = joinPath(outer, part)
		case int:
			outer += indexPath(part)
		case Key:
			outer += keyPath(string(part))
		}
	}
	e.Path = joinPath(outer, e.Path)
	return e
}
