package properties

import (
	"slices"
	"strings"

	"github.com/avow-events/avow/internal/suggest"
)

// nearlyThere is how many letters of a key may be wrong for it to be a misspelt one. Java's clients have many keys, and no
// two that are of use to us and to others differ by so few.
const nearlyThere = 2

// Misspelt returns an error about the first key that is a known one but for a letter or two, where that one is not there
// itself. What else is not known may be for somebody else: files are shared with Java's clients.
func (p *Properties) Misspelt(known []string) error {
	for _, key := range p.Keys() {
		if slices.Contains(known, key) {
			continue
		}
		for _, k := range known {
			if _, there := p.Lookup(k); !there && suggest.Distance(key, k, nearlyThere) <= nearlyThere {
				return p.Errorf(key, "no client has such a property, did you mean %q?", k)
			}
		}
	}
	return nil
}

// Unknown returns an error about the first key that is not a known one, for properties that are for nobody else.
func (p *Properties) Unknown(known []string) error {
	for _, key := range p.Keys() {
		if !slices.Contains(known, key) {
			return p.Errorf(key, "avow reads no such property%s", suggest.DidYouMean(strings.TrimSpace(key), known))
		}
	}
	return nil
}
