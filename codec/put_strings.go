package codec

import "math/bits"

// PutStrings writes a map of strings, in no particular order.
//
// To range over a map of four takes 50 ns, a third of an order of 300 bytes and as much as ten of its strings: the
// runtime makes an iterator, draws a random number and looks for the next entry in one call each. The entries of a map
// that never had more than eight stand in one block of memory, which smallMapOf finds where it knows how.
func (w *Writer) PutStrings(i int, m map[string]string) int {
	if len(m) == 0 {
		return w.PutEnd(i)
	}
	i = w.PutCount(i, len(m))
	small, full := smallMapOf(m)
	if full == 0 {
		for key, item := range m {
			i = w.PutString(i, key)
			i = w.PutString(i, item)
		}
	}
	for ; full != 0; full &= full - 1 {
		slot := &small.slots[bits.TrailingZeros64(full)/8]
		i = w.PutString(i, slot.key)
		i = w.PutString(i, slot.item)
	}
	return w.PutEnd(i)
}

// smallMap is how the runtime lays out the entries of a small map: a byte for each slot says whether it is full.
type smallMap struct {
	control uint64
	slots   [8]struct{ key, item string }
}
