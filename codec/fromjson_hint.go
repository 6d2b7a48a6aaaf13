package codec

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/avow-events/avow/avsc"
	"github.com/avow-events/avow/internal/suggest"
)

// What errors about JSON add, so that whoever wrote it need not look the schema up.

// fewNames is up to how many names an error lists them all, maxListed how many it lists at most.
const (
	fewNames  = 5
	maxListed = 10
)

// instead returns what to say of a word that is none of the known ones: all of them if they are few, or else the one
// that was meant, or else how they begin.
func instead(word string, known []string) string {
	if hint := didYouMean(word, known); hint != "" && len(known) > fewNames {
		return hint
	}
	var b strings.Builder
	for i, k := range known {
		switch {
		case i == maxListed:
			return b.String() + ", …"
		case i == 0:
			b.WriteString(", want ")
		case i == len(known)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(k))
	}
	return b.String()
}

// didYouMean is suggest.DidYouMean for words that come from a message: a long one is nobody's mistyped name, and would
// take long to compare.
func didYouMean(word string, known []string) string {
	if len(word) > 200 {
		return ""
	}
	return suggest.DidYouMean(word, known)
}

// symbolNames returns the symbols of an enum.
func (t *jsonType) symbolNames() []string {
	names := make([]string, len(t.Symbols))
	for i, s := range t.Symbols {
		names[i] = s.Name
	}
	return names
}

// fieldNames returns the fields of a record.
func (t *jsonType) fieldNames() []string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	return names
}

// insteadOfBranch returns what to say of a tag that is none of the union's. A name without its namespace is the usual
// mistake.
func (t *jsonType) insteadOfBranch(tag string) string {
	var names []string
	for _, b := range t.branches {
		switch {
		case b.Kind == avsc.Null:
			continue
		case b.Kind.IsNamed() && b.Name.Short == tag:
			return fmt.Sprintf(", did you mean %q?", b.FullName())
		}
		names = append(names, b.FullName())
	}
	return instead(tag, names)
}

// forWhat returns what an error about a value's kind adds to the kind that it wants, where that does not say it all.
func (t *jsonType) forWhat() string {
	switch {
	case t.Logical != nil:
		return " for " + t.Logical.Kind.String()
	case t.Kind == avsc.Null, t.Kind == avsc.Boolean, t.Kind == avsc.String, t.Kind == avsc.Array, t.Kind == avsc.Map:
		return ""
	}
	return " for " + t.FullName()
}
