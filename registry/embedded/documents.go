package embedded

import (
	"fmt"
	"strings"
	"sync"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// documents remembers what texts were parsed as and how they compared, because clients ask about the same few schemas
// again and again. It holds two generations: what nobody asked for during a whole one is forgotten. Several goroutines
// may use it.
type documents struct {
	mu       sync.Mutex
	now, old generation
}

type generation struct {
	schemas  map[documentKey]*avsc.Schema
	verdicts map[verdictKey]*compat.Result
	bytes    int // of the texts
}

const (
	// maxTexts is how much text a generation holds, in bytes. What is parsed takes some 20 times that in memory.
	maxTexts = 2 << 20
	// leastText is what the shortest text counts.
	leastText = 256
)

type documentKey struct {
	text  string
	refs  string // everything that was referred to
	asNew bool
}

// verdictKey names two schemas that were compared, as parse returned them. The number of the old one is in the messages.
type verdictKey struct {
	level     compat.Level
	next, old *avsc.Schema
	number    int
}

// parse reads a text; refs are the texts of what it refers to, each after what that refers to itself.
func (d *documents) parse(text string, refs []string, asNew bool) (*avsc.Schema, error) {
	key := documentKey{text, joinTexts(refs), asNew}
	if s := d.get(key); s != nil {
		return s, nil
	}
	given := make([]*avsc.Schema, len(refs))
	for i, ref := range refs {
		var err error
		if given[i], err = d.parse(ref, refs[:i], asNew); err != nil {
			return nil, err
		}
	}
	opts := []avsc.Option{avsc.Refs(given...), avsc.WrappedNames()}
	if !asNew {
		opts = append(opts, avsc.Registered())
	}
	s, err := read(text, opts, asNew)
	if err != nil {
		return nil, err
	}
	d.put(key, s)
	return s, nil
}

// read parses a text. In one that need not pass as new the real server looks at names last, when all else is well.
func read(text string, opts []avsc.Option, asNew bool) (*avsc.Schema, error) {
	if asNew {
		return avsc.Parse("", []byte(text), opts...)
	}
	s, err := avsc.Parse("", []byte(text), append(opts, avsc.UnicodeNames())...)
	if err != nil {
		if _, worse := avsc.Parse("", []byte(text), opts...); worse != nil {
			return nil, worse
		}
	}
	return s, err
}

// joinTexts makes one string of several from which each could be told again.
func joinTexts(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	var b strings.Builder
	for _, t := range texts {
		fmt.Fprintf(&b, "%d:%s", len(t), t)
	}
	return b.String()
}

func (d *documents) get(key documentKey) *avsc.Schema {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s := d.find(key); s != nil || key.asNew {
		return s
	}
	// What satisfies the rules for new schemas reads the same under the others.
	key.asNew = true
	return d.find(key)
}

func (d *documents) find(key documentKey) *avsc.Schema {
	if s := d.now.schemas[key]; s != nil {
		return s
	}
	s := d.old.schemas[key]
	if s != nil {
		d.keep(key, s)
	}
	return s
}

func (d *documents) put(key documentKey, s *avsc.Schema) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.keep(key, s)
}

func (d *documents) keep(key documentKey, s *avsc.Schema) {
	d.makeRoom(len(key.text) + len(key.refs))
	d.now.schemas[key] = s
}

// makeRoom begins a generation when the last one is full, and counts what comes into it.
func (d *documents) makeRoom(bytes int) {
	if d.now.schemas == nil || d.now.bytes > maxTexts {
		d.old = d.now
		d.now = generation{schemas: map[documentKey]*avsc.Schema{}, verdicts: map[verdictKey]*compat.Result{}}
	}
	d.now.bytes += leastText + bytes
}

// check says whether next may follow old, which has a number.
func (d *documents) check(level compat.Level, next, old *avsc.Schema, number int) (*compat.Result, error) {
	key := verdictKey{level, next, old, number}
	d.mu.Lock()
	known := d.now.verdicts[key]
	if known == nil {
		known = d.old.verdicts[key]
	}
	d.mu.Unlock()
	if known != nil {
		return known, nil
	}
	result, err := compat.CheckVersions(level, next, []compat.Version{{Number: number, Schema: old}})
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.makeRoom(len(next.String()) + len(old.String()))
	d.now.verdicts[key] = result
	return result, nil
}
