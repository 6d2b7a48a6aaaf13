package embedded

import (
	"fmt"
	"strings"
	"weak"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/compat"
)

// documents knows what texts were parsed as, how they compared and how they are written in an answer.
type documents struct {
	schemas recent[documentKey, *avsc.Schema]
	// stored are those of stored schemas without references, whose texts need not be unpacked to find them.
	stored   recent[*schema, *avsc.Schema]
	verdicts recent[verdictKey, verdict]
	quotes   recent[*schema, []byte]
}

type documentKey struct {
	text  string
	refs  string // everything that was referred to
	asNew bool
}

// verdictKey names two schemas that were compared, as parse returned them, and does not keep them. The number of the old
// one is in the messages.
type verdictKey struct {
	level     compat.Level
	next, old weak.Pointer[avsc.Schema]
	number    int
}

type verdict struct {
	compatible bool
	messages   []string
}

// parse reads the text of a schema; refs are the texts of what it refers to, each after what that refers to itself.
func (d *documents) parse(s *schema, refs []string, asNew bool) (*avsc.Schema, error) {
	if !s.Text.packed || asNew || len(refs) > 0 {
		return d.parseText(s.Text.String(), refs, asNew)
	}
	if p, ok := d.stored.get(s); ok {
		return p, nil
	}
	p, err := d.parseText(s.Text.String(), nil, false)
	if err == nil {
		d.stored.put(s, p, s.Text.size())
	}
	return p, err
}

// parseText parses what is referred to first, each once: to start anew from every one of them would take twice as long for
// every document more in a chain, where the cache does not hold all of it.
func (d *documents) parseText(text string, refs []string, asNew bool) (*avsc.Schema, error) {
	if s := d.get(documentKey{text, joinTexts(refs), asNew}); s != nil {
		return s, nil
	}
	given := make([]*avsc.Schema, 0, len(refs))
	for i, ref := range refs {
		s, err := d.parseGiven(ref, refs[:i], given, asNew)
		if err != nil {
			return nil, err
		}
		given = append(given, s)
	}
	return d.parseGiven(text, refs, given, asNew)
}

// parseGiven parses a text that refers to the given schemas, whose texts refs are.
func (d *documents) parseGiven(text string, refs []string, given []*avsc.Schema, asNew bool) (*avsc.Schema, error) {
	key := documentKey{text, joinTexts(refs), asNew}
	if s := d.get(key); s != nil {
		return s, nil
	}
	opts := []avsc.Option{avsc.Refs(given...), avsc.WrappedNames()}
	if !asNew {
		opts = append(opts, avsc.Registered())
	}
	s, err := read(text, opts, asNew)
	if err != nil {
		return nil, err
	}
	d.schemas.put(key, s, len(key.text)+len(key.refs))
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
	s, ok := d.schemas.get(key)
	if !ok && !key.asNew {
		// What satisfies the rules for new schemas reads the same under the others.
		key.asNew = true
		s, _ = d.schemas.get(key)
	}
	return s
}

// check says whether next may follow old, which has a number.
func (d *documents) check(level compat.Level, next, old *avsc.Schema, number int) (verdict, error) {
	key := verdictKey{level, weak.Make(next), weak.Make(old), number}
	if known, ok := d.verdicts.get(key); ok {
		return known, nil
	}
	result, err := compat.CheckVersions(level, next, []compat.Version{{Number: number, Schema: old}})
	if err != nil {
		return verdict{}, err
	}
	v := verdict{result.Compatible, result.Messages}
	size := 0
	for _, m := range v.messages {
		size += len(m)
	}
	d.verdicts.put(key, v, size)
	return v, nil
}

// quoted returns the text of a stored schema as a JSON string.
func (d *documents) quoted(s *schema) []byte {
	if known, ok := d.quotes.get(s); ok {
		return known
	}
	quoted := appendString(nil, s.Text.String())
	d.quotes.put(s, quoted, len(quoted))
	return quoted
}
