package hamba_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	avro "github.com/hamba/avro/v2"
	"github.com/hamba/avro/v2/ocf"

	"github.com/avow-events/avow/codec"
	"github.com/avow-events/avow/codec/hamba"
	"github.com/avow-events/avow/internal/sample"
)

var compressions = []hamba.Compression{hamba.None, hamba.Deflate, hamba.Snappy, hamba.Zstandard}

const lineSchema = `{"type":"record","name":"shop.Line","fields":[{"name":"sku","type":"string"},{"name":"count","type":"int"}]}`

type line struct {
	SKU   string `avro:"sku"`
	Count int32  `avro:"count"`
}

// file returns a file of n lines.
func file(t testing.TB, n int, opts ...hamba.FileOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := hamba.NewFileWriter(&b, parsed(t, lineSchema), opts...)
	if err != nil {
		t.Fatal(err)
	}
	for k := range n {
		if err := w.Encode(line{fmt.Sprint("sku-", k), int32(k)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lines reads a file of lines.
func lines(r io.Reader, opts ...hamba.FileOption) (out []line, err error) {
	f, err := hamba.NewFileReader(r, opts...)
	if err != nil {
		return nil, err
	}
	for f.Next() {
		var l line
		if err := f.Decode(&l); err != nil {
			return out, err
		}
		out = append(out, l)
	}
	return out, f.Err()
}

func TestFile(t *testing.T) {
	for _, c := range compressions {
		t.Run(string(c), func(t *testing.T) {
			b := file(t, 1000, hamba.Compress(c), hamba.BlockSize(500), hamba.Meta("from", []byte("orders.v1")))
			f, err := hamba.NewFileReader(iotest.OneByteReader(bytes.NewReader(b)))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(f.Meta()["from"]); got != "orders.v1" {
				t.Errorf("header has from = %q", got)
			}
			if f.Schema().SelfContained() != parsed(t, lineSchema).SelfContained() {
				t.Errorf("header has schema %s", f.Schema().SelfContained())
			}
			n := 0
			for ; f.Next(); n++ {
				v, err := f.Value()
				if want := any(map[string]any{"sku": fmt.Sprint("sku-", n), "count": n}); err != nil || !cmp.Equal(v, want) {
					t.Fatalf("value %d is %v, %v", n, v, err)
				}
				if err := codec.Validate(f.Schema(), f.Bytes()); err != nil {
					t.Fatal(err)
				}
			}
			if n != 1000 || f.Err() != nil {
				t.Errorf("read %d values, %v", n, f.Err())
			}
		})
	}
}

// hamba's own files are read here, and ours there.
func TestFileAsHamba(t *testing.T) {
	for _, c := range compressions {
		var b bytes.Buffer
		enc, err := ocf.NewEncoder(lineSchema, &b, ocf.WithCodec(ocf.CodecName(c)), ocf.WithBlockLength(7),
			ocf.WithEncoderSchemaCache(&avro.SchemaCache{}))
		if err != nil {
			t.Fatal(err)
		}
		var want []line
		for k := range 100 {
			want = append(want, line{fmt.Sprint("sku-", k), int32(k)})
			if err := enc.Encode(want[k]); err != nil {
				t.Fatal(err)
			}
		}
		if err := enc.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := lines(&b); err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: read %d lines of hamba's, %v", c, len(got), err)
		}
		dec, err := ocf.NewDecoder(bytes.NewReader(file(t, 100, hamba.Compress(c))), ocf.WithDecoderSchemaCache(&avro.SchemaCache{}))
		if err != nil {
			t.Fatal(err)
		}
		var got []line
		for dec.HasNext() {
			var l line
			if err := dec.Decode(&l); err != nil {
				t.Fatal(err)
			}
			got = append(got, l)
		}
		if !cmp.Equal(got, want) || dec.Error() != nil {
			t.Errorf("%s: hamba reads %d lines of ours, %v", c, len(got), dec.Error())
		}
	}
}

// Every file that is cut short is an error, and none that is damaged makes more of its values than they were.
func TestDamagedFile(t *testing.T) {
	for _, c := range compressions {
		whole := file(t, 20, hamba.Compress(c), hamba.BlockSize(60))
		ends := 0 // between two blocks nothing is missing
		for n := range whole {
			got, err := lines(bytes.NewReader(whole[:n]))
			switch {
			case err == nil && ends <= 10:
				ends++
			case !errors.Is(err, hamba.ErrFile):
				t.Fatalf("%s: the first %d bytes give %d lines, %v", c, n, len(got), err)
			}
		}
		for at := range whole {
			bad := bytes.Clone(whole)
			bad[at] ^= 0x41
			if got, err := lines(bytes.NewReader(bad)); err == nil && len(got) > 20 {
				t.Fatalf("%s: damaged at byte %d it has %d lines", c, at, len(got))
			}
		}
	}
	_, err := lines(iotest.TimeoutReader(bytes.NewReader(file(t, 20_000, hamba.Compress(hamba.None)))))
	if !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("what the reader below says is lost: %v", err)
	}
}

// handmade returns a file with one block of so many values.
func handmade(compression, schema string, count int64, block []byte) []byte {
	b := append([]byte("Obj\x01"), 4)
	for _, entry := range []string{"avro.codec", compression, "avro.schema", schema} {
		b = append(codec.AppendLong(b, int64(len(entry))), entry...)
	}
	b = append(append(b, 0), make([]byte, 16)...)
	b = codec.AppendBytes(codec.AppendLong(b, count), block)
	return append(b, make([]byte, 16)...)
}

func TestHostileFile(t *testing.T) {
	header := func(b ...byte) []byte { return append([]byte("Obj\x01"), b...) }
	long := func(v int64) []byte { return codec.AppendLong(nil, v) }
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":                 {nil, `begins with`},
		"another format":        {[]byte("PK\x03\x04 and so on"), `begins with "PK\x03\x04"`},
		"no schema":             {append(header(0), make([]byte, 16)...), "no avro.schema"},
		"2^40 header entries":   {header(long(1 << 40)...), "claims 1099511627776 entries"},
		"a key of 2^40 bytes":   {header(append(long(1), long(1<<40)...)...), "1099511627776 bytes are announced"},
		"a schema that is none": {handmade("null", `{"type":"rekord"}`, 0, nil), "rekord"},
		"another compression":   {handmade("xz", `"long"`, 1, []byte{2}), `unknown compression "xz"`},
		"-1 values":             {handmade("null", `"long"`, -1, []byte{2}), "claims -1 values"},
		"2^40 values":           {handmade("null", `"long"`, 1<<40, []byte{2}), "1099511627775 values before its end"},
		"2^40 nulls":            {handmade("null", `"null"`, 1<<40, nil), "more than 65536 values without a byte"},
		"too few values":        {handmade("null", `"long"`, 1, []byte{2, 4}), "1 bytes are left over"},
		"no values":             {handmade("null", `"long"`, 0, []byte{2}), "a block of no values has 1 bytes"},
		"a block of 2^40 bytes": {append(handmade("null", `"long"`, 0, nil), append(long(1), long(1<<40)...)...),
			"1099511627776 bytes are announced, of at most 16777216"},
		"a snappy block of 4 GiB":  {handmade("snappy", `"bytes"`, 1, []byte("\xff\xff\xff\xff\x0f\x00\x00\x00\x00\x00")), "more bytes than MaxBlock"},
		"a value that kills hamba": {handmade("null", `{"type":"array","items":"long"}`, 1, append(long(1<<40), 2, 4)), "block count larger"},
		"a fixed of 2 GiB":         {handmade("null", `{"type":"array","items":{"type":"fixed","name":"F","size":2147483639}}`, 1, []byte{0}), "larger than the 1048576"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := hamba.NewFileReader(bytes.NewReader(c.file))
			if err == nil {
				for err == nil && f.Next() {
					_, err = f.Value()
				}
				if err == nil {
					err = f.Err()
				}
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// A few kilobytes that hold 64 MiB of zeros.
func TestBombs(t *testing.T) {
	zeros := codec.AppendBytes(nil, make([]byte, 64<<20))
	for _, c := range compressions[1:] {
		var b bytes.Buffer
		w, err := hamba.NewFileWriter(&b, parsed(t, `"bytes"`), hamba.Compress(c))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Append(zeros); err != nil {
			t.Fatal(err)
		}
		r, err := hamba.NewFileReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		if r.Next() || !errors.Is(r.Err(), hamba.ErrFile) {
			t.Errorf("%s: %v", c, r.Err())
		}
	}
}

func TestFileWriterRefuses(t *testing.T) {
	var b bytes.Buffer
	if _, err := hamba.NewFileWriter(&b, parsed(t, `"long"`), hamba.Compress("xz")); err == nil || b.Len() > 0 {
		t.Errorf("compresses with xz, %v, after %d bytes", err, b.Len())
	}
	if _, err := hamba.NewFileWriter(&b, parsed(t, `"long"`), hamba.Meta("avro.codec", nil)); err == nil {
		t.Error("takes a header entry of the format's own")
	}
	w, err := hamba.NewFileWriter(&b, parsed(t, `"long"`))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Append([]byte{0x80}); !errors.Is(err, codec.ErrTruncated) {
		t.Errorf("appends half a long: %v", err)
	}
	if err := w.Encode("x"); err == nil {
		t.Error("encodes a string as a long")
	}
	if err := w.Append([]byte{2}); err != nil {
		t.Error(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	full, _ := hamba.NewFileWriter(&failing{after: 100}, parsed(t, `"long"`))
	for range 3 {
		if full != nil {
			if full.Append([]byte{2}) == nil {
				_ = full.Flush() // the error that counts is Close's
			}
		}
	}
	if full == nil || full.Close() == nil {
		t.Error("a writer that fails is forgotten")
	}
}

// failing is a disk that is full after some bytes.
type failing struct{ after int }

func (f *failing) Write(b []byte) (int, error) {
	if f.after -= len(b); f.after < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// FuzzFile: no file costs more than it has, and what it yields is valid.
func FuzzFile(f *testing.F) {
	for _, c := range compressions {
		f.Add(file(f, 20, hamba.Compress(c), hamba.BlockSize(60)))
	}
	for _, c := range sample.Hostile() {
		if len(c.Bytes) < 1000 {
			f.Add(handmade("null", c.Schema, 1, c.Bytes))
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := hamba.NewFileReader(bytes.NewReader(b), hamba.MaxBlock(1<<16))
		if err != nil {
			return
		}
		for n := 0; r.Next() && n < 1000; n++ {
			if err := codec.Validate(r.Schema(), r.Bytes()); err != nil {
				t.Fatalf("yields %x: %v", r.Bytes(), err)
			}
			if _, err := r.Value(); err != nil {
				return // a schema that hamba cannot be trusted with
			}
		}
	})
}
