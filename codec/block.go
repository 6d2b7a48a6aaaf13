package codec

import "unsafe"

// ReadBlock returns how many array items or map entries are to be read next, 0 after the last one and on a failure.
//
// left and end are what came of the call before, 0 at first: while items are left it returns them, otherwise it reads
// the count before the next block. min is the least number of bytes that an item takes, at least 1: no more items are
// announced than the rest of text can hold. A block that gives its size in bytes must end there.
func ReadBlock(text string, i, left, end, min int) (n, next, newEnd int) {
	switch {
	case i < 0:
		return 0, i, 0
	case left > 0:
		return left, i, end
	case end != 0 && end != i:
		return 0, FailBlockSize, 0
	}
	n, i, end = readCount(text, i)
	room := len(text) - i
	if end != 0 {
		room = end - i
	}
	if i >= 0 && n > room/min {
		return 0, FailCount, 0
	}
	return n, i, end
}

// readCount reads the count of a block and, where that is negative, the block's size, which gives its end.
func readCount(text string, i int) (n, next, end int) {
	count, i := ReadLong(text, i)
	if count >= 0 {
		return clampCount(count), i, 0
	}
	size, i := ReadLong(text, i)
	switch {
	case i < 0:
		return 0, i, 0
	case -count < 0: // the smallest int64 has no positive counterpart
		return 0, FailCount, 0
	case size < 0 || size > int64(len(text)-i):
		return 0, FailBlockSize, 0
	}
	return clampCount(-count), i, i + int(size)
}

// clampCount makes an int of a count, so that one beyond an int is still larger than anything that can follow.
func clampCount(n int64) int {
	const most = int64(^uint(0) >> 1)
	return int(min(n, most))
}

// ReadEmptyItems reads an array whose items take no bytes: there is nothing to read but how many there are. The whole
// message may hold [MaxZeroSizeItems] of them.
func ReadEmptyItems[T any](text string, i int, s *State) ([]T, int) {
	n, i := readEmptyItems(text, i, s)
	return make([]T, n), i
}

func readEmptyItems(text string, i int, s *State) (n, next int) {
	for {
		count, at, end := readCount(text, i)
		switch {
		case at < 0:
			return 0, at
		case count == 0:
			return n, at
		case end != 0 && end != at:
			return 0, FailBlockSize
		case count > MaxZeroSizeItems-s.zeroItems:
			return 0, FailCount
		}
		s.zeroItems += count
		n, i = n+count, at
	}
}

// Grow lengthens items by zero items for some of the n that are announced, and returns the index of the first of them
// and how many are still announced. It believes an announcement up to a fixed number of bytes; beyond that items make
// room for three times as many.
func Grow[T any](items []T, n int) (grown []T, from, left int) {
	var item T
	from = len(items)
	n, left = believe(n, max(3*from, maxFirstAlloc/int(max(unsafe.Sizeof(item), 1))))
	grown = make([]T, from+n)
	copy(grown, items)
	return grown, from, left
}

func believe(n, most int) (now, left int) {
	now = max(min(n, most), min(n, 1))
	return now, n - now
}

// MakeMap makes a map with room for the n entries that a block announces, as far as Grow would believe it. A map that
// is there already is returned as it is.
func MakeMap[V any](m map[string]V, n int) map[string]V {
	if m != nil {
		return m
	}
	var item V
	n, _ = believe(n, maxFirstAlloc/(2*int(unsafe.Sizeof(item))+32))
	return make(map[string]V, n)
}
