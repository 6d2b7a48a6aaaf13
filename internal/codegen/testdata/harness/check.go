// Package check holds generated types to what they promise. The tests of internal/codegen copy it into a module that
// they generate, and build it there: it takes no part in this module.
package check

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"sync"
	"time"

	"github.com/avow-events/avow/codec"
)

// Value is a generated type, by its pointer.
type Value interface {
	codec.Message
	SizeAvro() int
	ReadAvro(text string, i int, s *codec.State) int
}

// Type makes values of a generated type, and decodes into them in the ways that need to know the type.
type Type struct {
	New               func() Value
	Constructed       func() Value // by its constructor, nil where it has none
	Copying, Aliasing func(src []byte, v Value) error
	// Resolve decodes what was written by the schema of the type itself, ResolveFrom what another schema wrote.
	Resolve     func(src []byte, v Value) error
	ResolveFrom func(writer string, src []byte, v Value) error
}

// Of describes the type T.
func Of[T any, P interface {
	codec.Generated[T]
	SizeAvro() int
}]() Type {
	resolver := sync.OnceValues(func() (*codec.Resolver[T], error) {
		return codec.NewResolver[T, P](P(new(T)).AvroSchema().String())
	})
	return Type{
		New:      func() Value { return P(new(T)) },
		Copying:  func(src []byte, v Value) error { return codec.DecodeCopying[T, P](src, v.(P)) },
		Aliasing: func(src []byte, v Value) error { return codec.DecodeAliasingInputThatNeverChanges[T, P](src, v.(P)) },
		Resolve: func(src []byte, v Value) error {
			r, err := resolver()
			if err != nil {
				return err
			}
			return r.Decode(src, (*T)(v.(P)))
		},
		ResolveFrom: func(writer string, src []byte, v Value) error {
			r, err := codec.NewResolver[T, P](writer)
			if err != nil {
				return err
			}
			return r.Decode(src, (*T)(v.(P)))
		},
	}
}

// By adds a constructor.
func (t Type) By(construct func() Value) Type {
	t.Constructed = construct
	return t
}

// Case is a line of the input.
type Case struct {
	Type string // a key of the map of types
	Name string
	// Hostile bytes must be refused, quickly and cheaply; all others are values.
	Hostile bool
	Bytes   []byte
	// Blocked is the same value in blocks that say their size, if it has any.
	Blocked []byte
	// Writer is the schema that wrote Bytes, if that is another one. Resolved is then what they are in the schema of the
	// type; Fails says why they are nothing there.
	Writer   string
	Resolved []byte
	Fails    string
	// Defaults is what the constructor sets, in binary, if the type has one whose zero values are all valid.
	Defaults []byte
}

// Main checks the cases on standard input and prints what is wrong; the exit code says whether something is. Hostile cases
// come last: the process then dies if it asks for much more memory than it has.
func Main(types map[string]Type) {
	var last []func() error
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	bad, n := 0, 0
	for in.Scan() {
		var c Case
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		t, ok := types[c.Type]
		if !ok {
			fmt.Println("no type", c.Type)
			os.Exit(1)
		}
		n++
		check := value
		switch {
		case c.Hostile:
			last = append(last, func() error { return located(hostile(t, c), c) })
			continue
		case c.Writer != "":
			check = resolved
		}
		if err := located(check(t, c), c); err != nil {
			fmt.Println(err)
			bad++
		}
	}
	if err := in.Err(); err != nil && err != io.EOF {
		fmt.Println(err)
		os.Exit(1)
	}
	limitMemory(mostMemory + 128<<20) // the heap grows by 64 MiB at once
	for _, check := range last {
		if err := check(); err != nil {
			fmt.Println(err)
			bad++
		}
	}
	fmt.Fprintf(os.Stderr, "%d cases, %d bad\n", n, bad)
	if bad > 0 {
		os.Exit(1)
	}
}

func located(err error, c Case) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%.300s, %s, %x: %w", c.Type, c.Name, c.Bytes[:min(len(c.Bytes), 200)], err)
}

