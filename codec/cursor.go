package codec

// cursor reads a message that the bounded walk has passed, so that nothing needs to be checked again.
type cursor struct {
	text string
	i    int
}

func (c *cursor) long() int64 {
	v, i := ReadLong(c.text, c.i)
	c.i = i
	return v
}

// span returns the content of a string or bytes.
func (c *cursor) span() string {
	from, to := readSpan(c.text, c.i)
	c.i = to
	return c.text[from:to]
}

func (c *cursor) fixed(n int) string {
	t := c.text[c.i : c.i+n]
	c.i += n
	return t
}

// block reads the head of a block of items, 0 after the last one.
func (c *cursor) block() int {
	n, i, _ := readCount(c.text, c.i)
	c.i = i
	return n
}
