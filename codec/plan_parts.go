package codec

import "github.com/avow-events/avow/avsc"

// position returns the place in the result that what stands at i of the message will have.
func (r *run) position(i int) int { return len(r.dst) + i - r.start }

// put appends bytes of the reader's own, and reports whether the message was not given too many of them.
func (r *run) put(b []byte) bool {
	r.dst = append(r.dst, b...)
	r.defaults -= len(b)
	return r.defaults >= 0
}

// replace puts a number for what stands in the message between two indexes.
func (r *run) replace(from, to int, v int64) {
	r.flush(from)
	r.dst = AppendLong(r.dst, v)
	r.start = to
}

// plain reports whether the number between two indexes has no needless bytes.
func plain(text string, from, to int) bool { return to-from == 1 || text[to-1] != 0 }

// conversions are the promotions that change bytes.
var conversions = map[promotion]int32{
	{avsc.Int, avsc.Float}:    intToFloat,
	{avsc.Int, avsc.Double}:   intToDouble,
	{avsc.Long, avsc.Float}:   longToFloat,
	{avsc.Long, avsc.Double}:  longToDouble,
	{avsc.Float, avsc.Double}: floatToDouble,
}

const (
	intToFloat = iota
	intToDouble
	longToFloat
	longToDouble
	floatToDouble
)

// number reads a number and appends what it is promoted to.
func (r *run) number(conversion int32, i int) int {
	var whole int64
	switch conversion {
	case intToFloat, intToDouble:
		var v int32
		v, i = ReadInt(r.text, i)
		whole = int64(v)
	case longToFloat, longToDouble:
		whole, i = ReadLong(r.text, i)
	case floatToDouble:
		v, next := ReadFloat(r.text, i)
		if next > 0 {
			r.dst = AppendDouble(r.dst, float64(v))
		}
		return next
	}
	if i < 0 {
		return i
	}
	if conversion == intToFloat || conversion == longToFloat {
		r.dst = AppendFloat(r.dst, float32(whole))
	} else {
		r.dst = AppendDouble(r.dst, float64(whole))
	}
	return i
}

// items resolves the blocks of an array or a map, into one block.
func (r *run) items(f *stepFrame, pc, i int) int {
	s := &f.steps[pc]
	body := r.steps[s.to]
	var head count
	for item := 0; ; {
		at := i
		n, next, end := r.count(i, int(s.n))
		if next < 0 {
			return r.failAt(f, pc, at, next)
		}
		i = next
		if n == 0 {
			if !plain(r.text, at, i) {
				r.replace(at, i, 0)
			}
			break
		}
		if s.n == 0 {
			if r.empty += n; r.empty > MaxZeroSizeItems {
				return r.failAt(f, pc, at, FailCount)
			}
		}
		switch {
		case head.n > 0:
			r.flush(at)
			r.start = i
		case end != 0 || !plain(r.text, at, i):
			head.at = r.position(at)
			r.replace(at, i, int64(n))
		default:
			head.at = r.position(at)
		}
		if head.n == 0 {
			head.size = r.position(i) - head.at
		}
		head.n += n
		for range n {
			place := ""
			if s.op == stepMap {
				from, to := r.key(i)
				if to < 0 {
					return r.failAt(f, pc, i, to)
				}
				i, place = to, r.text[from:to]
			}
			if i = r.resolve(body, i); i < 0 {
				if s.op == stepMap {
					return r.inside(f, pc, i, keyPath(place))
				}
				return r.inside(f, pc, i, indexPath(item))
			}
			item++
		}
		if end != 0 && i != end {
			return r.failAt(f, pc, at, FailBlockSize)
		}
	}
	if head.n > 0 {
		r.flush(i)
		r.dst = head.write(r.dst)
	}
	return i
}

// key reads the key of a map's entry and returns where it begins and ends.
func (r *run) key(i int) (from, to int) {
	from, to = r.span(i)
	switch {
	case to < 0:
	case !validUTF8(r.text[from:to]):
		return FailUTF8, FailUTF8
	case !plain(r.text, i, from):
		r.replace(i, from, int64(to-from))
	}
	return from, to
}

// count is the number of items before an array's or a map's only block, which is known only after the last one.
type count struct {
	n        int
	at, size int // where it stands in the result, and how many bytes it takes there
}

// write puts the count where it belongs.
func (c count) write(dst []byte) []byte {
	var buf [10]byte
	b := AppendLong(buf[:0], int64(c.n))
	if grow := len(b) - c.size; grow > 0 {
		dst = append(dst, b[:grow]...)
		copy(dst[c.at+len(b):], dst[c.at+c.size:])
	}
	copy(dst[c.at:], b)
	return dst
}

// reorder puts the parts of a record, which end the result, into the reader's order. n marks were set around them.
func (r *run) reorder(pieces []piece, n int) bool {
	marks := r.marks[len(r.marks)-n:]
	end := len(r.dst)
	fits := true
	for _, p := range pieces {
		if p.put != nil {
			fits = r.put(p.put) && fits
			continue
		}
		r.dst = append(r.dst, r.dst[marks[p.from]:marks[p.to]]...)
	}
	r.dst = r.dst[:marks[0]+copy(r.dst[marks[0]:], r.dst[end:])]
	r.marks = r.marks[:len(r.marks)-n]
	return fits
}
