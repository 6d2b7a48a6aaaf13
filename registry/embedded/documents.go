package embedded

import (
	"fmt"
	"strings"
	"sync"

	"github.com/avow-events/avow/avsc"
)

// documents remembers what texts were parsed as, because clients ask about the same few schemas again and again. It
// holds two generations: what nobody asked for during a whole one is forgotten. Several goroutines may use it.
type documents struct {
	mu       sync.Mutex
	now, old map[documentKey]*avsc.Schema
	bytes    int // of the texts in now
}

// A generation is over once it holds this many documents or this much text.
const (
	maxDocuments     = 2048
	maxDocumentBytes = 8 << 20
)

type documentKey struct {
	text  string
	refs  string // everything that was referred to
	asNew bool
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
		opts = append(opts, avsc.Registered(), avsc.UnicodeNames())
	}
	s, err := avsc.Parse("", []byte(text), opts...)
	if err != nil {
		return nil, err
	}
	d.put(key, s)
	return s, nil
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
	if s := d.now[key]; s != nil {
		return s
	}
	s := d.old[key]
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
	if d.now == nil || len(d.now) >= maxDocuments || d.bytes >= maxDocumentBytes {
		d.now, d.old, d.bytes = map[documentKey]*avsc.Schema{}, d.now, 0
	}
	d.now[key] = s
	d.bytes += len(key.text) + len(key.refs)
}
