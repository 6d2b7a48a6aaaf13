package codec

// rewrite appends what frame f walks from index i as Avro's own encoder would write it: numbers as short as they can
// be, arrays and maps in one block without its size. The walk has passed there, so nothing is checked.
func (r *run) rewrite(f *frame, i int) int {
	for pc := 0; pc < len(f.code); pc++ {
		in := &f.code[pc]
		switch in.op {
		case opSkip:
			r.dst = append(r.dst, r.text[i:i+int(in.n)]...)
			i += int(in.n)
		case opBoolean:
			r.dst = append(r.dst, r.text[i])
			i++
		case opInt, opLong, opEnum:
			_, i = r.copyLong(i)
		case opBytes, opString:
			for range in.n {
				i = r.copySpan(i)
			}
		case opOptional:
			var k int64
			if k, i = r.copyLong(i); int32(k) == in.n {
				pc = int(in.to) - 1
			}
		case opUnion:
			var k int64
			k, i = r.copyLong(i)
			pc = int(r.targets[in.to][k]) - 1
		case opJump:
			pc = int(in.to) - 1
		case opArray, opMap:
			i = r.rewriteItems(in, i)
		case opCall:
			i = r.rewrite(r.frames[in.to], i)
		}
	}
	return i
}

func (r *run) copyLong(i int) (int64, int) {
	v, i := ReadLong(r.text, i)
	r.dst = AppendLong(r.dst, v)
	return v, i
}

func (r *run) copySpan(i int) int {
	from, to := readSpan(r.text, i)
	r.dst = append(AppendLong(r.dst, int64(to-from)), r.text[from:to]...)
	return to
}

func (r *run) rewriteItems(in *instr, i int) int {
	head := count{at: len(r.dst)}
	for {
		n, next, _ := readCount(r.text, i)
		i = next
		if head.n == 0 {
			r.dst = AppendLong(r.dst, int64(n))
			head.size = len(r.dst) - head.at
		}
		if n == 0 {
			break
		}
		head.n += n
		if in.n == 0 {
			continue
		}
		for range n {
			if in.op == opMap {
				i = r.copySpan(i)
			}
			i = r.rewrite(r.frames[in.to], i)
		}
	}
	if head.n > 0 {
		r.dst = append(r.dst, 0)
		r.dst = head.write(r.dst)
	}
	return i
}