// value checks that bytes are carried by every way there is, and that no damage to them does harm.
func value(t Type, c Case) error {
	if c.Defaults != nil {
		v := t.Constructed()
		b, err := v.AppendAvro(nil)
		if err != nil {
			return fmt.Errorf("defaults: %w", err)
		}
		if !bytes.Equal(b, c.Defaults) {
			return fmt.Errorf("defaults are %x instead of %x", b, c.Defaults)
		}
		return nil
	}
	used := t.New()
	if err := schema(used.AvroSchema()); err != nil {
		return err
	}
	decoded := t.New()
	for _, way := range []struct {
		name   string
		v      Value
		src    []byte
		decode func([]byte, Value) error
	}{
		{"DecodeAvro", decoded, c.Bytes, func(b []byte, v Value) error { return v.DecodeAvro(b) }},
		{"DecodeAvro into a used value", used, c.Bytes, func(b []byte, v Value) error {
			if err := v.DecodeAvro(b); err != nil {
				return err
			}
			return v.DecodeAvro(b)
		}},
		{"DecodeAvro behind a prefix", used, append([]byte("\xff\xffprefix"), c.Bytes...)[8:], func(b []byte, v Value) error { return v.DecodeAvro(b) }},
		{"DecodeAvro of sized blocks", used, c.Blocked, func(b []byte, v Value) error { return v.DecodeAvro(b) }},
		{"DecodeCopying", used, c.Bytes, t.Copying},
		{"DecodeAliasing", used, bytes.Clone(c.Bytes), t.Aliasing},
		{"Resolver", used, c.Bytes, t.Resolve},
	} {
		if way.src == nil {
			continue
		}
		if err := way.decode(way.src, way.v); err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		if err := same(way.v, c.Bytes); err != nil {
			return fmt.Errorf("after %s: %w", way.name, err)
		}
	}
	if err := throughJSON(t, decoded, c.Bytes); err != nil {
		return err
	}
	return damaged(t, c.Bytes)
}

// schema checks that the constants of a schema are what its text says.
func schema(s *codec.Schema) error {
	p := s.Parsed()
	if s.String() != p.SelfContained() || s.FullName() != p.Root.FullName() {
		return fmt.Errorf("schema %s is %s, %s", s, p.Root.FullName(), p.SelfContained())
	}
	if !bytes.Equal(s.Canonical(), p.Canonical()) || s.Fingerprint() != p.Fingerprint() || s.MD5() != p.MD5() || s.SHA256() != p.SHA256() {
		return fmt.Errorf("canonical form %s with fingerprints %x, %x, %x is %s with %x, %x, %x", s.Canonical(), s.Fingerprint(),
			s.MD5(), s.SHA256(), p.Canonical(), p.Fingerprint(), p.MD5(), p.SHA256())
	}
	return nil
}

// resolved checks that what another schema wrote becomes the value that Resolved holds, or fails as Fails says. Only typed
// code refuses what is outside of a logical type.
func resolved(t Type, c Case) error {
	v, want := t.New(), t.New()
	err := t.ResolveFrom(c.Writer, c.Bytes, v)
	switch {
	case errors.Is(err, codec.ErrLogical):
		return nil
	case err != nil && err.Error() == c.Fails:
		return nil
	case err != nil || c.Fails != "":
		return fmt.Errorf("resolved: %v, want %q", err, c.Fails)
	}
	if err := want.DecodeAvro(c.Resolved); err != nil {
		return fmt.Errorf("what it should be: %w", err)
	}
	b, err := want.AppendAvro(nil)
	if err != nil {
		return err
	}
	return same(v, b)
}

// same reports why v does not encode to the bytes.
func same(v Value, want []byte) error {
	const prefix = "prefix"
	b, err := v.AppendAvro([]byte(prefix))
	switch {
	case err != nil:
		return fmt.Errorf("AppendAvro: %w", err)
	case !bytes.HasPrefix(b, []byte(prefix)):
		return errors.New("AppendAvro changed what stood before")
	case !bytes.Equal(b[len(prefix):], want):
		return fmt.Errorf("AppendAvro gives %x", b[len(prefix):])
	case v.SizeAvro() != len(want):
		return fmt.Errorf("SizeAvro is %d instead of %d", v.SizeAvro(), len(want))
	}
	exact := make([]byte, 0, len(want))
	if b, err = v.AppendAvro(exact); err != nil || len(b) > 0 && &b[0] != &exact[:1][0] {
		return errors.New("AppendAvro grows a buffer of the exact size")
	}
	return nil
}

