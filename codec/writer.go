package codec

import "slices"

// Writer is the buffer into which generated code writes one message, and what went wrong with it.
//
// The Put functions write one value each at index i of the buffer and return the index after it. They never make the
// buffer longer. Where it ends they write no more and go on counting, so that no field looks for room in a way that
// costs: a message that did not fit is written a second time, into a buffer of the length that the first time has
// found. A value that does not fit its schema is noted with its index, and what is written from there on does not
// matter: the path of the value is found afterwards, from the bytes before it.
type Writer struct {
	buf []byte
	// depth counts the records of recursive types that are open.
	depth int

	// The first failure, the index at which its value would begin, and what more its path needs.
	err   error
	at    int
	key   string // the string that is not UTF-8
	isNil bool   // the value is a record behind a nil pointer, which a schema cannot see
}

// NewWriter returns a Writer that writes behind dst, up to its capacity.
func NewWriter(dst []byte) Writer { return Writer{buf: dst[:cap(dst)]} }

// Short reports whether a message that ends at index i did not fit. The buffer is then long enough to write it again.
func (w *Writer) Short(i int) bool {
	return i > len(w.buf) && w.grow(i)
}

func (w *Writer) grow(n int) bool {
	b := slices.Grow(w.buf, n-len(w.buf))
	*w = Writer{buf: b[:cap(b)]}
	return true
}

// Done returns dst with the message behind it, which ends at index i, or dst and why the message cannot be written.
func (w *Writer) Done(dst []byte, i int, s *Schema) ([]byte, error) {
	if w.err != nil {
		return dst, w.failure(len(dst), s)
	}
	return w.buf[:i], nil
}

// Enter counts a record of a recursive type that begins. It reports whether there is any use in writing it: not where
// records nest deeper than MaxDepth, nor after a failure.
func (w *Writer) Enter(i int) bool {
	if w.depth++; w.depth > MaxDepth {
		w.fail(i, ErrDepth)
	}
	return w.err == nil
}

// Leave takes back what Enter counted.
func (w *Writer) Leave() { w.depth-- }

// Unset notes that a union has no branch at index i.
func (w *Writer) Unset(i int) int { return w.fail(i, ErrUnset) }

// Nil notes that a record that must be there is not, at index i.
func (w *Writer) Nil(i int) int {
	w.isNil = w.isNil || w.err == nil
	return w.fail(i, ErrUnset)
}

func (w *Writer) fail(i int, err error) int {
	if w.err == nil {
		w.err, w.at = err, i
	}
	return i
}

// room returns the buffer from index i on as a slice to append to. What is appended is where it should be if it fits.
func (w *Writer) room(i int) []byte {
	if i > len(w.buf) {
		return nil
	}
	return w.buf[i:i]
}

// appended returns the index behind b, which was appended to the room at i, or notes why it could not be.
func (w *Writer) appended(i int, b []byte, err error) int {
	if err != nil {
		return w.fail(i, err)
	}
	return i + len(b)
}
