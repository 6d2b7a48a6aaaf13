package judge_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/codec"
)

// TestRandomSchemas has Java write values of schemas that nobody thought of, and read them with a next version.
func TestRandomSchemas(t *testing.T) {
	const rounds, values = 3000, 4
	j := newJudge(t)
	var resolved, refused int
	for seed := range uint64(rounds) {
		writer, reader := schemas(seed)
		v := j.ask(t, asked{Schema: writer, Reader: reader, Count: values, Seed: seed})
		if v.Error != "" {
			t.Fatalf("seed %d: Java says %s\nwriter %s\nreader %s", seed, v.Error, writer, reader)
		}
		c := newCase(t, seed, writer, reader)
		c.schema(t, v)
		for _, value := range v.Values {
			c.value(t, value)
			if value.Refused == "" {
				resolved++
			} else {
				refused++
			}
		}
		if t.Failed() {
			t.Fatalf("stopped at seed %d:\nwriter %s\nreader %s", seed, writer, reader)
		}
	}
	t.Logf("%d values read as their next version, %d refused by Java", resolved, refused)
}

// one is a pair of schemas under judgement.
type one struct {
	seed           uint64
	writer, reader *avsc.Schema
	same           *codec.Plan // from writer to writer
	plan           *codec.Plan
	planErr        error
}

func newCase(t *testing.T, seed uint64, writer, reader string) one {
	t.Helper()
	c := one{seed: seed}
	for text, to := range map[string]**avsc.Schema{writer: &c.writer, reader: &c.reader} {
		s, err := avsc.Parse("random.avsc", []byte(text))
		if err != nil {
			t.Fatalf("seed %d: Java takes what we refuse: %v in\n%s", seed, err, text)
		}
		*to = s
	}
	if c.reader == nil { // writer and reader were one text
		c.reader = c.writer
	} else if c.writer == nil {
		c.writer = c.reader
	}
	var err error
	if c.same, err = codec.NewPlan(c.writer, c.writer); err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	c.plan, c.planErr = codec.NewPlan(c.writer, c.reader)
	return c
}

// schema compares text, canonical form and fingerprints.
func (c one) schema(t *testing.T, v verdict) {
	t.Helper()
	md5, sha := c.writer.MD5(), c.writer.SHA256()
	got := verdict{
		Text: c.writer.String(), Canonical: string(c.writer.Canonical()), CRC64: fmt.Sprintf("%016x", c.writer.Fingerprint()),
		MD5: md5[:], SHA256: sha[:],
	}
	v.Values = nil
	if diff := cmp.Diff(v, got); diff != "" {
		t.Errorf("seed %d: Java (-) and we (+):\n%s", c.seed, diff)
	}
}

// value compares what becomes of bytes that Java wrote.
func (c one) value(t *testing.T, v value) {
	t.Helper()
	if err := codec.Validate(c.writer, v.Bytes); err != nil {
		t.Errorf("seed %d: Java wrote %x, which we refuse: %v", c.seed, v.Bytes, err)
		return
	}
	c.blocks(t, v)
	c.json(t, v)
	c.resolve(t, v)
}

// blocks holds that blocks which say their size carry the same value, and that a value ends where the next begins.
func (c one) blocks(t *testing.T, v value) {
	t.Helper()
	if err := codec.Validate(c.writer, v.Blocked); err != nil {
		t.Errorf("seed %d: Java wrote %x, which we refuse: %v", c.seed, v.Blocked, err)
	}
	if got, err := c.same.Resolve([]byte("prefix"), v.Blocked); err != nil || string(got) != "prefix"+string(v.Bytes) {
		t.Errorf("seed %d: %x in blocks: %v\ngot  %x\nwant %x", c.seed, v.Blocked, err, got, v.Bytes)
	}
	two := slices.Concat(v.Blocked, v.Bytes)
	if got, rest, err := codec.Cut(c.writer, two); err != nil || !bytes.Equal(got, v.Blocked) || !bytes.Equal(rest, v.Bytes) {
		t.Errorf("seed %d: %x cut into %x and %x: %v", c.seed, two, got, rest, err)
	}
}

// json compares both forms of JSON. A root record without fields is left out: Java's JsonEncoder writes nothing for it.
func (c one) json(t *testing.T, v value) {
	t.Helper()
	if v.JSON == "" {
		return
	}
	text, err := codec.ToJSON(c.writer, v.Bytes, codec.AvroJSON())
	if err != nil || !sameJSON(t, text, []byte(v.JSON)) {
		t.Errorf("seed %d: %x as JSON: %v\nours %s\nJava %s", c.seed, v.Bytes, err, text, v.JSON)
	}
	back, err := codec.FromJSON(c.writer, []byte(v.JSON), codec.AvroJSON())
	if err != nil || !bytes.Equal(back, v.Bytes) {
		t.Errorf("seed %d: Java's JSON %s: %v\nours %x\nJava %x", c.seed, v.JSON, err, back, v.Bytes)
	}
	plain, err := codec.ToJSON(c.writer, v.Bytes)
	if err != nil {
		t.Errorf("seed %d: %x as plain JSON: %v", c.seed, v.Bytes, err)
	} else if back, err := codec.FromJSON(c.writer, plain); err != nil || !bytes.Equal(back, v.Bytes) {
		t.Errorf("seed %d: plain JSON %s: %v\ngot  %x\nwant %x", c.seed, plain, err, back, v.Bytes)
	}
}

// resolve compares what a value is to the next version, or that it is nothing to it.
func (c one) resolve(t *testing.T, v value) {
	t.Helper()
	// Avro 1.12.2 holds the bytes that the writer left against the least that an item of the reader's takes, and so refuses
	// an array of floats at the end of a message if they are read as doubles.
	if strings.Contains(v.Refused, "Collection claims") {
		return
	}
	err := c.planErr
	var resolved []byte
	if err == nil {
		resolved, err = c.plan.Resolve(nil, v.Bytes)
	}
	switch {
	case v.Refused != "" && err == nil:
		t.Errorf("seed %d: Java refuses %x (%s), which we resolve to %x", c.seed, v.Bytes, v.Refused, resolved)
	case v.Refused == "" && errors.Is(err, codec.ErrUTF8):
		// Bytes read as a string: Java never looks at them, and would write them as they came.
	case v.Refused == "" && err != nil:
		t.Errorf("seed %d: Java resolves %x to %x, which we refuse: %v", c.seed, v.Bytes, v.Resolved, err)
	case v.Refused == "" && !bytes.Equal(resolved, v.Resolved):
		t.Errorf("seed %d: %x resolved\nours %x\nJava %x", c.seed, v.Bytes, resolved, v.Resolved)
	}
}

// sameJSON compares values, not spelling: 1E10 and 10000000000 are one number.
func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(a, &x); err != nil {
		t.Errorf("%v in %s", err, a)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		t.Errorf("%v in %s", err, b)
	}
	return cmp.Equal(x, y)
}