func throughJSON(t Type, v Value, want []byte) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("to JSON: %w", err)
	}
	w := t.New()
	if err := json.Unmarshal(text, w); err != nil {
		return fmt.Errorf("from JSON %s: %w", text, err)
	}
	if err := same(w, want); err != nil {
		return fmt.Errorf("through JSON %s: %w", text, err)
	}
	return nil
}

// damaged cuts the bytes at about a hundred places, all if there are fewer, and changes them there: what comes of it is
// an error with a place and a zero value, or a value that encodes.
func damaged(t Type, src []byte) error {
	v := t.New()
	zero := reflect.New(reflect.TypeOf(v).Elem()).Interface()
	try := func(b []byte) error {
		err := v.DecodeAvro(b)
		if err == nil {
			out, err := v.AppendAvro(nil)
			if err != nil {
				return fmt.Errorf("%x decodes but does not encode: %w", b, err)
			}
			if v.SizeAvro() != len(out) {
				return fmt.Errorf("%x has size %d instead of %d", b, v.SizeAvro(), len(out))
			}
			return codec.Validate(v.AvroSchema().Parsed(), b)
		}
		var e *codec.Error
		if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(b) {
			return fmt.Errorf("%x: not an error with a place: %#v", b, err)
		}
		if !reflect.DeepEqual(v, zero) {
			return fmt.Errorf("%x: not zero after an error: %+v", b, v)
		}
		if codec.Validate(v.AvroSchema().Parsed(), b) == nil && !errors.Is(err, codec.ErrLogical) {
			return fmt.Errorf("%x: Validate passes what is refused: %w", b, err)
		}
		return nil
	}
	for k := 0; k < len(src); k += 1 + len(src)/100 {
		if err := try(src[:k]); err != nil {
			return err
		}
		b := bytes.Clone(src)
		for _, flip := range []byte{0x01, 0x02, 0x80, 0xff} {
			b[k] = src[k] ^ flip
			if err := try(b); err != nil {
				return err
			}
		}
	}
	if v.DecodeAvro(append(bytes.Clone(src), 0)) == nil {
		return errors.New("a trailing byte is accepted")
	}
	return nil
}

const (
	mostMemory = 64 << 20
	mostTime   = 50 * time.Millisecond
)

// hostile checks that every way refuses the bytes in little time and memory. Those that another schema wrote are resolved.
func hostile(t Type, c Case) error {
	ways := map[string]func([]byte, Value) error{
		"DecodeAvro":     func(b []byte, v Value) error { return v.DecodeAvro(b) },
		"DecodeCopying":  t.Copying,
		"DecodeAliasing": t.Aliasing,
		"Resolver":       t.Resolve,
	}
	if c.Writer != "" {
		ways = map[string]func([]byte, Value) error{
			"ResolveFrom": func(b []byte, v Value) error { return t.ResolveFrom(c.Writer, b, v) },
		}
	}
	v := t.New()
	for name, decode := range ways {
		took, memory, err := cost(func() error { return decode(c.Bytes, v) })
		for again := 0; took > mostTime && again < 3; again++ { // a machine with neighbours may be slow once
			took, _, _ = cost(func() error { return decode(c.Bytes, v) })
		}
		switch {
		case err == nil:
			return fmt.Errorf("%s accepts it", name)
		case took > mostTime:
			return fmt.Errorf("%s takes %s", name, took)
		case memory > mostMemory:
			return fmt.Errorf("%s allocates %d MiB", name, memory>>20)
		}
	}
	return nil
}

// cost returns what a call takes of processor time and of memory, and its error.
func cost(call func() error) (took time.Duration, memory uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := cpuTime()
	err = call()
	took = cpuTime() - start
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc, err
}
