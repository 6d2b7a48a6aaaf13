package codec

// walker is one bounded walk over a message: it checks what it passes and builds nothing. It allocates only to say
// why and where it failed.
type walker struct {
	*program
	text string
	// depth counts the records of recursive types that are open, empty the items so far that took no bytes.
	depth, empty int
	// odd is set where the message could have been written shorter or plainer: a number with needless bytes, an
	// array or a map in several blocks or with its size. No limit is touched by that, but a copy of it would not be
	// what Avro's own encoder writes.
	odd bool

	// Where the walk failed: the offset at which the unreadable part begins, and its path.
	offset int
	path   string
}

// walk follows frame f from index i and returns the index behind it, or a Fail code.
func (w *walker) walk(f *frame, i int) int {
	text, code := w.text, f.code
	for pc := 0; pc < len(code); pc++ {
		in := &code[pc]
		at := i
		switch in.op {
		case opSkip:
			if int(in.n) > len(text)-i {
				return w.fail(f, pc, at, FailTruncated)
			}
			i += int(in.n)
		case opBoolean:
			if i >= len(text) {
				return w.fail(f, pc, at, FailTruncated)
			}
			if text[i] > 1 {
				return w.fail(f, pc, at, FailBoolean)
			}
			i++
		case opInt:
			if i < len(text) && text[i] < 0x80 {
				i++
				continue
			}
			if _, i = readInt(text, i); i < 0 {
				return w.fail(f, pc, at, i)
			}
			w.odd = w.odd || text[i-1] == 0
		case opLong:
			if i < len(text) && text[i] < 0x80 {
				i++
				continue
			}
			if _, i = readLong(text, i); i < 0 {
				return w.fail(f, pc, at, i)
			}
			w.odd = w.odd || text[i-1] == 0
		case opBytes, opString:
			for left := in.n; left > 0; left-- {
				from, to := i+1, 0
				if i < len(text) && text[i]&0x81 == 0 {
					to = from + int(text[i]>>1)
				}
				if to == 0 || to > len(text) {
					if from, to = w.span(i); to < 0 {
						return w.failIn(f, pc, in.n-left, i, to)
					}
				}
				if in.op == opString && !validUTF8(text[from:to]) {
					return w.failIn(f, pc, in.n-left, i, FailUTF8)
				}
				i = to
			}
		case opEnum:
			if _, i = w.index(i, int(in.n), FailSymbol); i < 0 {
				return w.fail(f, pc, at, i)
			}
		case opOptional:
			k := 0
			if i < len(text) && text[i]&^2 == 0 {
				k = int(text[i] >> 1)
				i++
			} else if k, i = w.index(i, 2, FailBranch); i < 0 {
				return w.fail(f, pc, at, i)
			}
			if k == int(in.n) {
				pc = int(in.to) - 1
			}
		case opUnion:
			var k int
			targets := w.targets[in.to]
			if k, i = w.index(i, len(targets), FailBranch); i < 0 {
				return w.fail(f, pc, at, i)
			}
			pc = int(targets[k]) - 1
		case opJump:
			pc = int(in.to) - 1
		case opArray:
			if i = w.array(f, pc, i); i < 0 {
				return i
			}
		case opMap:
			if i = w.entries(f, pc, i); i < 0 {
				return i
			}
		case opCall:
			w.depth += int(in.n)
			if w.depth > MaxDepth {
				return w.fail(f, pc, at, FailDepth)
			}
			if i = w.walk(w.frames[in.to], i); i < 0 {
				return w.within(f, pc, i, "")
			}
			w.depth -= int(in.n)
		}
	}
	return i
}

// array walks the blocks of an array.
func (w *walker) array(f *frame, pc, i int) int {
	in := &f.code[pc]
	body := w.frames[in.to]
	for item := 0; ; {
		at := i
		n, i2, end := w.count(i, int(in.n))
		if i = i2; i < 0 {
			return w.fail(f, pc, at, i)
		}
		if n == 0 {
			return i
		}
		w.odd = w.odd || item > 0
		if in.n == 0 {
			if w.empty += n; w.empty > MaxZeroSizeItems {
				return w.fail(f, pc, at, FailCount)
			}
			item += n
		} else {
			for range n {
				if i = w.walk(body, i); i < 0 {
					return w.within(f, pc, i, indexPath(item))
				}
				item++
			}
		}
		if end != 0 && i != end {
			return w.fail(f, pc, at, FailBlockSize)
		}
	}
}

// entries walks the blocks of a map.
func (w *walker) entries(f *frame, pc, i int) int {
	in := &f.code[pc]
	body := w.frames[in.to]
	for block := 0; ; block++ {
		at := i
		n, i2, end := w.count(i, int(in.n))
		if i = i2; i < 0 {
			return w.fail(f, pc, at, i)
		}
		if n == 0 {
			return i
		}
		w.odd = w.odd || block > 0
		for range n {
			from, to := w.span(i)
			if to < 0 {
				return w.fail(f, pc, i, to)
			}
			if !validUTF8(w.text[from:to]) {
				return w.fail(f, pc, i, FailUTF8)
			}
			if i = w.walk(body, to); i < 0 {
				return w.within(f, pc, i, keyPath(w.text[from:to]))
			}
		}
		if end != 0 && i != end {
			return w.fail(f, pc, at, FailBlockSize)
		}
	}
}

// count reads the head of a block whose items take at least least bytes each. end is where the block says that it
// ends, 0 where it does not say.
func (w *walker) count(i, least int) (n, next, end int) {
	if i < len(w.text) && w.text[i] == 0 {
		return 0, i + 1, 0
	}
	n, next, end = readCount(w.text, i)
	if next < 0 {
		return 0, next, 0
	}
	room := len(w.text) - next
	if end != 0 {
		room = end - next
	}
	if least > 0 && n > room/least {
		return 0, FailCount, 0
	}
	if end != 0 || !plain(w.text, i, next) {
		w.odd = true
	}
	return n, next, end
}

// span reads a length and returns where that many bytes begin and end.
func (w *walker) span(i int) (from, to int) {
	from, to = readSpan(w.text, i)
	if to >= 0 && !plain(w.text, i, from) {
		w.odd = true
	}
	return from, to
}

// index reads the index of a symbol or a branch.
func (w *walker) index(i, n, fail int) (k, next int) {
	if i < len(w.text) {
		if c := w.text[i]; c < 0x80 && c&1 == 0 && int(c>>1) < n {
			return int(c >> 1), i + 1
		}
	}
	if k, next = readIndex(w.text, i, n, fail); next >= 0 && !plain(w.text, i, next) {
		w.odd = true
	}
	return k, next
}
